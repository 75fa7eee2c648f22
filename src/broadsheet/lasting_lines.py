"""Files of JSON Lines beside the database, which a restored copy of the database does not take back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def append(file: Path, line: Mapping[str, Any]) -> None:
    """Write the line behind those that are there; it is on the disk when this returns. Raises OSError."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as opened:
        # The line before may have been cut short by a power cut.
        opened.write(f"\n{json.dumps(line)}\n")
        opened.flush()
        os.fsync(opened.fileno())


def lines(file: Path) -> Iterator[Any]:
    """The lines of the file, without what was cut short; none where there is no file."""
    if not file.exists():
        return
    for line in file.read_text("utf-8", errors="replace").splitlines():
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            continue
