"""A reader's own library: what they keep, and in other states what they voted for or hide; for nobody else.

Its name is a query in the language of searches, which has beside `state:`, `tag:`, `note:` and `saved:`. What
these say is found in the database, what a search says among the papers that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from django.db.models import Q, QuerySet
from django.utils.text import Truncator

from broadsheet.community import voting
from broadsheet.daily.entries import Found, Key, ListName, Row, Run, Span, UnknownListError, in_memory
from broadsheet.daily.kinds.by_date import by_date, moment, time_key
from broadsheet.daily.kinds.search import LONGEST_TITLE, RELEVANCE
from broadsheet.library import own
from broadsheet.library.models import Saved, State
from broadsheet.papers import batches, reading
from broadsheet.papers.models import Paper
from broadsheet.search import finding
from broadsheet.search.finding import SearchResult
from broadsheet.search.query.conditions import AllOf, Among, AnyOf, Condition, Not, Range, Term
from broadsheet.search.query.language import Query, parse
from broadsheet.search.word_index.lexical import WordIndexError

LIBRARY = "library"
# The order of a library: what was saved last stands first; or as papers came out.
SAVED, NEWEST = "saved", "date"
ORDERS = (SAVED, RELEVANCE, NEWEST)
VOTED, HIDDEN, NOTED = "voted", "hidden", "note"
IN_WORDS = {SAVED: "the last saved first", RELEVANCE: "best first", NEWEST: "newest first"}


def library(wanted: ListName, span: Span, today: date) -> Found:
    """The papers of the library of the span's viewer for the query that is the name; what is asked in words
    is ordered by relevance unless another order is wanted, all else by when it was saved.

    Raises UnknownListError where nobody asks, and WordIndexError where words cannot be searched and nothing
    is told that could say so.
    """
    del today
    if span.viewer.pk is None:
        raise UnknownListError("A library is for whoever it belongs to: sign in.")
    query = " ".join(wanted.name.split())
    asked = parse(query, own=True)
    order = _order(wanted, asked)
    title = Truncator(f"Library: {query}").chars(LONGEST_TITLE) if query else "Library"
    run, said = _run(Shelf(span.viewer.pk, asked), order, span)
    if said.waiting and not said.waiting.indexed and not span.is_told:
        raise WordIndexError(said.waiting.note)
    rows, total = run(span)
    return Found(
        replace(wanted, name=query),
        query,
        title,
        f"{title}, {IN_WORDS[order]}.",
        rows,
        total,
        said=said if span.is_told else None,
    )


def _order(wanted: ListName, asked: Query) -> str:
    """The order that is wanted; without words there is no relevance."""
    if not asked.text:
        return SAVED if wanted.order == RELEVANCE else wanted.order or SAVED
    return wanted.order or RELEVANCE


@dataclass(frozen=True)
class Shelf:
    """The papers of a person that a query asks about: those that they keep; those that they voted for, hide
    or have notes of only where it asks for these.
    """

    person: int
    asked: Query

    @cached_property
    def since(self) -> Mapping[int, str | datetime]:
        """Since when each paper is there, the last first."""
        saved, others = own.saved_since(self.person), _names_others(self.asked)
        if not others:
            return saved
        there = {paper: own.moment(at) for paper, at in saved.items()}
        for name in sorted(others):
            there |= _OTHERS[name](self.person)
        return dict(sorted(there.items(), key=lambda one: (one[1], one[0]), reverse=True))

    def left(self) -> tuple[Collection[int], Query]:
        """The papers for which all holds that the library alone can say, and what is left to be searched."""
        papers: Collection[int] = self.since
        parts = []
        for part in self.asked.parts:
            if part.condition is None or not any(map(_is_own, _leaves(part.condition))):
                parts.append(part)
            elif all(map(_is_own, _leaves(part.condition))):
                papers = self._satisfying(part.condition, {*papers})
            else:
                parts.append(replace(part, condition=self._as_papers(part.condition)))
        return papers, replace(self.asked, parts=tuple(parts))

    def _satisfying(self, condition: Condition, papers: set[int]) -> set[int]:
        """Those of the papers for which a condition holds that only the library can tell."""
        match condition:
            case Not(inner):
                return papers - self._satisfying(inner, papers)
            case AllOf(several):
                for one in several:
                    papers = self._satisfying(one, papers)
                return papers
            case AnyOf(several):
                return {paper for one in several for paper in self._satisfying(one, papers)}
        return papers.intersection(self._of(condition))

    def _as_papers(self, condition: Condition) -> Condition:
        """The condition with the papers in the place of what only the library can tell."""
        match condition:
            case Not(inner):
                return Not(self._as_papers(inner))
            case AllOf(several) | AnyOf(several):
                return type(condition)(tuple(map(self._as_papers, several)))
        return Among(tuple(sorted(self._of(condition)))) if _is_own(condition) else condition

    def _of(self, leaf: Condition) -> Collection[int]:
        match leaf:
            case Range(_, first, last):
                return own.saved_within(self.person, first, last)
            case Term("state", value) if value in State.values:
                return own.in_state(self.person, value)
            case Term("state", value):
                return _OTHERS[value](self.person).keys()
            case Term("tag", value):
                return own.tagged(self.person, value)
            case Term(_, value):
                return own.noted(self.person, value)
        return ()


def _run(shelf: Shelf, order: str, span: Span) -> tuple[Run, SearchResult]:
    """The papers in their order, and what is to be said of the search."""
    state = _only_state(shelf.asked)
    if order == SAVED and state is not None:
        return _by_time(own.saved(shelf.person, state)), SearchResult(shelf.asked, notes=shelf.asked.notes)
    papers, asked = shelf.left()
    if order == RELEVANCE:
        if span.until:
            raise UnknownListError("What came in since is not told in the order of relevance.")
        return _by_relevance(asked, papers, span)
    said = SearchResult(asked, notes=asked.notes)
    if asked.parts:
        papers, said = _matching(asked, papers)
    if order == NEWEST:
        return by_date(Paper.objects.filter(pk__among=[*papers]), total=len(papers)), said
    ordered = [paper for paper in shelf.since if paper in papers]
    return in_memory(ordered, *_keyed(shelf.since)), said


def _only_state(asked: Query) -> str | None:
    """The state of saved papers that is all that is asked for, empty for any of them; else None."""
    conditions = [part.condition for part in asked.parts]
    match conditions:
        case []:
            return ""
        case [Term("state", state)] if state in State.values:
            return state
    return None


def _by_time(saved: QuerySet[Saved]) -> Run:
    """What is saved, read part by part: most pages of a library need no more than their own papers."""

    def read(span: Span) -> tuple[list[Row], int]:
        among = saved.filter(_beyond(span.until, "gt")) if span.until else saved
        page = among.filter(_beyond(span.after, "lt")) if span.after else among
        rows, total = batches.counted(
            page.order_by("-saved_at", "-paper"),
            *("paper", "saved_at"),
            part=slice(span.offset, span.offset + span.limit),
            among=among,
        )
        return [Row((time_key(at), -pk), pk) for pk, at in rows], total

    return read


def _beyond(key: Key, side: str) -> Q:
    """That something was saved after that of a key (`gt`), or before it (`lt`)."""
    at, paper = moment(key[0]), -int(key[1])
    return Q(**{f"saved_at__{side}": at}) | Q(**{f"paper__{side}": paper}, saved_at=at)


def _keyed(since: Mapping[int, str | datetime]) -> tuple[Callable[[int], Key], Callable[[int], Row]]:
    def key(paper: int) -> Key:
        at = since[paper]
        return time_key(own.moment(at) if isinstance(at, str) else at), -paper

    return key, lambda paper: Row(key(paper), paper)


def _matching(asked: Query, papers: Collection[int]) -> tuple[Collection[int], SearchResult]:
    """Those of the papers that match; the name of a paper has that paper alone."""
    known = reading.resolve(asked.typed, of_any_version=True)
    if known:
        return {known[0]} & {*papers}, SearchResult(asked)
    return finding.matches_within(asked, [*papers])


def _by_relevance(asked: Query, papers: Collection[int], span: Span) -> tuple[Run, SearchResult]:
    """What answers the question among the papers, best first: a part, which has no keys but its places."""
    start = int(span.after[0]) + 1 if span.after else span.offset
    known = reading.resolve(asked.typed, of_any_version=True)
    if known:
        there = [paper for paper in (known[0],) if paper in papers]
        return in_memory(there, lambda _: (0,), lambda paper: Row((0,), paper)), SearchResult(asked)
    found = finding.within(asked, [*papers], limit=span.limit, offset=start)
    rows = [Row((place,), hit.paper_pk, hit=hit) for place, hit in enumerate(found.hits, start)]
    return lambda _: (rows, found.shown), found


# What may be on a shelf beside what is kept, by the word that asks for it.
_OTHERS: Mapping[str, Callable[[int], dict[int, datetime]]] = {
    VOTED: voting.cast_since,
    HIDDEN: own.hidden_since,
    NOTED: own.noted_since,
}


def _names_others(asked: Query) -> set[str]:
    """What a query asks for beside what is kept; to leave it out is not to ask for it."""
    conditions = [part.condition for part in asked.parts if part.condition]
    leaves = (leaf for one in conditions for leaf in _leaves(one, with_excluded=False))
    terms = [leaf for leaf in leaves if isinstance(leaf, Term)]
    return {one.value if one.field == "state" else one.field for one in terms} & _OTHERS.keys()


def _leaves(condition: Condition, *, with_excluded: bool = True) -> Iterator[Condition]:
    """What a condition is made of, be it asked for or excluded."""
    match condition:
        case Not(inner):
            yield from _leaves(inner) if with_excluded else ()
        case AllOf(several) | AnyOf(several):
            for one in several:
                yield from _leaves(one, with_excluded=with_excluded)
        case _:
            yield condition


def _is_own(leaf: Condition) -> bool:
    """Whether only the library can tell for which papers that holds."""
    if isinstance(leaf, Range):
        return leaf.field == SAVED
    return isinstance(leaf, Term) and leaf.field in {"state", "tag", "note"}
