"""Identifiers in every spelling people paste."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.papers.pasted import NO_IDENTIFIERS, SPELLINGS

from broadsheet.papers.dois import first_in, leading
from broadsheet.papers.identifiers import Identifier, best, doi, is_its_address, parse
from broadsheet.papers.pasted import trim

# What identifiers and addresses are made of, and what breaks them.
PIECES = (
    *(
        "10.1002/",
        "10.9999/",
        "10.48550/arXiv.",
        "10.1101/",
        "123456",
        "2401.00001",
        "hep-th/9901001",
        "P06-1001",
    ),
    *("doi:", "DOI ", "arXiv:", "acl:", "local:", "0123456789ab", "https://", "doi.org/", "dl.acm.org/doi/"),
    *(
        "arxiv.org/abs/",
        "/papers/",
        "nature.com/articles/",
        "s4",
        "openreview.net/forum?id=",
        "/article/doi/",
    ),
    *(
        "v2",
        ".pdf",
        ".full",
        "/abstract",
        "3.0.CO;2-",
        "?",
        "#",
        "%2F",
        "%3F",
        "%25",
        "%26lt;",
        "&lt;",
        "&amp;",
    ),
    *(
        "&#60;",
        "#60;",
        "<",
        ">",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ";",
        ".",
        "=",
        "&id=",
        "\\_",
        "/",
        "-",
        "_",
        "“",
    ),
    *("x", "A", "İ", "１", "12345", " ", "\u200b", "\x00", "\ud800"),
)


@pytest.mark.parametrize(
    ("text", "public_id"),
    [
        ("2408.00714", "2408.00714"),
        ("2408.00714v3", "2408.00714"),
        (" arXiv:2408.00714 ", "2408.00714"),
        ("0704.0001", "0704.0001"),
        ("hep-th/9901001v2", "hep-th/9901001"),
        ("math.GT/0309136", "math/0309136"),
        ("https://arxiv.org/abs/2408.00714", "2408.00714"),
        ("http://arxiv.org/pdf/2408.00714v1.pdf", "2408.00714"),
        ("https://export.arxiv.org/html/hep-th/9901001v1", "hep-th/9901001"),
        ("https://arxiv.org/abs/2408.00714v2?context=cs.CV", "2408.00714"),
        ("https://www.alphaxiv.org/abs/2408.00714", "2408.00714"),
        ("https://huggingface.co/papers/2408.00714#community", "2408.00714"),
        ("http://127.0.0.1:8000/papers/acl:2024.acl-long.1", "acl:2024.acl-long.1"),
        ("10.48550/arXiv.2408.00714", "2408.00714"),
        ("https://doi.org/10.48550/ARXIV.2408.00714", "2408.00714"),
        ("https://doi.org/10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"),
        ("doi:10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"),
        ("10.1103/PhysRevLett.116.061102", "doi:10.1103/physrevlett.116.061102"),
        ("acl:2024.acl-long.1", "acl:2024.acl-long.1"),
        ("https://aclanthology.org/P06-1001/", "acl:P06-1001"),
        ("https://aclanthology.org/2020.acl-main.703.pdf", "acl:2020.acl-main.703"),
        ("http://www.aclweb.org/anthology/P06-1001", "acl:P06-1001"),
        ("https://openreview.net/forum?id=rJl-b3RcF7", "openreview:rJl-b3RcF7"),
        ("https://openreview.net/forum?id=rJl-b3RcF7&noteId=x1", "openreview:rJl-b3RcF7"),
        ("local:0123456789ab", "local:0123456789ab"),
    ],
)
def test_every_spelling_leads_to_one_public_id(text, public_id):
    found = parse(text)
    assert found is not None
    assert found.public_id == public_id
    assert parse(found.public_id) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "attention",
        "2408",
        "2408.0071412",
        "2408.00714v0",
        "2408.0071",
        "1501.0001",
        "1412.00001",
        "https://arxiv.org/abs/0704.00001",
        "10.1145",
        "local:xyz",
        "https://example.org/abs/2408.00714",
        "https://example.org/papers/trending",
    ],
)
def test_what_is_no_identifier_is_none(text):
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "public_id"), [(text, public_id) for public_id, texts in SPELLINGS.items() for text in texts]
)
def test_what_people_paste_leads_to_the_paper(text, public_id):
    found = parse(text)
    assert found is not None
    assert found.public_id == public_id
    assert parse(found.public_id) == found


@pytest.mark.parametrize("text", NO_IDENTIFIERS)
def test_what_only_looks_like_an_identifier_is_none(text):
    assert parse(text) is None


@given(
    st.lists(st.sampled_from(PIECES), max_size=9).map("".join), st.sampled_from(["", "10.9999/", "https://"])
)
def test_whatever_is_found_is_found_again_by_its_public_id(text, beginning):
    found = parse(beginning + text)
    assert found is None or parse(found.public_id) == found
    assert found is None or found.value.isprintable()


def test_a_text_that_never_ends_is_no_identifier_and_costs_nothing():
    assert parse("10.9999/" + "(" * 1_000_000) is None
    assert parse("https://example.org/" + "a." * 990) is None
    assert parse("doi:10.9999/" + "x" * 200) is None


@pytest.mark.parametrize(
    ("url", "says_no_more"),
    [
        ("https://doi.org/10.9999/tide.1", True),
        ("https://arxiv.org/pdf/2401.00001v2", True),
        ("https://aclanthology.org/P06-1001.pdf", True),
        ("https://openreview.net/pdf?id=AbCd", True),
        ("https://huggingface.co/papers/2401.00001", True),
        ("https://dl.acm.org/doi/pdf/10.9999/tide.1", False),
        ("https://tides.example.org/papers/2401.00001.pdf", False),
        ("https://tides.example.org/1", False),
    ],
)
def test_a_publishers_address_says_more_than_the_identifier_in_it(url, says_no_more):
    assert is_its_address(url) == says_no_more


@given(st.text())
def test_no_text_makes_it_fail_and_what_is_found_is_found_again(text):
    found = parse(text)
    assert found is None or parse(found.public_id) == found


def test_a_paper_is_known_by_its_arxiv_id_before_its_doi():
    names = [Identifier("local", "0" * 12), Identifier("doi", "10.1000/x"), Identifier("arxiv", "2408.00714")]
    assert best(names).public_id == "2408.00714"


def test_dois_compare_without_regard_to_case():
    assert doi("10.1145/ABC.Def") == doi("https://dx.doi.org/10.1145/abc.dEF")


def test_an_unknown_scheme_is_refused():
    with pytest.raises(ValueError, match="no identifier of a known kind"):
        Identifier("isbn", "123")


@pytest.mark.parametrize("sign", [".", ")", "”", " ", "?", ".)"])
def test_what_is_around_a_pasted_text_goes_in_time_that_grows_with_it(sign):
    began = process_time()
    assert trim(f"10.1000/tide{sign * 100_000}") == "10.1000/tide"
    assert process_time() - began < 1


@pytest.mark.parametrize(
    ("text", "first", "begins"),
    [
        ("10.1000/tide", "10.1000/tide", "10.1000/tide"),
        ("DOI: 10.1000/tide(1).", "10.1000/tide(1)", "10.1000/tide(1)"),
        ("(doi = 10.1000/tide)", "10.1000/tide", "10.1000/tide"),
        ("10.1000/tide, 10.1000/wave", "10.1000/tide", "10.1000/tide"),
        ("Erratum to 10.1000/tide", "10.1000/tide", ""),
        ("no such thing", "", ""),
    ],
)
def test_a_doi_among_words_is_found_and_told_from_one_behind_them(text, first, begins):
    assert (first_in(text), leading(text)) == (first, begins)
