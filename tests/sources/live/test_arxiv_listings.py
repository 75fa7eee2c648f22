"""arXiv's lists of the day: what is in a feed, and what becomes of one that is late, cut, broken or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from tests.sources.live.arxiv_feeds import (
    BOMB,
    LICENSE,
    WEB_PAGE,
    Asking,
    Feeds,
    Paper,
    asking,
    atom,
    papers,
    refusal,
    rss,
)
from tests.sources.local_server import Reply

from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Paper as StoredPaper
from broadsheet.papers.record import AuthorName, Record
from broadsheet.sources.files.readings import Refusal, Remark
from broadsheet.sources.files.strict_xml import XmlError
from broadsheet.sources.ingesting import ingest
from broadsheet.sources.live.arxiv.calendar import NEW_YORK, listing_due
from broadsheet.sources.live.arxiv.feed import read
from broadsheet.sources.live.arxiv.listings import LISTINGS, next_due
from broadsheet.sources.live.fetching.fetcher import FetchError
from broadsheet.sources.live.source import Announced, Batch, Look, Outcome
from broadsheet.sources.models import Announcement, Visit

THURSDAY, FRIDAY, SATURDAY = date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 21)
NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
NONE: frozenset[date] = frozenset()

Opened = Callable[[Feeds], AbstractContextManager[Asking]]


@pytest.fixture
def feeds(db: None, settings: Any) -> Opened:
    """Serves feeds, and gives something to ask them with, at six in the morning of that Friday, UTC."""

    @contextmanager
    def opened(answers: Feeds) -> Iterator[Asking]:
        with asking(answers, now=NOW) as this:
            settings.BROADSHEET = settings.BROADSHEET.model_copy(
                update={"arxiv_rss_url": f"{this.server.url}/rss"}
            )
            yield this

    return opened


def feed_of(body: bytes) -> Any:
    return read(body, category="cs.LG", observed_at=NOW)


def looks(batches: list[Batch]) -> list[tuple[str, date, Outcome, int]]:
    return [(look.scope, look.day, look.outcome, look.items) for batch in batches for look in batch.looks]


def test_a_new_paper_becomes_a_record_with_all_that_its_item_says() -> None:
    more = "<arxiv:journal_reference>J. Tides 1 (2026)</arxiv:journal_reference>"
    feed = feed_of(rss("cs.LG", FRIDAY, [Paper(more=more)]))
    assert (feed.day, feed.items) == (FRIDAY, 1)
    assert feed.announced == (Announced(FRIDAY, Identifier("arxiv", "2611.04242"), 1),)
    assert feed.readings == (
        Record(
            source="arxiv_listing",
            key="2611.04242@2026-11-20",
            title="Tide Tables for Schedulers",
            abstract="A sum of eight harmonics predicts queues.",
            authors=(AuthorName("Ines Vale", "Vale", "Ines"), AuthorName("Tomas Birk", "Birk", "Tomas")),
            identifiers=(Identifier("arxiv", "2611.04242"),),
            categories=("cs.LG", "stat.ML"),
            journal_ref="J. Tides 1 (2026)",
            license=LICENSE,
            announced_on=FRIDAY,
            observed_at=NOW,
        ),
    )


def test_the_atom_form_says_the_same() -> None:
    listed = [Paper(), Paper(arxiv_id="hep-th/9901001", version=3, kind="replace"), *papers(3, kind="cross")]
    assert feed_of(atom("cs.LG", FRIDAY, listed)) == feed_of(rss("cs.LG", FRIDAY, listed))


def test_replacements_are_announced_and_only_what_is_new_to_a_category_is_a_record() -> None:
    kinds = ("new", "cross", "replace", "replace-cross")
    listed = [Paper(f"2611.0000{number}", number, kind) for number, kind in enumerate(kinds, start=1)]
    feed = feed_of(rss("cs.LG", FRIDAY, listed))
    assert [(one.identifier.value, one.version) for one in feed.announced] == [
        (paper.arxiv_id, paper.version) for paper in listed
    ]
    assert [(one.key, one.announced_on) for one in feed.readings] == [
        ("2611.00001@2026-11-20", FRIDAY),
        ("2611.00002@2026-11-20 cross", None),
    ]


@pytest.mark.parametrize(
    "abstract",
    [
        "The token <EOS> ends it; if a < b & b > c, then $a<c$.",
        "We write &lt;b&gt; and &amp; as they are.",
        r"For $\alpha \leq 1$, \emph{always} {\L}ukasiewicz's 5\% of <p>text</p>.",
        "Abstract: of an abstract, Announce Type: new",
    ],
)
@pytest.mark.parametrize("form", [rss, atom])
def test_signs_that_mean_something_to_xml_arrive_as_they_were_written(
    form: Callable[..., bytes], abstract: str
) -> None:
    [record] = feed_of(form("cs.LG", FRIDAY, [Paper(abstract=abstract, title=abstract)])).readings
    assert (record.abstract, record.title) == (abstract, abstract)


def test_text_in_a_cdata_section_is_text() -> None:
    body = rss("cs.LG", FRIDAY, [Paper(title="TITLE")]).replace(
        b"TITLE", b"<![CDATA[Ends with <EOS> & more]]>"
    )
    [record] = feed_of(body).readings
    assert record.title == "Ends with <EOS> & more"


def test_line_breaks_of_an_abstract_go_and_its_paragraphs_stay() -> None:
    [record] = feed_of(rss("cs.LG", FRIDAY, [Paper(abstract="One\nline.\n  Another\none.\n")])).readings
    assert record.abstract == "One line.\n\nAnother one."


def test_authors_stand_in_one_text_with_affiliations_that_hold_commas() -> None:
    written = "Ines Vale (North Lab, Oslo (Norway)), Tomas Birk Jr, Ana de Souza,  Tide Collaboration"
    [record] = feed_of(rss("cs.LG", FRIDAY, [Paper(authors=written)])).readings
    assert [(author.name, author.family) for author in record.authors] == [
        ("Ines Vale", "Vale"),
        ("Tomas Birk Jr", "Birk"),
        ("Ana de Souza", "de Souza"),
        ("Tide Collaboration", "Tide Collaboration"),
    ]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (Paper(arxiv_id="2611.2"), "its guid is not"),
        (Paper(kind="withdrawal"), "announced as 'withdrawal'"),
        (Paper(title=" "), "the title is missing"),
    ],
)
def test_an_item_that_cannot_be_used_is_refused_alone(broken: Paper, reason: str) -> None:
    [first, refused, last] = feed_of(
        rss("cs.LG", FRIDAY, [Paper("2611.1000" + "1"), broken, *papers(1)])
    ).readings
    assert isinstance(first, Record)
    assert isinstance(last, Record)
    assert isinstance(refused, Refusal)
    assert refused.place == f"cs.LG, item 2: oai:arXiv.org:{broken.arxiv_id}v1"
    assert reason in refused.reason


def test_an_item_without_a_readable_abstract_is_refused_but_was_announced() -> None:
    feed = feed_of(rss("cs.LG", FRIDAY, [Paper()]).replace(b"Abstract:", b"Summary:"))
    assert len(feed.announced) == 1
    [refused] = feed.readings
    assert "description" in refused.reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (rss("cs.LG", FRIDAY, papers(3))[:900], "not whole XML"),
        (rss("cs.LG", FRIDAY, [Paper(title="Caf\xe9")]).decode().encode("latin-1"), "not whole XML"),
        (rss("cs.LG", FRIDAY, papers(1)).replace(b"UTF-8", b"no-such-code"), "not whole XML"),
        (b"", "empty"),
        (WEB_PAGE, "web page"),
        (b"<html/>", "web page"),
        (b"<opml/>", "no feed"),
        (BOMB, "document type"),
        (b"<rss><channel/></rss>", "which day"),
        (rss("cs.LG", FRIDAY, [Paper(title="&TITLE;")]).replace(b"&amp;TITLE;", b"&nbsp;"), "not whole XML"),
    ],
)
def test_what_is_no_whole_feed_is_refused_in_a_sentence(body: bytes, reason: str) -> None:
    with pytest.raises(XmlError, match=reason):
        feed_of(body)


def test_a_feed_in_the_encoding_that_it_declares_is_read() -> None:
    body = (
        rss("cs.LG", FRIDAY, [Paper(title="Caf\xe9")])
        .decode()
        .replace("UTF-8", "ISO-8859-1")
        .encode("latin-1")
    )
    assert feed_of(body).readings[0].title == "Caf\xe9"


@pytest.mark.parametrize(
    ("body", "day"),
    [
        (rss("cs.LG", SATURDAY, []), SATURDAY),
        (atom("cs.LG", SATURDAY, []), SATURDAY),
        (rss("cs.LG", FRIDAY, papers(1), items_day=THURSDAY), THURSDAY),
        (rss("cs.LG", date(2026, 7, 1), papers(1)), date(2026, 7, 1)),
        (rss("cs.LG", FRIDAY, []).replace(b"pubDate", b"otherDate"), FRIDAY),
        (rss("cs.LG", FRIDAY, papers(1)).replace(b"00:00:00 -0500", b"24:61:00 -0500"), FRIDAY),
    ],
)
def test_a_feed_belongs_to_the_day_in_new_york_that_it_says(body: bytes, day: date) -> None:
    assert feed_of(body).day == day


def test_each_category_is_asked_once_and_by_itself(feeds: Opened) -> None:
    names = ("cs.LG", "stat.ML", "hep-th")
    answers = Feeds({name: rss(name, FRIDAY, papers(2)) for name in names})
    with feeds(answers) as this:
        _, batches = this.round(LISTINGS, categories=names)
        assert this.paths == ["/rss/cs.LG", "/rss/stat.ML", "/rss/hep-th"]
    assert looks(batches) == [(name, FRIDAY, Outcome.SEEN, 2) for name in names]
    assert [len(batch.readings) for batch in batches] == [2, 2, 2]
    assert [len(batch.announced) for batch in batches] == [2, 2, 2]


def test_a_list_that_has_not_changed_is_not_sent_again(feeds: Opened) -> None:
    with feeds(Feeds({"cs.LG": rss("cs.LG", FRIDAY, papers(2))})) as this:
        position, first = this.round(LISTINGS, categories=("cs.LG",))
        _, second = this.round(LISTINGS, position, categories=("cs.LG",))
        assert "If-None-Match" in this.server.requests[1].headers
    assert looks(second) == looks(first) == [("cs.LG", FRIDAY, Outcome.SEEN, 2)]
    assert second[0].readings == second[0].announced == ()


def test_an_interrupted_round_goes_on_with_the_categories_that_are_left(feeds: Opened) -> None:
    names = ("cs.LG", "stat.ML")
    with feeds(Feeds({name: rss(name, FRIDAY, papers(1)) for name in names})) as this:
        _, batches = this.round(LISTINGS, categories=names)
        this.round(LISTINGS, batches[0].position, categories=names)
        assert this.paths == ["/rss/cs.LG", "/rss/stat.ML", "/rss/stat.ML"]


def test_a_round_interrupted_yesterday_begins_anew(feeds: Opened) -> None:
    names = ("cs.LG", "stat.ML")
    with feeds(Feeds({name: rss(name, FRIDAY, papers(1)) for name in names})) as this:
        this.now -= timedelta(days=1)
        _, batches = this.round(LISTINGS, categories=names)
        this.now += timedelta(days=1)
        this.round(LISTINGS, batches[0].position, categories=names)
        assert this.paths[2:] == ["/rss/cs.LG", "/rss/stat.ML"]


def test_categories_chosen_since_the_last_round_are_asked(feeds: Opened) -> None:
    with feeds(Feeds({name: rss(name, FRIDAY, papers(1)) for name in ("cs.LG", "stat.ML")})) as this:
        _, batches = this.round(LISTINGS, categories=("cs.LG",))
        position, _ = this.round(LISTINGS, batches[0].position, categories=("stat.ML",))
        assert this.paths == ["/rss/cs.LG", "/rss/stat.ML"]
    assert [*position["feeds"]] == ["stat.ML"]


@pytest.mark.parametrize("count", [1999, 2000])
def test_a_list_of_two_thousand_items_is_known_to_be_cut(feeds: Opened, count: int) -> None:
    with feeds(Feeds({"cs.LG": rss("cs.LG", FRIDAY, papers(count, kind="replace"))})) as this:
        _, [batch] = this.round(LISTINGS, categories=("cs.LG",))
    [look] = batch.looks
    assert look.items == len(batch.announced) == count
    assert look.outcome == (Outcome.PARTIAL if count == 2000 else Outcome.SEEN)
    assert ("was cut at 2,000 items" in look.note) == (count == 2000)


def test_an_empty_list_was_seen(feeds: Opened) -> None:
    with feeds(Feeds({"cs.LG": rss("cs.LG", FRIDAY, [])})) as this:
        _, batches = this.round(LISTINGS, categories=("cs.LG",))
    assert looks(batches) == [("cs.LG", FRIDAY, Outcome.SEEN, 0)]


def test_the_empty_list_of_a_weekend_does_not_make_friday_empty(feeds: Opened) -> None:
    with feeds(Feeds({"cs.LG": rss("cs.LG", SATURDAY, [])})) as this:
        this.now += timedelta(days=1)
        _, batches = this.round(LISTINGS, categories=("cs.LG",))
    assert looks(batches) == [("cs.LG", SATURDAY, Outcome.SEEN, 0)]


def test_a_list_that_is_late_is_told_from_an_empty_one_and_read_when_it_is_there(feeds: Opened) -> None:
    answers = Feeds({"cs.LG": rss("cs.LG", THURSDAY, papers(2))})
    with feeds(answers) as this:
        position, late = this.round(LISTINGS, categories=("cs.LG",))
        position, still_late = this.round(LISTINGS, position, categories=("cs.LG",))
        answers.answers["cs.LG"] = rss("cs.LG", FRIDAY, papers(3))
        _, there = this.round(LISTINGS, position, categories=("cs.LG",))
    assert late[0].looks[1].note == "the list of cs.LG was not made yet: it still showed 2026-11-19"
    assert looks(late) == [("cs.LG", THURSDAY, Outcome.SEEN, 2), ("cs.LG", FRIDAY, Outcome.PARTIAL, 0)]
    assert looks(still_late) == looks(late)
    assert looks(there) == [("cs.LG", FRIDAY, Outcome.SEEN, 3)]
    assert {one.day for one in late[0].announced} == {THURSDAY}


def test_on_a_holiday_the_list_of_the_day_before_is_not_late(feeds: Opened) -> None:
    with feeds(Feeds({"cs.LG": rss("cs.LG", THURSDAY, papers(2))})) as this:
        _, batches = this.round(LISTINGS, categories=("cs.LG",), holidays=frozenset({FRIDAY}))
    assert looks(batches) == [("cs.LG", THURSDAY, Outcome.SEEN, 2)]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (refusal("cs.XX"), "arXiv has no list of cs.XX: Bad subject class 'XX'."),
        (Reply(b"no", status=404), "arXiv has no list of cs.XX: it answered 404"),
    ],
)
def test_a_category_that_arxiv_refuses_is_named_and_the_others_are_asked(
    feeds: Opened, answer: Reply, reason: str
) -> None:
    with feeds(Feeds({"cs.XX": answer, "cs.LG": rss("cs.LG", FRIDAY, papers(1))})) as this:
        _, [refused, read_well] = this.round(LISTINGS, categories=("cs.XX", "cs.LG"))
    assert refused.looks == (Look(FRIDAY, "cs.XX", Outcome.DOWN, note=reason),)
    assert refused.readings == (Remark(reason),)
    assert len(read_well.readings) == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Reply(WEB_PAGE, content_type="text/html"), "gave an answer that is a web page, not XML"),
        (rss("cs.LG", FRIDAY, papers(1))[:-20], "is not whole XML"),
        (Reply(status=304), "says that a list is unchanged which was never read"),
    ],
)
def test_a_list_that_cannot_be_used_twice_is_an_error_that_says_why(
    feeds: Opened, answer: Reply | bytes, reason: str
) -> None:
    with feeds(Feeds({"cs.LG": answer})) as this:
        first = LISTINGS.step({}, this.asked(categories=("cs.LG",)), this.fetcher)
        with pytest.raises(FetchError, match=reason) as caught:
            LISTINGS.step(first.position, this.asked(categories=("cs.LG",)), this.fetcher)
        assert caught.value.until > this.now
    assert "asked for the list of cs.LG" in str(caught.value)
    assert looks([first]) == [("cs.LG", FRIDAY, Outcome.DOWN, 0)]
    assert reason in first.looks[0].note


def test_a_list_that_cannot_be_used_is_asked_for_again_when_the_others_are_read(feeds: Opened) -> None:
    names = ("cs.LG", "stat.ML")
    answers = Feeds({name: rss(name, FRIDAY, papers(1)) for name in names})
    whole, answers.answers["cs.LG"] = answers.answers["cs.LG"], b"<rss>"
    with feeds(answers) as this:
        failed = LISTINGS.step({}, this.asked(categories=names), this.fetcher)
        read_well = LISTINGS.step(failed.position, this.asked(categories=names), this.fetcher)
        answers.answers["cs.LG"] = whole
        _, [mended] = this.round(LISTINGS, read_well.position, categories=names)
    assert looks([failed, read_well, mended]) == [
        ("cs.LG", FRIDAY, Outcome.DOWN, 0),
        ("stat.ML", FRIDAY, Outcome.SEEN, 1),
        ("cs.LG", FRIDAY, Outcome.SEEN, 1),
    ]


def test_a_round_begins_with_a_clean_slate(feeds: Opened) -> None:
    answers = Feeds({"cs.LG": b"<rss>"})
    with feeds(answers) as this:
        failed = LISTINGS.step({}, this.asked(categories=("cs.LG",)), this.fetcher)
        answers.answers["cs.LG"] = rss("cs.LG", FRIDAY, papers(1))
        position, _ = this.round(LISTINGS, failed.position, categories=("cs.LG",))
        answers.answers["cs.LG"] = b"<rss>"
        again = LISTINGS.step(position, this.asked(categories=("cs.LG",)), this.fetcher)
    assert looks([again]) == [("cs.LG", FRIDAY, Outcome.DOWN, 0)]


def test_without_categories_nothing_is_asked(feeds: Opened) -> None:
    with feeds(Feeds()) as this:
        _, [batch] = this.round(LISTINGS)
        assert this.paths == []
    assert batch.is_done


@pytest.mark.parametrize(("since", "requests"), [(THURSDAY - timedelta(days=9), 0), (THURSDAY, 1)])
def test_feeds_are_asked_again_only_for_the_day_that_they_show(
    feeds: Opened, since: date, requests: int
) -> None:
    with feeds(Feeds({"cs.LG": rss("cs.LG", FRIDAY, papers(1))})) as this:
        until = since + timedelta(days=3)
        this.round(LISTINGS, categories=("cs.LG",), since=since, until=until)
        assert len(this.paths) == requests


def test_a_name_with_signs_of_addresses_stays_one_name(feeds: Opened) -> None:
    with feeds(Feeds({"cs.LG+../x?y": refusal("x")})) as this:
        this.round(LISTINGS, categories=("cs.LG+../x?y",))
        assert this.paths == ["/rss/cs.LG+../x?y"]


def test_a_paper_new_in_one_list_and_crossed_to_another_keeps_its_day(feeds: Opened) -> None:
    crossed = Paper(kind="cross")
    answers = Feeds({"cs.LG": rss("cs.LG", FRIDAY, [Paper()]), "stat.ML": rss("stat.ML", FRIDAY, [crossed])})
    for names in (("cs.LG", "stat.ML"), ("stat.ML", "cs.LG")):
        with feeds(answers) as this:
            _, batches = this.round(LISTINGS, categories=names)
            for batch in batches:
                store([one for one in batch.readings if isinstance(one, Record)], now=this.now)
        paper = StoredPaper.objects.get()
        assert (paper.public_id, paper.announced_on) == ("2611.04242", FRIDAY)
        paper.delete()


def test_a_run_stores_papers_announcements_and_looks(feeds: Opened, settings: Any) -> None:
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"categories": "cs.LG,cs.XX"})
    listed = [*papers(2), Paper("2611.09999", 2, "replace"), Paper("2611.00003", kind="odd")]
    with feeds(Feeds({"cs.LG": rss("cs.LG", FRIDAY, listed), "cs.XX": refusal("cs.XX")})) as this:
        report = ingest([LISTINGS], fetcher=this.fetcher, now=lambda: this.now, progress=lambda _: None)
    [listings] = report.sources
    assert (listings.new, listings.refused) == (2, 1)
    assert "arXiv has no list of cs.XX" in listings.remarks[0]
    # The harvest has to bring them, with their versions, before they count as received.
    assert report.missing == {"arxiv": Announcement.objects.filter(day=FRIDAY).count()} == {"arxiv": 4}
    assert dict(Visit.objects.values_list("scope", "outcome")) == {"cs.LG": "seen", "cs.XX": "down"}


def test_the_next_look_is_soon_after_a_list_should_be_made_and_again_in_the_morning() -> None:
    moments = [datetime(2026, 10, 29, 12, tzinfo=UTC)]
    while len(moments) < 8:
        moments.append(next_due(moments[-1]))
    assert [f"{moment.astimezone(NEW_YORK):%a %H:%M}" for moment in moments[1:]] == [
        *("Thu 08:30", "Fri 00:30", "Fri 08:30", "Mon 00:30", "Mon 08:30", "Tue 00:30", "Tue 08:30")
    ]
    assert all(one < other for one, other in pairwise(moments))
    assert moments[4] == listing_due(date(2026, 11, 2))
