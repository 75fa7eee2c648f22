"""Taking a library out: all that is kept, or a part of it, for other programs and for another Broadsheet.

What each format can hold stands in docs/using.md; `bringing` reads them back, but for Markdown, which is for
people. A paper that is hidden, or that only has notes, is in our own JSON alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.library import parts
from broadsheet.library.models import Hidden, Note, Saved, State
from broadsheet.library.parts import Own
from broadsheet.papers import reading, text
from broadsheet.papers.citing.bibtex import bibtex
from broadsheet.papers.citing.citation import cite
from broadsheet.papers.citing.csl import csl
from broadsheet.papers.citing.names import people
from broadsheet.papers.citing.ris import ris
from broadsheet.papers.portions import portions
from broadsheet.papers.reading import PaperDetail
from broadsheet.papers.record import AuthorName, Record
from broadsheet.sources.files import html_notes, library_json
from broadsheet.sources.files.mine import Mine, SaidNote
from broadsheet.sources.files.references_mine import OURS, escaped

STATES = {
    State.TO_READ: "to read",
    State.READING: "reading",
    State.READ: "read",
    State.SET_ASIDE: "set aside",
}
AUTHORS_SHOWN = 10
# So many papers are read at once.
PORTION = 500
_MINUTE = "%Y-%m-%d %H:%M:%S"

Paper = tuple[PaperDetail, Mine]


@dataclass(frozen=True, slots=True)
class Form:
    """A format: its title for people, the kind of its content, and who writes papers in it."""

    title: str
    content_type: str
    write: Callable[[Sequence[Paper], datetime], str | bytes]
    is_whole: bool = False


def take(
    viewer: Viewer,
    form: str,
    *,
    papers: Collection[int] | None = None,
    now: datetime,
) -> bytes:
    """The viewer's library, the last saved first, as a file of that form of FORMS; of these papers alone, if
    they are given. Raises NotAllowedError.
    """
    # Whoever is suspended may take along what is theirs; a program needs the scope.
    person = access.check(viewer, "read" if viewer.scopes is None else "save", now=now)
    wanted = FORMS[form]
    keys = _kept(person.pk, papers)
    if wanted.is_whole:
        keys = [*dict.fromkeys([*keys, *_beside(person.pk, papers)])]
    owned, notes = parts.read(person.pk, keys), _notes(person.pk, keys)
    details = [one for portion in portions(keys, PORTION) for one in reading.details(portion)]
    found = [(one, _mine(owned.get(one.row.pk, Own()), notes.get(one.row.pk, ()))) for one in details]
    written = wanted.write(found, now)
    return written.encode() if isinstance(written, str) else written


def _kept(person: int, papers: Collection[int] | None) -> list[int]:
    rows = Saved.objects.filter(person=person)
    rows = rows if papers is None else rows.filter(paper__pk__among=papers)
    return [*rows.order_by("-saved_at", "-pk").values_list("paper", flat=True)]


def _beside(person: int, papers: Collection[int] | None) -> list[int]:
    """The papers that are not kept, but have notes or are hidden."""
    found: list[int] = []
    for table in (Note, Hidden):
        rows = table._default_manager.filter(person=person)
        rows = rows if papers is None else rows.filter(paper__pk__among=papers)
        found += rows.order_by("pk").values_list("paper", flat=True)
    return found


def _notes(person: int, papers: Collection[int]) -> Mapping[int, Sequence[SaidNote]]:
    found: dict[int, list[SaidNote]] = defaultdict(list)
    rows = Note.objects.filter(person=person, paper__pk__among=papers).order_by("written_at", "pk")
    for paper, source, written_at, edited_at in rows.values_list(
        "paper", "source", "written_at", "edited_at"
    ):
        found[paper].append(SaidNote(source, written_at, edited_at))
    return found


def _mine(own: Own, notes: Iterable[SaidNote]) -> Mine:
    saved = parts.together(own.saved) if own.saved else None
    return Mine(
        tags=saved.tags if saved else (),
        notes=tuple(notes),
        state=saved.state if saved else "",
        saved_at=saved.saved_at if saved else None,
        is_saved=saved is not None,
        hidden_at=min((part.at for part in own.hidden), default=None),
    )


def _bibtex(papers: Sequence[Paper], _now: datetime) -> str:
    """Names of fields as JabRef and BibDesk have them; notes are `annotation`, `annotation2` and so on."""

    def own(mine: Mine) -> Iterator[tuple[str, str]]:
        yield "keywords", _keywords(mine.tags)
        yield "readstatus", mine.state
        yield "date-added", f"{mine.saved_at.astimezone(UTC):{_MINUTE}} +0000" if mine.saved_at else ""
        for number, note in enumerate(mine.notes, start=1):
            yield f"annotation{number if number > 1 else ''}", escaped(note.text)

    return bibtex([detail for detail, _ in papers], {d.row.pk: dict(own(mine)) for d, mine in papers})


def _keywords(tags: Sequence[str]) -> str:
    """The tags between commas, those with a comma in braces; braces around the whole would mean nothing."""
    written = [f"{{{escaped(tag)}}}" if "," in tag or ";" in tag else escaped(tag) for tag in tags]
    return ", ".join(written) if written[1:] else "".join(f"{one}," if "{" in one else one for one in written)


def _ris(papers: Sequence[Paper], _now: datetime) -> str:
    """Notes as Zotero writes them, in HTML; when a paper was saved is when its record was looked at."""

    def own(mine: Mine) -> Iterator[tuple[str, str | list[str]]]:
        yield "keywords", [tag.replace(";", ",") for tag in mine.tags]
        yield "notes", [html_notes.written(note.text) for note in mine.notes]
        yield "access_date", f"{mine.saved_at.astimezone(UTC):%Y/%m/%d/%H:%M:%S}" if mine.saved_at else ""

    return ris([detail for detail, _ in papers], {d.row.pk: dict(own(mine)) for d, mine in papers})


def _csl(papers: Sequence[Paper], _now: datetime) -> bytes:
    """Tags and notes for other programs, and all that is the reader's own as `custom`."""
    own = {
        detail.row.pk: {
            "keyword": ", ".join(mine.tags),
            "annote": "\n\n".join(note.text for note in mine.notes),
            "custom": {OURS: library_json.as_json(mine)},
        }
        for detail, mine in papers
    }
    return csl([detail for detail, _ in papers], own)


def _json(papers: Sequence[Paper], now: datetime) -> bytes:
    found = ((detail.row.public_id, _record(detail), mine) for detail, mine in papers)
    return library_json.written(found, exported_at=now)


def _record(detail: PaperDetail) -> Record:
    """A paper as one record, as far as another Broadsheet has to know it."""
    row, said = detail.row, detail.publication
    names = detail.author_names or tuple(AuthorName(one.name) for one in row.authors)
    return Record(
        source=OURS,
        key=row.public_id,
        title=row.title,
        abstract="" if row.is_summary else row.abstract,
        authors=names,
        identifiers=tuple(one for one in detail.identifiers if one.scheme != "local"),
        published_at=row.published.begins_at if row.published else None,
        published_precision=row.published.precision if row.published else None,
        categories=row.categories,
        links=row.links,
        journal_ref=detail.journal_ref,
        publication=said if any((said.kind, said.name, said.volume, said.issue, said.pages)) else None,
        keywords=detail.keywords,
    )


def _markdown(papers: Sequence[Paper], now: datetime) -> str:
    head = f"# My library\n\n{len(papers):,} papers, {now.date().isoformat()}\n"
    return "\n".join([head, *(_section(detail, mine) for detail, mine in papers)])


def _section(detail: PaperDetail, mine: Mine) -> str:
    row = detail.row
    address = cite(detail).url
    title = " ".join(text.markdown(row.title).split())
    names = [" ".join(filter(None, (one.given, one.family))) for one in people(detail)]
    others = " and others" if names[AUTHORS_SHOWN:] else ""
    authors = f"{text.markdown(', '.join(names[:AUTHORS_SHOWN]))}{others}"
    facts = [authors, str(row.published or ""), text.markdown(row.public_id)]
    saved = f", since {mine.saved_at.date().isoformat()}" if mine.saved_at else ""
    tags = f" · tags: {', '.join(map(text.markdown, mine.tags))}" if mine.tags else ""
    sections = [
        f"## [{title}](<{address}>)" if address else f"## {title}",
        " · ".join(filter(None, facts)),
        f"{STATES.get(State(mine.state), '')}{saved}{tags}" if mine.state else "",
        *(_note(note) for note in mine.notes),
    ]
    return "\n\n".join(filter(None, sections)) + "\n"


def _note(note: SaidNote) -> str:
    """A note as a quotation, so that its own headings stay within it."""
    day = f"> *{note.written_at.date().isoformat()}*\n>\n" if note.written_at else ""
    return day + "\n".join(f"> {line}".rstrip() for line in note.text.split("\n"))


FORMS = {
    "bib": Form("BibTeX", "application/x-bibtex; charset=utf-8", _bibtex),
    "ris": Form("RIS", "application/x-research-info-systems; charset=utf-8", _ris),
    "csl.json": Form("CSL JSON", "application/vnd.citationstyles.csl+json", _csl),
    "md": Form("Markdown, with notes", "text/markdown; charset=utf-8", _markdown),
    "json": Form("all of it, for Broadsheet", "application/json", _json, is_whole=True),
}
