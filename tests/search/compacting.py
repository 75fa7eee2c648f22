"""A program that kills the compaction of a file of embeddings at every line of code, each time from the same state.

    python -m tests.search.compacting FILE DIMENSION

Prints for each kill the digests that are found afterwards, by paper, as a line of JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.search.killing import in_a_child, seeing

from broadsheet.search.vectors import Vectors, compact


def main() -> None:
    path, dimension = Path(sys.argv[1]), int(sys.argv[2])
    before = path.read_bytes()

    def compacted(kill_at: str) -> list[str]:
        lines: dict[str, None] = {}
        sys.settrace(seeing(lines, kill_at=kill_at))
        compact(path, dimension)
        sys.settrace(None)
        return list(lines)

    for line in json.loads(in_a_child(lambda: compacted(""))):
        path.write_bytes(before)
        if in_a_child(lambda line=line: compacted(line)):
            sys.exit(f"the compaction outlived its kill at {line}")
        known = Vectors(path, dimension)
        print(json.dumps({paper: found.hex() for paper, found in known.digests(known.papers()).items()}))


if __name__ == "__main__":
    main()
