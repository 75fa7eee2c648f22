"""Test sets in BEIR layout as people have them: whole, compressed, sloppy and wrong."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from broadsheet.search.evaluating.judged import JudgedSetError, read

CORPUS = [{"_id": "d1", "title": "Soup", "text": "It is stirred."}, {"_id": "d2", "text": "No title."}]
QUERIES = [{"_id": "q1", "text": "who stirs?"}, {"_id": "q2", "text": "nobody judged this"}]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\n"

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A test set, some of its files being others: `make(**{"corpus.jsonl": "…"})`."""

    def write(**files: object) -> Path:
        lines = {"corpus.jsonl": CORPUS, "queries.jsonl": QUERIES, "qrels/test.tsv": QRELS} | files
        for name, content in lines.items():
            path = tmp_path / "kitchen" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text = content if isinstance(content, (str, bytes)) else "\n".join(map(json.dumps, content))
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path / "kitchen"

    return write


def test_a_set_has_its_documents_and_the_questions_that_were_judged(make):
    judged = read(make())
    assert judged.name == "kitchen"
    assert judged.documents == {"d1": ("Soup", "It is stirred."), "d2": ("", "No title.")}
    assert judged.questions == {"q1": "who stirs?"}
    assert judged.grades == {"q1": {"d1": 2, "d2": 0}}


def test_a_question_that_is_a_document_is_not_judged_by_itself(make):
    own = [*QUERIES, {"_id": "d2", "text": "No title."}, {"_id": "d1", "text": "It is stirred."}]
    judged = read(
        make(**{"queries.jsonl": own, "qrels/test.tsv": f"{QRELS}d2\td1\t1\nd2\td2\t3\nd1\td1\t1\n"})
    )
    assert judged.grades == {"q1": {"d1": 2, "d2": 0}, "d2": {"d1": 1}}
    assert any(
        "Queries with the id of a document, which is left out of what they find: 2 (d2, d1)" in x
        for x in judged.notes
    )


def test_questions_without_anything_relevant_are_left_out_and_named(make):
    (note,) = read(make()).notes
    assert note == "Queries left out of the means, since nothing is judged relevant to them: 1 (q2)."


@pytest.mark.parametrize(
    "qrels", [QRELS, QRELS.partition("\n")[2], QRELS.replace("\n", "\r\n"), f"\ufeff{QRELS}\n\n"]
)
def test_headings_line_ends_and_empty_lines_do_not_matter(make, qrels):
    assert read(make(**{"qrels/test.tsv": qrels})).grades == {"q1": {"d1": 2, "d2": 0}}


@pytest.mark.parametrize("name", ["4983", "a b", "10.1145/3292500", "ö…", '"quoted"', "[red]", "-1"])
def test_identifiers_may_be_anything_without_a_tab(make, name):
    files = {"corpus.jsonl": [{"_id": name, "text": "x"}], "qrels/test.tsv": f"q1\t{name}\t1\n"}
    judged = read(make(**files))
    assert judged.grades["q1"].keys() == judged.documents.keys() == {name}


def test_an_identifier_may_be_a_number_in_json(make):
    assert read(make(**{"corpus.jsonl": [{"_id": 7, "text": "x"}]})).documents == {"7": ("", "x")}


@pytest.mark.parametrize(("ending", "compress"), [(".gz", gzip.compress), (".zst", zstandard.compress)])
def test_files_may_be_compressed(make, ending, compress):
    folder = make()
    plain = read(folder)
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        path.with_name(path.name + ending).write_bytes(compress(path.read_bytes()))
        path.unlink()
    assert read(folder) == plain


def test_other_judgements_are_chosen_by_the_name_of_their_file(make):
    assert read(make(**{"qrels/dev.tsv": "q2\td2\t1\n"}), split="dev").grades == {"q2": {"d2": 1}}


def test_what_is_judged_but_not_there_is_counted_and_named(make):
    qrels = QRELS + "q1\tgone\t1\nq9\td1\t1\n" + "".join(f"q1\tlost{number}\t0\n" for number in range(4))
    notes = read(make(**{"qrels/test.tsv": qrels})).notes
    assert "Judged queries that are not in the file of queries and cannot be asked: 1 (q9)." in notes
    assert (
        "Judged documents that are not in the corpus and cannot be found: 5 (gone, lost0, lost1, …)." in notes
    )


def test_of_two_lines_about_the_same_the_later_one_counts_and_that_is_said(make):
    files = {
        "corpus.jsonl": [*CORPUS, {"_id": "d1", "text": "Newer."}],
        "qrels/test.tsv": QRELS + "q1\td1\t1\n",
    }
    judged = read(make(**files))
    assert judged.documents["d1"] == ("", "Newer.")
    assert judged.grades["q1"]["d1"] == 1
    assert "Lines of corpus.jsonl that a later line replaces: 1." in judged.notes
    assert "Lines of test.tsv that a later line replaces: 1." in judged.notes


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("corpus.jsonl", '{"_id": "d1", "text": "x"}\nsoup', "corpus.jsonl, line 2: this is not JSON ("),
        ("corpus.jsonl", '["d1"]', "corpus.jsonl, line 1: there is no _id"),
        ("corpus.jsonl", '{"_id": null, "text": "x"}', "corpus.jsonl, line 1: there is no _id"),
        ("corpus.jsonl", '{"_id": "d1"}', 'corpus.jsonl, line 1: there is no "text"'),
        ("corpus.jsonl", '{"_id": "d1", "text": 5}', 'corpus.jsonl, line 1: "text" is no text'),
        ("corpus.jsonl", "\n", "corpus.jsonl holds no document"),
        ("corpus.jsonl", b"\x1f\x8b\x08damaged", "corpus.jsonl: the gzip data is damaged"),
        ("queries.jsonl", b'{"_id": "q1", "text": "\xff"}', "queries.jsonl, line 1: this is not JSON ("),
        ("qrels/test.tsv", "q1 d1 1\n", "test.tsv, line 1: 1 columns with tabs between; there must be 3"),
        ("qrels/test.tsv", "q1\t0\td1\t1\n", "test.tsv, line 1: 4 columns"),
        ("qrels/test.tsv", "q1\td1\tgood\n", "test.tsv, line 1: the score 'good' is no number"),
        ("qrels/test.tsv", f"{QRELS}q1\td2\tnan\n", "test.tsv, line 4: the score 'nan' is no number"),
        ("qrels/test.tsv", "q1\td1\t0\n", "test.tsv has nothing relevant (a score above 0) for any query"),
        ("qrels/test.tsv", "", "test.tsv has nothing relevant"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_one_sentence(make, file, content, said):
    with pytest.raises(JudgedSetError) as caught:
        read(make(**{file: content}))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_none_or_lacks_a_file_is_told(make, tmp_path):
    with pytest.raises(JudgedSetError, match=r"nowhere is no folder; name one that holds corpus\.jsonl"):
        read(tmp_path / "nowhere")
    folder = make(**{"qrels/dev.tsv": QRELS})
    (folder / "qrels" / "test.tsv").unlink()
    with pytest.raises(JudgedSetError, match=r"has no qrels/test\.tsv; there is dev: choose with --split"):
        read(folder)
    (folder / "queries.jsonl").unlink()
    with pytest.raises(JudgedSetError, match=r"kitchen has no queries\.jsonl$"):
        read(folder)
