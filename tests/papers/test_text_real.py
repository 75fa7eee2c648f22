"""Clean text on real titles and abstracts."""

from __future__ import annotations

import gzip
import itertools
import json
import re

import pytest

from broadsheet.papers.text import block, inline, plain, title_key


@pytest.fixture(scope="module")
def preprints(shared):
    """Every twentieth record of the snapshot: title and abstract by identifier."""
    with snapshot(shared) as lines:
        records = [json.loads(line) for line in itertools.islice(lines, 0, None, 20)]
    return {record["id"]: (record["title"], record["abstract"]) for record in records}


def snapshot(shared):
    return gzip.open(shared / "data" / "arxiv-metadata-oai-snapshot.json.gz", "rt", encoding="utf-8")


def test_maths_of_real_abstracts_becomes_mathml(preprints):
    with_maths = [
        abstract for _, abstract in preprints.values() if re.search(r"\$\\?[a-zA-Z].*?\$", abstract)
    ]
    shown = [block(abstract) for abstract in with_maths]
    assert sum("<math>" in text or "<em>" in text or "<strong>" in text for text in shown) > 0.97 * len(shown)


def test_hardly_a_real_text_keeps_a_backslash_or_a_brace(preprints):
    texts = [plain(text) for pair in preprints.values() for text in pair]
    assert sum("\\" in text or "{" in text for text in texts) < 0.01 * len(texts)


def test_real_texts_are_shown_without_losing_a_word(preprints):
    for title, _ in preprints.values():
        if not re.search(r"[\\$]", title):
            assert title_key(plain(title)) == title_key(title)


def test_html_of_real_texts_is_balanced(preprints):
    for title, abstract in itertools.islice(preprints.values(), 0, None, 5):
        for shown in (inline(title), block(abstract)):
            tags = re.findall(r"<(/?)([a-z]+)[^>]*?(/?)>", shown)
            assert sum(1 for end, _, empty in tags if not end and not empty) == sum(
                1 for end, *_ in tags if end
            )


@pytest.mark.thorough
def test_titles_of_both_sources_have_one_key(shared):
    """The list's titles are the archive's with dollars and backslashes removed; a few were changed since."""
    listed = {}
    for day in sorted((shared / "data" / "hf_daily").glob("*.json")):
        entries = json.loads(day.read_text(encoding="utf-8"))
        papers = [entry["paper"] for entry in entries if isinstance(entry, dict)]
        listed |= {paper["id"]: paper["title"] for paper in papers}
    with snapshot(shared) as lines:
        records = (json.loads(line) for line in lines)
        pairs = [(record["title"], listed[record["id"]]) for record in records if record["id"] in listed]
    equal = sum(title_key(ours) == title_key(theirs) for ours, theirs in pairs)
    assert len(pairs) > 500
    assert equal >= 0.995 * len(pairs)
