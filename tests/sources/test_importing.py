"""Importing files into the catalogue: what goes in, what stays out, and what the report says."""

from __future__ import annotations

import gzip
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from tests.sources.inputs import ABSTRACTS, SEEN, arxiv_line, footer, item, page

from broadsheet.papers.catalogue import export_rows
from broadsheet.papers.models import Paper
from broadsheet.sources.importing import ImportReport, import_files
from broadsheet.sources.models import Run

pytestmark = pytest.mark.django_db
TIDES, SAND, BEES = ABSTRACTS
COUNTS = ("read", "new", "updated", "unchanged", "merged", "refused")


def run(*paths: Path, format_name: str | None = None, page_year: int | None = None) -> ImportReport:
    return import_files(
        paths, now=SEEN, format_name=format_name, page_year=page_year, progress=lambda _: None
    )


def counts(report: ImportReport) -> dict[str, int]:
    found = {name: getattr(report, name) for name in COUNTS}
    return {name: number for name, number in found.items() if number}


def catalogue() -> list[tuple[str, list[bytes]]]:
    return [(public_id, [one.to_json() for one in records]) for public_id, _, records in export_rows()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file of each format; all tell of one paper, and one file has a second."""
    (tmp_path / "page.txt").write_text(page((TIDES, footer("  • 2 authors", "Nov 5, 2026")), (SAND, None)))
    (tmp_path / "2026-11-09.json").write_text(json.dumps([item()]))
    (tmp_path / "snapshot.json.gz").write_bytes(gzip.compress(arxiv_line()))
    return tmp_path


def test_everything_in_a_folder_goes_in_and_one_paper_of_three_sources_is_one(folder: Path) -> None:
    report = run(folder)
    assert counts(report) == {"read": 4, "new": 2, "merged": 2}
    assert report.files == 3
    assert report.is_done
    tides = Paper.objects.get(public_id="2611.04242")
    assert {one.source for one in tides.source_records.all()} == {"arxiv", "huggingface", "saved_page"}
    assert [author.name for author in tides.authorships.order_by("position")] == [
        "Ines Vale",
        "Tomas Birk Jr",
    ]


def test_importing_twice_changes_nothing(folder: Path) -> None:
    run(folder)
    before = catalogue()
    assert counts(run(folder)) == {"read": 4, "unchanged": 4}
    assert catalogue() == before


def test_the_order_of_the_files_does_not_matter(folder: Path) -> None:
    for path in sorted(folder.iterdir(), reverse=True):
        run(path)
    backwards = catalogue()
    Paper.objects.all().delete()
    run(folder)
    assert catalogue() == backwards


@pytest.mark.anywhere
def test_real_pages_and_days_go_in_whole_and_the_second_time_change_nothing(shared: Path) -> None:
    pages = sorted(shared.glob("pages/*.txt"))
    days = sorted(shared.glob("data/hf_daily/*.json"))[:10]
    first = run(*pages, *days, page_year=2025)
    assert (first.refused, first.failures, first.remarks) == (0, [], [])
    assert first.new + first.unchanged + first.merged == first.read
    assert Paper.objects.filter(listings__isnull=False).distinct().count() > 100
    before = catalogue()
    assert counts(run(*pages, *days, page_year=2025)) == {"read": first.read, "unchanged": first.read}
    assert catalogue() == before


def test_a_broken_record_is_reported_with_file_place_and_reason_and_the_rest_goes_in(tmp_path: Path) -> None:
    path = tmp_path / "days.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in (item("2611.00001"), item(upvotes="\x1b[31m"), 7)))
    report = run(path)
    assert counts(report) == {"read": 3, "new": 1, "refused": 2}
    assert [(one.file, one.place) for one in report.refusals] == [
        (str(path), "item 2"),
        (str(path), "item 3"),
    ]
    assert report.refusals[0].reason == "upvotes is text, not a whole number"
    assert report.is_done


def test_foreign_text_in_a_reason_cannot_steer_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(page((TIDES, footer(date="\x1b[31mred")), (SAND, None)))
    assert "\ufffd[31mred" in run(path).refusals[0].reason


def test_a_file_of_unknown_format_is_refused_and_the_others_go_in(folder: Path) -> None:
    (folder / "letter.txt").write_text("Dear reader, this is a letter.")
    (folder / ".notes").touch()
    report = run(folder)
    assert counts(report) == {"read": 4, "new": 2, "merged": 2}
    [failure] = report.failures
    assert failure.file == str(folder / "letter.txt")
    assert "`broadsheet import --help` lists the formats" in failure.text
    assert report.passed_by == 1
    assert not report.is_done


def test_a_format_that_is_given_goes_before_what_the_content_looks_like(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(f"{TIDES}\n\n{ABSTRACTS[TIDES]}")
    assert run(path).failures
    assert counts(run(path, format_name="saved-page")) == {"read": 1, "new": 1}


def test_what_came_before_a_cut_is_kept_and_the_rest_comes_with_the_whole_file(tmp_path: Path) -> None:
    lines = [arxiv_line(f"2611.{i:05}", title=f"Paper {i}") for i in range(1, 301)]
    whole = gzip.compress(b"".join(lines))
    path = tmp_path / "snapshot.json.gz"
    path.write_bytes(whole[: len(whole) * 2 // 3])
    cut = run(path)
    assert 100 < cut.new < 300
    assert cut.refused == 0
    assert "ends too early; what came before is kept" in cut.failures[0].text
    path.write_bytes(whole)
    rest = run(path)
    assert (rest.unchanged, rest.new, rest.is_done) == (cut.new, 300 - cut.new, True)


def test_a_page_cut_off_does_not_leave_half_an_abstract(tmp_path: Path) -> None:
    path = tmp_path / "page.txt.gz"
    whole = page((TIDES, footer()), (SAND, footer()))
    cut = whole[: whole.index("dunes")]
    path.write_bytes(gzip.compress(cut.encode(), compresslevel=0)[:-9])
    report = run(path)
    assert counts(report) == {"read": 2, "new": 1, "refused": 1}
    assert "abstract is missing" in report.refusals[0].reason


def test_a_file_that_cannot_be_opened_is_reported_and_the_others_go_in(folder: Path) -> None:
    (folder / "gone.json").symlink_to(folder / "nowhere.json")
    report = run(folder)
    assert report.new == 2
    assert [failure.text for failure in report.failures] == [
        "it cannot be opened (No such file or directory)"
    ]


def test_the_report_says_how_many_dates_lie_in_the_future(tmp_path: Path) -> None:
    file = tmp_path / "a.bib"
    file.write_text("@misc{a, title={A}, year=2099}\n@misc{b, title={B}, year=2024}\n")
    [remark] = run(tmp_path).remarks
    assert remark.text.startswith("1 date of publication lies in the future")


def test_an_empty_folder_is_a_failure(tmp_path: Path) -> None:
    report = run(tmp_path)
    assert [failure.text for failure in report.failures] == ["the folder holds no files"]


def test_an_empty_day_is_done_and_a_day_of_refusals_is_not(tmp_path: Path) -> None:
    path = tmp_path / "day.json"
    path.write_text("[]")
    assert run(path).is_done
    path.write_text(json.dumps([item(id=None)]))
    assert not run(path).is_done


@pytest.mark.parametrize(("encoding", "said"), [("cp1252", "windows-1252"), ("utf-16", "UTF-16-LE")])
def test_the_report_says_in_which_encoding_a_file_was_read(tmp_path: Path, encoding: str, said: str) -> None:
    (tmp_path / "old.bib").write_text("@misc{a, title = {Café at Sea}}", encoding=encoding)
    report = run(tmp_path)
    assert counts(report) == {"read": 1, "new": 1}
    assert [note.text for note in report.remarks] == [f"it is not in UTF-8: its text was read as {said}"]


def test_a_later_recording_of_a_day_brings_its_numbers_up_to_date_and_an_earlier_one_does_not(
    tmp_path: Path,
) -> None:
    early, late = tmp_path / "early.json", tmp_path / "late.json"
    early.write_text(json.dumps([item(upvotes=7)]))
    late.write_text(json.dumps([item(upvotes=9)]))
    os.utime(early, (1_700_000_000, 1_700_000_000))
    os.utime(late, (1_750_000_000, 1_750_000_000))
    assert counts(run(late)) == {"read": 1, "new": 1}
    assert counts(run(early)) == {"read": 1, "unchanged": 1}
    assert Paper.objects.get().signals.get(name="upvotes").value == 9


def test_an_import_is_written_down_with_its_report(folder: Path) -> None:
    (folder / "letter.txt").write_text("Dear reader")
    run(folder)
    row = Run.objects.get()
    assert (row.files, row.read, row.new, row.merged, row.refused) == (str(folder), 4, 2, 2, 0)
    assert row.started_at == SEEN
    assert SEEN <= row.finished_at < SEEN + timedelta(minutes=1)
    assert row.message.startswith(f"{folder}/letter.txt: its format is not known")


def test_the_name_of_a_file_tells_what_it_may_be(folder: Path) -> None:
    (folder / "letter.bib").write_text("Dear reader")
    run(folder)
    assert (
        "letter.bib: its format is not known; if it is BibTeX, `--format bibtex`" in Run.objects.get().message
    )


def test_progress_is_told_in_bytes_of_all_files_and_ends_with_the_last(folder: Path) -> None:
    told = []
    import_files([folder], now=SEEN, format_name=None, page_year=None, progress=told.append)
    total = sum(path.stat().st_size for path in folder.iterdir())
    assert {step.bytes_total for step in told} == {total}
    assert (told[-1].bytes_read, told[-1].read) == (total, 4)
    assert [step.bytes_read for step in told] == sorted(step.bytes_read for step in told)
