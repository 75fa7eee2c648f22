"""What a version of the client reads at an address, as JSON; run with that version on the path."""

from __future__ import annotations

import json
import sys

import huggingface_hub
from huggingface_hub.utils import HfHubHTTPError


def main(endpoint: str) -> None:
    api = huggingface_hub.HfApi(endpoint=endpoint, token=False)
    # The oldest versions know fewer questions.
    lists = [api.list_papers(query="tide")]
    if hasattr(api, "list_daily_papers"):
        lists.append(api.list_daily_papers(date="2026-11-09"))
    found = [paper for some in lists for paper in some]
    found.append(api.paper_info("2611.04242v2"))
    try:
        api.paper_info("1234.56789")
    except HfHubHTTPError as refused:
        status = refused.response.status_code
    read = api.read_paper("2611.04242") if hasattr(api, "read_paper") else None
    print(
        json.dumps(
            {
                "version": huggingface_hub.__version__,
                "papers": [
                    [
                        one.id,
                        one.title,
                        one.upvotes,
                        str(one.published_at),
                        [getattr(x, "name", x) for x in one.authors],
                    ]
                    for one in found
                ],
                "unknown": status,
                "read": read,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
