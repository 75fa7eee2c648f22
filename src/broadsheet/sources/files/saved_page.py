"""Saved Daily Papers pages as plain text: what a browser copies or saves from the page.

    page   = header { title  abstract [ footer ] }
    header = ... "Daily Papers"  "byAK and the research community"  [ page date ]
    footer = byline  "·"  date
    byline = "• " N " authors"  or  slug " " display name of an organization
    date   = Mon D [ ", " YYYY ] [ " " number of comments ]

Each part is a line of its own; blank lines between them carry no meaning. A page is the answer to a
search, not the list of a day: its date says only when it was saved, and nothing becomes a listing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from textwrap import shorten

from broadsheet.papers.merging import local_key
from broadsheet.papers.record import OrganizationName, Record, RecordError, Signal
from broadsheet.sources.files.fields import squeeze
from broadsheet.sources.files.format import Format
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import Reading, Refusal, Remark, record_or_refusal

SOURCE = "saved_page"
# The page has been saved within this time of the newest paper's date, whatever the clocks said.
PAGE_DATE_SLACK = timedelta(days=7)
# Lines of a page without anything unusual: header, record with footer, record without.
HEADER_LINES, FULL_LINES, BARE_LINES = 11, 8, 4
HEADER_SEARCH = 40

_LINE_OF_A_PAGE = re.compile(
    rb"^(?:by ?AK and the research community|[ \t]*\xe2\x80\xa2 [0-9]+ authors?)\s*$", re.MULTILINE
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DOT = "·"
_TITLE_LINE = re.compile(r"Daily Papers|by ?AK and the research community")
_BULLET = re.compile(r"•\s*")
_AUTHORS = re.compile(r"(?:•\s*)?(?P<count>[0-9]{1,6}) authors?")
_DATE = re.compile(
    rf"(?P<text>(?P<month>{'|'.join(_MONTHS)}) (?P<day>[0-9]{{1,2}})(?:, (?P<year>[0-9]{{4}}))?)"
    r"(?: (?P<comments>[0-9]{1,6}))?"
)


@dataclass(frozen=True, slots=True)
class SavedPaper:
    """One record of a page as printed; `date` has the year filled in, all else may be None if not shown."""

    position: int
    title: str
    abstract: str
    authors_count: int | None = None
    organization: str | None = None
    date_text: str | None = None
    date: date | None = None
    comments: int | None = None


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page: its papers in order, what could not be right, and what the operator should know."""

    papers: tuple[SavedPaper, ...]
    refusals: tuple[Refusal, ...]
    remarks: tuple[Remark, ...]


def read(source: Source, *, page_year: int | None = None) -> Iterator[Reading]:
    """Records of a saved page. Raises FileError and BrokenOffError as `Source.text` does."""
    text, problem = source.text()
    if problem:
        text = text[: text.rfind("\n") + 1]  # half an abstract would pass for a whole one
    page = parse(text, page_year=page_year)
    yield from page.remarks
    yield from page.refusals
    for paper in page.papers:
        yield record_or_refusal(f"record {paper.position}", to_record, paper, observed_at=source.observed_at)
    if problem:
        raise problem


def parse(text: str, *, page_year: int | None = None) -> SavedPage:
    """Read a page. Without `page_year`, a date without year is of the year after the latest one printed."""
    page_lines = _without_line_ends(text)
    header, body = _split_header([line for line in page_lines if line.text])
    entries = list(_entries(body))
    calendar = _Calendar.of(header, entries, page_year)
    papers, refusals = [], []
    for position, entry in enumerate(entries, start=1):
        try:
            papers.append(_paper(position, entry, calendar))
        except RecordError as problem:
            refusals.append(Refusal(f"line {entry.line}", str(problem)))
    return SavedPage(tuple(papers), tuple(refusals), tuple(_remarks(len(page_lines), entries, calendar)))


def to_record(paper: SavedPaper, *, observed_at: datetime) -> Record:
    """The record of a paper on a page. It has no identifier, so its texts say which one it is."""
    title, abstract = squeeze(paper.title), squeeze(paper.abstract)
    slug, _, name = (paper.organization or "").partition(" ")
    return Record(
        source=SOURCE,
        key=local_key(title, abstract),
        title=title,
        abstract=abstract,
        author_count=paper.authors_count,
        organizations=(OrganizationName(squeeze(slug), squeeze(name) or slug),) if slug else (),
        published_at=datetime.combine(paper.date, time(), UTC) if paper.date else None,
        signals=(Signal("comments", paper.comments),) if paper.comments is not None else (),
        observed_at=observed_at,
    )


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class _Footer:
    byline: str | None
    date: str | None
    lines: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """A record as lines: title, abstract and footer, each None where it is missing."""

    line: int
    title: str
    abstract: str | None
    footer: _Footer | None

    @property
    def printed_date(self) -> re.Match[str] | None:
        return _DATE.fullmatch(self.footer.date) if self.footer and self.footer.date else None


@dataclass(frozen=True, slots=True)
class _Calendar:
    """Which year a date without year belongs to."""

    year: int | None
    last: tuple[int, int]
    is_assumed: bool

    @classmethod
    def of(cls, header: re.Match[str] | None, entries: Sequence[_Entry], page_year: int | None) -> _Calendar:
        dates = [found for entry in entries if (found := entry.printed_date)]
        printed = [int(found["year"]) for found in dates if found["year"]]
        year = page_year or (int(header["year"]) if header and header["year"] else None)
        assumed = max(printed, default=-1) + 1 or None
        is_assumed = year is None and len(printed) < len(dates)
        year = year or assumed
        return cls(year, _last_day(header, year), is_assumed)

    def date(self, printed: re.Match[str]) -> date | None:
        """The printed date with its year; None if nothing tells it. Raises ValueError on February 30."""
        month, day = _MONTHS.index(printed["month"]) + 1, int(printed["day"])
        if printed["year"]:
            return date(int(printed["year"]), month, day)
        if self.year is None:
            return None
        return date(self.year - ((month, day) > self.last), month, day)


def _last_day(header: re.Match[str] | None, year: int | None) -> tuple[int, int]:
    """Month and day after which a date without year must be of the year before."""
    end_of_year = (12, 31)
    if header is None or year is None:
        return end_of_year
    try:
        last = date(year, _MONTHS.index(header["month"]) + 1, int(header["day"])) + PAGE_DATE_SLACK
    except (ValueError, OverflowError):
        return end_of_year
    return (last.month, last.day) if last.year == year else end_of_year


def _without_line_ends(text: str) -> list[_Line]:
    """The lines with their numbers, stripped; line ends of any system, the last one optional."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    return [_Line(number, line.strip()) for number, line in enumerate(plain.split("\n"), start=1)]


def _split_header(lines: Sequence[_Line]) -> tuple[re.Match[str] | None, Sequence[_Line]]:
    """The page date, if there is one, and the lines after the header.

    The header ends with the last line that can stand in no record: a title of the page, or a date
    before the first footer.
    """
    page_date, start = None, 0
    for i, line in enumerate(lines[:HEADER_SEARCH]):
        if _footer_at(lines, i):
            break
        found = _DATE.fullmatch(line.text)
        if found or _TITLE_LINE.fullmatch(line.text):
            page_date, start = found or page_date, i + 1
    return page_date, lines[start:]


def _entries(body: Sequence[_Line]) -> Iterator[_Entry]:
    """Cut the body at its footers; what stands before one is titles and abstracts in turn."""
    texts: list[_Line] = []
    i = 0
    while i < len(body):
        footer = _footer_at(body, i)
        if footer is None:
            texts.append(body[i])
            i += 1
            continue
        if footer.byline is None and len(texts) % 2 and len(texts) > 1:
            footer = replace(footer, byline=texts.pop().text)  # a blank line has come between byline and dot
        yield from _pairs(texts, footer, body[i].number)
        texts = []
        i += footer.lines
    yield from _pairs(texts, None, 0)


def _footer_at(lines: Sequence[_Line], i: int) -> _Footer | None:
    """The footer that starts at a line. An organization's byline is known by the dot right below it alone."""
    is_dot = [line.text == _DOT for line in lines[i : i + 2]] + [False]
    starts_with_byline = _counts_authors(lines[i].text) or (is_dot[1] and _adjoin(lines, i))
    if not starts_with_byline and not is_dot[0]:
        return None
    end = i + 1
    if starts_with_byline and is_dot[1]:
        end += 1
    has_date = end < len(lines) and (_DATE.fullmatch(lines[end].text) or _adjoin(lines, end - 1))
    return _Footer(
        byline=lines[i].text if starts_with_byline else None,
        date=lines[end].text if has_date else None,
        lines=end - i + bool(has_date),
    )


def _counts_authors(text: str) -> bool:
    return bool(_BULLET.match(text) and _AUTHORS.fullmatch(text))


def _adjoin(lines: Sequence[_Line], i: int) -> bool:
    """True if no blank line stands between line `i` and the next."""
    return lines[i + 1].number == lines[i].number + 1


def _pairs(texts: Sequence[_Line], footer: _Footer | None, footer_line: int) -> Iterator[_Entry]:
    """Titles and abstracts by turns: nothing else tells one from the other. The last has the footer."""
    if not texts and footer:
        yield _Entry(footer_line, "", None, footer)
    lone = _lone_title(texts)
    i = 0
    while i < len(texts):
        abstract = texts[i + 1].text if i != lone else None
        after = i + (1 if i == lone else 2)
        yield _Entry(texts[i].number, texts[i].text, abstract, footer if after >= len(texts) else None)
        i = after


def _lone_title(texts: Sequence[_Line]) -> int | None:
    """Of an odd number of lines, the title whose abstract is missing.

    It is the one without which every abstract is longest, measured by its title.
    """
    if len(texts) % 2 == 0:
        return None

    def worst_ratio(lone: int) -> float:
        sizes = [len(line.text) for i, line in enumerate(texts) if i != lone]
        pairs = zip(sizes[::2], sizes[1::2], strict=True)
        return min((abstract / title for title, abstract in pairs), default=0)

    return max(range(0, len(texts), 2), key=worst_ratio)


def _paper(position: int, entry: _Entry, calendar: _Calendar) -> SavedPaper:
    if not entry.title:
        raise RecordError("a footer without title and abstract")
    if entry.abstract is None:
        raise RecordError(f"the abstract is missing after {_quoted(entry.title)}")
    if entry.footer is None:
        return SavedPaper(position, entry.title, entry.abstract)
    authors_count, organization = _byline(entry.footer.byline)
    printed = entry.printed_date
    if printed is None:
        found = _quoted(entry.footer.date) if entry.footer.date else "nothing"
        raise RecordError(f"the footer needs a date like Oct 13, 2024, and has {found}")
    try:
        day = calendar.date(printed)
    except ValueError as problem:
        raise RecordError(f"{_quoted(printed['text'])} is no day of the calendar") from problem
    comments = int(printed["comments"]) if printed["comments"] else None
    return SavedPaper(
        position, entry.title, entry.abstract, authors_count, organization, printed["text"], day, comments
    )


def _byline(byline: str | None) -> tuple[int | None, str | None]:
    """The number of authors, or the organization as printed."""
    if byline is None:
        raise RecordError("the footer has no line that tells the authors or the organization")
    authors = _AUTHORS.fullmatch(byline)
    if authors and int(authors["count"]):
        return int(authors["count"]), None
    if authors or _BULLET.match(byline):
        raise RecordError(f"{_quoted(byline)} does not tell how many authors there are")
    return None, byline


def _quoted(text: str) -> str:
    return f"“{shorten(text, 60, placeholder='…')}”"


def _remarks(lines: int, entries: Sequence[_Entry], calendar: _Calendar) -> Iterator[Remark]:
    if not entries:
        yield Remark("the page holds no papers")
    if calendar.is_assumed and calendar.year:
        yield Remark(f"the page does not say its year; {calendar.year} is assumed, --page-year sets it")
    elif calendar.is_assumed:
        yield Remark(
            "nothing tells the year of this page; dates without year are left out, --page-year helps"
        )
    expected = HEADER_LINES + sum(FULL_LINES if entry.footer else BARE_LINES for entry in entries)
    if lines != expected:
        yield Remark(
            f"a page with its {len(entries)} records has {expected} lines, and this one {lines}: see whether"
            " something is missing"
        )


def _looks_like(head: bytes) -> bool:
    return bool(_LINE_OF_A_PAGE.search(head))


FORMAT = Format("saved-page", "saved Daily Papers page (text)", _looks_like, read)
