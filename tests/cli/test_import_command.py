"""`broadsheet import`, `export` and `dump` as an operator meets them."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.sources.inputs import ABSTRACTS, arxiv_line, footer, item, page

from broadsheet.cli import importing
from broadsheet.cli.main import main

COMMAND = [sys.executable, "-m", "broadsheet.cli.main"]
TIDES, SAND, BEES = ABSTRACTS


def run_here(*arguments: str | Path, standard_input: str = "") -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)], input=standard_input)


def run_apart(data: Path, *arguments: str | Path) -> str:
    """What a process of its own prints, with its own data folder; it must not fail."""
    command = [*COMMAND, "--data", str(data), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout


def exported(data: Path) -> list[str]:
    """All lines of an export but the header, which tells the time."""
    return run_apart(data, "export", "-").splitlines()[1:]


@pytest.mark.django_db
def test_a_page_goes_in_with_a_report(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(page((TIDES, footer()), (SAND, footer(date="Feb 30, 2024")), (BEES, None)))
    done = run_here("import", path)
    assert done.stdout.splitlines() == [
        f"refused: {path}, line 21: “Feb 30, 2024” is no day of the calendar",
        "Read 3: new 2, updated 0, unchanged 0, merged 0, refused 1.",
    ]
    assert (done.exit_code, done.stderr) == (0, "")


@pytest.mark.django_db
def test_standard_input_is_read_and_the_report_is_json_when_asked_for() -> None:
    done = run_here("import", "-", "--json", standard_input=json.dumps([item(), 7]))
    report = json.loads(done.stdout)
    assert {name: report[name] for name in ("files", "read", "new", "refused")} == {
        "files": 1,
        "read": 2,
        "new": 1,
        "refused": 1,
    }
    assert report["refusals"] == [
        {"file": "standard input", "place": "item 2", "reason": "it is not an object"}
    ]
    assert done.exit_code == 0


@pytest.mark.django_db
def test_a_remark_hidden_files_and_failures_are_told(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(page((TIDES, footer(date="Mar 4"))))
    (tmp_path / "letter.txt").write_text("Dear reader")
    (tmp_path / ".hidden").touch()
    done = run_here("import", tmp_path)
    kinds = [line.split(":")[0] for line in done.stdout.splitlines()]
    assert kinds == ["note", "failed", "Passed by", "Read 1"]


@pytest.mark.django_db
def test_a_long_list_of_refusals_is_shortened_and_counted() -> None:
    done = run_here("import", "-", standard_input=json.dumps([item(), *range(30)]))
    refused = [line for line in done.stdout.splitlines() if line.startswith("refused: ")]
    assert len(refused) == 21
    assert refused[-1] == "refused: and 10 more; --json lists them"


@pytest.mark.django_db
def test_a_long_import_tells_now_and_then_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "RECORDS_BETWEEN_LINES", 1200)
    path = tmp_path / "snapshot.json"
    path.write_bytes(b"".join(arxiv_line(f"2611.{i:05}", title=f"Paper {i}") for i in range(1, 1301)))
    line = rf"{re.escape(str(path))}: 1,[23]\d\d records read\n"
    assert re.fullmatch(line, run_here("import", path).stderr)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Dear reader", "failed: standard input: its format is not known"),
        (json.dumps([item(id=None)]), "refused 1"),
    ],
)
def test_the_exit_code_is_1_when_a_file_or_every_record_is_refused(content: str, said: str) -> None:
    done = run_here("import", "-", standard_input=content)
    assert said in done.stdout
    assert (done.exit_code, done.stderr) == (1, "")


@pytest.mark.parametrize(
    "arguments", [(), ("nowhere.json",), ("-", "--format", "marc"), ("-", "--page-year", "25")]
)
def test_the_exit_code_is_2_when_the_command_is_used_wrongly(arguments: tuple[str, ...]) -> None:
    assert run_here("import", *arguments).exit_code == 2


@pytest.mark.parametrize("name", ["import", "export"])
def test_help_gives_an_example(name: str) -> None:
    assert f"Example: broadsheet {name}" in run_here(name, "--help").stdout


@pytest.mark.django_db
def test_an_export_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    done = run_here("export", tmp_path / "nowhere" / "file.jsonl")
    assert done.exit_code == 1
    assert done.stderr.endswith("cannot be written (No such file or directory).\n")


@pytest.mark.thorough
def test_an_export_is_imported_elsewhere_and_exported_the_same(tmp_path: Path) -> None:
    (tmp_path / "days.json").write_text(json.dumps([item("2611.00001"), item("2611.00002")]))
    (tmp_path / "snapshot.json").write_bytes(arxiv_line("2611.00001"))
    run_apart(tmp_path / "data", "import", tmp_path / "days.json", tmp_path / "snapshot.json")
    run_apart(tmp_path / "data", "export", tmp_path / "one.jsonl")
    report = run_apart(tmp_path / "other", "import", tmp_path / "one.jsonl")
    assert report == "Read 3: new 2, updated 0, unchanged 0, merged 1, refused 0.\n"
    before = (tmp_path / "one.jsonl").read_text().splitlines()[1:]
    assert len(before) == 2
    assert exported(tmp_path / "other") == before


@pytest.mark.thorough
def test_a_dump_makes_the_same_catalogue_elsewhere(tmp_path: Path) -> None:
    day = tmp_path / "2026-11-09.json"
    day.write_text(
        json.dumps([item(discussionId="a" * 24), item("2611.00002", title=SAND) | {"title": SAND}])
    )
    run_apart(tmp_path / "data", "import", day)
    folder = Path(run_apart(tmp_path / "data", "dump", tmp_path / "dumps").strip())
    assert (folder.parent, len(list(folder.iterdir()))) == (tmp_path / "dumps", 4)
    run_apart(tmp_path / "other", "import", folder / "papers.jsonl.zst")
    assert exported(tmp_path / "other") == exported(tmp_path / "data")
    assert Path(run_apart(tmp_path / "data", "dump").strip()).parent == tmp_path / "data" / "public"


@pytest.mark.django_db
def test_a_dump_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run_here("dump", tmp_path / "file" / "folder")
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "cannot be written (Not a directory)." in done.stderr


@pytest.mark.thorough
def test_imports_that_are_killed_and_run_again_leave_the_catalogue_of_one_run(tmp_path: Path) -> None:
    snapshot, day, data = tmp_path / "snapshot.json", tmp_path / "2026-11-09.json", tmp_path / "data"
    snapshot.write_bytes(b"".join(arxiv_line(f"2611.{i:05}", title=f"Paper {i}") for i in range(1, 5001)))
    day.write_text(json.dumps([item(f"2611.{i:05}") for i in range(1, 5001, 50)]))
    run_apart(tmp_path / "undisturbed", "import", day, snapshot)
    run_apart(data, "migrate")
    for papers in (1, 1500, 3500):
        kill_import_at(papers, data, day, snapshot)
    assert unfinished_imports(data) == 3
    run_apart(data, "import", day, snapshot)
    assert unfinished_imports(data) == 3
    assert exported(data) == exported(tmp_path / "undisturbed")
    assert len(exported(data)) == 5000


def kill_import_at(papers: int, data: Path, *paths: Path) -> None:
    """Start an import and kill it as soon as the catalogue holds that many papers."""
    command = [*COMMAND, "--data", str(data), "import", *map(str, paths)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as run:
        while query(data, "SELECT count(*) FROM papers_paper") < papers:
            with pytest.raises(subprocess.TimeoutExpired):
                run.wait(0.01)
        run.kill()


def unfinished_imports(data: Path) -> int:
    return query(data, "SELECT count(*) FROM sources_run WHERE finished_at IS NULL")


def query(data: Path, sql: str) -> int:
    connection = sqlite3.connect(data / "broadsheet.sqlite3")
    try:
        return connection.execute(sql).fetchone()[0]
    finally:
        connection.close()
