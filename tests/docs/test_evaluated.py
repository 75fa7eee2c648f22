"""The tables of the manual that say how good search is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import evaluated

ROOT = Path(__file__).resolve().parents[2]


def one_set(name: str, mean: float) -> dict[str, object]:
    estimate = {"mean": mean, "low": mean - 0.1, "high": mean + 0.1}
    gain = {"mean": -0.02, "low": -0.1, "high": 0.05, "better": 3, "worse": 4, "equal": 5}
    results = {
        "fused": {"nDCG@10": estimate, "MAP": estimate},
        "fused - words": {"nDCG@10": gain, "MAP": gain},
    }
    return {"name": name, "documents": 1234, "queries": 12, "results": results}


def test_a_table_has_intervals_differences_and_the_mean_of_all_sets():
    mean = {"fused": {"nDCG@10": 0.55, "MAP": 0.45}, "fused - words": {"nDCG@10": -0.02, "MAP": -0.02}}
    rows = list(evaluated.table({"sets": [one_set("a", 0.5), one_set("b", 0.6)], "mean": mean}))
    assert rows == [
        "| nDCG@10 | a | b | mean |",
        "| --- | --- | --- | --- |",
        "| documents, queries | 1,234, 12 | 1,234, 12 |  |",
        "| fused | 0.500<br>0.400 to 0.600 | 0.600<br>0.500 to 0.700 | 0.550 |",
        "| fused - words | −0.020<br>−0.100 to +0.050<br>3 ↑ 4 ↓ | −0.020<br>−0.100 to +0.050<br>3 ↑ 4 ↓ | −0.020 |",
        "",
        "|  | a | b | mean |",
        "| --- | --- | --- | --- |",
        "| MAP, fused | 0.500 | 0.600 | 0.450 |",
    ]


@pytest.mark.thorough
def test_without_a_test_set_it_says_what_to_name_and_leaves_the_manual_alone(tmp_path):
    before = evaluated.PAGE.read_bytes()
    for arguments, said in ([], "No test sets: name their folders"), ([str(tmp_path)], "has no corpus.jsonl"):
        command = [sys.executable, "tools/evaluated.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert said in done.stderr
    assert evaluated.PAGE.read_bytes() == before


def test_the_manual_has_the_tables():
    page = evaluated.PAGE.read_text(encoding="utf-8")
    tables = page.partition("<!-- evaluation -->")[2].partition("<!-- /evaluation -->")[0]
    assert "| fused |" in tables
    assert "| recall@100, fused |" in tables
