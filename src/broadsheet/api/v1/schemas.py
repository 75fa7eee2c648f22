"""A paper as the API gives it, with all its fields or with chosen ones."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any, TypeAlias

from broadsheet.api import here
from broadsheet.api.here import Here
from broadsheet.api.v1.errors import bad
from broadsheet.papers import reading
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.past_texts import TextChange
from broadsheet.papers.reading import ListedOn, Name, PaperDetail, PaperRow, Standing
from broadsheet.papers.record import AuthorName, Link, Version
from broadsheet.papers.signals import SourcedSignal
from broadsheet.papers.texts import Point, Summary

# A paper with the fields that were asked for: what `Paper` describes, as it is sent.
SentPaper: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper with all that is known of it; its page is at `/papers/` and its `id`.

    `title` and `abstract` are readable text; `title_source` and `abstract_source` are as the source wrote
    them, TeX and all. `is_summary` says that the abstract is a summary of ours. `point` is the sentence in
    which the paper says what it does (`is_said`), or else its first sentence, and where that stands in
    `abstract`; `summary` is what a source says of it in a sentence of its own. `author_names` are
    the authors with the parts of their names, as far as a source told these apart; `author_count` may be
    known without any name. `standing` is empty, `withdrawn` by the authors or `retracted` by the publisher,
    and `notice` what `notice_source` says about it. `day` is the day whose news the paper is. `signals` were
    counted elsewhere: each says by whom and when; `here` are the votes and comments of this site.
    `listings` are the days on whose lists sources had it.
    `sources` are those that know the paper, the most trusted first. `changes` are those of its texts, the
    last one first. `said` is what each source said beyond these fields, in its own words. `changes` and
    `said` come only with a single paper, or where `fields` names them.
    """

    id: str
    title: str
    abstract: str
    title_source: str
    abstract_source: str
    is_summary: bool
    point: Point | None
    summary: Summary | None
    authors: tuple[Name, ...]
    author_names: tuple[AuthorName, ...]
    author_count: int | None
    organizations: tuple[Name, ...]
    categories: tuple[str, ...]
    keywords: tuple[str, ...]
    identifiers: tuple[Identifier, ...]
    links: tuple[Link, ...]
    published: str | None
    published_at: datetime | None
    updated_at: datetime | None
    announced_on: date | None
    day: date | None
    added_at: datetime
    revised_at: datetime
    versions: tuple[Version, ...]
    standing: Standing
    notice: str
    notice_source: str
    comment: str
    journal_ref: str
    license: str
    signals: tuple[SourcedSignal, ...]
    here: Here
    listings: tuple[ListedOn, ...]
    sources: tuple[str, ...]
    changes: tuple[TextChange, ...]
    said: Mapping[str, Mapping[str, Any]]


FIELDS = tuple(one.name for one in fields(Paper))
# Seldom wanted of many papers at once, and long.
_ALONE = ("changes", "said")
IN_LISTS = tuple(name for name in FIELDS if name not in _ALONE)
# What the paper's own row in the catalogue knows: to send no more than these is ten times faster.
_OWN: dict[str, Callable[[PaperRow], Any]] = {
    "id": attrgetter("public_id"),
    "title": lambda row: row.text.title,
    "abstract": lambda row: row.text.abstract,
    "title_source": attrgetter("title"),
    "abstract_source": attrgetter("abstract"),
    "is_summary": attrgetter("is_summary"),
    "point": lambda row: row.text.point,
    "summary": lambda row: row.text.summary if row.text.summary.text else None,
    "author_count": attrgetter("author_count"),
    "published": lambda row: str(row.published) if row.published else None,
    "published_at": attrgetter("published_at"),
    "standing": attrgetter("standing"),
}
_PARTS = ("authors", "organizations", "categories", "links")


def chosen(names: Sequence[str], among: Sequence[str], *, otherwise: Sequence[str] = ()) -> tuple[str, ...]:
    """The fields of those names, and always the identifier; without any, `otherwise`.

    Raises RefusedError for a name that is not `among` the fields.
    """
    wanted = [name.strip() for name in names]
    for name in wanted:
        if name not in among:
            raise bad("fields", f"There is no field {name[:50]!r}; there are {', '.join(among)}")
    return tuple(dict.fromkeys(["id", *wanted])) if wanted else tuple(otherwise or among)


def sent(pks: Sequence[int], names: Collection[str]) -> dict[int, SentPaper]:
    """These fields of the papers, by their keys and in the order given; deleted papers are left out."""
    if _OWN.keys() >= set(names):
        return {row.pk: {name: _OWN[name](row) for name in names} for row in reading.bare_rows(pks)}
    counted = here.of_papers(pks) if "here" in names else {}
    found = reading.details(pks)
    return {one.row.pk: {name: _value(one, name, counted) for name in names} for one in found}


def _value(detail: PaperDetail, name: str, counted: Mapping[int, Here]) -> Any:
    if name == "here":
        return counted[detail.row.pk]
    if name in _OWN:
        return _OWN[name](detail.row)
    return getattr(detail.row if name in _PARTS else detail, name)
