"""What fills the holes of pages: what people count of the papers on them, and who reads them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.template.loader import get_template
from markupsafe import escape

from broadsheet.accounts.access import Viewer
from broadsheet.community import counting, notices, voting
from broadsheet.community.voting import Standing
from broadsheet.daily.wording import counted
from broadsheet.http.holes import READER, Key
from broadsheet.http.keeping import FILLED
from broadsheet.library import marks as library_marks
from broadsheet.library.marks import NOTHING, Mark
from broadsheet.library.models import State
from broadsheet.papers import marks, signals, tables
from broadsheet.papers.places import discussion_elsewhere
from broadsheet.papers.signals import SourcedSignal
from broadsheet.web import beside, looked, progress
from broadsheet.web.addresses import address_of_paper
from broadsheet.web.wording import number, signal_words, source_name

# What the form says that saves a paper, by the state that it is saved in.
TO_READ = str(State.TO_READ)
SAVED: Mapping[str, str] = {
    State.TO_READ: "Saved",
    State.READING: "Reading",
    State.READ: "Saved",
    State.SET_ASIDE: "Set aside",
}
# What a form asks for: that it stands, where it does not yet, and else that it does so no more.
YES_NO = ("yes", "no")
STANDS = ' class="stands"'
GIVEN, NOT_GIVEN = ' class="given" aria-pressed="true"', ' aria-pressed="false"'
# A comment alone is mostly the one that its sender had to write.
LEAST = {"comments": 2}
COLUMNS = ("cast_here", "counted_here", "by_agents", "by_authors", "comments_here")


class Act(NamedTuple):
    """The form of an act: its name, the end of its address, what it sends and says, whether it was done."""

    name: str
    verb: str
    field: str
    value: str
    label: str
    stands: bool


class Counted(NamedTuple):
    """All that the counts of a paper are made of."""

    pk: int
    public_id: str
    title: str | None
    is_gone: bool
    signals: tuple[SourcedSignal, ...]
    mine: Standing | None
    mark: Mark
    cast: int
    counted: int
    agents: int
    authors: int
    comments: int


def of_papers(keys: Sequence[Key], viewer: Viewer) -> Mapping[Key, str]:
    """The counts of each paper as its entry in a list shows them, in one query, what the page says of its
    reader, and what else it says that is not kept; it is HTML.
    """
    papers = [key for key in keys if isinstance(key, int) and key != READER]
    of_edition = [key for key in keys if progress.is_one(key)]
    filled = _of_reader(papers, of_edition, viewer) if viewer.pk else _counts(papers, {}, {})
    filled |= beside.of([key for key in keys if isinstance(key, str) and key not in of_edition], viewer)
    return filled | looked.of(keys, viewer, filled) | {READER: reader(viewer)}


def _of_reader(papers: Sequence[int], of_edition: Sequence[Key], viewer: Viewer) -> dict[Key, str]:
    filled = dict(_to_all(tuple(papers), counting.state(), int(time.monotonic() // FILLED)))
    stands = voting.standing(viewer, papers)
    every = progress.papers(of_edition)
    mine = library_marks.of(viewer, {*papers, *every})
    told = [paper for paper in papers if paper in stands or paper in mine]
    filled |= _counts(told, stands, mine) if told else {}
    return filled | progress.of(of_edition, viewer, every, mine)


# Readers who come in the same seconds see the same numbers, but for the papers that they voted for.
@lru_cache(maxsize=256)
def _to_all(papers: tuple[int, ...], *_when: object) -> Mapping[Key, str]:
    return _counts(papers, {}, {})


def forget() -> None:
    """Count anew: the catalogue is another one."""
    _to_all.cache_clear()


def _counts(
    papers: Sequence[int], stands: Mapping[int, Standing], mine: Mapping[int, Mark]
) -> dict[Key, str]:
    """The counts of these papers, with the votes of whoever reads them and what the papers are to them."""
    elsewhere = signals.of_papers(papers)
    return {
        pk: _html(
            Counted(
                pk,
                public_id,
                title,
                bool(is_gone),
                tuple(signals.highest(elsewhere.get(pk, ())).values()),
                stands.get(pk),
                mine.get(pk, NOTHING),
                *numbers,
            )
        )
        for pk, public_id, title, is_gone, *numbers in tables.tallied(papers, *COLUMNS)
    }


# Most papers of a list are on the next one, too, and nearly all numbers are those of a minute ago.
@lru_cache(maxsize=8192)
def _html(of: Counted) -> str:
    """What people count of a paper; votes of people here and numbers from elsewhere stand apart."""
    elsewhere = {signal.name: signal for signal in of.signals if signal.value >= LEAST.get(signal.name, 1)}
    shown = (_elsewhere(elsewhere[name], of) for name in ("upvotes", "comments") if name in elsewhere)
    acts = "" if of.is_gone else _vote(of) + _box(of) + _acts(of)
    return f"{acts}{''.join(shown)}{_talk(of) if of.comments else ''}"


def _vote(of: Counted) -> str:
    mine, cast = of.mine, f' <span class="number">{number(of.cast)}</span>' if of.cast else ""
    title, given = escape(of.title or "this paper"), ' class="given"' if mine else ""
    unseen = f'<span class="unseen"> for {title}{"; press to take it back" if mine else ""}</span>'
    why_not = f' <span class="why-not">{escape(mine.words)}</span>' if mine and mine.why_not else ""
    return (
        f'<li class="vote"><form method="post" id="v{of.pk}" data-act="vote" '
        f'action="{escape(address_of_paper(of.public_id, "vote"))}">'
        f'<input type="hidden" name="stands" value="{"no" if mine else "yes"}">'
        f'<button type="submit"{given}>'
        f"{'Voted' if mine else 'Vote'}{unseen}{cast}</button></form>{why_not}{_not_counted(of)}</li>"
    )


def _box(of: Counted) -> str:
    """The same as a box beside the title: a row to scan shows the form in words only when it is opened."""
    given, with_yours = (' class="given"', ", with yours") if of.mine else ("", "")
    unseen = f'<span class="unseen"> votes{with_yours}</span>'
    return (
        f'<li class="box"><button type="submit" form="v{of.pk}" tabindex="-1" aria-describedby="t{of.pk}"'
        f'{given}><span class="unseen">Vote: </span>'
        f'<span aria-hidden="true">▲</span>{number(of.cast)}{unseen}</button></li>'
    )


def _acts(of: Counted) -> str:
    """What else a reader does with a paper in a list, by what it is to them: a form an act."""
    page_ = escape(address_of_paper(of.public_id))
    forms = (
        f'<form method="post" data-act="{act.name}" action="{page_}/{act.verb}"'
        f'{STANDS if act.stands else ""}><button type="submit" name="{act.field}" value="{act.value}" '
        f'aria-describedby="t{of.pk}"{GIVEN if act.stands else NOT_GIVEN}>{act.label}</button></form>'
        for act in _acts_on(of.mark)
    )
    return f'<li class="marks">{"".join(forms)}</li>'


@lru_cache(maxsize=256)
def _acts_on(mark: Mark) -> Sequence[Act]:
    state = mark.state
    saved = Act("save", "save", "state", "" if state else TO_READ, SAVED.get(state, "Save"), bool(state))
    is_read = state == State.READ
    read = Act("read", "save", "state", TO_READ if is_read else str(State.READ), "Read", is_read)
    hidden, seen = mark.is_hidden, mark.is_seen
    return (
        saved,
        Act("hide", "hide", "stands", YES_NO[hidden], "Hidden" if hidden else "Not for me", hidden),
        read,
        Act("seen", "seen", "stands", YES_NO[seen], "Seen", seen),
    )


def _not_counted(of: Counted) -> str:
    if of.cast == of.counted:
        return ""
    why = escape(apart(of.cast, of.counted, of.agents, of.authors))
    return (
        f' <span class="ours" title="Not counted: {why}">'
        f"{counted(of.cast, 'vote')}, {number(of.counted)} counted"
        f'<span class="unseen">; not counted: {why}</span></span>'
    )


def _elsewhere(signal: SourcedSignal, of: Counted) -> str:
    """What was counted elsewhere; what is written there is a link to it, where its address is known."""
    source = escape(source_name(signal.source))
    said = f'{signal_words(signal)}<span class="unseen"> on {source}</span>'
    place = discussion_elsewhere(signal.source, of.public_id) if signal.name == "comments" else ""
    if place:
        title = f'<span class="unseen">: {escape(of.title or "this paper")}</span>'
        said = f'<a href="{escape(place)}" rel="noopener" tabindex="-1">{said}{title}</a>'
    return f'<li class="{signal.name}" title="on {source}">{said}</li>'


def _talk(of: Counted) -> str:
    unseen = f'<span class="unseen"> on {escape(of.title or "this paper")}</span>'
    address = escape(address_of_paper(of.public_id, "discussion"))
    return f'<li><a href="{address}">{counted(of.comments, "comment")} here{unseen}</a></li>'


def lately(*_named: object, **_and: object) -> object:
    """The state of the catalogue and of what is counted: for pages whose order votes may change."""
    return marks.lately(), counting.lately()


def apart(cast: int, counted: int, agents: int, authors: int) -> str:
    """Which of the votes that were cast do not count, by number."""
    others = cast - counted - agents - authors
    said = (
        (authors, "by authors of it"),
        (agents, "by programs"),
        (others, "by people who are suspended or not vouched for yet"),
    )
    return ", ".join(f"{number(many)} {of}" for many, of in said if many > 0)


def reader(viewer: Viewer) -> str:
    """What each page says of who reads it: the way in, or the way to what is theirs."""
    person = viewer.person
    if person is None:
        return _reader("", "", 0, uses_keys=True)
    return _reader(person.role, person.shown, notices.unread(viewer), uses_keys=person.uses_keys)


@lru_cache(maxsize=1024)
def _reader(role: str, shown: str, unread: int, *, uses_keys: bool) -> str:
    said = {"role": role, "shown": shown, "unread": unread, "uses_keys": uses_keys}
    return get_template("reader.html").render(said)
