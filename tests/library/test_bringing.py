"""A reader's library comes in from a file, and goes out to one, and nothing is lost or doubled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from tests.library.shelf import LATER, NOW, reader, some
from tests.web.press import paper, publish

from broadsheet.accounts.access import NobodyError, Viewer
from broadsheet.library import bringing, hiding, notes, saving, tagging, taking, undoing
from broadsheet.library.brought import BringingError, Outcome, Report, Wish
from broadsheet.library.models import Note, Saved, Seen, Tag, Undo
from broadsheet.papers import reading
from broadsheet.papers.models import Paper
from broadsheet.papers.record import AuthorName

pytestmark = pytest.mark.django_db

OTHERS = {"access": "open"}
ADDED = datetime(2026, 5, 3, 10, 11, 12, tzinfo=UTC)
# The first three papers of `some`, and two that nobody has.
BIBTEX = r"""
@misc{one, title = {Paper number 1}, eprint = {2611.00001}, archiveprefix = {arXiv}, keywords = {tides, sea},
  annotation = {Look at \$3.}, date-added = {2026-05-03 10:11:12 +0000}, readstatus = {reading}}
@misc{two, title = {Paper number 2}, author = {Vale, Ada}, year = 2026, keywords = {sea}}
@misc{again, title = {Paper number 1}, eprint = {2611.00001}, archiveprefix = {arXiv}, keywords = {waves}}
@article{new, title = {Waves, Reordered}, author = {Vale, Ada}, year = 2025, doi = {10.1000/tides.9},
  journal = {Tidal Letters}, url = {https://shop.example.org/}}
@article{unnamed, title = {Notes from a Boat}, author = {Fisk, Bo}, year = 1987}
@article{broken, title = {}, author = {Fisk, Bo}}
"""


def shelve(many: int) -> None:
    """So many papers, of which the second has an author whom the file names."""
    ada = {"authors": (AuthorName("Ada Vale", "Vale", "Ada"),)}
    publish(*(paper(number, **(ada if number == 2 else {})) for number in range(1, many + 1)))


def bring(viewer: Viewer, text: str | bytes, *, now: datetime = NOW, dry_run: bool = False, **wish) -> Report:
    content = text.encode() if isinstance(text, str) else text
    return bringing.bring(viewer, content, Wish(**wish), dry_run=dry_run, now=now)


def counted(report: Report) -> dict[str, int]:
    return {outcome.value: count for outcome, count in report.counts.items()}


def library(viewer: Viewer) -> list[object]:
    """All that the viewer has, as our own JSON tells it."""
    return orjson.loads(taking.take(viewer, "json", now=LATER))["papers"]


def names(viewer: Viewer) -> dict[str, tuple[str, list[str]]]:
    rows = Saved.objects.filter(person=viewer.pk).order_by("pk")
    return {row.named: (row.state, sorted(row.tagged.values_list("tag__name", flat=True))) for row in rows}


@pytest.fixture
def among_others(settings):
    """A site on which others read the catalogue, too."""
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update=OTHERS)


def test_a_dry_run_says_what_would_be_and_does_nothing(among_others):
    shelve(3)
    ada = reader()
    report = bring(ada, BIBTEX, dry_run=True)
    assert counted(report) == {"new": 3, "merged": 1, "refused": 2}
    assert report.added == 1
    said = {line.place: (line.outcome, line.paper, line.reason) for line in report.lines}
    assert said["line 2"] == (Outcome.NEW, "2611.00001", "")
    assert said["line 4"] == (Outcome.NEW, "2611.00002", "")
    assert said["line 5"] == (Outcome.MERGED, "2611.00001", "the same paper as line 2")
    assert said["line 6"] == (Outcome.NEW, "doi:10.1000/tides.9", "")
    assert said["line 8"][2].endswith("no identifier, such as a DOI, says where others find it")
    assert said["line 9"][2] == "the title is missing"
    assert (library(ada), Paper.objects.count(), Undo.objects.count()) == ([], 3, 0)


def test_what_a_dry_run_says_is_done_and_once(among_others):
    shelve(3)
    ada = reader()
    report = bring(ada, BIBTEX, state="read")
    assert counted(report) == {"new": 3, "merged": 1, "refused": 2}
    assert names(ada) == {
        "arxiv:2611.00001": ("reading", ["sea", "tides", "waves"]),
        "arxiv:2611.00002": ("read", ["sea"]),
        "doi:10.1000/tides.9": ("read", []),
    }
    first = Saved.objects.get(named="arxiv:2611.00001")
    assert (first.saved_at, first.via) == (ADDED, "import")
    assert [(note.source, note.written_at) for note in Note.objects.all()] == [("Look at $3.", ADDED)]
    before, acts = library(ada), Undo.objects.count()
    again = bring(ada, BIBTEX, now=LATER)
    assert (counted(again), again.added) == ({"known": 4, "refused": 2}, 0)
    assert (library(ada), Undo.objects.count()) == (before, acts)


def test_a_paper_that_a_file_adds_says_only_what_a_bibliography_has(among_others):
    bring(reader(), BIBTEX)
    paper = Paper.objects.get(public_id="doi:10.1000/tides.9")
    assert (paper.title, paper.keywords, paper.day) == ("Waves, Reordered", [], None)
    assert list(paper.links.all()) == []
    assert not Paper.objects.filter(title="Notes from a Boat").exists()


def test_a_file_changes_nothing_of_a_paper_that_is_here():
    some(1)
    forged = "@misc{x, title = {Buy Pills}, eprint = {2611.00001}, archiveprefix = {arXiv}, abstract = {Now}}"
    assert counted(bring(reader(), forged)) == {"new": 1}
    assert [paper.title for paper in Paper.objects.all()] == ["Paper number 1"]


def test_whoever_is_alone_keeps_papers_without_identifiers():
    ada = reader()
    assert counted(bring(ada, BIBTEX)) == {"new": 4, "merged": 1, "refused": 1}
    assert Paper.objects.filter(title="Notes from a Boat").exists()
    assert counted(bring(ada, BIBTEX, now=LATER)) == {"known": 5, "refused": 1}


def test_only_papers_that_are_here_where_that_is_asked():
    shelve(2)
    report = bring(reader(), BIBTEX, adds=False)
    assert counted(report) == {"new": 2, "merged": 1, "refused": 3}
    assert Paper.objects.count() == 2


def test_what_is_kept_already_keeps_its_state_and_gets_tags():
    shelve(2)
    papers = reading.known(["2611.00001", "2611.00002"])
    papers = {pk: f"arxiv:{name}" for name, pk in papers.items()}
    ada = reader()
    saving.save_all(ada, papers, now=NOW, state="read")
    tagging.tag(ada, papers, ["old"], now=NOW)
    assert counted(bring(ada, "2611.00001\n2611.00002", now=LATER)) == {"known": 2}
    assert counted(bring(ada, BIBTEX, now=LATER))["merged"] == 3
    assert names(ada)["arxiv:2611.00001"] == ("read", ["old", "sea", "tides", "waves"])


def test_one_undo_takes_an_import_back():
    papers = some(3)
    ada = reader()
    saving.save(ada, *next(iter(papers.items())), now=NOW)
    before = library(ada), bytes(Seen.objects.get(person=ada.pk).papers)
    bring(ada, BIBTEX, now=LATER)
    assert undoing.undo(ada, now=LATER).verb == "import"
    assert (library(ada), bytes(Seen.objects.get(person=ada.pk).papers)) == before
    assert not Tag.objects.exists()


def test_nobody_and_nonsense_bring_nothing_in():
    with pytest.raises(NobodyError):
        bring(Viewer(), BIBTEX)
    with pytest.raises(BringingError, match="The file cannot be used: it is empty"):
        bring(reader(), "")
    with pytest.raises(saving.SavingError):
        bring(reader("bo"), BIBTEX, state="burnt")


def test_another_reader_finds_nothing_of_it():
    some(3)
    bring(reader(), BIBTEX)
    assert library(reader("bo")) == []


def kept_library(viewer: Viewer) -> None:
    """A library with all that one can hold, in words that formats find hard."""
    papers = some(6)
    keys = [*papers]
    saving.save_all(viewer, papers, now=NOW)
    saving.change(viewer, {keys[1]: papers[keys[1]]}, "reading", now=NOW)
    saving.change(viewer, {keys[2]: papers[keys[2]]}, "read", now=NOW + timedelta(minutes=5))
    tagging.tag(
        viewer, {keys[0]: papers[keys[0]]}, ["Sea/Tides & more", "50% $x_1$", "مد وجزر", "a #b"], now=NOW
    )
    tagging.tag(viewer, {keys[1]: papers[keys[1]]}, ["{braces} \\tilde~^", "sea, salt", '"quoted"'], now=NOW)
    for place, source in enumerate(HARD_NOTES):
        key = keys[place % 4]
        notes.write(viewer, key, papers[key], source, now=NOW + timedelta(seconds=place))
    hiding.hide(viewer, keys[5], papers[keys[5]], now=NOW)


HARD_NOTES = (
    "Plain.",
    "# Heading\n\n- point\n    - inner\n\n> said\n\n`code {x}` and $\\frac{a}{b}$ 100% & more_under",
    "@article{x, title = {y}}\n@misc(z,",
    "https://arxiv.org/abs/2611.00002",
    "TY  - JOUR\nER  - \nTI  - x",
    '<p>html</p> & &amp; <br/> “quotes” "straight" \\textbackslash{}',
    "~ ^ \\ { } @ # \" '",
)


def of(paper: dict[str, object], *fields: str) -> tuple[object, ...]:
    return tuple(paper[field] for field in fields)


@pytest.mark.parametrize("form", ["json", "csl.json", "bib", "ris"])
def test_a_library_that_goes_out_comes_into_an_empty_account_as_it_was(form: str, among_others):
    ada, bo = reader(), reader("bo")
    kept_library(ada)
    report = bring(bo, taking.take(ada, form, now=LATER), now=LATER + timedelta(days=1))
    assert counted(report) == {"new": 6 if form == "json" else 5}
    assert report.remarks == []
    held = {
        "json": ("id", "state", "saved_at", "tags", "notes", "hidden_at"),
        "csl.json": ("id", "state", "saved_at", "tags", "notes"),
        "bib": ("id", "state", "saved_at", "tags"),
        "ris": ("id", "saved_at", "tags"),
    }[form]
    mine, theirs = ([p for p in library(one) if form == "json" or p["state"]] for one in (ada, bo))
    assert sorted(of(p, *held) for p in theirs) == sorted(of(p, *held) for p in mine)
    told = [{p["id"]: [note["text"] for note in p["notes"]] for p in papers} for papers in (mine, theirs)]
    assert told[0] == told[1]


def test_an_export_has_a_part_of_a_library_where_that_is_asked():
    papers = some(3)
    ada = reader()
    saving.save_all(ada, papers, now=NOW)
    some_of_them = [*papers][:2]
    assert taking.take(ada, "bib", papers=some_of_them, now=NOW).count(b"@") == 2
    assert taking.take(reader("bo"), "bib", papers=some_of_them, now=NOW) == b""


def test_markdown_has_the_notes_under_their_papers():
    ada = reader()
    kept_library(ada)
    text = taking.take(ada, "md", now=LATER).decode()
    assert text.startswith("# My library\n\n5 papers, 2026-11-20\n")
    assert "## [Paper number 1](<https://arxiv.org/abs/2611.00001>)" in text
    assert "> # Heading" in text


@pytest.mark.thorough
@pytest.mark.parametrize("form", ["json", "csl.json", "bib", "ris"])
def test_five_thousand_papers_go_out_and_come_in_as_they_were(form: str):
    entries = (
        f"@article{{k{n}, title = {{Waves of the Year {n}}}, author = {{Vale, Ada}}, year = {1900 + n % 120},"
        f" doi = {{10.1000/x.{n}}}, keywords = {{t{n % 50}, sea/{n % 7}}}, annotation = {{Look at {n}.}}}}\n"
        for n in range(5000)
    )
    ada, bo = reader(), reader("bo")
    assert counted(bring(ada, "".join(entries))) == {"new": 5000}
    taken = taking.take(ada, form, now=LATER)
    assert counted(bring(bo, taken, now=LATER)) == {"new": 5000}
    assert counted(bring(bo, taken, now=LATER)) == {"known": 5000}
    mine, theirs = (
        {one["id"]: (one["tags"], [note["text"] for note in one["notes"]]) for one in library(viewer)}
        for viewer in (ada, bo)
    )
    assert mine == theirs
