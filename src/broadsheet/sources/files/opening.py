"""Opening what the operator names: plain, gzip or Zstandard by the first bytes, folders, standard input.

A file is read front to back, once, in pieces, so that memory stays flat. Formats by RFC 1952 (gzip) and
RFC 8878 (Zstandard).
"""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

import zstandard

from broadsheet.sources.files.readings import BrokenOffError, FileError, printable

STDIN = "-"
HEAD_SIZE = 1 << 16
LINE_LIMIT = 16 << 20
WHOLE_LIMIT = 256 << 20
_READ_SIZE = 1 << 20
# Both formats can blow up a thousandfold and more: what one piece becomes has to fit in memory.
_PIECE_SIZE = 1 << 12
_ZSTD_WINDOW = 1 << 27
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Source:
    """A file being read. `name` is for people, `head` its first bytes, decompressed.

    `observed_at` is the file's modification time: since then, at the latest, its content was so.
    """

    def __init__(self, name: str, file: BinaryIO, observed_at: datetime) -> None:
        self.name = name
        self.observed_at = observed_at
        self.bytes_read = 0
        self._file = file
        self._rest = _decompressed(self._pieces())
        self._problem: BrokenOffError | None = None
        self.head = self._read_head().removeprefix(_BYTE_ORDER_MARK)

    def chunks(self) -> Iterator[bytes]:
        """The content in pieces. Raises BrokenOffError after the last good one where the file is damaged."""
        yield self.head
        if self._problem:
            raise self._problem
        yield from self._rest

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """The lines, numbered from 1, without line ends; one over LINE_LIMIT is cut a byte beyond it.

        Raises BrokenOffError after the last whole line where the file is damaged.
        """
        number, rest = 0, b""
        for chunk in self.chunks():
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                number += 1
                yield number, line
            rest = rest[: LINE_LIMIT + 1]
        if rest:
            yield number + 1, rest

    def text(self) -> tuple[str, BrokenOffError | None]:
        """The whole text, or its good part and what is wrong. Raises FileError if too large or not UTF-8."""
        content, problem = self._everything()
        try:
            return content.decode(), problem
        except UnicodeDecodeError as wrong:
            if problem and wrong.end == len(content):  # broken off within a character
                return content[: wrong.start].decode(), problem
            raise FileError(f"byte {wrong.start + 1} is not UTF-8; save or convert it as UTF-8") from wrong

    def _everything(self) -> tuple[bytes, BrokenOffError | None]:
        content = bytearray()
        try:
            for chunk in self.chunks():
                content += chunk
                if len(content) > WHOLE_LIMIT:
                    raise FileError(f"it is larger than {WHOLE_LIMIT >> 20} MB; split it")
        except BrokenOffError as problem:
            return bytes(content), problem
        return bytes(content), None

    def _pieces(self) -> Iterator[bytes]:
        while piece := self._file.read(_READ_SIZE):
            self.bytes_read += len(piece)
            yield piece

    def _read_head(self) -> bytes:
        head = b""
        try:
            while len(head) < HEAD_SIZE and (chunk := next(self._rest, None)) is not None:
                head += chunk
        except BrokenOffError as problem:
            if not head:
                raise
            self._problem = problem
        return head


@contextmanager
def open_source(path: Path, *, now: datetime) -> Iterator[Source]:
    """Open a file, or standard input for `-`. Raises OSError as `open` does."""
    if str(path) == STDIN:
        yield Source("standard input", sys.stdin.buffer, now)
        return
    with path.open("rb") as file:
        yield Source(printable(str(path)), file, datetime.fromtimestamp(path.stat().st_mtime, UTC))


def find_files(paths: Sequence[Path]) -> tuple[list[Path], int]:
    """The files that `paths` name, those in folders in order, and how many things there were passed by.

    Passed by are hidden files and folders, and what is no file, like a pipe. What cannot be looked at
    is found all the same, so that opening it says why.
    """
    found: list[Path] = []
    passed_by = 0
    for path in paths:
        if path.is_dir():
            inside, left = _search(path)
            found += inside
            passed_by += left
        else:
            found.append(path)
    return found, passed_by


def _search(top: Path) -> tuple[list[Path], int]:
    found: list[Path] = []
    passed_by = 0
    for folder, folders, names in os.walk(top, onerror=lambda problem: found.append(Path(problem.filename))):
        inside = [Path(folder, name) for name in sorted(names)]
        taken = [one for one in inside if not _is_hidden(one.name) and (one.is_file() or not one.exists())]
        passed_by += len(inside) - len(taken) + sum(map(_is_hidden, folders))
        folders[:] = sorted(name for name in folders if not _is_hidden(name))
        found.extend(taken)
    return found, passed_by


def _is_hidden(name: str) -> bool:
    return name.startswith(".")


class _Decoder(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def _gzip_decoder() -> _Decoder:
    return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)


def _zstd_decoder() -> _Decoder:
    return zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()


_COMPRESSIONS: dict[bytes, tuple[str, Callable[[], _Decoder]]] = {
    b"\x1f\x8b": ("gzip", _gzip_decoder),
    b"\x28\xb5\x2f\xfd": ("zstd", _zstd_decoder),
}


def _decompressed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    first = next(pieces, b"")
    for magic, (name, decoder) in _COMPRESSIONS.items():
        if first.startswith(magic):
            yield from _inflated(name, decoder, _small(first, pieces))
            return
    yield first
    yield from pieces


def _small(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    piece = first
    while piece:
        for start in range(0, len(piece), _PIECE_SIZE):
            yield piece[start : start + _PIECE_SIZE]
        piece = next(pieces, b"")


def _inflated(name: str, make: Callable[[], _Decoder], pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Decompress a file of one or more members, as `cat a.gz b.gz` makes them."""
    decoder = make()
    try:
        for piece in pieces:
            rest = piece
            while rest := rest.lstrip(b"\0") if decoder.eof else rest:  # zeros may follow a member as padding
                decoder = make() if decoder.eof else decoder
                yield decoder.decompress(rest)
                rest = decoder.unused_data
    except (zlib.error, zstandard.ZstdError) as problem:
        raise BrokenOffError(f"the {name} data is damaged ({problem})") from problem
    if not decoder.eof:
        raise BrokenOffError(f"the {name} data ends too early")
