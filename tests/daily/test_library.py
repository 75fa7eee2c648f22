"""A library is a list like any other, for its reader alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.accounts.access import NOBODY, Viewer
from broadsheet.accounts.models import Person
from broadsheet.community import voting
from broadsheet.daily import lists, noting, own_feeds, topics
from broadsheet.daily.cursors import CursorError
from broadsheet.daily.entries import ListName, Part, UnknownListError
from broadsheet.daily.models import TopicEntry, Visibility
from broadsheet.daily.topics import TopicError, UnknownTopicError
from broadsheet.library import hiding, ignoring, notes, saving, tagging
from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Paper
from broadsheet.papers.record import AuthorName, Record
from broadsheet.search import indexing

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TITLES = ("Graphs", "Trees", "Forests", "Meadows", "Rivers", "Lakes")


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path})


@pytest.fixture
def papers(db) -> list[int]:
    store(
        [
            Record(
                source="arxiv",
                key=f"2611.{number:05}",
                title=f"On {title}",
                abstract=f"We study {title.lower()} with care.",
                authors=(AuthorName(f"Author {title}"),),
                identifiers=(Identifier("arxiv", f"2611.{number:05}"),),
                published_at=NOW - timedelta(days=number * 7 % 5),
            )
            for number, title in enumerate(TITLES, start=1)
        ],
        now=NOW,
    )
    return list(Paper.objects.order_by("pk").values_list("pk", flat=True))


def somebody(handle: str) -> Viewer:
    return Viewer(Person.objects.create(handle=handle, vouched_at=NOW, joined_at=NOW))


@pytest.fixture
def ana(papers) -> Viewer:
    """Ana keeps four papers, each an hour later than the one before; she voted for one and hides another."""
    viewer = somebody("ana")
    kept = (
        ("to_read", ("graphs", "thesis/one")),
        ("read", ("thesis/two",)),
        ("to_read", ()),
        ("reading", ("Ünit",)),
    )
    for hour, (paper, (state, tags)) in enumerate(zip(papers, kept, strict=False)):
        now = NOW + timedelta(hours=hour)
        saving.save(viewer, paper, name(paper), state=state, now=now)
        if tags:
            tagging.tag(viewer, {paper: name(paper)}, tags, now=now)
    notes.write(viewer, papers[1], name(papers[1]), "The *proof* of lemma 3\nis wrong.", now=NOW)
    notes.write(viewer, papers[5], name(papers[5]), "Not kept, but noted.", now=NOW)
    voting.cast(viewer, papers[4], name(papers[4]), now=NOW + timedelta(days=1))
    hiding.hide(viewer, papers[5], name(papers[5]), now=NOW + timedelta(days=2))
    return viewer


def name(paper: int) -> str:
    return "arxiv:" + Paper.objects.get(pk=paper).public_id


def found(viewer: Viewer, query: str = "", order: str = "", **part) -> list[int]:
    return lists.read(ListName("library", query, order), viewer, Part(**part), today=NOW.date()).pks


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("", [4, 3, 2, 1]),
        ("state:to_read", [3, 1]),
        ("-state:to_read", [4, 2]),
        ("state:read OR state:reading", [4, 2]),
        ("state:set_aside", []),
        ("state:voted", [5]),
        ("state:hidden", [6]),
        ("tag:graphs", [1]),
        ("tag:thesis/*", [2, 1]),
        ("tag:*", [4, 2, 1]),
        ("-tag:*", [3]),
        ('tag:"ünit"', [4]),
        ("tag:nothing", []),
        ("note:proof", [2]),
        ('note:"proof* of"', [2]),
        ("note:*", [6, 2]),
        ("-note:*", [4, 3, 1]),
        ("saved:2026-11-20", [4, 3, 2, 1]),
        ("saved:>2026-11-20", []),
        ("tag:graphs OR state:reading", [4, 1]),
        ("-(tag:graphs OR state:reading)", [3, 2]),
        ("state:read tag:thesis/* note:lemma", [2]),
        ("2611.00002", [2]),
        ("2611.00005", []),
    ],
)
def test_a_query_finds_what_the_library_says(ana, papers, query, places):
    assert found(ana, query) == [papers[place - 1] for place in places]


def test_words_find_papers_in_the_library_alone(ana, papers):
    while indexing.is_work_left():
        if not indexing.catch_up():
            indexing.embed_due()
    assert found(ana, "trees", "saved") == [papers[1]]
    assert found(ana, "rivers", "saved") == []
    assert found(ana, 'author:"Author Graphs" OR tag:thesis/two') == [papers[1], papers[0]]
    assert found(ana, "study -state:to_read", "saved") == [papers[3], papers[1]]
    assert set(found(ana, "trees")) <= {*papers[:4]}
    assert found(ana, "trees")[0] == papers[1]


def test_orders_of_a_library(ana, papers):
    newest = list(
        Paper.objects.filter(pk__in=papers[:4]).order_by("-published_at", "-pk").values_list("pk", flat=True)
    )
    assert found(ana, order="date") == newest
    assert found(ana, order="saved") == found(ana, order="relevance") == papers[3::-1]
    with pytest.raises(UnknownListError):
        found(ana, order="votes")


@pytest.mark.parametrize("order", ["saved", "date"])
def test_pages_go_on_after_a_cursor_while_papers_come_in(ana, papers, order):
    wanted = ListName("library", "", order)
    whole = found(ana, order=order)
    first = lists.read(wanted, ana, Part(2), today=NOW.date())
    saving.save(ana, papers[4], name(papers[4]), now=NOW + timedelta(days=9))
    rest = lists.read(wanted, ana, Part(2, after=first.next), today=NOW.date())
    assert [*first.pks, *rest.pks] == whole
    came = lists.read(wanted, ana, Part(9, since=first.first), today=NOW.date())
    assert came.pks in ([papers[4]], [])
    assert first.total == 4


def test_nobody_reads_a_library_but_its_reader(ana, papers):
    bea = somebody("bea")
    assert found(bea) == found(bea, "state:voted") == found(bea, "state:hidden") == found(bea, "note:*") == []
    for viewer in (NOBODY, None):
        with pytest.raises(UnknownListError):
            found(viewer)
    mine = lists.read(ListName("library"), ana, Part(1), today=NOW.date())
    with pytest.raises(CursorError):
        lists.read(ListName("library", "x"), ana, Part(1, after=mine.next), today=NOW.date())


def test_what_is_kept_is_there_even_where_lists_leave_it_out(ana, papers):
    ignoring.ignore(ana, "word", "trees", now=NOW)
    assert papers[1] in found(ana)
    assert lists.read(ListName("library"), ana, Part(), today=NOW.date()).hidden == 0


def test_a_filter_is_saved_as_a_private_topic_that_tells_what_is_new(ana, papers):
    wanted = ListName("library", "state:read")
    topic = topics.save(ana, wanted, name="Read", visibility=Visibility.PRIVATE, now=NOW)
    assert (topic.wanted["order"], topic.last) == ("saved", 1)
    saving.change(ana, {papers[0]: name(papers[0])}, "read", now=NOW)
    assert noting.note_due(now=NOW + timedelta(minutes=11)) == 1
    assert list(
        TopicEntry.objects.filter(topic=topic).order_by("number").values_list("paper", flat=True)
    ) == [
        papers[1],
        papers[0],
    ]
    with pytest.raises(UnknownTopicError):
        topics.find(somebody("bea"), topic.slug)


@pytest.mark.parametrize("visibility", ["public", "unlisted"])
def test_a_filter_is_never_for_others(ana, visibility):
    with pytest.raises(TopicError, match="private"):
        topics.save(ana, ListName("library"), name="All", visibility=visibility, now=NOW)
    topic = topics.save(ana, ListName("library"), name="All", visibility="private", now=NOW)
    with pytest.raises(TopicError, match="private"):
        topics.change(ana, topic.slug, visibility=visibility, now=NOW)


def test_a_filter_is_a_feed_until_its_address_is_ended(ana, papers):
    feed, secret = own_feeds.make(ana, ListName("library", "tag:thesis/*"), now=NOW)
    assert own_feeds.read(own_feeds.find(secret), limit=9, now=NOW).pks == [papers[1], papers[0]]
    own_feeds.end(ana, feed.pk, now=NOW)
    assert own_feeds.find(secret) is None


LEAVES = st.sampled_from(
    [
        "state:to_read",
        "state:read",
        "tag:graphs",
        "tag:thesis/*",
        "note:*",
        "saved:2026-11",
        "tag:x",
        "state:reading",
    ]
)
QUERIES = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds("({} OR {})".format, inner, inner)
        | st.builds("({} {})".format, inner, inner)
        | st.builds("-({})".format, inner)
    ),
    max_leaves=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(left=QUERIES, right=QUERIES)
def test_what_a_library_says_can_be_put_together_in_any_way(ana, papers, left, right):
    kept = set(papers[:4])

    def among(query: str) -> set[int]:
        return set(found(ana, query)) & kept

    assert among(f"({left}) ({right})") == among(left) & among(right)
    assert among(f"({left}) OR ({right})") == among(left) | among(right)
    assert among(f"-({left})") == kept - among(left)
