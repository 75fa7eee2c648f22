"""Finding papers: words and meaning, fused; the index that follows the catalogue.

`finding.find` and `finding.similar` are what pages, API and commands call; `indexing` keeps the index in
step with the catalogue, `status.read` says how far it is. The index is derived and can be thrown away.
"""

import os

# Set before the libraries are imported: they would report their use to their makers.
for _name in ("ORT_DISABLE_TELEMETRY", "HF_HUB_DISABLE_TELEMETRY"):
    os.environ.setdefault(_name, "1")
