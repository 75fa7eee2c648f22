"""Saved Daily Papers pages as text, real ones to the byte and made-up ones with every irregularity."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.sources.inputs import ABSTRACTS, BY, SEEN, footer, page, source

from broadsheet.papers.record import OrganizationName, Signal
from broadsheet.sources.files.saved_page import SavedPage, SavedPaper, parse, read, to_record

TIDES, SAND, BEES = ABSTRACTS


def gold_row(file: str, paper: SavedPaper) -> dict[str, object]:
    return {
        "file": file,
        "position": paper.position,
        "title": paper.title,
        "authors_count": paper.authors_count,
        "organization": paper.organization,
        "date_text": paper.date_text,
        "date_iso": paper.date.isoformat() if paper.date else None,
        "comments": paper.comments,
        "abstract_sha256": hashlib.sha256(paper.abstract.encode()).hexdigest(),
        "abstract_chars": len(paper.abstract),
    }


def only(text: str, **options: int) -> SavedPaper:
    [paper] = parse(text, **options).papers
    return paper


@pytest.mark.parametrize("page_year", [2025, None])
def test_the_real_pages_give_byte_for_byte_what_the_gold_file_says(
    shared: Path, page_year: int | None
) -> None:
    rows = []
    for path in sorted(shared.glob("pages/*.txt")):
        found = parse(path.read_text(encoding="utf-8"), page_year=page_year)
        assert not found.refusals
        rows += [gold_row(path.name, paper) for paper in found.papers]
    assert json.dumps(rows, indent=1) == (shared / "pages/gold.json").read_text(encoding="utf-8")


def test_the_real_pages_hold_nothing_to_remark_on_once_their_year_is_known(shared: Path) -> None:
    pages = [parse(path.read_text(encoding="utf-8"), page_year=2025) for path in shared.glob("pages/*.txt")]
    assert [found.remarks for found in pages] == [()] * 3


def test_every_record_of_a_real_page_survives_when_all_its_footers_are_dropped(shared: Path) -> None:
    text = (shared / "pages/000_dd2ac9fc19305ee7.txt").read_text(encoding="utf-8")
    bare = "\n\n".join(block for block in text.split("\n\n") if "\n·\n" not in block)
    found = parse(bare)
    assert [(one.title, one.abstract) for one in found.papers] == [
        (one.title, one.abstract) for one in parse(text).papers
    ]
    assert {one.date for one in found.papers} == {None}


def test_a_full_record_is_read_with_all_its_parts() -> None:
    assert only(page((TIDES, footer("  • 3 authors", "Oct 13, 2024 4")))) == SavedPaper(
        position=1,
        title=TIDES,
        abstract=ABSTRACTS[TIDES],
        authors_count=3,
        date_text="Oct 13, 2024",
        date=date(2024, 10, 13),
        comments=4,
    )


def test_a_record_without_footer_has_title_and_abstract_alone() -> None:
    found = parse(page((TIDES, None), (SAND, footer()), (BEES, None)))
    assert [paper.title for paper in found.papers] == [TIDES, SAND, BEES]
    assert found.papers[0] == SavedPaper(1, TIDES, ABSTRACTS[TIDES])
    assert found.papers[2] == SavedPaper(3, BEES, ABSTRACTS[BEES])
    assert not found.remarks


def test_an_organization_in_place_of_the_authors_is_kept_as_printed() -> None:
    paper = only(page((TIDES, footer("facebook AI at Meta", "Oct 24 1"))), page_year=2025)
    assert (paper.organization, paper.authors_count, paper.comments) == ("facebook AI at Meta", None, 1)
    assert paper.date == date(2025, 10, 24)


@pytest.mark.parametrize(
    ("byline", "count"),
    [
        ("  • 1 authors", 1),
        ("  • 74 authors", 74),
        ("• 1 author", 1),
        ("2 authors", 2),
        ("\t•  12 authors ", 12),
    ],
)
def test_bylines_with_a_number_of_authors(byline: str, count: int) -> None:
    paper = only(page((TIDES, footer(byline))))
    assert (paper.authors_count, paper.organization) == (count, None)


@pytest.mark.parametrize(
    ("printed", "text", "day", "comments"),
    [
        ("Oct 13, 2024", "Oct 13, 2024", date(2024, 10, 13), None),
        ("Oct 13, 2024 3", "Oct 13, 2024", date(2024, 10, 13), 3),
        ("Sep 1", "Sep 1", date(2025, 9, 1), None),
        ("Sep 1 2", "Sep 1", date(2025, 9, 1), 2),
        ("Sep 1 0", "Sep 1", date(2025, 9, 1), 0),
        ("Nov 27", "Nov 27", date(2025, 11, 27), None),
        ("Nov 28", "Nov 28", date(2024, 11, 28), None),
        ("Feb 29, 2024", "Feb 29, 2024", date(2024, 2, 29), None),
    ],
)
def test_dates_with_and_without_year_and_comments(
    printed: str, text: str, day: date, comments: int | None
) -> None:
    paper = only(page((TIDES, footer(date=printed)), date="Nov 20"), page_year=2025)
    assert (paper.date_text, paper.date, paper.comments) == (text, day, comments)


def test_a_week_past_the_page_date_may_lie_beyond_new_year() -> None:
    paper = only(page((TIDES, footer(date="Dec 31")), date="Dec 28"), page_year=2025)
    assert paper.date == date(2025, 12, 31)


def test_without_a_page_date_every_date_without_year_is_of_the_pages_year() -> None:
    paper = only(page((TIDES, footer(date="Dec 31")), date=""), page_year=2025)
    assert paper.date == date(2025, 12, 31)


def test_an_unknown_year_is_the_one_after_the_latest_printed_and_that_is_remarked() -> None:
    found = parse(page((TIDES, footer(date="Oct 13, 2023")), (SAND, footer(date="Mar 4"))))
    assert found.papers[1].date == date(2024, 3, 4)
    assert "2024 is assumed" in found.remarks[0].text


def test_a_page_date_with_its_year_needs_no_assumption() -> None:
    found = parse(page((TIDES, footer(date="Mar 4")), date="Nov 20, 2025"))
    assert found.papers[0].date == date(2025, 3, 4)
    assert not found.remarks


def test_where_nothing_tells_the_year_the_paper_goes_in_without_a_date() -> None:
    found = parse(page((TIDES, footer(date="Mar 4 2"))))
    assert (found.papers[0].date_text, found.papers[0].date, found.papers[0].comments) == ("Mar 4", None, 2)
    assert "--page-year" in found.remarks[0].text


@pytest.mark.parametrize(
    "printed", ["Feb 30", "Feb 29, 2023", "Oct 0, 2024", "Jan 1, 0000", "Smarch 3", "yesterday"]
)
def test_a_date_that_cannot_be_right_refuses_its_record_with_its_line_and_no_other(printed: str) -> None:
    found = parse(page((TIDES, footer()), (SAND, footer(date=printed)), (BEES, footer())), page_year=2025)
    assert [paper.title for paper in found.papers] == [TIDES, BEES]
    assert [paper.position for paper in found.papers] == [1, 3]
    [refusal] = found.refusals
    assert refusal.place == "line 21"
    assert printed in refusal.reason


@pytest.mark.parametrize("byline", ["  • many authors", "  • 0 authors", "•"])
def test_a_byline_that_counts_nobody_refuses_its_record(byline: str) -> None:
    found = parse(page((TIDES, footer(byline)), (SAND, footer())))
    assert [paper.title for paper in found.papers] == [SAND]
    assert "authors" in found.refusals[0].reason


def changed(text: str, old: str, new: str) -> SavedPage:
    assert old in text
    return parse(text.replace(old, new, 1), page_year=2025)


REGULAR = page(
    (TIDES, footer()), (SAND, footer("tencent Tencent", "Oct 3 2")), (BEES, footer()), date="Nov 20"
)


@pytest.mark.parametrize(
    ("old", "new", "titles", "reason"),
    [
        (f"{ABSTRACTS[SAND]}\n\n", "", [TIDES, BEES], "abstract is missing"),
        (f"{SAND}\n\n", "", [TIDES, BEES], "abstract is missing"),
        (f"{SAND}\n\n{ABSTRACTS[SAND]}\n\n", "", [TIDES, BEES], "without title"),
        ("tencent Tencent\n", "", [TIDES, BEES], "authors or the organization"),
        ("·\nOct 3 2\n", "·\n", [TIDES, BEES], "needs a date"),
    ],
)
def test_a_line_that_is_missing_costs_one_record_and_its_neighbours_stay(
    old: str, new: str, titles: list[str], reason: str
) -> None:
    found = changed(REGULAR, old, new)
    assert [paper.title for paper in found.papers] == titles
    assert [reason in refusal.reason for refusal in found.refusals] == [True]
    assert "see whether something is missing" in found.remarks[0].text


def test_a_title_that_lost_abstract_and_footer_is_the_one_refused() -> None:
    lost = f"{ABSTRACTS[SAND]}\n\ntencent Tencent\n·\nOct 3 2\n\n"
    found = changed(REGULAR, lost, "")
    assert [paper.title for paper in found.papers] == [TIDES, BEES]
    assert found.refusals[0].place == "line 21"


def test_a_footer_turned_into_an_organization_changes_nothing_else() -> None:
    found = changed(REGULAR, "  • 3 authors\n·", "north-lab The North Lab\n·")
    assert found.papers[0].organization == "north-lab The North Lab"
    assert found.papers[1:] == parse(REGULAR, page_year=2025).papers[1:]


@pytest.mark.parametrize(
    "rewritten",
    [
        REGULAR + "\n",
        REGULAR + "\n\n\n",
        REGULAR.replace("\n", "\r\n"),
        REGULAR.replace("\n", "\r"),
        REGULAR.replace("\n\n", "\n\n\n\n"),
        REGULAR.replace("\n\n", "\n"),
        REGULAR.replace("\n", "\n\n"),
        REGULAR.replace("\n", "  \n"),
        REGULAR.replace("\n\n", "\n \n"),
        REGULAR.replace(BY, "by AK and the research community"),
        REGULAR.replace("new\n", "Search\n\nLog in\n\nnew\n"),
        REGULAR.replace("\n\nNov 20\n", "\n\n<\n\n>\n\nNov 20\n"),
        REGULAR.replace("Daily Papers\n\n", ""),
        REGULAR.replace(f"{BY}\n\n", ""),
        REGULAR.replace("\n\nNov 20\n", "\n"),
        REGULAR.replace("Daily", "Trending").replace(BY, "by everybody"),
        REGULAR[REGULAR.index("Nov 20") :],
    ],
    ids=lambda text: repr(text[-3:] + str(len(text))),
)
def test_line_ends_blank_lines_and_other_headers_do_not_matter(rewritten: str) -> None:
    found = parse(rewritten, page_year=2025)
    assert found.papers == parse(REGULAR, page_year=2025).papers
    assert not found.refusals


@pytest.mark.parametrize("text", [page(), page(date=""), "", "\n\n", "Nov 20"])
def test_a_page_with_a_header_alone_holds_no_papers(text: str) -> None:
    found = parse(text)
    assert not found.papers
    assert not found.refusals
    assert found.remarks[0].text == "the page holds no papers"


def test_a_text_that_starts_with_a_bullet_is_no_byline() -> None:
    text = page((TIDES, footer()), (SAND, None)).replace(
        ABSTRACTS[SAND], "• 3 authors of ours walk on dunes."
    )
    found = parse(text)
    assert [paper.abstract for paper in found.papers] == [
        ABSTRACTS[TIDES],
        "• 3 authors of ours walk on dunes.",
    ]


def test_foreign_text_stays_exactly_as_it_was() -> None:
    odd = r"We reach $O(n)$ with 64times 64 <EOS> tokens \& \emph{more}~\cite{x} -- see https://a.example/b."
    paper = only(page((TIDES, footer())).replace(ABSTRACTS[TIDES], odd))
    assert paper.abstract == odd


def test_the_record_of_a_saved_paper_says_no_more_than_the_page() -> None:
    paper = only(page((TIDES, footer("facebook AI at Meta", "Oct 24, 2024 1"))))
    record = to_record(paper, observed_at=SEEN)
    assert (record.source, record.title, record.abstract) == ("saved_page", TIDES, ABSTRACTS[TIDES])
    assert record.organizations == (OrganizationName("facebook", "AI at Meta"),)
    assert record.published_at == datetime(2024, 10, 24, tzinfo=UTC)
    assert record.signals == (Signal("comments", 1),)
    assert record.observed_at == SEEN
    assert (record.authors, record.author_count, record.listings, record.identifiers) == ((), None, (), ())


def test_a_paper_has_the_same_key_on_every_page_it_is_seen_on() -> None:
    first, again = (only(page((TIDES, footer(date=day)))) for day in ("Oct 24, 2024 1", "Oct 24, 2024 5"))
    assert to_record(first, observed_at=SEEN).key == to_record(again, observed_at=SEEN).key
    assert len(to_record(first, observed_at=SEEN).key) == 12


def test_a_comment_count_that_is_not_shown_is_no_signal() -> None:
    record = to_record(only(page((TIDES, footer()))), observed_at=SEEN)
    assert (record.author_count, record.signals) == (3, ())


def test_reading_a_page_gives_remarks_refusals_and_records() -> None:
    text = (
        page((TIDES, footer(date="Feb 30, 2024")), (SAND, footer(date="Mar 4, 2024")), date="") + "\n\n\nlost"
    )
    kinds = [type(reading).__name__ for reading in read(source(text), page_year=None)]
    assert kinds == ["Remark", "Refusal", "Refusal", "Record"]
