"""A paper as the API gives it, and the lists that papers come in; with all its fields or with chosen ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, TypeAlias

from broadsheet.api.v1.errors import bad
from broadsheet.papers import reading
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.past_texts import TextChange
from broadsheet.papers.reading import ListedOn, Name, PaperDetail, SourcedSignal, Standing
from broadsheet.papers.record import AuthorName, Link, Version
from broadsheet.papers.text import plain

# A paper with the fields that were asked for: what `Paper` describes, as it is sent.
SentPaper: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper with all that is known of it.

    `title` and `abstract` are readable text; `title_source` and `abstract_source` are as the source wrote
    them, TeX and all. `is_summary` says that the abstract is a summary of ours. `author_names` are
    the authors with the parts of their names, as far as a source told these apart; `author_count` may be
    known without any name. `standing` is empty, `withdrawn` by the authors or `retracted` by the publisher,
    and `notice` what `notice_source` says about it. `day` is the day whose news the paper is. `signals` were
    counted elsewhere: each says by whom and when. `listings` are the days on whose lists sources had it.
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
    authors: tuple[Name, ...]
    author_names: tuple[AuthorName, ...]
    author_count: int | None
    organizations: tuple[Name, ...]
    categories: tuple[str, ...]
    keywords: tuple[str, ...]
    identifiers: tuple[Identifier, ...]
    links: tuple[Link, ...]
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
    listings: tuple[ListedOn, ...]
    sources: tuple[str, ...]
    changes: tuple[TextChange, ...]
    said: Mapping[str, Mapping[str, Any]]


FIELDS = tuple(one.name for one in fields(Paper))
# Seldom wanted of many papers at once, and long.
_ALONE = ("changes", "said")
IN_LISTS = tuple(name for name in FIELDS if name not in _ALONE)
_OF_ROW = ("is_summary", "authors", "author_count", "organizations", "categories", "links", "standing")
# What is not simply the field of the same name.
_VALUES: dict[str, Callable[[PaperDetail], Any]] = {
    "id": lambda detail: detail.row.public_id,
    "title": lambda detail: plain(detail.row.title),
    "abstract": lambda detail: plain(detail.row.abstract),
    "title_source": lambda detail: detail.row.title,
    "abstract_source": lambda detail: detail.row.abstract,
    "published_at": lambda detail: detail.row.published_at,
}


def chosen(asked: str, among: Sequence[str], *, otherwise: Sequence[str] = ()) -> tuple[str, ...]:
    """The fields that a comma-separated list names, and always the identifier; without one, `otherwise`.

    Raises RefusedError for a name that is not `among` the fields.
    """
    names = [name.strip() for name in asked.split(",") if name.strip()]
    for name in names:
        if name not in among:
            raise bad("fields", f"There is no field {name[:50]!r}; there are {', '.join(among)}")
    return tuple(dict.fromkeys(["id", *names])) if names else tuple(otherwise or among)


def sent(pks: Sequence[int], names: Iterable[str]) -> dict[int, SentPaper]:
    """These fields of the papers, by their keys and in the order given; deleted papers are left out."""
    return {detail.row.pk: _fields(detail, names) for detail in reading.details(pks)}


def _fields(detail: PaperDetail, names: Iterable[str]) -> SentPaper:
    return {name: _value(detail, name) for name in names}


def _value(detail: PaperDetail, name: str) -> Any:
    if name in _VALUES:
        return _VALUES[name](detail)
    return getattr(detail.row if name in _OF_ROW else detail, name)
