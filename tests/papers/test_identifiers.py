"""Identifiers in every spelling people paste."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.papers.identifiers import Identifier, best, doi, parse


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
        "10.1145",
        "local:xyz",
        "https://example.org/abs/2408.00714",
        "https://example.org/papers/trending",
    ],
)
def test_what_is_no_identifier_is_none(text):
    assert parse(text) is None


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
