"""`broadsheet evaluate` on small test sets, through the engines that answer readers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock
from tests.search.shelf import TEXTS

from broadsheet.cli.main import main
from broadsheet.search.embedding_models.embedding import DEFAULT

ROWS = ["words", "meaning", "fused", "fused - words", "fused - meaning"]


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings) -> Path:
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path / "data"})
    return tmp_path / "data"


@pytest.fixture
def kitchen(tmp_path: Path) -> Path:
    """Nine papers, and three questions: by words, by meaning alone, and one that nobody judged."""
    folder = tmp_path / "kitchen"
    (folder / "qrels").mkdir(parents=True)
    write(folder, [{"_id": f"d{n}", "title": one[0], "text": one[1]} for n, one in enumerate(TEXTS, start=1)])
    questions = {
        "words": "R0",
        "sense": "contagious diseases spread via contact networks",
        "unjudged": "chess",
    }
    lines = [json.dumps({"_id": key, "text": text}) for key, text in questions.items()]
    (folder / "queries.jsonl").write_text("\n".join(lines))
    (folder / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nwords\td4\t1\nsense\td4\t2\nsense\td1\t0\n"
    )
    return folder


def write(folder: Path, documents: list[dict[str, str]]) -> None:
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, documents)))


def documents(folder: Path) -> list[dict[str, str]]:
    return list(map(json.loads, (folder / "corpus.jsonl").read_text().splitlines()))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["evaluate", *map(str, arguments)])


def measured(folder: Path) -> dict[str, object]:
    done = run(folder, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)["sets"][0]


def embedded_now(done: Result) -> bool:
    return "documents" in done.stderr


def vectors(data: Path) -> Path:
    (file,) = data.glob(f"evaluations/kitchen-*/vectors-{DEFAULT.identity}")
    return file


def test_each_engine_is_measured_question_by_question(kitchen):
    found = measured(kitchen)
    assert (found["name"], found["documents"], found["queries"], found["judgements"]) == ("kitchen", 9, 2, 3)
    assert list(found["results"]) == ROWS
    words, sense = found["per_query"]
    assert words["query"] == "words"
    assert set(words["words"].values()) == set(words["fused"].values()) == {1.0}
    assert set(sense["words"].values()) == {0.0}
    assert set(sense["meaning"].values()) == set(sense["fused"].values()) == {1.0}


def test_means_intervals_and_differences_follow_from_the_questions(kitchen):
    results = measured(kitchen)["results"]
    assert results["words"]["nDCG@10"] == {"mean": 0.5, "low": 0.0, "high": 1.0}
    assert results["fused"]["MAP"] == {"mean": 1.0, "low": 1.0, "high": 1.0}
    gain = {"mean": 0.5, "low": 0.0, "high": 1.0, "better": 1, "worse": 0, "equal": 1}
    assert results["fused - words"]["recall@100"] == gain


def test_the_table_can_be_read(kitchen):
    done = run(kitchen)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == "kitchen: 9 documents, 2 queries, 3 judgements; model bge-small-en-v1.5 int8"
    assert lines[1].startswith("note: Queries left out of the means")
    assert [line.split()[1] for line in lines if line.startswith("│ fused")] == ["fused"] * 3
    assert "+0.500" in done.stdout
    assert "1 better, 0 worse, 1 equal" in done.stdout


def test_several_sets_give_a_table_for_each_measure_with_their_mean(kitchen, tmp_path):
    second = tmp_path / "pantry [new]"
    kitchen.rename(second)
    second.joinpath("qrels", "test.tsv").write_text("words\td9\t1\n")
    first = tmp_path / "kitchen"
    (first / "qrels").mkdir(parents=True)
    for name in ("corpus.jsonl", "queries.jsonl"):
        (first / name).write_text((second / name).read_text())
    (first / "qrels" / "test.tsv").write_text("words\td4\t1\n")
    done = run(first, second)
    titles = [
        line.strip()
        for line in done.stdout.splitlines()
        if line.strip() in ("nDCG@10", "MAP", "MRR", "recall@100")
    ]
    assert titles == ["nDCG@10", "MAP", "MRR", "recall@100"]
    assert "pantry [new]" in done.stdout
    values = json.loads(run(first, second, "--json").stdout)
    assert [one["name"] for one in values["sets"]] == ["kitchen", "pantry [new]"]
    assert values["mean"]["words"]["MRR"] == 0.5


def test_a_second_run_embeds_nothing_and_finds_the_same(kitchen, data):
    first = run(kitchen, "--json")
    size = vectors(data).stat().st_size
    second = run(kitchen, "--json")
    assert embedded_now(first)
    assert not embedded_now(second)
    assert vectors(data).stat().st_size == size
    assert first.stdout == second.stdout


def test_a_run_that_was_cut_off_goes_on(kitchen, data):
    whole = run(kitchen, "--json").stdout
    with vectors(data).open("r+b") as file:
        file.truncate(vectors(data).stat().st_size * 2 // 3 + 11)
    again = run(kitchen, "--json")
    assert again.stdout == whole
    assert "kitchen, documents: 9 of 9" in again.stderr


def test_documents_may_come_move_and_go(kitchen):
    run(kitchen)
    moved = [{"_id": "new", "title": "Bread", "text": "Baking bread."}, *reversed(documents(kitchen)[1:])]
    write(kitchen, moved)
    assert measured(kitchen)["documents"] == 9
    write(kitchen, moved[4:8])
    assert not embedded_now(run(kitchen))
    assert measured(kitchen)["per_query"][1]["fused"]["nDCG@10"] == 1


def test_a_question_is_not_read_as_a_query_with_operators(kitchen):
    asked = [
        {"_id": "words", "text": '-R0 "no such phrase" author:nobody year:1800'},
        {"_id": "sense", "text": ""},
    ]
    (kitchen / "queries.jsonl").write_text("\n".join(map(json.dumps, asked)))
    words, sense = measured(kitchen)["per_query"]
    assert words["words"]["MRR"] == 1
    assert set(sense["words"].values()) == {0.0}


def test_a_question_that_is_a_document_does_not_find_itself(kitchen):
    (kitchen / "queries.jsonl").write_text(json.dumps({"_id": "d4", "text": "R0"}))
    (kitchen / "qrels" / "test.tsv").write_text("d4\td4\t1\nd4\td1\t1\n")
    (one,) = json.loads(run(kitchen, "--json").stdout)["sets"]
    assert "which is left out of what they find: 1 (d4)" in " ".join(one["notes"])
    assert one["results"]["words"]["MRR"]["mean"] == 0


def test_near_duplicates_are_found_too(kitchen):
    twin = {**documents(kitchen)[3], "_id": "twin"}
    write(kitchen, [*documents(kitchen), twin])
    (kitchen / "qrels" / "test.tsv").write_text("sense\td4\t1\nsense\ttwin\t1\n")
    assert measured(kitchen)["results"]["fused"]["MAP"]["mean"] == 1


def test_nothing_is_measured_until_every_set_can_be_used(kitchen, tmp_path, data):
    (tmp_path / "empty").mkdir()
    done = run(kitchen, tmp_path / "empty", tmp_path / "nowhere")
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        f"Error: {tmp_path}/empty has no corpus.jsonl.",
        f"{tmp_path}/nowhere is no folder; name one that holds corpus.jsonl, queries.jsonl and qrels.",
    ]
    assert not (data / "evaluations").exists()


def test_two_runs_on_one_set_do_not_meet(kitchen, data):
    run(kitchen)
    with FileLock(vectors(data).with_name("lock")):
        done = run(kitchen)
    assert (done.exit_code, done.stderr) == (1, "Error: another process is measuring kitchen.\n")


def test_the_judgements_are_chosen_by_name(kitchen):
    (kitchen / "qrels" / "dev.tsv").write_text("unjudged\td6\t1\n")
    done = run(kitchen, "--split", "dev", "--json")
    assert [one["query"] for one in json.loads(done.stdout)["sets"][0]["per_query"]] == ["unjudged"]
