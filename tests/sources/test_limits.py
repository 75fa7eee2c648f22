"""What one record may say: more than any paper needs is refused by name, whatever the format."""

from __future__ import annotations

import json
from time import process_time
from typing import Any

import pytest
from tests.sources import references
from tests.sources.inputs import arxiv_line, item, refusals, source
from tests.sources.json_inputs import note, row, work

from broadsheet.papers.record import LONGEST_ABSTRACT, LONGEST_TITLE, MOST_AUTHORS, AuthorName, Link, Record
from broadsheet.sources.files.readings import record_or_refusal
from broadsheet.sources.formats import reader

LONG = "x" * (LONGEST_TITLE + 1)
TITLED: dict[str, Any] = {
    "arxiv-snapshot": arxiv_line(title=LONG).decode(),
    "arxiv-api": references.ARXIV_ANSWER.replace("Walking on Sand", LONG),
    "huggingface": json.dumps([item() | {"title": LONG}]),
    "openreview": json.dumps([note(content={"title": LONG})]),
    "openalex": json.dumps([work(title=LONG)]),
    "biorxiv": json.dumps([row(title=LONG)]),
    "crossref": json.dumps([references.CROSSREF | {"title": [LONG]}]),
    "datacite": json.dumps([references.DATACITE["attributes"] | {"titles": [{"title": LONG}]}]),  # type: ignore[operator]
    "csl-json": json.dumps([references.ZOTERO | {"title": LONG}]),
    "acl-xml": references.ACL.replace("Walking on Sand", LONG),
    "pubmed": f"PMID- 1\nTI  - {LONG}\n",
    "wos": f"PT J\nTI {LONG}\nER\n",
    "ris": f"TY  - JOUR\nTI  - {LONG}\nER  - \n",
    "bibtex": f"@misc{{a, title = {{{LONG}}}}}",
    "export": json.dumps({"records": [{"source": "ris", "key": "a", "title": LONG}]}),
}


def made(**fields: Any) -> Record:
    return Record(source="ris", key="a", **{"title": "T"} | fields)


@pytest.mark.parametrize("name", TITLED)
def test_a_title_that_is_too_long_is_refused_in_every_format(name: str) -> None:
    reasons = [one.reason for one in refusals(reader(name, page_year=None)(source(TITLED[name])))]
    assert [reason for reason in reasons if reason.endswith("characters; 2,000 are the most")]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": LONG}, "the title has 2,001 characters; 2,000 are the most"),
        (
            {"abstract": "x" * (LONGEST_ABSTRACT + 1)},
            "the abstract has 50,001 characters; 50,000 are the most",
        ),
        (
            {"authors": (AuthorName("A"),) * (MOST_AUTHORS + 1)},
            "the list of authors has 10,001 names; 10,000 are the most",
        ),
        ({"comment": "x" * 10_001}, "the comment has 10,001 characters; 10,000 are the most"),
        ({"notice": "x" * 10_001}, "the notice has 10,001 characters; 10,000 are the most"),
        ({"journal_ref": "x" * 4_001}, "the place of publication has 4,001 characters; 4,000 are the most"),
        ({"license": "x" * 4_001}, "the license has 4,001 characters; 4,000 are the most"),
        (
            {"authors": (AuthorName("x" * 4_001),)},
            "the longest name has 4,001 characters; 4,000 are the most",
        ),
        ({"keywords": ("x" * 50_001,)}, "the list of keywords has 50,001 characters; 50,000 are the most"),
        (
            {"links": tuple(Link("page", f"https://tide.test/{n}") for n in range(1001))},
            "the list of links has 1,001 addresses; 1,000 are the most",
        ),
    ],
)
def test_what_is_too_much_is_refused_by_name(fields: dict[str, Any], reason: str) -> None:
    [refusal] = refusals([record_or_refusal("line 1", made, **fields)])
    assert (refusal.place, refusal.reason) == ("line 1", reason)


@pytest.mark.parametrize(
    "written", ["Vale, Ada and ", "Vale, A., ", "A B, ", "Vale, A.; ", "{A B} and ", "A"]
)
def test_names_beyond_what_a_paper_has_are_refused_before_they_are_taken_apart(written: str) -> None:
    many = written * (1_000_000 // len(written))
    content = {
        "bibtex": f"@misc{{a, title={{Tides}}, author={{{many}}}}}",
        "ris": f"TY  - JOUR\nTI  - Tides\nAU  - {many}\nER  - \n",
        "csl-json": json.dumps([{"type": "book", "title": "Tides", "author": [{"literal": many}]}]),
    }
    for name, text in content.items():
        started = process_time()
        [refusal] = refusals(reader(name, page_year=None)(source(text)))
        assert "name" in refusal.reason
        assert process_time() - started < 2


def test_the_most_that_is_allowed_is_read() -> None:
    most = {
        "title": LONG[1:],
        "abstract": "x" * LONGEST_ABSTRACT,
        "authors": (AuthorName("A"),) * MOST_AUTHORS,
    }
    assert isinstance(record_or_refusal("line 1", made, **most), Record)
