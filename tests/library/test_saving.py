"""What a person keeps, hides, has seen, tags and notes is theirs, one row a paper, and can be undone."""

from __future__ import annotations

import pytest
from tests.library.shelf import LATER, NOW, reader, some

from broadsheet.accounts.access import NOBODY, NobodyError, NoScopeError, Viewer
from broadsheet.library import hiding, marks, notes, saving, seeing, tagging, undoing
from broadsheet.library.marks import Mark
from broadsheet.library.models import Hidden, Note, Saved, Tag, Undo

pytestmark = pytest.mark.django_db


def test_a_paper_is_kept_in_a_state_that_is_set_by_hand():
    ada, papers = reader(), some(2)
    one, two = papers
    saving.save(ada, one, papers[one], now=NOW)
    assert marks.of(ada, papers) == {one: Mark(state="to_read", is_seen=True)}
    saving.save(ada, one, papers[one], state="read", now=LATER)
    assert Saved.objects.values_list("state", "saved_at", "via").get() == ("read", NOW, "web")
    saving.change(ada, papers, "reading", now=LATER)
    assert marks.of(ada, papers)[one].state == "reading"
    assert not marks.of(ada, papers)[two].state
    saving.unsave(ada, one, papers[one], now=LATER)
    assert not Saved.objects.exists()


def test_to_save_ends_that_it_is_hidden_and_to_hide_ends_that_it_is_saved():
    ada, papers = reader(), some(1)
    [(one, named)] = papers.items()
    hiding.hide(ada, one, named, now=NOW)
    saving.save(ada, one, named, now=NOW)
    assert not Hidden.objects.exists()
    tagging.tag(ada, papers, ["maths"], now=NOW)
    hiding.hide(ada, one, named, now=NOW)
    assert marks.of(ada, papers) == {one: Mark(is_hidden=True, is_seen=True)}
    assert not Tag.objects.exists()
    undoing.undo(ada, now=NOW)
    assert marks.of(ada, papers) == {one: Mark(state="to_read", is_seen=True, tags=("maths",))}


def test_the_last_twenty_acts_are_undone_one_by_one_and_no_more():
    ada, papers = reader(), some(30)
    for pk, named in papers.items():
        saving.save(ada, pk, named, now=NOW)
    for left in range(29, 9, -1):
        assert undoing.undo(ada, now=NOW).verb == "save"
        assert Saved.objects.count() == left
    with pytest.raises(undoing.NothingToUndoError):
        undoing.undo(ada, now=NOW)
    assert seeing.seen_among(ada.pk, papers) == {*[*papers][:10]}


def test_each_kind_of_act_is_undone():
    ada, papers = reader(), some(2)
    one, two = papers
    note = notes.write(ada, one, papers[one], "So *that* is it.", now=NOW)
    acts = (
        lambda: saving.save_all(ada, papers, state="reading", now=NOW),
        lambda: tagging.tag(ada, papers, ["a", "b"], now=NOW),
        lambda: tagging.rename(ada, "a", "c", now=NOW),
        lambda: tagging.rename(ada, "b", "c", now=NOW),
        lambda: tagging.untag(ada, {one: papers[one]}, ["c"], now=NOW),
        lambda: tagging.delete(ada, "c", now=NOW),
        lambda: tagging.set_tags(ada, two, papers[two], ["d"], now=NOW),
        lambda: notes.edit(ada, note.pk, "Other words.", now=LATER),
        lambda: notes.delete(ada, note.pk, now=LATER),
        lambda: seeing.unmark(ada, papers, now=NOW),
        lambda: hiding.hide_all(ada, papers, now=NOW),
        lambda: hiding.show(ada, one, papers[one], now=NOW),
        lambda: seeing.mark_seen(ada, papers, now=NOW),
    )
    states = []
    for act in acts:
        states.append(shown(ada, papers))
        act()
        assert shown(ada, papers) != states[-1] or act is acts[-1]
    Undo.objects.filter(verb="see").delete()
    for before in reversed(states[:-1]):
        undoing.undo(ada, now=LATER)
        assert shown(ada, papers) == before


def shown(ada, papers):
    notes_of = list(
        Note.objects.order_by("pk").values("pk", "paper", "named", "source", "written_at", "edited_at")
    )
    return marks.of(ada, papers), notes_of, tagging.mine(ada)


def test_nobody_and_a_program_without_the_scope_change_nothing():
    ada, papers = reader(), some(1)
    [(one, named)] = papers.items()
    for viewer, refused in ((NOBODY, NobodyError), (Viewer(ada.person, scopes={"read"}), NoScopeError)):
        for act in (
            lambda v: saving.save(v, one, named, now=NOW),
            lambda v: hiding.hide(v, one, named, now=NOW),
            lambda v: seeing.mark_seen(v, [one], now=NOW),
            lambda v: tagging.tag(v, papers, ["a"], now=NOW),
            lambda v: notes.write(v, one, named, "x", now=NOW),
            lambda v: undoing.undo(v, now=NOW),
        ):
            with pytest.raises(refused):
                act(viewer)
    assert not marks.of(ada, papers)


def test_what_a_program_saves_says_so_is_not_seen_and_is_not_undone_by_its_owner():
    ada, papers = reader(), some(1)
    [(one, named)] = papers.items()
    agent = Viewer(ada.person, scopes={"save"}, via="mcp", is_agent=True)
    saving.save(agent, one, named, now=NOW)
    assert Saved.objects.get().via == "mcp"
    assert marks.of(ada, papers) == {one: Mark(state="to_read")}
    with pytest.raises(undoing.NothingToUndoError):
        undoing.undo(ada, now=NOW)
    undoing.undo(agent, now=NOW)
    assert not Saved.objects.exists()


def test_marks_of_fifty_papers_are_two_questions(count_queries):
    ada, papers = reader(), some(50)
    tagging.tag(ada, papers, ["a", "b"], now=NOW)
    assert count_queries(marks.of, ada, papers) <= 2
