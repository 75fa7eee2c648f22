"""Opening what the operator names: plain, gzip or Zstandard by the first bytes, folders, standard input.

A file is read front to back, once, in pieces, so that memory stays flat. Formats by RFC 1952 (gzip) and
RFC 8878 (Zstandard).
"""

from __future__ import annotations

import os
import sys
import zlib
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Protocol

import zstandard

from broadsheet.sources.files.encodings import fallback, from_wide, wide
from broadsheet.sources.files.readings import BrokenOffError, FileError, printable
from broadsheet.stored_times import past

STDIN = "-"
HEAD_SIZE = 1 << 20
LINE_LIMIT = 16 << 20
WHOLE_LIMIT = 256 << 20
# Texts become a tenth of their size: what becomes more than fifty times as large was made to fill the memory.
SMALL = 16 << 20
MOST_UNPACKED = 50
_READ_SIZE = 1 << 20
# What one piece becomes has to fit in memory: a thousand times as much by gzip, thirty thousand by Zstandard.
_PIECE_SIZES = {"gzip": 1 << 12, "zstd": 1 << 9}
_ZSTD_WINDOW = 1 << 27


class Source:
    """A file being read. `name` is for people, `head` its first bytes, decompressed; UTF-16 and UTF-32
    have become UTF-8.

    `observed_at` is the file's modification time: since then, at the latest, its content was so. `encoding`
    is what its text is encoded in, as far as it has been read: empty while that is UTF-8.
    """

    def __init__(self, name: str, file: BinaryIO, observed_at: datetime) -> None:
        self.name = name
        self.observed_at = observed_at
        self.bytes_read = 0
        self.encoding = ""
        self._file = file
        self._is_packed = False
        self._rest = self._unpacked()
        self._problem: BrokenOffError | None = None
        self.head = self._read_head()
        if kind := wide(self.head):
            self.encoding = kind.upper()
            self._rest = from_wide(chain([self.head], self._rest), kind)
            self.head = next(self._rest, b"")
        self.head = self.head.removeprefix(BOM_UTF8)

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
        number, rest = 0, bytearray()
        for chunk in self.chunks():
            first, *others = chunk.split(b"\n")
            rest += first[: max(LINE_LIMIT + 1 - len(rest), 0)]
            if others:
                yield number + 1, bytes(rest)
                yield from enumerate(others[:-1], start=number + 2)
                number += len(others)
                rest = bytearray(others[-1])
        if rest:
            yield number + 1, bytes(rest)

    def text_lines(self) -> Iterator[tuple[int, str]]:
        """The lines as text, whatever they are encoded in and end with; a line that is too long is cut.

        Raises FileError where the encoding is not known, BrokenOffError as `lines`.
        """
        number = 0
        for _, line in self.lines():
            for part in line.removesuffix(b"\r").split(b"\r"):
                number += 1
                yield number, self._decoded(part)

    def text(self) -> tuple[str, BrokenOffError | None]:
        """The whole text, or its good part and what is wrong with the rest.

        Raises FileError if it is too large, or its encoding is not known.
        """
        content, problem = self._everything()
        try:
            return content.decode(), problem
        except UnicodeDecodeError as wrong:
            if problem and wrong.end == len(content):  # broken off within a character
                return content[: wrong.start].decode(), problem
        return "\n".join(map(self._decoded, bytes(content).split(b"\n"))), problem

    def _decoded(self, line: bytes) -> str:
        try:
            return line.decode()
        except UnicodeDecodeError:
            self.encoding = self.encoding or fallback(self.head)
            return line.decode(self.encoding, errors="replace")

    def _everything(self) -> tuple[bytearray, BrokenOffError | None]:
        content = bytearray()
        try:
            for chunk in self.chunks():
                content += chunk
                self._check_size(len(content))
        except BrokenOffError as problem:
            return content, problem
        return content, None

    def _check_size(self, size: int) -> None:
        if size > WHOLE_LIMIT:
            raise FileError(f"it is larger than {WHOLE_LIMIT >> 20} MB; split it")
        if self._is_packed and size > max(SMALL, MOST_UNPACKED * self.bytes_read):
            raise FileError(
                f"it unpacks to more than {MOST_UNPACKED} times its size; unpack it first, if it is right"
            )

    def _unpacked(self) -> Iterator[bytes]:
        pieces = self._pieces()
        first = next(pieces, b"")
        for magic, (name, decoder) in _COMPRESSIONS.items():
            if first.startswith(magic):
                self._is_packed = True
                yield from _inflated(name, decoder, _cut(chain([first], pieces), _PIECE_SIZES[name]))
                return
        yield first
        yield from pieces

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
        yield Source(printable(str(path)), file, _modified_at(path, now=now))


def _modified_at(path: Path, *, now: datetime) -> datetime:
    """When the file was changed last; now, at the latest, whatever clock it was written by."""
    try:
        modified_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OverflowError, ValueError):  # no year that there is
        return now
    return past(modified_at, now=now) or now


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


def _cut(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    for piece in pieces:
        for start in range(0, len(piece), size):
            yield piece[start : start + size]


def _inflated(name: str, make: Callable[[], _Decoder], pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Decompress a file of one or more members, as `cat a.gz b.gz` makes them."""
    decoder = make()
    try:
        for piece in pieces:
            rest = piece
            while rest := rest.lstrip(b"\0") if decoder.eof else rest:  # zeros may follow a member as padding
                decoder = make() if decoder.eof else decoder
                yield from _cut([decoder.decompress(rest)], _READ_SIZE)
                rest = decoder.unused_data
    except (zlib.error, zstandard.ZstdError) as problem:
        raise BrokenOffError(f"the {name} data is damaged ({problem})") from problem
    if not decoder.eof:
        raise BrokenOffError(f"the {name} data ends too early")
