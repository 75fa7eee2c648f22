"""Whether the files of a word index are as they were written.

tantivy trusts its files: it maps them into memory, and one that was damaged could take the process down.
Every file ends with a footer that holds a checksum of what stands before it, and no file is ever
written again, so damage can be told before it is read (index format 7: a JSON object, its length, 1337).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from mmap import ACCESS_READ, mmap
from pathlib import Path

import orjson

PARTS = ("term", "idx", "pos", "fast", "fieldnorm", "store")
MAGIC = 1337

Stamp = tuple[int, int]


def verify(words: Path) -> None:
    """Raise ValueError or OSError if a file of the index is missing or not as it was written."""
    for path in _files(words):
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
            length, magic = _number(content[-8:-4]), _number(content[-4:])
            if magic != MAGIC or length + 8 > len(content):
                raise ValueError(f"{path.name} is cut")
            end = len(content) - length - 8
            if b'"crc":%d' % zlib.crc32(memoryview(content)[:end]) not in content[end : end + length]:
                raise ValueError(f"{path.name} is damaged")


def stamp(path: Path) -> Stamp | None:
    """The size and time of the file; None if there is none."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_size, status.st_mtime_ns


def stamps(words: Path) -> dict[Path, Stamp | None]:
    """The stamp of each file, to be held against what is there later."""
    return {path: stamp(path) for path in _files(words)}


def have_changed(files: Mapping[Path, Stamp | None]) -> bool:
    """True if one of the files was written to; one that is gone is whole for whoever has it open."""
    return any(now is not None and now != known for path, known in files.items() for now in (stamp(path),))


def _files(words: Path) -> Iterator[Path]:
    """The files that the last commit speaks of; others are on their way in or out."""
    for segment in orjson.loads((words / "meta.json").read_bytes())["segments"]:
        name = segment["segment_id"].replace("-", "")
        yield from (words / f"{name}.{part}" for part in PARTS)
        if segment["deletes"]:
            yield words / f"{name}.{segment['deletes']['opstamp']}.del"


def _number(little: bytes) -> int:
    return int.from_bytes(little, "little")
