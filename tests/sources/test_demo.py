"""The demonstration papers: what they claim is checked against real input wherever there is some."""

from __future__ import annotations

import gzip
import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.inputs import SEEN, records

from broadsheet.papers.identifiers import best
from broadsheet.papers.record import Record, record_from_json
from broadsheet.papers.taxonomy import NAMES
from broadsheet.sources.demo import demonstration
from broadsheet.sources.files import huggingface, saved_page
from broadsheet.sources.files.opening import open_source
from broadsheet.sources.live.arxiv import snapshot as arxiv_snapshot

TODAY = date(2026, 11, 22)
ANY_DAY = st.dates(min_value=date(1970, 1, 1))


@pytest.fixture(scope="module")
def papers() -> list[Record]:
    return list(demonstration(TODAY))


@pytest.fixture(scope="module")
def daily(shared: Path) -> dict[str, Record]:
    """Each paper of the recorded days as it was on its first day."""
    first: dict[str, Record] = {}
    for path in sorted(shared.glob("data/hf_daily/*.json")):
        with open_source(path, now=SEEN) as opened:
            for record in records(huggingface.read(opened)):
                first.setdefault(best(record.identifiers).public_id, record)
    return first


@pytest.fixture(scope="module")
def snapshot(shared: Path, papers: list[Record]) -> dict[str, Record]:
    wanted = {paper.key.encode() for paper in papers}
    with gzip.open(shared / "data/arxiv-metadata-oai-snapshot.json.gz") as lines:
        ours = [
            line for line in lines if (found := re.match(rb'\{"id": "([^"]+)"', line)) and found[1] in wanted
        ]
    return {one.key: one for one in (arxiv_snapshot.to_record(line, observed_at=SEEN) for line in ours)}


@pytest.fixture(scope="module")
def saved(shared: Path) -> dict[str, Record]:
    """The papers on the saved pages by their titles."""
    found: dict[str, Record] = {}
    for path in shared.glob("pages/*.txt"):
        with open_source(path, now=SEEN) as opened:
            found |= {one.title: one for one in records(saved_page.read(opened, page_year=2025))}
    return found


def names(record: Record) -> list[str]:
    return [author.name for author in record.authors]


def weekdays(today: date) -> list[date]:
    """Those of the sixteen days up to today, the latest first."""
    days = (today - timedelta(days=back) for back in range(16))
    return [day for day in days if day.weekday() < 5]


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


def test_every_line_of_the_file_is_a_record_as_it_writes_itself() -> None:
    for line in files("broadsheet.sources").joinpath("demo.jsonl").read_bytes().splitlines():
        assert record_from_json(orjson.loads(line)).to_json() == line


def test_there_are_enough_papers_and_each_is_there_once(papers: list[Record]) -> None:
    identifiers = [identifier for paper in papers for identifier in paper.identifiers]
    assert 120 <= len(papers) <= 150
    assert len({paper.title.casefold() for paper in papers}) == len(papers)
    assert len(set(identifiers)) == len(identifiers)


def test_each_paper_is_known_by_its_identifier_and_says_where_it_can_be_read(papers: list[Record]) -> None:
    for paper in papers:
        assert paper.source == "demo"
        assert paper.key == best(paper.identifiers).public_id
        assert {link.kind for link in paper.links} & {"pdf", "page"}
        assert all(link.url.startswith("https://") for link in paper.links)
        assert all(name == name.strip() and " " in name for name in names(paper))


def test_the_papers_span_the_last_fifteen_years_and_many_fields(papers: list[Record]) -> None:
    years = {paper.published_at.year for paper in papers if paper.published_at}
    first_categories = Counter(paper.categories[0] for paper in papers if paper.categories)
    assert set(range(2012, 2027)) <= years
    assert min(years) == 2011
    assert len(first_categories) >= 30
    assert first_categories.most_common(1)[0][1] < len(papers) / 2


def test_the_date_of_an_arxiv_paper_lies_in_the_month_of_its_number(papers: list[Record]) -> None:
    for paper in papers:
        if re.fullmatch(r"\d{4}\.\d{4,5}", paper.key):
            assert paper.published_at is not None
            # Sent in on the last days of a month, numbered on the first of the next.
            months = {f"{paper.published_at + timedelta(days=shift):%y%m}" for shift in (0, 3)}
            assert paper.key[:4] in months, paper.title


def test_categories_are_those_of_the_arxiv_taxonomy(papers: list[Record]) -> None:
    assert {category for paper in papers for category in paper.categories} <= set(NAMES)


def test_an_organization_has_one_name_throughout(papers: list[Record]) -> None:
    held = defaultdict(set)
    for paper in papers:
        assert len(paper.organizations) <= 3
        for organization in paper.organizations:
            assert re.fullmatch(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", organization.slug)
            held[organization.slug].add(organization.name)
    assert [found for found in held.values() if len(found) > 1] == []


def test_every_summary_is_two_to_six_sentences_of_fitting_length(papers: list[Record]) -> None:
    for paper in papers:
        assert 40 <= len(paper.abstract.split()) <= 100, paper.title
        assert 2 <= len(re.findall(r"[.?!](?= [A-Z]|$)", paper.abstract)) <= 6, paper.title


def test_some_summaries_hold_whole_maths_and_one_an_address(papers: list[Record]) -> None:
    with_maths = [paper.abstract for paper in papers if "$" in paper.abstract]
    assert len(with_maths) >= 10
    assert all(text.count("$") % 2 == 0 and text.count("{") == text.count("}") for text in with_maths)
    assert any("https://" in paper.abstract for paper in papers)


def test_at_least_thirty_papers_are_on_the_saved_pages_and_agree_with_them(
    papers: list[Record], saved: dict[str, Record]
) -> None:
    on_pages = [(paper, saved[paper.title]) for paper in papers if paper.title in saved]
    assert len(on_pages) >= 30
    for paper, printed in on_pages:
        assert printed.author_count in (None, len(paper.authors)), paper.title
        assert printed.published_at in (None, paper.published_at), paper.title


def test_signals_are_those_of_the_recorded_day(papers: list[Record], daily: dict[str, Record]) -> None:
    with_signals = [paper for paper in papers if paper.signals]
    assert len(with_signals) >= 40
    for paper in with_signals:
        recorded = daily[paper.key]
        assert set(paper.signals) <= set(recorded.signals), paper.title
        assert paper.observed_at == datetime.combine(recorded.listings[0].day, datetime.min.time(), UTC)


def test_papers_without_a_recording_have_no_signals(papers: list[Record], daily: dict[str, Record]) -> None:
    assert [paper.title for paper in papers if paper.signals and paper.key not in daily] == []


def test_titles_authors_and_dates_agree_with_the_recorded_days(
    papers: list[Record], daily: dict[str, Record]
) -> None:
    both = [(paper, daily[paper.key]) for paper in papers if paper.key in daily]
    assert len(both) >= 40
    for ours, theirs in both:
        assert (ours.title, names(ours)) == (theirs.title, names(theirs))
        assert ours.published_at is not None
        assert theirs.published_at is not None
        assert ours.published_at.date() == theirs.published_at.date()


def test_titles_authors_and_categories_agree_with_the_snapshot(
    papers: list[Record], snapshot: dict[str, Record]
) -> None:
    both = [(paper, snapshot[paper.key]) for paper in papers if paper.key in snapshot]
    assert len(both) >= 10
    for ours, theirs in both:
        assert (ours.title, names(ours), ours.categories) == (theirs.title, names(theirs), theirs.categories)


@pytest.mark.thorough
def test_no_summary_repeats_eight_words_of_an_abstract(
    papers: list[Record], daily: dict[str, Record], snapshot: dict[str, Record], saved: dict[str, Record]
) -> None:
    compared = 0
    for paper in papers:
        for known in (daily.get(paper.key), snapshot.get(paper.key), saved.get(paper.title)):
            if known is not None and known.abstract:
                compared += 1
                assert runs(paper.abstract, 8) & runs(known.abstract, 8) == set(), paper.title
    assert compared >= 75


@given(ANY_DAY)
def test_on_any_day_the_last_ten_weekdays_have_a_full_edition(today: date) -> None:
    editions = defaultdict(list)
    for paper in demonstration(today):
        for listing in paper.listings:
            editions[listing.day].append(listing.position)
    assert sorted(editions, reverse=True) == weekdays(today)[:10]
    assert all(8 <= len(places) <= 14 for places in editions.values())
    assert all(places == list(range(1, len(places) + 1)) for places in editions.values())


def test_about_ten_papers_are_on_no_list(papers: list[Record]) -> None:
    assert 5 <= sum(not paper.listings for paper in papers) <= 15


def test_nobody_is_said_to_have_sent_a_demonstration_paper_in(papers: list[Record]) -> None:
    assert {listing.submitter_name for paper in papers for listing in paper.listings} == {""}


def test_the_same_day_gives_the_same_records_and_another_day_only_other_lists(papers: list[Record]) -> None:
    later = list(demonstration(TODAY + timedelta(days=40)))
    assert list(demonstration(TODAY)) == papers
    assert [(paper.key, paper.title, paper.published_at) for paper in later] == [
        (paper.key, paper.title, paper.published_at) for paper in papers
    ]
    assert all(
        one.listings != other.listings for one, other in zip(papers, later, strict=True) if one.listings
    )
