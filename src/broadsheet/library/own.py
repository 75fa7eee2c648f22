"""What a person has of papers, read as a whole: what they keep since when, in which state, with which tags
and notes.

Nobody but that person is ever asked for; who may see it is decided by whoever asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from broadsheet.library.models import Hidden, Note, Saved, State, Tag, Tagged
from broadsheet.papers.models import Paper

# A tag or a word of a note that stands for any, and the sign behind the beginning of a tag.
ANY = "*"


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper that a person keeps, or has notes of: without a `state` it is not kept.

    `via` is what saved it: a page, a program or an agent. Tags are by name, notes the first written first.
    """

    state: str = ""
    saved_at: datetime | None = None
    via: str = ""
    tags: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def saved(person: int, state: str = "") -> QuerySet[Saved]:
    """What the person keeps, in that state if one is given."""
    rows = Saved.objects.filter(person=person)
    return rows.filter(state=state) if state else rows


def saved_since(person: int) -> dict[int, str]:
    """Since when the person keeps each of their papers, the last saved first, as `moment` reads it.

    Ten thousand rows are read for each page of a library: so the SQL is ours, an index has all of it, and no
    moment is read before it is needed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT paper_id, saved_at || '' FROM library_saved WHERE person_id = %s"
            " ORDER BY saved_at DESC, paper_id DESC",
            [person],
        )
        return dict(cursor.fetchall())


def moment(stored: str) -> datetime:
    """The moment that a database gave as text, which is in UTC whether it says so or not."""
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


def hidden_since(person: int) -> dict[int, datetime]:
    """Since when the person hides each paper that they hide."""
    return dict(Hidden.objects.filter(person=person).values_list("paper", "at"))


def noted_since(person: int) -> dict[int, datetime]:
    """When the person wrote the last note on each paper that has any."""
    return dict(Note.objects.filter(person=person).order_by("written_at").values_list("paper", "written_at"))


def in_state(person: int, state: str) -> set[int]:
    """The papers that the person keeps in that state."""
    return _papers(Saved.objects.filter(person=person, state=state))


def tagged(person: int, tag: str) -> set[int]:
    """The papers that the person tagged so, in any case of letters: "ml*" is any tag that begins so."""
    wanted, start = tag.casefold(), tag.removesuffix(ANY).casefold()
    tags = Tag.objects.filter(person=person).values_list("pk", "name")
    found = [
        pk
        for pk, name in tags
        if name.casefold() == wanted or (tag.endswith(ANY) and name.casefold().startswith(start))
    ]
    return set(Tagged.objects.filter(tag__in=found).values_list("saved__paper", flat=True))


def noted(person: int, words: str) -> set[int]:
    """The papers with a note of the person that has these words, in any case of letters."""
    notes = Note.objects.filter(person=person)
    if words == ANY:
        return set(notes.values_list("paper", flat=True))
    # Not every database knows that other letters than those of ASCII are large or small.
    for word in filter(str.isascii, words.split()):
        notes = notes.filter(source__icontains=word)
    wanted, rows = words.casefold(), notes.values_list("paper", "source")
    return {paper for paper, source in rows if wanted in " ".join(source.casefold().split())}


def saved_within(person: int, first: int | None, last: int | None) -> set[int]:
    """The papers that the person saved on days from one to the other, as `date.toordinal` counts them."""
    within = Q()
    if first is not None:
        within &= Q(saved_at__gte=_midnight(first))
    if last is not None and last < date.max.toordinal():
        within &= Q(saved_at__lt=_midnight(last + 1))
    return _papers(Saved.objects.filter(within, person=person))


def states(person: int) -> dict[str, int]:
    """How many papers the person keeps in each state."""
    # Counted side by side: to sort ten thousand rows by their states would take longer than all else.
    counts = {state: Count("pk", filter=Q(state=state)) for state in State.values}
    return {
        state: many for state, many in Saved.objects.filter(person=person).aggregate(**counts).items() if many
    }


def how_many_hidden(person: int) -> int:
    """How many papers the person hides."""
    return Hidden.objects.filter(person=person).count()


def details(person: int, papers: Collection[int]) -> dict[int, Kept]:
    """What the person has of these papers; those of which they have nothing are not there."""
    had: dict[int, dict[str, Any]] = defaultdict(dict)
    saved = Saved.objects.filter(person=person, paper__in=papers)
    for paper, state, saved_at, via in saved.values_list("paper", "state", "saved_at", "via"):
        had[paper] |= {"state": state, "saved_at": saved_at, "via": via}
    tags = Tagged.objects.filter(saved__person=person, saved__paper__in=papers).order_by("tag__name")
    for paper, name in tags.values_list("saved__paper", "tag__name"):
        had[paper]["tags"] = (*had[paper].get("tags", ()), name)
    for note in Note.objects.filter(person=person, paper__in=papers).order_by("written_at", "pk"):
        had[note.paper_id]["notes"] = (*had[note.paper_id].get("notes", ()), note)
    return {paper: Kept(**said) for paper, said in had.items()}


def named(papers: Collection[int]) -> Mapping[int, str]:
    """The names that these papers are known by here, as addresses have them."""
    return dict(Paper.objects.filter(pk__among=papers).values_list("pk", "public_id"))


def _midnight(day: int) -> datetime:
    return datetime(1, 1, 1, tzinfo=UTC) + timedelta(days=day - 1)


def _papers(rows: QuerySet[Saved]) -> set[int]:
    return set(rows.values_list("paper", flat=True))
