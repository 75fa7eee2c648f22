"""Identifiers in every spelling people paste."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.papers.identifiers import Identifier, best, doi, is_its_address, parse

# By public id: every way in which people, programs and publishers write it. The DOIs are made up but for their form.
SPELLINGS = {
    "doi:10.9999/tide.1": (
        r"\href{https://doi.org/10.9999/tide.1}{10.9999/tide.1}",
        "[10.9999/tide.1](https://doi.org/10.9999/tide.1)",
        '<a href="https://doi.org/10.9999/tide.1">10.9999/tide.1</a>',
        "https://www.cambridge.org/core/product/identifier/10.9999/tide.1/type/journal_article",
        "https://scholar.google.com/scholar?q=10.9999/tide.1",
        "https://search.crossref.org/?from_ui=yes&q=https%3A%2F%2Fdoi.org%2F10.9999%2Ftide.1",
        "doi: 10.9999/tide.1",
        "DOI 10.9999/tide.1",
        "DOI:10.9999/TIDE.1",
        "doi=10.9999/tide.1",
        "doi = {10.9999/tide.1},",
        "doi：10.9999/tide.1",
        "１０．９９９９／ｔｉｄｅ．１",
        "doi.org/10.9999/tide.1",
        "www.doi.org/10.9999/tide.1",
        "https://www.doi.org/10.9999/tide.1",
        "http://dx.doi.org/10.9999/tide.1",
        "https://dx.doi.org/doi:10.9999/tide.1",
        "https://doi.org/10.9999%2Ftide.1",
        "https://doi.org/10.9999%2ftide.1/",
        "https%3A%2F%2Fdoi.org%2F10.9999%2Ftide.1",
        "https://dl.acm.org/doi/10.9999/tide.1",
        "https://dl.acm.org/doi/abs/10.9999/tide.1",
        "https://dl.acm.org/doi/pdf/10.9999/tide.1",
        "https://dl.acm.org/doi/full/10.9999/tide.1",
        "https://dl.acm.org/doi/fullHtml/10.9999/tide.1#sec-2",
        "dl.acm.org/doi/10.9999/tide.1",
        "https://link.springer.com/article/10.9999/tide.1",
        "https://link.springer.com/chapter/10.9999/tide.1#citeas",
        "https://link.springer.com/content/pdf/10.9999/tide.1.pdf",
        "https://link.springer.com/content/pdf/10.9999%2Ftide.1.pdf?pdf=button",
        "https://link.springer.com/article/10.9999/tide.1/fulltext.html",
        "https://link.springer.com/article/10.9999/tide.1/figures/3",
        "https://onlinelibrary.wiley.com/doi/10.9999/tide.1",
        "https://onlinelibrary.wiley.com/doi/epdf/10.9999/tide.1",
        "https://onlinelibrary.wiley.com/doi/10.9999/tide.1/abstract;jsessionid=AB12.f03",
        "https://onlinelibrary.wiley.com/resolve/doi?DOI=10.9999%2Ftide.1",
        "https://www.tandfonline.com/doi/full/10.9999/tide.1?journalCode=abcd",
        "https://journals.aps.org/prl/abstract/10.9999/tide.1",
        "https://journals.aps.org/prl/pdf/10.9999/TIDE.1",
        "https://link.aps.org/doi/10.9999/tide.1",
        "https://iopscience.iop.org/article/10.9999/tide.1/meta",
        "https://iopscience.iop.org/article/10.9999/tide.1/pdf",
        "https://www.emerald.com/insight/content/doi/10.9999/tide.1/full/html",
        "https://journals.plos.org/plosone/article?id=10.9999/tide.1",
        "https://journals.plos.org/plosone/article/file?id=10.9999/tide.1&type=printable",
        "https://www.frontiersin.org/articles/10.9999/tide.1/full",
        "https://academic.oup.com/tides/article/doi/10.9999/tide.1/5698273",
        "https://direct.mit.edu/tides/article/doi/10.9999/tide.1/123456/On-the-Tides-of-2024",
        "https://api.crossref.org/works/10.9999/tide.1",
        "https://api.semanticscholar.org/DOI:10.9999/tide.1",
        "https://login.proxy.example.edu/login?url=https://doi.org/10.9999/tide.1",
        "https://web.archive.org/web/2020/https://doi.org/10.9999/tide.1",
        "https://doi.org/https://doi.org/10.9999/tide.1",
        "doi:https://doi.org/10.9999/tide.1",
        "10.9999/tide.1.",
        "10.9999/tide.1,",
        "(10.9999/tide.1).",
        '"10.9999/tide.1"',
        "“10.9999/tide.1”",
        "<https://doi.org/10.9999/tide.1>",
        "[https://doi.org/10.9999/tide.1]",
        "(https://doi.org/10.9999/tide.1);",
        "'10.9999/tide.1',",
        "`10.9999/tide.1`",
        "https://doi.org/10.9999/tide.1?x=1",
        "https://doi.org/10.9999/tide.1?x=1&y=2",
        "https://doi.org/10.9999/tide.1#section",
        "https://doi.org/10.9999/tide.1?",
        "10.9999/tide.1?x=1",
        "urn:doi:10.9999/tide.1",
        "info:doi/10.9999/tide.1",
        "\\url{10.9999/tide.1}",
        "\\url{https://doi.org/10.9999/tide.1}",
        "&lt;https://doi.org/10.9999/tide.1&gt;",
    ),
    "doi:10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2": (
        "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
        "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2.",
        "(10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2)",
        "https://doi.org/10.1002/(SICI)1097-0258(19980815/30)17:15/16%3C1661::AID-SIM968%3E3.0.CO;2-2",
        "https://doi.org/10.1002/%28SICI%291097-0258%2819980815%2F30%2917%3A15%2F16%3C1661%3A%3AAID-SIM968%3E3.0.CO%3B2-2",
        "10.1002/(SICI)1097-0258(19980815/30)17:15/16&lt;1661::AID-SIM968&gt;3.0.CO;2-2",
        "https://onlinelibrary.wiley.com/doi/10.1002/(SICI)1097-0258(19980815/30)17:15/16%3C1661::AID-SIM968%3E3.0.CO;2-2/abstract",
        "https://onlinelibrary.wiley.com/doi/abs/10.1002/(SICI)1097-0258(19980815/30)17:15/16%3C1661::AID-SIM968%3E3.0.CO;2-2?x=1",
    ),
    "doi:10.1002/(sici)1521-3951(199907)214:1<1::aid-tide1>3.0.co;2-#": (
        "10.1002/(SICI)1521-3951(199907)214:1<1::AID-TIDE1>3.0.CO;2-#",
        "https://doi.org/10.1002/(SICI)1521-3951(199907)214:1%3C1::AID-TIDE1%3E3.0.CO;2-%23",
        "doi: 10.1002/(SICI)1521-3951(199907)214:1<1::AID-TIDE1>3.0.CO;2-#.",
    ),
    "doi:10.1002/(sici)1521-3951(199907)214:1<1::aid-tide1>3.0.co;2-?": (
        "10.1002/(SICI)1521-3951(199907)214:1<1::AID-TIDE1>3.0.CO;2-?",
        "https://doi.org/10.1002/(SICI)1521-3951(199907)214:1%3C1::AID-TIDE1%3E3.0.CO;2-%3F",
    ),
    "doi:10.1175/1520-0469(1963)020<0130:tide>2.0.co;2": (
        "10.1175/1520-0469(1963)020<0130:TIDE>2.0.CO;2",
        "https://doi.org/10.1175/1520-0469(1963)020%3C0130:TIDE%3E2.0.CO;2.",
    ),
    "doi:10.1016/0022-2836(81)90087-5": (
        "10.1016/0022-2836(81)90087-5",
        "(10.1016/0022-2836(81)90087-5)",
    ),
    "doi:10.1061/(asce)0733-9445(2008)134:1(1)": (
        "10.1061/(ASCE)0733-9445(2008)134:1(1)",
        "(10.1061/(ASCE)0733-9445(2008)134:1(1)).",
    ),
    "doi:10.1038/s41586-099-2649-2": (
        "https://www.nature.com/articles/s41586-099-2649-2",
        "https://www.nature.com/articles/s41586-099-2649-2.pdf",
        "nature.com/articles/s41586-099-2649-2#Sec1",
        "https://www.nature.com/articles/s41586-099-2649-2/figures/2",
    ),
    "doi:10.1057/s41599-099-2649-2": ("https://www.nature.com/articles/s41599-099-2649-2",),
    "doi:10.1101/2024.01.02.000001": (
        "https://www.biorxiv.org/content/10.1101/2024.01.02.000001v2.full",
        "https://www.biorxiv.org/content/10.1101/2024.01.02.000001v2.full.pdf",
        "https://www.biorxiv.org/content/10.1101/2024.01.02.000001v1.full.pdf+html",
        "https://www.biorxiv.org/content/10.1101/2024.01.02.000001v12",
        "https://www.biorxiv.org/content/10.1101/2024.01.02.000001",
        "https://www.biorxiv.org/content/10.1101/2024.01.02.000001.abstract",
        "https://www.medrxiv.org/content/10.1101/2024.01.02.000001v1.supplementary-material?versioned=true",
        "https://www.biorxiv.org/content/10.1101/2024.01.02.000001v2.article-info",
        "https://www.biorxiv.org/content/biorxiv/early/2024/01/02/2024.01.02.000001.full.pdf",
        "10.1101/2024.01.02.000001v2",
        "https://doi.org/10.1101/2024.01.02.000001v2",
    ),
    "2401.00001": (
        "https://web.archive.org/web/2024/https://arxiv.org/abs/2401.00001v2",
        "https://comments.test/arxiv?url=https%3A%2F%2Farxiv.org%2Fpdf%2F2401.00001.pdf",
        "https://reader.test/http://export.arxiv.org/abs/2401.00001",
        "https://arxiv-org.proxy.tide.edu/abs/2401.00001",
        "https://arxiv.org.proxy.tide.edu/pdf/2401.00001v1",
        "https://arxiv.org//abs/2401.00001",
        "2024arXiv240100001V",
        "https://ui.adsabs.harvard.edu/abs/2024arXiv240100001V/abstract",
        "https://dblp.org/rec/journals/corr/abs-2401-00001.html",
        "arXiv-2401.00001",
        "arXiv_2401.00001v2",
        "info:arxiv/2401.00001",
        "urn:arXiv:2401.00001",
        "[arXiv:2401.00001](https://arxiv.org/abs/2401.00001)",
        "https://arxiv.org/abs/2401.00001v3",
        "arxiv.org/abs/2401.00001",
        "https://arxiv.org/pdf/2401.00001.pdf",
        "https://arxiv.org/pdf/2401.00001v2.pdf",
        "https://arxiv.org/pdf/2401.00001v2.pdf#page=3",
        "https://arxiv.org/html/2401.00001v1",
        "https://arxiv.org/abs/2401.00001.",
        "https://arxiv.org/html/2401.00001v1/#S1",
        "https://ar5iv.org/abs/2401.00001",
        "https://ar5iv.labs.arxiv.org/html/2401.00001",
        "https://export.arxiv.org/abs/2401.00001",
        "https://www.alphaxiv.org/overview/2401.00001v1",
        "https://huggingface.co/papers/2401.00001",
        "huggingface.co/papers/2401.00001?x=1",
        "https://huggingface.co/api/papers/2401.00001",
        "arXiv:2401.00001V2",
        "ARXIV:2401.00001",
        "arXiv: 2401.00001 [cs.CL]",
        "arXiv:2401.00001v2 [cs.CL] 3 Jan 2024",
        "arXiv preprint arXiv:2401.00001",
        "arXiv preprint arXiv:2401.00001 [cs.CL], 2024",
        "arXiv 2401.00001",
        "CoRR abs/2401.00001",
        "oai:arXiv.org:2401.00001",
        "10.48550/arXiv.2401.00001",
        "10.48550/ARXIV.2401.00001v2",
        "https://doi.org/10.48550/arxiv.2401.00001",
        "doi:10.48550/arXiv.2401.00001.",
        "https://doi.org/10.48550%2FarXiv.2401.00001",
        "https://api.semanticscholar.org/arXiv:2401.00001",
        "https://scirate.com/arxiv/2401.00001",
        "https://www.arxiv-vanity.com/papers/2401.00001/",
        "2401.00001v2.pdf",
        "(2401.00001)",
        "２４０１．００００１",
        "http://localhost:8000/papers/2401.00001.md",
        "http://localhost:8000/papers/2401.00001/similar",
        "arXiv:\u200b2401.00001",
    ),
    "hep-th/9901001": (
        "HEP-TH/9901001",
        "http://xxx.lanl.gov/abs/hep-th/9901001",
        "arxiv.org/pdf/hep-th/9901001v2.pdf",
        "https://arxiv.org/abs/hep-th/9901001v1",
        "https://arxiv.org/abs/hep-th%2F9901001",
        "arXiv:hep-th/9901001v3",
        "10.48550/arXiv.hep-th/9901001",
        "https://ar5iv.org/html/HEP-TH/9901001",
    ),
    "math/0309136": (
        "math.GT/0309136",
        "math.gt/0309136v1",
        "https://arxiv.org/abs/math.GT/0309136",
        "MATH/0309136",
    ),
    "acl:P06-1001": (
        "acl:p06-1001",
        "ACL:P06-1001",
        "acl: P06-1001",
        "P06-1001",
        "https://aclanthology.org/P06-1001",
        "https://www.aclanthology.org/P06-1001.pdf",
        "https://aclanthology.org/P06-1001v2.pdf",
        "http://www.aclweb.org/anthology/P06-1001",
        "https://www.aclweb.org/anthology/P/P06/P06-1001.pdf",
        "aclanthology.org/p06-1001/",
    ),
    "acl:2024.acl-long.1": (
        "acl:2024.ACL-long.1",
        "2024.acl-long.1",
        "https://aclanthology.org/2024.acl-long.1/",
        "https://aclanthology.org/2024.acl-long.1.bib",
    ),
    "openreview:AbCd": (
        "https://openreview.net/forum?noteId=n&id=AbCd",
        "https://openreview.net/forum?id=AbCd&noteId=n",
        "https://openreview.net/pdf?id=AbCd",
        "https://openreview.net/attachment?id=AbCd&name=supplementary_material",
        "https://openreview.net/attachment?name=pdf&id=AbCd",
        "https://openreview.net/revisions?id=AbCd",
        "openreview.net/forum?id=AbCd",
        "https://openreview.net/forum?id=AbCd#discussion",
        "https://openreview.net/forum?noteId=n&amp;id=AbCd",
        "OpenReview:AbCd",
        "https://api2.openreview.net/notes?forum=AbCd",
        "<https://openreview.net/forum?id=AbCd>.",
    ),
}

NO_IDENTIFIERS = (
    "10.5 million",
    "doi",
    "doi:",
    "attention is all you need",
    "10.1000/",
    "10.5/x",
    "https://www.nature.com/articles/",
    "https://openreview.net/references/pdf?id=x",
    "https://example.org/abs/2408.00714",
    "DOI 10.9999/tide.1 and more",
    "see 10.9999/tide.1",
    "arxiv",
    "arXiv:",
    "cs.CL",
    "GPT-4/2023",
    "covid-19",
    "AB/1234567",
    "https://aclanthology.org/volumes/2020.acl-main/",
    "https://arxiv.org/list/cs.CL/2401",
    "https://openreview.net/group?id",
    "10.9999/a\x00b",
    "2024-05-01",
    "",
)

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
