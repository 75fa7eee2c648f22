"""Whatever a reader does, and whatever becomes of the papers meanwhile, there is one row a person and paper;
merged papers keep tags and notes, and undoing everything gives the state before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.library.shelf import NOW, reader
from tests.web.press import paper, publish

from broadsheet.accounts.access import Viewer
from broadsheet.community import voting
from broadsheet.daily import votes
from broadsheet.library import bringing, hiding, marks, notes, saving, seeing, tagging, undoing
from broadsheet.library.brought import Wish
from broadsheet.library.models import Hidden, Note, Saved, Tag, Tagged, Undo
from broadsheet.papers import merges, reading, verdicts

pytestmark = pytest.mark.django_db
NAMES = ("arxiv:2611.00001", "arxiv:2611.00002", "arxiv:2611.00003")
MERGED = st.sampled_from([(0, 1), (1, 2), (0, 2)])
MANY = st.sets(st.integers(0, 2), min_size=1).map(sorted)
TAG = st.sampled_from("abc")
STATE = st.sampled_from(["", "to_read", "reading", "read", "set_aside"])


@pytest.fixture
def world(db) -> Viewer:
    publish(
        *(
            replace(paper(number), title=f"{word} tides", authors=())
            for number, word in ((1, "Harmonic"), (2, "Queueing"), (3, "Basalt"))
        )
    )
    return reader()


def of(name: str) -> int:
    return reading.resolve(name)[0]


def named(which: list[int]) -> dict[int, str]:
    """The papers of these names; two names may be of one paper."""
    return {of(NAMES[place]): NAMES[place] for place in which}


@dataclass(frozen=True)
class How:
    """With which papers something is done, when, and with which tag and state."""

    at: datetime
    which: list[int]
    tag: str
    state: str

    @property
    def papers(self) -> dict[int, str]:
        return named(self.which)

    @property
    def one(self) -> tuple[int, str]:
        return of(NAMES[self.which[0]]), NAMES[self.which[0]]

    @property
    def file(self) -> bytes:
        """A library of one paper, as a file."""
        said = {
            "eprint": self.one[1].removeprefix("arxiv:"),
            "archiveprefix": "arXiv",
            "title": "A title",
            "keywords": self.tag,
            "readstatus": self.state or "read",
            "annotation": f"About {self.tag}.",
        }
        return f"@misc{{x, {', '.join(f'{name} = {{{text}}}' for name, text in said.items())}}}".encode()


ACTS: dict[str, Callable[[Viewer, How], object]] = {
    "save": lambda v, how: saving.save_all(v, how.papers, state=how.state, now=how.at),
    "unsave": lambda v, how: saving.unsave_all(v, how.papers, now=how.at),
    "change": lambda v, how: saving.change(v, how.papers, how.state or "read", now=how.at),
    "hide": lambda v, how: hiding.hide_all(v, how.papers, now=how.at),
    "show": lambda v, how: hiding.show_all(v, how.papers, now=how.at),
    "see": lambda v, how: seeing.mark_seen(v, how.papers, now=how.at),
    "unsee": lambda v, how: seeing.unmark(v, how.papers, now=how.at),
    "tag": lambda v, how: tagging.tag(v, how.papers, [how.tag], now=how.at),
    "untag": lambda v, how: tagging.untag(v, how.papers, [how.tag], now=how.at),
    "rename": lambda v, how: tagging.rename(v, how.tag, "a", now=how.at),
    "delete tag": lambda v, how: tagging.delete(v, how.tag, now=how.at),
    "note": lambda v, how: notes.write(v, *how.one, how.tag, now=how.at),
    "delete note": lambda v, how: notes.delete(v, Note.objects.latest("pk").pk, now=how.at),
    "vote": lambda v, how: votes.cast(v, *how.one, now=how.at),
    "import": lambda v, how: bringing.bring(v, how.file, Wish(), dry_run=False, now=how.at),
}
STEP = st.one_of(
    st.tuples(st.sampled_from([*ACTS]), MANY, TAG, STATE),
    st.tuples(st.just("undo")),
    st.tuples(st.just("join"), MERGED),
    st.tuples(st.just("part"), MERGED),
)


def state(viewer: Viewer) -> dict[str, object]:
    """All that is the viewer's own, by the names of the papers."""
    papers = {name: of(name) for name in NAMES}
    mine = marks.of(viewer, {*papers.values()})
    return {
        "marks": {name: mine.get(pk) for name, pk in papers.items()},
        "dates": {
            name: Saved.objects.filter(paper=pk).values_list("saved_at", "via").first()
            for name, pk in papers.items()
        },
        "notes": sorted(Note.objects.values_list("named", "paper", "source", "written_at")),
        "tags": tagging.mine(viewer),
        "votes": {name: pk in voting.standing(viewer, [pk]) for name, pk in papers.items()},
    }


def check() -> None:
    """What the tables promise, and what of them is said twice."""
    for table in (Saved, Hidden):
        rows = list(table.objects.values_list("person", "paper"))
        assert len(rows) == len({*rows})
    assert not Tag.objects.filter(tagged=None).exists()
    for row in Saved.objects.all():
        tags = {tag for part in row.parts for tag in part[4]}
        assert not row.parts or tags == {
            *Tagged.objects.filter(saved=row).values_list("tag__name", flat=True)
        }
        assert len(row.parts) != 1
    assert Undo.objects.count() <= undoing.MOST


@settings(
    max_examples=settings.default.max_examples // 2,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEP, max_size=12))
def test_any_order_of_acts_and_of_papers_that_become_one_or_part(world: Viewer, steps: list[tuple]) -> None:
    """Undone all the way, nothing of the reader is left; and what papers became meanwhile stays as it is."""
    with transaction.atomic():
        run(world, steps)
        transaction.set_rollback(True)


def run(viewer: Viewer, steps: list[tuple]) -> None:
    joined: set[tuple[int, int]] = set()
    for number, (does, *how) in enumerate(steps):
        at = NOW + timedelta(minutes=number)
        if does in {"join", "part"}:
            move(does, how[0], joined, at=at)
        elif does == "undo":
            undo(viewer, at=at)
        else:
            before = state(viewer)
            if do(viewer, does, how, at=at):
                after = state(viewer)
                undoing.undo(viewer, now=at)
                assert state(viewer) == before, does
                do(viewer, does, how, at=at)
                assert {**state(viewer), "notes": []} == {**after, "notes": []}, does
        check()
    while undo(viewer, at=NOW):
        check()
    for table in (Saved, Hidden, Note, Tag):
        assert not table.objects.exists(), table
    assert not seeing.seen_among(viewer.pk, [of(name) for name in NAMES])


def do(viewer: Viewer, does: str, how: list, *, at) -> bool:
    """Whether there is something to undo by that."""
    acts = Undo.objects.count()
    try:
        with transaction.atomic():
            ACTS[does](viewer, How(at, *how))
    except (tagging.NoTagError, Note.DoesNotExist):
        return False
    return Undo.objects.count() > acts


def undo(viewer: Viewer, *, at) -> bool:
    try:
        undoing.undo(viewer, now=at)
    except undoing.NothingToUndoError:
        return False
    return True


def move(does: str, pair: tuple[int, int], joined: set[tuple[int, int]], *, at) -> None:
    """Let two papers be one, or let them part that were one: what was tagged and noted is all there."""
    names = [NAMES[place] for place in pair]
    kept = {name: {*tags_of(of(name))} for name in names}
    noted = Note.objects.count()
    if does == "join" and pair not in joined:
        verdicts.join(*names, by="Mira", because="", now=at)
        joined.add(pair)
        assert {*tags_of(of(names[0]))} >= kept[names[0]] | kept[names[1]]
    elif does == "part" and pair in joined:
        verdicts.undo(*names, same=True, now=at)
        joined.discard(pair)
    assert Note.objects.count() == noted


def tags_of(pk: int) -> list[str]:
    return list(Tagged.objects.filter(saved__paper=pk).values_list("tag__name", flat=True))


def test_two_papers_that_become_one_have_the_earlier_date_the_further_state_and_all_tags_and_part_as_they_were(
    world,
):
    one, two = (named([place]) for place in (0, 1))
    tagging.tag(world, one, ["a", "b"], now=NOW + timedelta(days=1))
    saving.save_all(world, two, state="read", now=NOW)
    tagging.tag(world, two, ["b", "c"], now=NOW)
    notes.write(world, of(NAMES[1]), NAMES[1], "A note.", now=NOW)
    before = state(world)
    verdicts.join(*NAMES[:2], by="Mira", because="", now=NOW)
    row = Saved.objects.get()
    assert (row.state, row.saved_at, row.named) == ("read", NOW, NAMES[1])
    assert sorted(tags_of(row.paper_id)) == ["a", "b", "c"]
    assert notes.of_paper(world, row.paper_id)[0].source == "A note."
    tagging.untag(world, named([0]), ["b"], now=NOW)
    undoing.undo(world, now=NOW)
    verdicts.undo(*NAMES[:2], same=True, now=NOW)
    after = state(world)
    assert {key: after[key] for key in ("marks", "dates", "tags")} == {
        key: before[key] for key in ("marks", "dates", "tags")
    }


def test_what_is_changed_while_two_papers_are_one_stays_with_both(world):
    saving.save_all(world, named([0, 1]), now=NOW)
    verdicts.join(*NAMES[:2], by="Mira", because="", now=NOW)
    tagging.tag(world, named([0]), ["kept"], now=NOW)
    saving.change(world, named([0]), "reading", now=NOW)
    verdicts.undo(*NAMES[:2], same=True, now=NOW)
    for name in NAMES[:2]:
        assert tags_of(of(name)) == ["kept"]
        assert Saved.objects.get(paper=of(name)).state == "reading"


def test_papers_that_many_saved_become_one_by_no_more_questions_than_those_of_one_reader(
    world, count_queries
):
    one, two, three = ({of(name): name} for name in NAMES)
    saving.save_all(world, one | three, now=NOW)
    few = count_queries(merges.merge, *two, [*one])
    for number in range(30):
        saving.save_all(reader(f"reader-{number}"), three, now=NOW)
    saving.unsave_all(world, one | two, now=NOW)
    assert count_queries(merges.merge, *two, [*three]) == few
    assert Saved.objects.filter(paper=next(iter(two))).count() == 31
