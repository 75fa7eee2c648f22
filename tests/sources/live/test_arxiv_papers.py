"""Single papers by their ids: what an entry says, and an API that leaves out, empties and refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.sources.live.arxiv_feeds import (
    BOMB,
    WEB_PAGE,
    Api,
    Asking,
    Paper,
    asking,
    papers,
    query_answer,
    query_error,
)
from tests.sources.local_server import Reply

from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, Record, Version
from broadsheet.sources.files.readings import Refusal
from broadsheet.sources.files.strict_xml import XmlError
from broadsheet.sources.live.arxiv.api import read
from broadsheet.sources.live.arxiv.papers import PAPERS, next_due
from broadsheet.sources.live.fetching.fetcher import FetchError
from broadsheet.sources.live.source import Batch, Position
from broadsheet.sources.models import WantedPaper

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
NONE: frozenset[date] = frozenset()
EMPTY = query_answer([])
HOLLOW = query_answer([], total=1)

Opened = Callable[[Api], AbstractContextManager[Asking]]


@pytest.fixture
def api(db: None, settings: Any) -> Opened:
    """Serves an API, and gives something to ask it with."""

    @contextmanager
    def opened(answers: Api) -> Iterator[Asking]:
        with asking(answers, now=NOW) as this:
            settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"arxiv_api_url": this.server.url})
            yield this

    return opened


def want(*ids: str) -> None:
    """Have people ask for papers, one a second."""
    for second, one in enumerate(ids):
        WantedPaper.objects.create(arxiv_id=one, asked_at=NOW + timedelta(seconds=second))


def found() -> dict[str, bool | None]:
    return dict(WantedPaper.objects.values_list("arxiv_id", "found"))


def run(this: Asking, position: Position | None = None) -> list[Batch]:
    """Take steps until the last, each one's records stored before the next, as runs do."""
    batches: list[Batch] = []
    while not batches or not batches[-1].is_done:
        asked = this.asked()
        before = len(this.server.requests)
        batches.append(PAPERS.step(position or {}, asked, this.fetcher))
        assert len(this.server.requests) <= before + 1
        store([one for one in batches[-1].readings if isinstance(one, Record)], now=asked.now)
        position = batches[-1].position
    return batches


def ids_asked(this: Asking) -> list[list[str]]:
    return [query["id_list"].split(",") for query in this.queries]


def record_of(paper: Paper, holidays: frozenset[date] = NONE) -> Record:
    [record] = read(query_answer([paper]), holidays).readings
    assert isinstance(record, Record), record
    return record


def test_an_entry_becomes_a_record_with_all_that_it_says() -> None:
    more = (
        "<arxiv:comment>12 pages,\n 3 figures</arxiv:comment>"
        "<arxiv:journal_ref>J. Tides 1 (2026)</arxiv:journal_ref>"
        "<arxiv:doi>10.1145/ABC.1</arxiv:doi>"
    )
    sent, changed = datetime(2026, 11, 18, 17, 42, 10, tzinfo=UTC), datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
    assert record_of(Paper(version=3, authors="Ines Vale, Ana de Souza", more=more)) == Record(
        source="arxiv",
        key="2611.04242",
        title="Tide Tables for Schedulers",
        abstract="A sum of eight harmonics predicts queues.",
        authors=(AuthorName("Ines Vale", "Vale", "Ines"), AuthorName("Ana de Souza", "de Souza", "Ana")),
        identifiers=(Identifier("arxiv", "2611.04242"), Identifier("doi", "10.1145/abc.1")),
        published_at=sent,
        updated_at=changed,
        versions=(Version(1, sent), Version(3, changed)),
        categories=("cs.LG", "stat.ML"),
        comment="12 pages, 3 figures",
        journal_ref="J. Tides 1 (2026)",
        announced_on=date(2026, 11, 19),
    )


def test_of_a_first_version_there_is_one_date() -> None:
    record = record_of(Paper())
    assert record.versions == (Version(1, record.published_at),)
    assert record.updated_at == record.published_at


def test_the_primary_category_comes_first_and_classes_of_others_are_left_out() -> None:
    listed = ("math.AG", "hep-th", "14J60 (Primary) 14F05 (Secondary)", "I.2.7; H.3.3", "cs.LG")
    assert record_of(Paper(categories=listed)).categories == ("math.AG", "hep-th", "cs.LG")
    swapped = query_answer([Paper(categories=listed)]).replace(
        b'primary_category term="math.AG"', b'primary_category term="cs.LG"'
    )
    [record] = read(swapped, NONE).readings
    assert record.categories == ("cs.LG", "math.AG", "hep-th")


def test_an_old_id_is_known_by_its_short_form() -> None:
    record = record_of(Paper(arxiv_id="math.GT/0309136", version=2))
    assert (record.key, record.versions[-1].number) == ("math/0309136", 2)


def test_signs_that_mean_something_to_xml_arrive_as_they_were_written() -> None:
    said = r"The token <EOS> ends it; if $a<b$ & {\L} &lt; 1."
    record = record_of(Paper(title=said, abstract=said))
    assert (record.title, record.abstract) == (said, said)


def test_paragraphs_of_an_abstract_stay_apart() -> None:
    assert record_of(Paper(abstract="One\nline.\n  Another.")).abstract == "One line.\n\nAnother."


def test_a_paper_that_says_so_is_withdrawn() -> None:
    comment = "This paper has been withdrawn by the authors: the tides were wrong"
    record = record_of(Paper(version=2, more=f"<arxiv:comment>{comment}</arxiv:comment>"))
    assert record.withdrawn
    assert record.notice == comment
    assert not record_of(Paper()).withdrawn


def test_a_paper_of_a_holiday_is_announced_after_it() -> None:
    assert record_of(Paper(), frozenset({date(2026, 11, 19)})).announced_on == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ((b"<published>2026-11-18T17:42:10Z", b"<published>yesterday"), "published is 'yesterday'"),
        ((b"published>", b"sent>"), "does not say when it was published"),
        ((b"<published>2026", b"<published>9999"), "no date of a version"),
        ((b"arxiv.org/abs/2611.04242v1</id>", b"arxiv.org/help</id>"), "no arXiv id"),
        ((b"Tide Tables for Schedulers", b" "), "the title is missing"),
    ],
)
def test_an_entry_that_cannot_be_used_is_refused_alone(wrong: tuple[bytes, bytes], reason: str) -> None:
    body = query_answer([Paper(title="Tide Tables")]).replace(b"Tide Tables<", b"Tide Tables for Schedulers<")
    [refused] = read(body.replace(*wrong), NONE).readings
    assert isinstance(refused, Refusal)
    assert refused.place.startswith("entry 1: http://arxiv.org/")
    assert reason in refused.reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (query_answer(papers(3))[:-30], "not whole XML"),
        (query_answer([Paper(title="Caf\xe9")]).decode().encode("latin-1"), "not whole XML"),
        (WEB_PAGE, "web page"),
        (BOMB, "document type"),
        (b"<rss/>", "no feed"),
        (b"", "empty"),
    ],
)
def test_what_is_no_answer_is_refused_in_a_sentence(body: bytes, reason: str) -> None:
    with pytest.raises(XmlError, match=reason):
        read(body, NONE)


def test_a_paper_called_error_is_no_error() -> None:
    page = read(query_answer([Paper(title="Error")]), NONE)
    assert not page.is_error
    assert page.ids == {"2611.04242"}


def test_wanted_papers_are_fetched_and_noted_as_found(api: Opened) -> None:
    want("2611.00002", "2611.00001")
    with api(Api(papers(2))) as this:
        [batch, _] = run(this)
        assert ids_asked(this) == [["2611.00002", "2611.00001"]]
    assert [one.key for one in batch.readings] == ["2611.00002", "2611.00001"]
    assert found() == {"2611.00001": True, "2611.00002": True}
    assert WantedPaper.objects.filter(answered_at__gte=NOW).count() == 2


def test_nothing_is_asked_where_nothing_is_wanted(api: Opened) -> None:
    want("2611.00001")
    WantedPaper.objects.update(found=True)
    with api(Api()) as this:
        run(this)
        assert this.queries == []


def test_a_hundred_are_asked_for_at_once_and_who_asked_first_comes_first(api: Opened) -> None:
    listed = papers(150)
    want(*(paper.arxiv_id for paper in reversed(listed)))
    with api(Api(listed)) as this:
        run(this)
        assert [len(ids) for ids in ids_asked(this)] == [100, 50]
        assert ids_asked(this)[0][0] == "2611.00150"
    assert set(found().values()) == {True}


def test_an_id_that_arxiv_leaves_out_is_asked_for_three_times_before_it_is_given_up(api: Opened) -> None:
    want("2611.00001", "2611.09999", "2611.00002")
    with api(Api(papers(2))) as this:
        run(this)
        assert ids_asked(this) == [["2611.00001", "2611.09999", "2611.00002"], ["2611.09999"], ["2611.09999"]]
    assert found() == {"2611.00001": True, "2611.00002": True, "2611.09999": False}


def test_a_paper_left_out_once_by_mistake_is_found(api: Opened) -> None:
    want("2611.00001", "2611.00002")
    with api(Api(papers(2), before=[Reply(query_answer(papers(1)))])) as this:
        run(this)
    assert found() == {"2611.00001": True, "2611.00002": True}


@pytest.mark.parametrize("page", [EMPTY, HOLLOW])
def test_a_page_that_comes_empty_twice_loses_nothing(api: Opened, page: bytes) -> None:
    want("2611.00001", "2611.00002")
    with api(Api(papers(2), before=[Reply(page), Reply(page)])) as this:
        run(this)
        assert len(this.queries) == 3
    assert found() == {"2611.00001": True, "2611.00002": True}


def test_pages_that_stay_empty_are_an_error_and_no_verdict_on_the_papers(api: Opened) -> None:
    want("2611.00001")
    with api(Api(papers(1), before=[Reply(HOLLOW)] * 3)) as this:
        with pytest.raises(FetchError, match="lacks its entries, 3 times"):
            run(this)
        assert found() == {"2611.00001": None}
        run(this)
    assert found() == {"2611.00001": True}


def test_one_malformed_id_is_found_out_and_the_others_are_answered(api: Opened) -> None:
    listed = papers(9)
    ids = [paper.arxiv_id for paper in listed]
    want(*ids[:6], "2613.00001", *ids[6:])
    with api(Api(listed, malformed=["2613.00001"])) as this:
        run(this)
        assert len(this.queries) == 7
    assert found() == dict.fromkeys(ids, True) | {"2613.00001": False}


def test_two_malformed_ids_are_both_found_out(api: Opened) -> None:
    want("2613.00001", "2611.00001", "2611.00002", "2613.00002")
    with api(Api(papers(2), malformed=["2613.00001", "2613.00002"])) as this:
        run(this)
    assert found() == {"2611.00001": True, "2611.00002": True, "2613.00001": False, "2613.00002": False}


def test_a_run_killed_after_any_step_ends_like_one_that_was_not(api: Opened) -> None:
    listed = papers(3)
    want("2611.00001", "2613.00001", "2611.09999", "2611.00002", "2611.00003")
    with api(Api(listed, malformed=["2613.00001"])) as this:
        batches = run(this)
        undisturbed = found()
        for batch in batches:
            WantedPaper.objects.update(found=None)
            run(this, batch.position)
            assert found() == undisturbed
    assert {one for one in undisturbed if not undisturbed[one]} == {"2611.09999", "2613.00001"}


def test_a_paper_that_cannot_be_used_is_refused_and_not_waited_for(api: Opened) -> None:
    want("2611.00001", "2611.00002")
    nameless = replace(papers(1)[0], title=" ")
    with api(Api([nameless, papers(2)[1]])) as this:
        [batch, _] = run(this)
    assert [type(one) for one in batch.readings] == [Refusal, Record]
    assert found() == {"2611.00001": False, "2611.00002": True}


def test_a_newer_version_of_a_paper_that_we_have_is_asked_for(api: Opened) -> None:
    store([record_of(Paper())], now=NOW)
    want("2611.04242")
    with api(Api([Paper(version=2)])) as this:
        [batch, _] = run(this)
    [record] = batch.readings
    assert isinstance(record, Record)
    assert [version.number for version in record.versions] == [1, 2]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Reply(WEB_PAGE, content_type="text/html"), "gave an answer that is a web page, not XML"),
        (Reply(query_answer(papers(1))[:-9]), "is not whole XML"),
        (Reply(EMPTY, status=400), "has status 400 and does not say why"),
        (Reply(EMPTY, status=404), "has status 404 and does not say why"),
    ],
)
def test_an_answer_that_cannot_be_used_is_an_error_that_says_why(
    api: Opened, answer: Reply, reason: str
) -> None:
    want("2611.00001")
    with api(Api(before=[answer])) as this, pytest.raises(FetchError, match=reason) as caught:
        run(this)
    assert caught.value.until > NOW
    assert found() == {"2611.00001": None}


def test_an_error_is_one_whatever_its_status(api: Opened) -> None:
    want("2613.00001")
    answer = replace(query_error("2613.00001"), status=200)
    with api(Api(before=[answer])) as this:
        run(this)
    assert found() == {"2613.00001": False}


def test_a_run_for_certain_days_asks_for_no_single_papers(api: Opened) -> None:
    want("2611.00001")
    with api(Api(papers(1))) as this:
        this.round(PAPERS, since=date(2026, 11, 1), until=date(2026, 11, 30))
        assert this.queries == []


def test_the_next_time_is_a_day_later() -> None:
    assert next_due(NOW) == NOW + timedelta(days=1)
