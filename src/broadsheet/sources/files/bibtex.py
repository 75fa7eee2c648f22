"""BibTeX and BibLaTeX bibliographies (https://ctan.org/pkg/biblatex, sections 2.1 to 2.3).

Titles and abstracts keep their TeX, but for the braces that only protect capitals; all else is in Unicode
before it is taken apart. Citation keys mean nothing here: two entries of one key are two entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from broadsheet.papers import taxonomy
from broadsheet.papers.arxiv_ids import archive_of
from broadsheet.papers.dois import first_in, only_in
from broadsheet.papers.partial_dates import PartialDate
from broadsheet.papers.record import AuthorName, Record, listed
from broadsheet.sources.files.bibtex_entries import Broken, Entry, entries
from broadsheet.sources.files.bibtex_journals import JOURNALS
from broadsheet.sources.files.bibtex_names import groups, people
from broadsheet.sources.files.bibtex_parents import Parents
from broadsheet.sources.files.bibtex_texts import (
    bare,
    freed,
    guarded,
    shown,
    title_text,
    with_characters,
    without_protection,
)
from broadsheet.sources.files.dates import month_of
from broadsheet.sources.files.format import Format
from broadsheet.sources.files.kinds import kind_of
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import FileError, Reading, Refusal, Remark, record_or_refusal
from broadsheet.sources.files.references import Reference, article_number, separated, to_record

SOURCE = "bibtex"

# An entry with a key or a field, or a macro; Python's decorators and rules of CSS look otherwise. What has
# blanks or brackets in it is a key where a field with its value follows.
_ENTRY_OR_MACRO = re.compile(
    rb"(?:^|[\r}]|@comment)[ \t]*@[ \t]*(?:(?:string|preamble)\s*[{(]|(?!comment)[a-z][\w-]*\s*"
    rb"(?:[{(]\s*(?:[^\s{}()=,]*\s*,|[^=,@\n\r]{1,200},\s*(?:%[^\n]*\s*)?[a-z_-]+\s*=\s*[{\"\w])"
    rb"|\{\s*(?:[^\s{}()=,]+\s+)?[a-z_-]+\s*=\s*[{\"\d]))",
    re.IGNORECASE | re.MULTILINE,
)
# Entries that say something to programs, or to other entries.
NO_PAPERS = frozenset({"control", "ieeetranbstctl", "set", "xdata"})
_WHOLES = frozenset(
    {"book", "collection", "mvbook", "mvcollection", "mvproceedings", "periodical", "proceedings"}
)
# Where "arXiv" says that a bare number is one of its own.
_PUBLISHERS = ("journal", "journaltitle", "publisher", "institution")
_WEB_ADDRESS = re.compile(r"https?://[^\s,;]+(?:[,;][^\s,;]+)*", re.IGNORECASE)
_IS_ARXIV = re.compile(r"(?:arxiv\b.*|corr)", re.IGNORECASE)
# Words before the identifier of the paper itself, not of another one: `Preprint at arXiv:2401.00001`.
_LEAD_IN = re.compile(
    r"\b(?:(?:preprint|available|online|retrieved|accessible|at|from|via)\b[\s,:]{0,3}){1,6}"
    r"(?=\W{0,3}(?:arxiv\b|doi\b|10\.|https?:))",
    re.IGNORECASE,
)
# Whose DOI a note may have besides the paper's own: that of its data, of what it extends or answers.
_OF_ELSE = re.compile(
    r"\b(?:answer|artifact|book|chapter|cit(?:e|ing|ation)|code|comment|companion|compare|correct|corrigend|dataset|data|"
    r"discuss|earlier|errat|extend|extension|follow|former|full|original|outgrowth|part|poster|preceding|preprint|"
    r"previous|proceedings|project|related|repl|reprint|retract|review|revis|see|sequel|slides|software|successor|"
    r"supersede|superseding|supplement|support|talk|thesis|translat|update|version|video|volume|withdraw)\w*",
    re.IGNORECASE,
)
_IS_RXIV = re.compile(r"(?:bio|med)rxiv\b", re.IGNORECASE)
_OTHER_ARCHIVES = frozenset({"biorxiv", "doi", "medrxiv", "openreview"})
_OLD_NUMBER = re.compile(r"\d{7}(?:v\d+)?")
# What only sorts stands before what is shown: `\noop{1999}2024`.
_SORTING = re.compile(r"\\[A-Za-z]+\s*\{[^{}]*\}(?=[\s{}]*\d)")
_IN_BRACES = re.compile(r"\{([^{}]*)\}")


def read(source: Source) -> Iterator[Reading]:
    """Records of the entries of a bibliography; macros, preambles and comments are none.

    Raises FileError where it is not UTF-8 or has no entry, BrokenOffError after the last whole entry where
    the data breaks.
    """
    yield from (reading for _, reading in read_entries(source))


def read_entries(source: Source) -> Iterator[tuple[Fields | None, Record | Refusal | Remark]]:
    """What is read, each record or refusal with the fields of its entry, if it has any. Raises as `read`."""
    text, problem = source.text()
    bibliography = _Bibliography(Parents.of(text), source.observed_at)
    held_back: Entry | Broken | None = None
    for found in entries(text):
        if held_back:
            yield from bibliography.readings(held_back)
        held_back = found
    if problem:  # which has cut the last of them
        raise problem
    if held_back:
        yield from bibliography.readings(held_back)
    if not bibliography.count:
        raise FileError("it has no BibTeX entry")
    if missing := bibliography.parents.missing:
        yield (
            None,
            Remark(
                f"{missing} references to other entries (crossref or xdata) lead nowhere;"
                " what only those entries say is left out"
            ),
        )


@dataclass(slots=True)
class _Bibliography:
    """A bibliography under way: its parents and the count of its entries."""

    parents: Parents
    observed_at: datetime
    count: int = 0

    def readings(self, found: Entry | Broken) -> Iterator[tuple[Fields | None, Record | Refusal | Remark]]:
        place = f"line {found.line}"
        if isinstance(found, Broken):
            self.count += found.is_entry
            yield None, Refusal(place, found.reason) if found.is_entry else Remark(f"{place}: {found.reason}")
        elif found.kind not in NO_PAPERS:
            self.count += 1
            said = Fields(found.line, found.key, _titled(found.kind, self.parents.fields_of(found)))
            yield (
                said,
                record_or_refusal(place, _to_record, found.kind, said, observed_at=self.observed_at),
            )


def _titled(kind: str, fields: dict[str, str]) -> dict[str, str]:
    """The fields of a whole book under the names for its own title, where some wrote those for a part's."""
    if kind not in _WHOLES or "title" in fields:
        return fields
    own = {"booktitle": "title", "booksubtitle": "subtitle", "maintitle": "title", "issuetitle": "title"}
    renamed = {own[name]: value for name, value in reversed(fields.items()) if name in own}
    return {name: value for name, value in fields.items() if name not in own} | renamed


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of an entry, by names in lower case; one that is not there is empty."""

    line: int
    key: str
    values: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def first(self, *names: str) -> str:
        """The first of these fields that says something."""
        return next(filter(None, map(self.__getitem__, names)), "")


def _to_record(kind: str, said: Fields, *, observed_at: datetime) -> Record:
    subtitle = said["subtitle"]
    title = f"{said['title']}: {subtitle}" if subtitle else said["title"]
    reference = Reference(
        title=title_text(title),
        kind="article" if kind == "article" else kind_of(kind, shown(said["type"])),
        abstract=without_protection(said["abstract"]),
        authors=_authors(said),
        names=tuple(_names(said)),
        urls=tuple(_urls(said)),
        published_on=_published_on(said),
        journal=_journal(said.first("journal", "journaltitle", "booktitle", "series")),
        volume=shown(said["volume"]),
        issue=shown(said.first("number", "issue")),
        pages=shown(said["pages"]) or article_number(bare(said.first("eid", "articleno", "article-number"))),
        keywords=tuple(keywords(said)),
        categories=tuple(_categories(said)),
    )
    return to_record(reference, source=SOURCE, observed_at=observed_at)


def _authors(said: Fields) -> tuple[AuthorName, ...]:
    authors = listed(people(said["author"]))
    return (*authors, *listed(groups(said["collaboration"], authors)))


def _journal(text: str) -> str:
    name = bare(text)
    return JOURNALS.get(name[1:], shown(text)) if name.startswith("\\") else shown(text)


def _categories(said: Fields) -> Iterator[str]:
    """The class of arXiv, which other archives do not have."""
    category = bare(said.first("primaryclass", "eprintclass"))
    if category in taxonomy.NAMES:
        yield category


def _names(said: Fields) -> Iterator[str]:
    """Where identifiers may be: arXiv's own fields first, notes as Zotero and Google Scholar write them."""
    archive = bare(said.first("archiveprefix", "eprinttype", "archive")).lower()
    category = bare(said.first("primaryclass", "eprintclass"))
    if not archive or _IS_ARXIV.fullmatch(archive) or archive_of(archive):
        yield from _eprint(bare(said["eprint"]), archive_of(archive) or archive_of(category))
    elif archive in _OTHER_ARCHIVES:
        yield f"{archive}:{bare(said['eprint'])}"
    numbers = ["arxivid", "arxiv"]
    if any(_IS_ARXIV.fullmatch(bare(said[name])) for name in _PUBLISHERS):
        numbers += ["number", "volume", "pages", "note"]
    for name in numbers:
        yield from _eprint(bare(said[name]), "")
    if any(_IS_RXIV.match(bare(said[name])) for name in _PUBLISHERS):
        yield from (f"bioRxiv:{bare(said[name])}" for name in ("elocation-id", "eid", "number", "pages"))
    doi = bare(said["doi"])
    yield doi
    yield first_in(doi)  # some have a remark beside it, or two of them
    for name in ("eid", "number", "note", "howpublished"):
        yield _LEAD_IN.sub("", bare(said[name]))
    yield _doi_in_note(bare(said["note"]))


def _doi_in_note(note: str) -> str:
    """The DOI in a longer note, if it is the only one there and no word says that something else has it."""
    return "" if _OF_ELSE.search(note) else only_in(note)


def _eprint(text: str, archive: str) -> Iterator[str]:
    number = text.partition("[")[0].strip()
    yield number
    yield f"arXiv:{number.lower().removeprefix('arxiv:').strip()}"
    if _OLD_NUMBER.fullmatch(number):
        yield f"arXiv:{archive}/{number}"


def _urls(said: Fields) -> Iterator[str]:
    yield from _addresses(said["url"]) or [bare(said["url"])]
    for name in ("howpublished", "ee", "link", "doiurl", "bdsk-url-1", "bdsk-url-2"):
        yield from _addresses(said[name])


def _addresses(text: str) -> list[str]:
    return [found.rstrip(".,;") for found in _WEB_ADDRESS.findall(bare(text))]


def _published_on(said: Fields) -> PartialDate | None:
    whole, year, month, day = (
        shown(_SORTING.sub("", said[name])) for name in ("date", "year", "month", "day")
    )
    return month_of(whole, month, day) or month_of(year, month, day)


def keywords(said: Fields) -> Iterator[str]:
    """The keywords of an entry."""
    return (freed(shown(word)) for word in guarded_keywords(said))


def guarded_keywords(said: Fields) -> tuple[str, ...]:
    """The keywords of an entry as they are written, each `guarded`."""
    text = said.first("keywords", "keyword", "author_keywords", "author-keywords")
    if whole := _IN_BRACES.fullmatch(text):
        text = whole[1]
    return separated(guarded(with_characters(text)))


def _looks_like(head: bytes) -> bool:
    return bool(_ENTRY_OR_MACRO.search(head))


FORMAT = Format("bibtex", "BibTeX", _looks_like, read)
