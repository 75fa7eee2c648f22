"""Topics: lists saved under a name, who sees them, and what is new in them."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.web.press import SUNDAY, paper, publish

from broadsheet.accounts import leaving
from broadsheet.accounts.access import NobodyError, NotAllowedError, Viewer
from broadsheet.accounts.leaving import Choice
from broadsheet.accounts.models import Person
from broadsheet.daily import lists, noting, topics
from broadsheet.daily.entries import ListName, Part, UnknownListError
from broadsheet.daily.models import Topic, TopicEntry
from broadsheet.library.models import Follow
from broadsheet.papers import verdicts
from broadsheet.papers.models import Paper, PaperIdentifier
from broadsheet.papers.record import Signal
from broadsheet.search import indexing

pytestmark = pytest.mark.django_db
LEARNING = ListName("category", "cs.LG")
LATER = SUNDAY + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _an_index_of_its_own(tmp_path, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path})


@pytest.fixture
def ada() -> Viewer:
    return Viewer(person=Person.objects.create(handle="ada"))


@pytest.fixture
def ben() -> Viewer:
    return Viewer(person=Person.objects.create(handle="ben"))


def put(*numbers: int) -> None:
    publish(*(paper(number) for number in numbers))
    while indexing.catch_up():
        pass


def save(viewer: Viewer, wanted: ListName = LEARNING, **more) -> Topic:
    return topics.save(viewer, wanted, **{"name": "Learning", "now": SUNDAY, **more})


def since(topic: Topic, number: int = 0) -> list[str]:
    return [entry.paper.public_id for entry in noting.new_since(topic, number, limit=100)]


def test_a_saved_list_has_its_first_papers_and_then_those_that_come(ada):
    put(1, 2, 3)
    topic = save(ada, size=2)
    assert since(topic) == ["2611.00002", "2611.00003"]
    put(4, 5)
    assert noting.note_new(topic, now=LATER) == 2
    assert since(topic, 2) == ["2611.00004", "2611.00005"]
    assert noting.note_new(topic, now=LATER) == 0
    assert topic.last == Topic.objects.get().last == 4


def test_a_paper_that_was_in_a_saved_list_below_its_first_ones_is_never_new(ada):
    put(1, 2, 3)
    topic = save(ada, size=1)
    assert noting.note_new(topic, now=LATER) == 0
    assert TopicEntry.objects.filter(number=0).count() == 2


def test_papers_that_begin_to_match_later_are_new_then(ada):
    put(*range(1, 6))
    topic = save(ada, ListName("search", "votes:>8"))
    assert since(topic) == []
    voted = replace(paper(2), signals=(Signal("upvotes", 9),), observed_at=SUNDAY + timedelta(hours=1))
    publish(voted)
    assert noting.note_new(topic, now=LATER) == 1
    assert since(topic) == ["2611.00002"]


def test_of_a_long_list_only_what_stands_above_the_papers_it_had_is_new(ada, monkeypatch):
    monkeypatch.setattr(noting, "PAGE", 2)
    put(*range(1, 8))
    topic = save(ada, size=1)
    assert not topic.is_whole
    assert noting.note_new(topic, now=LATER) == 0
    put(*range(8, 14))
    assert noting.note_new(topic, now=LATER) == 6
    assert since(topic, 1) == [f"2611.{number:05}" for number in range(8, 14)]
    assert noting.note_new(topic, now=LATER) == 0


def test_what_stood_at_the_top_of_another_order_makes_nothing_old_new(ada, monkeypatch):
    monkeypatch.setattr(noting, "PAGE", 10)
    put(*range(1, 41))
    publish(paper(41, published=SUNDAY.date() - timedelta(days=900)))
    while indexing.catch_up():
        pass
    topic = save(ada, ListName("search", "paper"))
    put(50)
    assert noting.note_new(topic, now=LATER) == 1
    assert since(topic, topic.last - 1) == ["2611.00050"]
    topics.change(ada, topic.slug, order="votes", now=LATER)
    topic.refresh_from_db()
    assert noting.note_new(topic, now=LATER) == 0
    put(51)
    assert noting.note_new(topic, now=LATER) == 1


def test_of_a_ranking_the_first_papers_of_now_are_new_the_best_with_the_highest_number(ada):
    put(1, 2, 3)
    topic = save(ada, ListName("trending"), size=2)
    assert since(topic) == ["2611.00002", "2611.00003"]
    put(9)
    assert noting.note_new(topic, now=LATER) == 1
    assert since(topic, 2) == ["2611.00009"]


def test_every_list_that_goes_on_can_be_saved_under_its_name_of_today_and_no_other(ada):
    put(1, 2)
    wanted = {
        ListName("search", " paper   number ", "votes"): {
            "kind": "search",
            "name": "paper number",
            "order": "votes",
        },
        ListName("search", "paper", "relevance"): {"kind": "search", "name": "paper", "order": "relevance"},
        ListName("author", "author-a-of-1"): {"kind": "author", "name": "author-a-of-1"},
        ListName("organization", "Mira", "added"): {"kind": "organization", "name": "mira", "order": "added"},
        ListName("category", "math.MP"): {"kind": "category", "name": "math-ph"},
        ListName("trending", "day"): {"kind": "trending", "name": "day"},
        ListName("discussed"): {"kind": "discussed"},
        ListName("undiscovered"): {"kind": "undiscovered"},
        ListName("similar", "2611.00001"): {"kind": "similar", "name": "2611.00001"},
    }
    for name, stored in wanted.items():
        topic = save(ada, name)
        assert Topic.objects.get(pk=topic.pk).wanted == stored
        noting.note_new(topic, now=LATER)
    for name in (
        ListName("day", "2026-11-20"),
        ListName("papers"),
        ListName("trending", as_of=SUNDAY.date()),
    ):
        with pytest.raises(topics.TopicError, match="Only lists that go on"):
            save(ada, name)
    for name in (
        ListName("author", "nobody"),
        ListName("category", "cs.LG", "votes"),
        ListName("trending", "year"),
    ):
        with pytest.raises(UnknownListError):
            save(ada, name)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_merged_split_revised_and_listed_again_no_paper_is_new_twice(ada, seed):
    chance = random.Random(seed)
    there, joined, told, seen = [1, 2, 3], [], set(), 0
    put(*there)
    topic = save(ada, size=2)
    for _ in range(25):
        deed = chance.choice(["come", "come", "join", "part", "revise", "note", "note"])
        if deed == "come":
            there.append(len(there) + 1)
            publish(paper(there[-1]))
        elif deed == "revise":
            number = chance.choice(there)
            later = SUNDAY + timedelta(minutes=len(told) + len(joined) + len(there))
            publish(replace(paper(number, listed=SUNDAY.date()), observed_at=later, abstract="Anew. " * 20))
        elif deed == "join" and len(there) > 2:
            pair = tuple(f"2611.{number:05}" for number in chance.sample(there, 2))
            if not {*pair} & {name for both in joined for name in both}:
                verdicts.join(*pair, by="Mira", because="", now=SUNDAY)
                joined.append(pair)
        elif deed == "part" and joined:
            verdicts.undo(*joined.pop(chance.randrange(len(joined))), same=True, now=SUNDAY)
        elif deed == "note":
            noting.note_new(topic, now=LATER)
        for entry in noting.new_since(topic, seen, limit=100):
            names = set(PaperIdentifier.objects.filter(paper=entry.paper).values_list("value", flat=True))
            assert entry.number > seen
            assert not names & told
            told |= names
        seen = Topic.objects.get().last
    noting.note_new(topic, now=LATER)
    assert TopicEntry.objects.count() == Paper.objects.count()


def test_a_worker_that_was_overtaken_gives_no_number_again(ada):
    put(1)
    topic = save(ada)
    put(2, 3)
    slow = Topic.objects.get()
    coming = noting._coming(slow, LATER)
    assert noting.note_new(topic, now=LATER) == 2
    put(4)
    noting.note_new(topic, now=LATER)
    assert noting._enter(slow, coming, now=LATER, mark="") == 0
    assert since(topic) == [f"2611.{number:05}" for number in range(1, 5)]


def test_a_list_is_looked_at_again_only_after_something_changed(ada, count_queries):
    put(1, 2)
    save(ada)
    save(ada, ListName("trending"), name="Trends")
    idle = count_queries(noting.note_due, now=SUNDAY + timedelta(minutes=1))
    assert idle <= 4
    put(3)
    assert noting.note_due(now=SUNDAY + timedelta(minutes=2)) == 1
    assert noting.note_due(now=SUNDAY + timedelta(minutes=11)) == 1


def test_the_list_of_a_topic_is_what_is_new_the_other_way_round_page_by_page(ada):
    put(1, 2, 3)
    topic = save(ada, size=1)
    put(4, 5, 6, 7)
    noting.note_new(topic, now=LATER)
    name = ListName("topic", topic.slug)
    everything = [entry.paper_id for entry in noting.new_since(topic, 0, limit=9)][::-1]
    found, cursor = [], ""
    while cursor is not None:
        part = lists.read(name, None, Part(2, after=cursor), today=SUNDAY.date())
        found, cursor = [*found, *part.pks], part.next
    assert found == everything
    assert part.total == 5
    newer = lists.read(name, None, Part(since=topics.since(topic.slug, 3)), today=SUNDAY.date())
    assert newer.pks == [entry.paper_id for entry in noting.new_since(topic, 3, limit=9)][::-1]
    assert [one.reasons["number"] for one in newer.entries] == [5, 4]


def test_what_was_taken_back_is_no_news(ada):
    put(1, 2)
    topic = save(ada)
    Paper.objects.filter(public_id="2611.00002").update(withdrawn=True)
    assert since(topic) == ["2611.00001"]


def test_a_private_topic_is_its_owners_alone_and_an_unlisted_one_is_found_by_its_address(ada, ben):
    put(1)
    public, unlisted, private = (save(ada, visibility=how) for how in ("public", "unlisted", "private"))
    assert set(topics.seen_by(ben)) == set(topics.seen_by(Viewer())) == {public}
    assert set(topics.seen_by(ada)) == {public, unlisted, private}
    assert public.slug == "learning"
    assert len({unlisted.slug, private.slug}) == 2
    assert all(len(one.slug) > 20 for one in (unlisted, private))
    assert topics.find(Viewer(), unlisted.slug) == unlisted
    for act in (
        topics.find,
        lambda *who: topics.follow(*who, now=SUNDAY),
        lambda *who: topics.delete(*who, now=SUNDAY),
    ):
        with pytest.raises(topics.UnknownTopicError):
            act(ben, private.slug)
    with pytest.raises(UnknownListError):
        lists.read(ListName("topic", private.slug), ben, Part(), today=SUNDAY.date())
    assert lists.read(ListName("topic", private.slug), ada, Part(), today=SUNDAY.date()).total == 1
    with pytest.raises(NotAllowedError, match="Only whoever saved"):
        topics.change(ben, public.slug, name="Mine", now=SUNDAY)
    with pytest.raises(NobodyError):
        save(Viewer())


def test_an_address_keeps_the_letters_of_every_script_and_nobody_else_has_it(ada, ben):
    put(1)
    names = ("机器学习", "Übersetzung", "!!!", "Trending", "new", "機器")
    slugs = [save(viewer, name=name).slug for viewer in (ada, ben) for name in names]
    assert len(set(slugs)) == len(slugs)
    assert slugs[:2] == ["机器学习", "ubersetzung"]
    assert not set(slugs) & topics.RESERVED


def test_a_follower_sees_what_they_follow_as_long_as_they_may(ada, ben):
    put(1)
    topic = save(ada)
    topics.follow(ben, topic.slug, now=SUNDAY)
    topics.follow(ben, topic.slug, now=SUNDAY)
    assert list(topics.followed_by(ben)) == [topic]
    assert [one.followers for one in topics.most_followed(9)[0]] == [1]
    topics.change(ada, topic.slug, visibility="private", now=SUNDAY)
    assert not topics.followed_by(ben)
    topics.delete(ada, topic.slug, now=SUNDAY)
    assert not Follow.objects.exists()


def test_a_stopped_topic_gets_nothing_new_until_it_goes_on(ada):
    put(1)
    topic = save(ada)
    topics.change(ada, topic.slug, is_stopped=True, now=SUNDAY)
    put(2)
    assert noting.note_due(now=LATER) == 0
    topics.change(ada, topic.slug, is_stopped=False, now=SUNDAY)
    assert noting.note_due(now=LATER) == 1


def test_what_a_topic_cannot_be_is_said(ada, monkeypatch):
    put(1)
    for more in (
        {"name": " "},
        {"name": "x" * 121},
        {"name": "a\x07b"},
        {"size": 0},
        {"size": 41},
        {"visibility": "secret"},
    ):
        with pytest.raises(topics.TopicError):
            save(ada, **more)
    monkeypatch.setattr(topics, "MOST", 1)
    save(ada)
    with pytest.raises(topics.TopicError, match="the most"):
        save(ada)


def test_one_looks_at_a_topic_up_to_a_number_that_only_grows(ada):
    put(1, 2, 3)
    topic = save(ada)
    assert topics.looked_until(ada, topic) is None
    for number, until in ((2, 2), (1, 2), (99, 3)):
        topics.looked(ada, topic, number, now=SUNDAY)
        assert topics.looked_until(ada, topic) == until


def test_the_topics_of_who_leaves_go_but_those_that_others_follow(ada, ben):
    put(1)
    kept, hidden, alone = save(ada), save(ada, visibility="private"), save(ada, name="Alone")
    topics.follow(ben, kept.slug, now=SUNDAY)
    topics.follow(ada, alone.slug, now=SUNDAY)
    leaving.leave(ada.person, Choice(), now=SUNDAY)
    assert list(Topic.objects.values_list("slug", "owner")) == [(kept.slug, None)]
    assert hidden.slug != kept.slug


def test_the_site_has_a_topic_of_its_own_that_nobody_can_change(ada):
    put(1, 2)
    topic = topics.trending(SUNDAY)
    assert topics.trending(LATER) == topic
    assert (topic.slug, topic.owner, topic.wanted) == ("trending", None, {"kind": "trending", "name": "day"})
    with pytest.raises(NotAllowedError):
        topics.delete(ada, topic.slug, now=SUNDAY)
