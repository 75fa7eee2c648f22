"""The harvest of arXiv: all that has changed comes, once, whatever the repository does meanwhile."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import orjson
import pytest
from tests.sources.live import oai_repository as faults
from tests.sources.live.harvests import Harvester
from tests.sources.live.oai_formats import DAY, NOW, Submitted, paper
from tests.sources.live.oai_repository import repository

from broadsheet.papers.models import Paper
from broadsheet.papers.record import AuthorName, Record, Version, record_from_json
from broadsheet.sources.ingesting import Went
from broadsheet.sources.live.arxiv.oai import OAI, scope_of
from broadsheet.sources.models import HarvestedAuthors, RefusedRecord, SourceState

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
FIRST = "2026-11-08"  # fourteen days before NOW
SENT = datetime(2026, 11, 5, 17, 42, 10, tzinfo=UTC)


@pytest.fixture
def harvesting(settings):
    """Call it with papers for a harvester who follows cs.LG alone."""

    @contextmanager
    def of(papers, *, follow="cs.LG", holidays="", **about):
        with repository(papers, **about) as made:
            update = {"arxiv_oai_url": made.url, "categories": follow, "arxiv_holidays": holidays}
            settings.BROADSHEET = settings.BROADSHEET.model_copy(update=update)
            yield Harvester(made)

    return of


def papers(count: int, **about: object) -> list[object]:
    """So many papers, changed on the last days, ten a day, the first ones first."""
    first = TODAY - (count // 10) * DAY
    return [paper(number, changed=first + number // 10 * DAY, **about) for number in range(count)]


def titles() -> set[str]:
    return set(Paper.objects.values_list("title", flat=True))


def stored(number: int) -> Record:
    (row,) = Paper.objects.get(public_id=f"2611.{number:05}").source_records.all()
    return record_from_json(orjson.loads(row.content))


def test_all_pages_of_both_formats_are_read_and_nothing_is_left_lying_about(harvesting):
    with harvesting(papers(25)) as harvester:
        report = harvester.run()
    assert (report.went, report.read, report.new) == (Went.DONE, 25, 25)
    assert harvester.asked == [
        f"arXiv cs:cs:LG {FIRST}", "next", "next", f"arXivRaw cs:cs:LG {FIRST}", "next", "next"
    ]  # fmt: skip
    assert not HarvestedAuthors.objects.exists()


def test_a_paper_has_its_names_from_one_format_and_its_versions_from_the_other(harvesting):
    about = {
        "versions": (Submitted(at=SENT), Submitted(at=SENT + 10 * DAY)),
        "names": (("Gödel", "Kurt", ""), ("de Souza", "Ana", "III")),
        "authors": 'Kurt G\\"odel and A. Nother',
        "comments": "12 pages,\n  3 figures",
        "journal_ref": "J. Tides 7 (2026) 1-9",
        "doi": "10.1103/Tide.7",
        "msc_class": "68T05",
        "categories": "cs.LG math.IT cs.IT",
        "abstract": "  The first goes\non here.\n  The second.\n",
    }
    with harvesting([paper(7, **about)]) as harvester:
        harvester.run()
    record = stored(7)
    assert record.authors == (
        AuthorName("Kurt Gödel", "Gödel", "Kurt"),
        AuthorName("Ana de Souza III", "de Souza", "Ana"),
    )
    assert record.versions == (Version(1, SENT), Version(2, SENT + 10 * DAY))
    assert (record.published_at, record.updated_at) == (SENT, SENT + 10 * DAY)
    assert (record.comment, record.journal_ref) == ("12 pages, 3 figures", "J. Tides 7 (2026) 1-9")
    assert [one.public_id for one in record.identifiers] == ["2611.00007", "doi:10.1103/tide.7"]
    assert record.abstract == "The first goes on here.\n\nThe second."
    assert (record.categories, record.keywords) == (("cs.LG", "math.IT", "cs.IT"), ())
    assert record.license == "http://creativecommons.org/licenses/by/4.0/"
    assert record.observed_at.date() == TODAY


@pytest.mark.parametrize(("holidays", "day"), [("", date(2026, 11, 6)), ("2026-11-06", date(2026, 11, 9))])
def test_a_paper_belongs_to_the_day_on_which_arxiv_announced_it(harvesting, holidays, day):
    sent = datetime(2026, 11, 5, 15, tzinfo=UTC)  # Thursday, 10:00 in New York
    with harvesting([paper(1, versions=(Submitted(at=sent),))], holidays=holidays) as harvester:
        harvester.run()
    assert stored(1).announced_on == day


def test_the_next_run_begins_a_day_before_the_last_one_and_changes_nothing_that_is_the_same(harvesting):
    with harvesting(papers(25)) as harvester:
        harvester.run()
        harvester.repository.asked.clear()
        harvester.time += DAY
        harvester.repository.change(3, title="Tide Tables, Revised")
        report = harvester.run()
    assert harvester.asked == ["arXiv cs:cs:LG 2026-11-21", "next", "arXivRaw cs:cs:LG 2026-11-21", "next"]
    assert (report.updated, report.new, report.unchanged) == (1, 0, 15)
    assert "Tide Tables, Revised" in titles()


def test_nothing_new_is_no_failure(harvesting):
    with harvesting([]) as harvester:
        report = harvester.run()
    assert (report.went, report.read, report.failure) == (Went.DONE, 0, "")


def test_who_follows_nothing_asks_nobody(harvesting):
    with harvesting(papers(3), follow="") as harvester:
        assert harvester.run().went == Went.DONE
    assert harvester.asked == []


def test_categories_are_asked_for_one_after_another_and_two_names_of_one_once(harvesting):
    inside = [paper(1), paper(2, categories="eess.SY"), paper(3, categories="hep-th cs.LG")]
    with harvesting(inside, follow="cs.LG,cs.SY,hep-th,eess.SY") as harvester:
        report = harvester.run()
    sets = ["cs:cs:LG", "eess:eess:SY", "physics:hep-th"]
    assert harvester.asked == [f"{form} {scope} {FIRST}" for scope in sets for form in ("arXiv", "arXivRaw")]
    assert (report.new, report.unchanged) == (3, 1)


@pytest.mark.parametrize(
    ("category", "scope"),
    [
        ("cs.LG", "cs:cs:LG"),
        ("stat.ML", "stat:stat:ML"),
        ("hep-th", "physics:hep-th"),
        ("physics.optics", "physics:physics:optics"),
        ("cond-mat.mes-hall", "physics:cond-mat:mes-hall"),
        ("math.MP", "physics:math-ph"),
        ("cs.NA", "math:math:NA"),
    ],
)
def test_a_category_is_a_set_of_the_repository(category, scope):
    assert scope_of(category) == scope


def test_a_category_that_arxiv_does_not_have_is_refused_by_name():
    with pytest.raises(ValueError, match=r"'cs\.XX' is no category"):
        scope_of("cs.XX")


def test_long_ago_days_are_read_a_month_at_a_time_and_leave_the_daily_run_alone(harvesting):
    inside = [paper(1, changed=date(2026, 7, 1)), paper(2, changed=date(2026, 8, 25)), paper(3)]
    with harvesting(inside) as harvester:
        harvester.run()
        before = SourceState.objects.get().position
        harvester.repository.asked.clear()
        report = harvester.run(date(2026, 6, 30), date(2026, 8, 31))
    assert [one for one in harvester.asked if one.startswith("arXivRaw")] == [
        "arXivRaw cs:cs:LG 2026-06-30 2026-07-30",
        "arXivRaw cs:cs:LG 2026-07-29 2026-08-28",
        "arXivRaw cs:cs:LG 2026-08-27 2026-08-31",
    ]
    assert (report.went, report.new, Paper.objects.count()) == (Went.DONE, 2, 3)
    assert SourceState.objects.get().position == before


@pytest.mark.parametrize(
    ("first", "last", "asked"),
    [
        (TODAY - DAY, TODAY + DAY, "arXiv cs:cs:LG 2026-11-21"),
        (date(2001, 1, 1), date(2005, 9, 20), "arXiv cs:cs:LG 2005-09-16 2005-09-20"),
        (date(2001, 1, 1), date(2002, 1, 1), "arXiv cs:cs:LG 2005-09-16 2005-09-16"),
    ],
)
def test_only_days_that_the_repository_has_are_asked_for(harvesting, first, last, asked):
    with harvesting([]) as harvester:
        harvester.run()
        harvester.repository.asked.clear()
        assert harvester.run(first, last).went == Went.DONE
    assert harvester.asked[0] == asked


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (faults.too_many, "429"),
        (faults.unavailable, "503"),
        (faults.cut_off, "broke off"),
        (faults.cut_short, "is not whole XML"),
        (faults.web_page, "is a web page"),
        (faults.in_latin_1, "is not whole XML"),
        (faults.with_entities, "gave an answer that"),
    ],
)
def test_what_goes_wrong_once_is_told_and_made_good(harvesting, fault, reason):
    """It goes wrong on the first and on a later page of both formats, once each."""
    with harvesting(papers(25)) as harvester:
        harvester.repository.faults |= dict.fromkeys((1, 3, 6, 8), fault)
        for new in (0, 0, 10, 10):
            report = harvester.run()
            assert (report.went, report.new) == (Went.FAILED, new)
            assert reason in report.failure
            harvester.time += timedelta(hours=2)
        assert harvester.run().went == Went.DONE
    assert titles() == {one.title for one in papers(25)}
    assert len(harvester.asked) == 10  # none but those that failed were asked for again


def test_an_error_of_the_protocol_is_told_in_its_words(harvesting):
    with harvesting(papers(5)) as harvester:
        harvester.time = NOW - 20 * DAY  # our clock is right, theirs is not
        harvester.repository.now = lambda: NOW - 60 * DAY
        report = harvester.run()
    assert "badArgument (these days cannot be asked for)" in report.failure


@pytest.mark.parametrize(("form", "at"), [("arXiv", 1), ("arXiv", 2), ("arXivRaw", 1), ("arXivRaw", 2)])
@pytest.mark.parametrize("expires", [b"expirationDate=", b"someDate="])
def test_a_token_that_has_expired_leads_back_to_the_last_day_and_no_further(harvesting, form, at, expires):
    with harvesting(papers(25)) as harvester:

        def a_day_later(reply):
            harvester.time += DAY
            return replace(reply, body=reply.body.replace(b"expirationDate=", expires))

        harvester.repository.faults[at - 1 + 3 * (form == "arXivRaw")] = a_day_later
        assert harvester.run().went == Went.DONE
    came_to = {1: "2026-11-20", 2: "2026-11-21"}[at]
    assert harvester.asked[at + 3 * (form == "arXivRaw")] == f"{form} cs:cs:LG {came_to}"
    assert len(harvester.asked) == 7  # and the token that has expired was never sent
    assert titles() == {one.title for one in papers(25)}


def test_a_repository_whose_clock_is_slow_is_believed_all_the_same(harvesting):
    with harvesting(papers(25)) as harvester:
        harvester.repository.now = lambda: harvester.time
        for at in range(6):
            harvester.repository.faults[at] = lambda reply: replace(
                reply,
                body=re.sub(rb'expirationDate="[^"]*"', b'expirationDate="2026-11-01T00:00:00Z"', reply.body),
            )
        assert harvester.run().went == Went.DONE
    assert len(harvester.asked) == 6


def test_a_day_of_change_that_has_not_come_yet_is_taken_for_today(harvesting):
    with harvesting(papers(25)) as harvester:
        harvester.repository.faults[0] = lambda reply: replace(
            reply, body=re.sub(rb"<datestamp>[0-9-]*<", b"<datestamp>2999-01-01<", reply.body)
        )
        harvester.repository.faults[1] = faults.refused
        harvester.run()
    assert harvester.asked[2] == f"arXiv cs:cs:LG {TODAY}"


def test_a_token_that_is_refused_before_its_time_is_done_without(harvesting):
    with harvesting(papers(25)) as harvester:
        harvester.repository.faults[5] = faults.refused
        assert harvester.run().went == Went.DONE
    assert titles() == {one.title for one in papers(25)}
    assert harvester.asked[6:] == ["arXivRaw cs:cs:LG 2026-11-21", "next"]


def test_a_repository_that_refuses_each_of_its_tokens_is_not_asked_for_ever(harvesting):
    with harvesting([paper(number) for number in range(25)]) as harvester:
        harvester.repository.faults.update(dict.fromkeys(range(1, 100, 2), faults.refused))
        report = harvester.run()
        assert report.went == Went.FAILED
        assert "gives no more of cs:cs:LG" in report.failure
        assert len(harvester.asked) == 8
        harvester.repository.faults.clear()
        harvester.time += timedelta(hours=2)
        assert harvester.run().went == Went.DONE
    assert Paper.objects.count() == 25


@pytest.mark.parametrize("fault", [faults.empty, faults.repeating])
@pytest.mark.parametrize("at", [1, 4])
def test_a_page_that_leads_nowhere_is_asked_for_again(harvesting, fault, at):
    with harvesting(papers(25)) as harvester:
        harvester.repository.faults[at] = fault
        assert harvester.run().went == Went.DONE
    assert titles() == {one.title for one in papers(25)}
    assert len(harvester.asked) == 7


@pytest.mark.parametrize("fault", [faults.empty, faults.repeating])
def test_a_list_that_leads_nowhere_again_and_again_is_a_failure_and_not_its_end(harvesting, fault):
    with harvesting(papers(25)) as harvester:
        harvester.repository.faults.update(dict.fromkeys(range(4, 100), fault))
        report = harvester.run()
        assert report.went == Went.FAILED
        assert "does not say that this is all" in report.failure
        assert len(harvester.asked) == 4 + 4
        harvester.repository.faults.clear()
        harvester.time += timedelta(hours=2)
        assert harvester.run().went == Went.DONE
    assert titles() == {one.title for one in papers(25)}


@pytest.mark.parametrize("at", range(6))
def test_a_record_that_changes_during_a_harvest_is_there_after_the_next_one(harvesting, at):
    with harvesting(papers(25)) as harvester:

        def change(number):
            if number == at:
                harvester.repository.change(12, title="Tide Tables, Corrected")

        harvester.repository.before = change
        harvester.run()
        harvester.time += DAY
        harvester.run()
    changed = {one.title for one in papers(25)} - {paper(12).title} | {"Tide Tables, Corrected"}
    assert titles() == changed


def test_where_a_paper_comes_without_its_names_those_of_its_one_string_are_taken(harvesting):
    with harvesting([paper(1)]) as harvester:
        new = paper(2, authors='Kurt G\\"odel (Vienna), Ana de Souza and the X Collaboration')
        harvester.repository.before = lambda number: number == 1 and harvester.repository.papers.append(new)
        harvester.run()
    assert [one.name for one in stored(2).authors] == ["Kurt Gödel", "Ana de Souza", "the X Collaboration"]


@pytest.mark.parametrize("flags", ["I", "DI"])
def test_a_last_version_without_source_is_a_withdrawal_and_its_comment_the_notice(harvesting, flags):
    versions = (Submitted(at=SENT), Submitted(at=SENT + DAY, flags=flags))
    withdrawn = paper(1, versions=versions, comments="An error in Lemma 2")
    back = paper(2, versions=versions[::-1], comments="Lemma 2 mended")
    with harvesting([withdrawn, back]) as harvester:
        harvester.run()
    assert (stored(1).withdrawn, stored(1).notice) == (True, "An error in Lemma 2")
    assert (stored(2).withdrawn, stored(2).notice) == (False, "")


def test_what_arxiv_deletes_is_withdrawn_here_and_what_was_never_here_is_told(harvesting):
    with harvesting([paper(1)]) as harvester:
        harvester.run()
        harvester.time += DAY
        harvester.repository.papers = [paper(1, is_deleted=True), paper(2, is_deleted=True)]
        report = harvester.run()
    assert (report.went, report.updated, report.refused) == (Went.DONE, 1, 1)
    assert (stored(1).withdrawn, stored(1).notice) == (True, "Deleted at arXiv.")
    assert stored(1).title == paper(1).title
    assert [one.place for one in report.refusals] == ["oai:arXiv.org:2611.00002"]


@pytest.mark.parametrize(
    ("whole", "broken", "reason"),
    [
        (b"<title>Tide Tables for Schedulers, Part 1</title>", b"<title> </title>", "title is missing"),
        (b"<id>2611.00001</id>", b"<id>26.1</id>", "'26.1' is no arXiv id"),
        (b'version="v1"', b'version="1"', "'1' is no version"),
        (b"17:42:10 GMT", b"17:42 CET", "is no date of a version"),
        (b"<version ", b"<size ", "it has no version"),
        (b"arXivRaw xmlns", b"arXivOld xmlns", "not {http://arxiv.org/OAI/arXivRaw/}arXivRaw"),
        (b"metadata>", b"about>", "it has no metadata"),
    ],
)
def test_one_broken_record_is_refused_and_the_others_come(harvesting, whole, broken, reason):
    def breaking(reply):
        before, found, after = reply.body.partition(b"<identifier>oai:arXiv.org:2611.00001<")
        rest, end, others = after.partition(b"</record>")
        rest = rest.replace(whole, broken).replace(
            b"</arXivRaw>", b"</arXivOld>" if b"Old" in broken else b"</arXivRaw>"
        )
        rest = rest.replace(b"</version>", b"</size>") if broken == b"<size " else rest
        return faults.Reply(before + found + rest + end + others)

    with harvesting([paper(number) for number in range(3)]) as harvester:
        harvester.repository.faults[1] = breaking
        report = harvester.run()
    assert (report.went, report.new, report.refused) == (Went.DONE, 2, 1)
    refused = RefusedRecord.objects.get()
    assert refused.place == "oai:arXiv.org:2611.00001"
    assert reason in refused.reason


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (datetime(2026, 11, 22, 4, 14, tzinfo=UTC), datetime(2026, 11, 22, 4, 15, tzinfo=UTC)),
        (datetime(2026, 11, 22, 4, 15, tzinfo=UTC), datetime(2026, 11, 23, 4, 15, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), datetime(2027, 1, 1, 4, 15, tzinfo=UTC)),
    ],
)
def test_a_run_is_due_each_day_after_arxiv_has_updated_its_repository(moment, due):
    assert OAI.next_due(moment) == due
