"""Names of authors in one string, and that a harvest and a snapshot say the same of a paper."""

from __future__ import annotations

import gzip
from datetime import date
from itertools import islice

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.sources.inputs import SEEN, arxiv_line
from tests.sources.live.oai_formats import Paper, arxiv, arxiv_raw, from_snapshot, paper

from broadsheet.papers.record import AuthorName, Record, RecordError
from broadsheet.sources.live.arxiv import metadata, snapshot
from broadsheet.sources.live.arxiv.metadata import split_authors
from broadsheet.sources.live.arxiv.records import Told, author_name, author_names

SAMPLE = 5000


def harvested(one: Paper) -> Record:
    names = metadata.authors(etree.fromstring(arxiv(one)))
    return metadata.record(etree.fromstring(arxiv_raw(one)), Told(authors=names, observed_at=SEEN))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("Ines Vale", ["Ines Vale"]),
        ("Ines Vale and Tomas Birk", ["Ines Vale", "Tomas Birk"]),
        ("Ines Vale, Tomas Birk, and Ana Roth", ["Ines Vale", "Tomas Birk", "Ana Roth"]),
        ("Ines Vale & Tomas Birk;Ana Roth", ["Ines Vale", "Tomas Birk", "Ana Roth"]),
        ("Ferdinand Anders", ["Ferdinand Anders"]),
        ("I. Vale (1 and 2), T. Birk (2) ((1) Rome, (2) Oslo (Norway))", ["I. Vale", "T. Birk"]),
        ("Ines Vale (Rome, Tomas", ["Ines Vale"]),
        ("Ines Vale) and Tomas Birk", ["Ines Vale", "Tomas Birk"]),
        ("I. Vale, for the ATLAS Collaboration", ["I. Vale", "the ATLAS Collaboration"]),
        ("I. Vale on behalf of the CMS collaboration", ["I. Vale", "the CMS collaboration"]),
        ("ATLAS Collaboration: G. Vale", ["ATLAS Collaboration", "G. Vale"]),
        ("The Tidal Collaboration, B. Vale, et al", ["The Tidal Collaboration", "B. Vale"]),
        ("I. Vale et al.", ["I. Vale"]),
        ("I. Vale & al.", ["I. Vale"]),
        (r"I. Vale {\it et al.}", ["I. Vale"]),
        (r"I. Vale \emph{et al.}", ["I. Vale"]),
        ("I. Vale, B. Fisk, and collaborators", ["I. Vale", "B. Fisk"]),
        ("I. Vale, T. Birk, and others", ["I. Vale", "T. Birk"]),
        ("I. Vale and 12 others", ["I. Vale"]),
        ("I. Vale, u.a.", ["I. Vale"]),
        ("NORTHLAB, :, Ines Vale", ["NORTHLAB", "Ines Vale"]),
        ("TideLab: Ines Vale", ["TideLab", "Ines Vale"]),
        ("The Tide and Wave Collaborations: I. Vale", ["The Tide and Wave Collaborations", "I. Vale"]),
        ("I. Vale, Tide and Wave Collaborations", ["I. Vale", "Tide and Wave Collaborations"]),
        ("The Tide, Wave, and Foam Teams: I. Vale", ["The Tide, Wave, and Foam Teams", "I. Vale"]),
        (
            "I. Vale and the Belle Tide, Ebb and Wave Groups",
            ["I. Vale", "the Belle Tide, Ebb and Wave Groups"],
        ),
        ("Tide and Wave Collaboration: I. Vale", ["Tide and Wave Collaboration", "I. Vale"]),
        ("The Tide Team and the Wave Team: I. Vale", ["The Tide Team", "the Wave Team", "I. Vale"]),
        ("I. Vale and the Tide Team: T. Birk", ["I. Vale", "the Tide Team", "T. Birk"]),
        ("I. Vale on behalf of Tide and Wave Collaborations", ["I. Vale", "Tide and Wave Collaborations"]),
        ("I. Vale for the Tide and Wave Teams", ["I. Vale", "the Tide and Wave Teams"]),
        ("I. Vale et al. (Tide Collaboration)", ["I. Vale", "Tide Collaboration"]),
        ("I. Vale (for the Tide Team), T. Birk (Rome)", ["I. Vale", "the Tide Team", "T. Birk"]),
        ("I. Vale (Tide Consortium), T. Birk (Tide Consortium)", ["I. Vale", "Tide Consortium", "T. Birk"]),
        ("Institute for the Tides, Ines Vale", ["Institute for the Tides", "Ines Vale"]),
        ("Ines Vale, with an appendix by Tomas Birk", ["Ines Vale", "Tomas Birk"]),
        ("Ines Vale with Tomas Birk", ["Ines Vale", "Tomas Birk"]),
        ("Ines Vale with an Appendix by Tomas Birk and Cy Ek", ["Ines Vale", "Tomas Birk", "Cy Ek"]),
        ("Ines Vale (with an appendix by Tomas Birk)", ["Ines Vale", "Tomas Birk"]),
        ("Ines Vale, in collaboration with Tomas Birk", ["Ines Vale", "Tomas Birk"]),
        ("Ines Vale with contributions from Tomas Birk", ["Ines Vale", "Tomas Birk"]),
        ("Ines Vale, assisted by Tomas Birk", ["Ines Vale", "Tomas Birk"]),
        ("Ines Vale and the Computing with Waves Team", ["Ines Vale", "the Computing with Waves Team"]),
        ("Ines Vale, Tomas Birk, and the rest of the team", ["Ines Vale", "Tomas Birk"]),
        ("Ines Vale, Tomas Birk [and 20 others]", ["Ines Vale", "Tomas Birk"]),
        ("Ines Vale (representing the Tide Group)", ["Ines Vale", "the Tide Group"]),
        ("Ines Vale, Centre for Tides", ["Ines Vale", "Centre for Tides"]),
        (r"Jos\'{\i} Vale \and Nguy{\~{\^e}}n Birk, \textHbar al Ek", ["Josí Vale", "Nguyễn Birk", "Ħal Ek"]),
        ("INES VALE AND TOMAS BIRK", ["INES VALE", "TOMAS BIRK"]),
        ("Henry Birk, Jr., Ana Roth III", ["Henry Birk Jr.", "Ana Roth III"]),
        (r"Kurt G\"odel, Fran\c{c}ois Ma{\ss}", ["Kurt Gödel", "François Maß"]),
        (r"Jos\'{e} Nu\~nez~Vale, \O ystein S{\o}rli", ["José Nuñez Vale", "Øystein Sørli"]),
        (r"W. S{\l}omi\'nski, \v{S}. {\AA}s", ["W. Słomiński", "Š. Ås"]),
        ("Ines Vale$^{1,2}$, Tomas Birk$^{3,*}$ and Ana Roth^2", ["Ines Vale", "Tomas Birk", "Ana Roth"]),
        ("Ines Vale*, Tomas Birk†", ["Ines Vale", "Tomas Birk"]),
        ("Ines Vale ines@vale.test, Tomas Birk <tb@sea.test>", ["Ines Vale", "Tomas Birk"]),
        ("Ines Vale https://orcid.org/0000-0001-2345-6789, Tomas Birk", ["Ines Vale", "Tomas Birk"]),
        ("Ines Vale, PhD, Tomas Birk, deceased", ["Ines Vale", "Tomas Birk"]),
        ("Ines Vale1, Tomas Birk2", ["Ines Vale", "Tomas Birk"]),
        ("Ines Vale [1], Tomas Birk [2, 3]", ["Ines Vale", "Tomas Birk"]),
        ("Ines Vale, the Tide-2 Collaboration", ["Ines Vale", "the Tide-2 Collaboration"]),
        ("Ines Vale and (Rome)", ["Ines Vale"]),
        ("Vale, I., van der Birk, T. M.", ["I. Vale", "T. M. van der Birk"]),
        ("Vale, I., Birk, T. and Roth, A.-B.", ["I. Vale", "T. Birk", "A.-B. Roth"]),
        ("I. Vale, T.", ["I. Vale", "T."]),
        ("张伟、李娜，王芳", ["张伟", "李娜", "王芳"]),
        ("محمد علي، سارة أحمد", ["محمد علي", "سارة أحمد"]),
        ("Ines Vale, , *, Tomas\n  Birk", ["Ines Vale", "Tomas Birk"]),
    ],
)
def test_names_are_told_apart(text, names):
    assert [one.name for one in split_authors(text)] == names


@pytest.mark.parametrize(
    ("text", "family", "given"),
    [
        ("Ines Maria Vale", "Vale", "Ines Maria"),
        ("Ludwig van Beethoven", "van Beethoven", "Ludwig"),
        ("Joost van de Weijer", "van de Weijer", "Joost"),
        ("van Gogh", "Gogh", "van"),
        ("Van Nguyen", "Nguyen", "Van"),
        ("Henry Birk Jr.", "Birk", "Henry"),
        ("Plato", "Plato", ""),
        ("the LIGO Collaboration", "the LIGO Collaboration", ""),
        ("Tidal DeepLab", "Tidal DeepLab", ""),
    ],
)
def test_the_family_name_is_the_last_word_with_the_particles_before_it(text, family, given):
    assert split_authors(text) == (AuthorName(text, family, given),)


def test_what_is_raised_beside_a_name_that_arxiv_took_apart_is_dropped():
    assert author_name("Vale$^{1,2}$", "Ines*", "") == AuthorName("Ines Vale", "Vale", "Ines")


@given(st.lists(st.tuples(*[st.text("Av|. \t\u00a0é$", max_size=4)] * 3), max_size=3))
def test_a_list_of_names_is_read_as_each_of_them_would_be(names: list[tuple[str, str, str]]) -> None:
    each = [author_name(*parts) for parts in names]
    assert author_names(names) == [author for author in each if author.name]


@pytest.mark.thorough
def test_the_names_of_real_papers_are_split_as_arxiv_splits_them(shared):
    with gzip.open(shared / "data/arxiv-metadata-oai-snapshot.json.gz") as lines:
        some = list(islice(lines, SAMPLE))
    same = [
        [one.name for one in split_authors(orjson.loads(line)["authors"])]
        == [one.name for one in snapshot.to_record(line, observed_at=SEEN).authors]
        for line in some
    ]
    assert sum(same) >= 0.999 * SAMPLE


def test_a_harvest_and_a_snapshot_make_the_same_record_of_a_real_paper(shared):
    with gzip.open(shared / "data/arxiv-metadata-oai-snapshot.json.gz") as lines:
        for line in islice(lines, 1000):
            one = from_snapshot(line, changed=date(2026, 11, 20))
            assert harvested(one) == snapshot.to_record(line, observed_at=SEEN)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"comments": "This paper has been withdrawn by the author", "journal-ref": "J. Tides\n 7"},
        {"doi": "10.1103/A 10.1007/b", "title": "On $x < y$ & <EOS>", "categories": "math.MP cs.SY"},
        {"authors_parsed": [["ATLAS Collaboration", "", ""], ["de Souza", "Ana", "Jr"]], "license": None},
        {"abstract": "  Withdrawn.\n  It had two paragraphs.\n"},
        {
            "versions": [
                {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
                {"version": "v2", "created": "Fri, 6 Nov 2026 00:00:01 GMT"},
            ]
        },
    ],
)
def test_a_harvest_and_a_snapshot_make_the_same_record(fields):
    line = arxiv_line(**fields)
    one = from_snapshot(line, changed=date(2026, 11, 20))
    assert harvested(one) == snapshot.to_record(line, observed_at=SEEN)
    assert harvested(one).digest() == snapshot.to_record(line, observed_at=SEEN).digest()


def test_markup_within_a_text_is_passed_over_and_no_letter_lost():
    element = etree.fromstring(arxiv_raw(paper(1)).replace("for Schedulers", "for <i>Sched</i>ulers"))
    record = metadata.record(element, Told(authors=(), observed_at=SEEN))
    assert record.title == "Tide Tables for Schedulers, Part 1"


@pytest.mark.parametrize("read", [metadata.authors, lambda one: metadata.record(one, None)])
@pytest.mark.parametrize("element", [None, etree.fromstring("<arXiv/>")])
def test_another_format_than_the_one_asked_for_is_refused(read, element):
    with pytest.raises(RecordError, match="metadata"):
        read(element)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Ada Vale, Prof. Bo Fisk", ["Ada Vale", "Bo Fisk"]),
        ("Ada Vale, MD, PhD, Bo Fisk, Jr.", ["Ada Vale", "Bo Fisk Jr."]),
        ("Ada Vale PhD and Bo Fisk, M.D.", ["Ada Vale", "Bo Fisk"]),
        ("Professor Ada Vale (1), Bo Fisk, MBA (2)", ["Ada Vale", "Bo Fisk"]),
        ("Ada Vale Jr., PhD, The Tide Collaboration", ["Ada Vale Jr.", "The Tide Collaboration"]),
        ("Md Rahman, A. Prof, Ada Vale", ["Md Rahman", "A. Prof", "Ada Vale"]),
    ],
)
def test_titles_and_degrees_are_nobody_and_in_no_name(text, expected):
    assert [name.name for name in split_authors(text)] == expected
