"""The import: read files of any known format into the catalogue, and say what became of them.

Each batch is a transaction of its own, and what is stored already changes nothing: an import that was
interrupted is simply run again. Its row in `Run` shows how far it came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from broadsheet.papers import name_words
from broadsheet.papers.believing import believed
from broadsheet.papers.catalogue import LARGEST_PORTION, Pace, StoreCounts, store
from broadsheet.papers.names import NameWord
from broadsheet.papers.record import Record
from broadsheet.sources import counts, pruning
from broadsheet.sources.counts import Counts
from broadsheet.sources.files.opening import Source, find_files, open_source
from broadsheet.sources.files.readings import (
    BrokenOffError,
    FileError,
    Reading,
    Refusal,
    Remark,
    printable,
)
from broadsheet.sources.formats import reader, recognise
from broadsheet.sources.models import Run
from broadsheet.sources.reference_keys import FileKeys
from broadsheet.sources.retractions import Notices

# The row of a run shows how far the import is, about so often.
SAVE_SECONDS = 1.0
# A file of the wrong kind can be refused a million times; all are counted, so many are kept.
REFUSALS_KEPT = 100_000
MESSAGES_KEPT = 20


@dataclass(frozen=True, slots=True)
class RefusedRecord:
    """A record that stayed out: its file, its place there, and the reason."""

    file: str
    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileNote:
    """A sentence about a file."""

    file: str
    text: str


@dataclass(slots=True)
class ImportReport(Counts):
    """What became of the files. `passed_by` counts hidden files and pipes.

    `failures` are files that could not be read, or not to their end; `remarks` are harmless.
    """

    files: int = 0
    passed_by: int = 0
    refusals: list[RefusedRecord] = field(default_factory=list)
    failures: list[FileNote] = field(default_factory=list)
    remarks: list[FileNote] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        """True if every file was read to its end, and not all they held was refused."""
        return not self.failures and (self.refused < self.read or self.read == 0)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: bytes of all files as they lie on the disk, `bytes_total` 0 if unknown."""

    file: str
    bytes_read: int
    bytes_total: int
    read: int


def import_files(
    paths: Sequence[Path],
    *,
    now: datetime,
    format_name: str | None,
    page_year: int | None,
    progress: Callable[[Progress], None],
) -> ImportReport:
    """Import files and folders; `-` is standard input. What cannot be used is in the report.

    `format_name` (of FORMATS) overrides what the content looks like; `page_year` is the year in which
    saved pages were saved.
    """
    started = monotonic()
    files, passed_by = find_files(paths)
    report = ImportReport(files=len(files), passed_by=passed_by)
    run = Run.objects.create(files="\n".join(printable(str(path)) for path in paths), started_at=now)
    work = _Import(run, report, now, progress, bytes_total=sum(map(_size, files)))
    for path in files:
        work.read(path, format_name, page_year)
    if not files:
        report.failures.append(FileNote(printable(str(paths[0])), "the folder holds no files"))
    run.finished_at = now + timedelta(seconds=monotonic() - started)
    run.message = "\n".join(f"{note.file}: {note.text}" for note in report.failures[:MESSAGES_KEPT])
    work.save()
    pruning.prune(now=now)
    return report


@dataclass(frozen=True, slots=True)
class _Failure:
    """The file ends here, sooner than it should."""

    text: str


@dataclass(slots=True)
class _Import:
    """An import under way: what it has counted, and how far it is."""

    run: Run
    report: ImportReport
    now: datetime
    progress: Callable[[Progress], None]
    bytes_total: int
    bytes_before: int = 0
    pace: Pace = field(default_factory=Pace)
    saved: float = 0.0

    def read(self, path: Path, format_name: str | None, page_year: int | None) -> None:
        """Import one file, whatever is wrong with it."""
        try:
            with open_source(path, now=self.now) as source:
                self._read(source, _to_its_end(source, format_name, page_year))
                self.bytes_before += source.bytes_read
        except OSError as problem:
            self._note(printable(str(path)), _Failure(f"it cannot be opened ({problem.strerror})"))
        except BrokenOffError as problem:
            self._note(printable(str(path)), _Failure(str(problem)))

    def save(self) -> None:
        """Write down how far the import is."""
        counts.copy(self.report, self.run)
        self.run.save()
        self.saved = monotonic()

    def _read(self, source: Source, readings: Iterator[Reading | _Failure]) -> None:
        batch: list[Record] = []
        words: list[NameWord] = []
        keys, notices, ahead = FileKeys(), Notices(), 0
        for reading in readings:
            if isinstance(reading, Record):
                batch.append(believed(reading, now=self.now))
                ahead += batch[-1] is not reading
                notices.look_at(reading)
            elif isinstance(reading, NameWord):
                words.append(reading)
            else:
                self._note(source.name, reading)
            # To decide on few takes nearly as long; they are written in portions that keep nobody waiting.
            if len(batch) == LARGEST_PORTION:
                self._store(keys.settled(batch), source)
                batch = []
        self._store(keys.settled(batch), source)
        self._store(list(notices.retractions()), source)
        name_words.take_over(words, now=self.now)
        if ahead:
            self._note(source.name, Remark(_in_the_future(ahead)))

    def _note(self, file: str, reading: Refusal | Remark | _Failure) -> None:
        if isinstance(reading, Remark):
            self.report.remarks.append(FileNote(file, printable(reading.text)))
        elif isinstance(reading, _Failure):
            self.report.failures.append(FileNote(file, printable(reading.text)))
        else:
            counts.add(self.report, stored=StoreCounts(), refused=1)
            if len(self.report.refusals) < REFUSALS_KEPT:
                self.report.refusals.append(RefusedRecord(file, reading.place, printable(reading.reason)))

    def _store(self, batch: list[Record], source: Source) -> None:
        if batch:
            stored = store(batch, now=self.now, pace=self.pace)
            counts.add(self.report, stored=stored)
            if monotonic() > self.saved + SAVE_SECONDS:
                self.save()
        done = self.bytes_before + source.bytes_read
        self.progress(Progress(source.name, done, self.bytes_total, self.report.read))


def _to_its_end(
    source: Source, format_name: str | None, page_year: int | None
) -> Iterator[Reading | _Failure]:
    """What the file gives, and as the last thing why there is no more, if there should be."""
    try:
        yield from reader(format_name or recognise(source.head, source.name), page_year=page_year)(source)
        if source.encoding:
            yield Remark(f"it is not in UTF-8: its text was read as {source.encoding}")
    except FileError as problem:
        yield _Failure(str(problem))
    except BrokenOffError as problem:
        yield _Failure(f"{problem}; what came before is kept")
    except OSError as problem:
        yield _Failure(f"it cannot be read to its end ({problem.strerror}); what came before is kept")


def _in_the_future(dates: int) -> str:
    lie, them = ("date of publication lies", "it") if dates == 1 else ("dates of publication lie", "them")
    return f"{dates:,} {lie} in the future: what cannot be true of {them} is left out"


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
