"""Made-up files as the ACL Anthology and reference managers write them."""

from __future__ import annotations

ACL = r"""<?xml version='1.0' encoding='UTF-8'?>
<collection id="2024.tide">
  <volume id="long" ingest-date="2024-06-15" type="proceedings">
    <meta>
      <booktitle>Proceedings of the First Workshop on <fixed-case>T</fixed-case>ides</booktitle>
      <editor><first>Eve</first><last>Ditor</last></editor>
      <month>June 5-7</month>
      <year>2024</year>
    </meta>
    <frontmatter><url hash="0badcafe">2024.tide-long.0</url></frontmatter>
    <paper id="1">
      <title><fixed-case>T</fixed-case>ide Tables in <tex-math>O(n^2)</tex-math></title>
      <author orcid="0000-0001-2345-6789"><first>Ines</first><last>Vale</last><affiliation>North</affiliation></author>
      <pages>4–9</pages>
      <abstract>We forecast the <i>load</i> for $5.<par/>See <url>https://example.org/tide</url>.</abstract>
      <url hash="0badcafe">2024.tide-long.1</url>
      <doi>10.18653/v1/2024.tide-long.1</doi>
      <video href="2024.tide-long.1.mp4"/>
      <revision id="2" href="2024.tide-long.1v2" date="2024-07-01">Typos.</revision>
      <retracted date="2024-08-01">The tide turned.</retracted>
    </paper>
    <paper id="2"><title>Walking on Sand</title><removed date="2024-08-01">Washed away.</removed></paper>
  </volume>
</collection>
"""
BIBTEX = r"""% exported for nobody
@comment{jabref-meta: databaseType:bibtex;}
@preamble{"\newcommand{\tide}{T}"}
@string{tide = "Proceedings of " # {TIDE}}

@inproceedings{vale2024,
  title = {{TIDE}: Forecasts in $O(n^2)$ for {M}{\"o}rk{\o}},
  author = "Vale, Ines and von M{\"u}ller, Jr, J{\"o}rg and {North Lab and Friends} and others",
  booktitle = tide # " 2024", volume = 12, number = {3}, pages = {4--9},
  year = 2024, month = jun # "~5",
  abstract = {We forecast
     the load. It works.

     Twice.},
  doi = {10.18653/v1/2024.tide-long.1},
  url = {https://aclanthology.org/2024.tide-long.1},
  keywords = {tides; load, forecast}
}
@misc{sand,
  title = "Walking on {Sand}", author = {Tomas Birk}, eprint = {2611.04242},
  archivePrefix = {arXiv}, primaryClass = {cs.RO}, year = {2026},
}
"""
RIS = """TY  - JOUR
TI  - Tide Tables for Schedulers
AU  - Vale, Ines
AU  - Birk, Tomas, Jr.
AU  - North Lab
T2  - Tidal Letters
VL  - 12
IS  - 3
SP  - 4
EP  - 9
PY  - 2024
DA  - 2024/06/05/
DO  - 10.1234/Tides.1
UR  - https://example.org/tides;1
L1  - https://example.org/tides.pdf
KW  - tides
KW  - load
AB  - We forecast the load
of shared clusters.
ZZ  - nobody knows
ER  -

TY  - UNPB
T1  - Walking on Sand
A1  - Koren, Mira
Y1  - 2026///
M1  - 2611.04242
PB  - arXiv
ER  -
"""
ZOTERO = {
    "id": "http://zotero.org/users/1/items/ABCD1234",
    "type": "article-journal",
    "container-title": "Tidal Letters",
    "title": "Tide Tables in <i>O</i>(n<sup>2</sup>) for Schedulers",
    "abstract": "<jats:title>Abstract</jats:title><jats:p>We forecast the load, p < 0.05.</jats:p><jats:p>Twice.</jats:p>",
    "DOI": "10.1234/Tides.1",
    "URL": "https://example.org/tides",
    "volume": "12",
    "issue": 3,
    "page": "4-9",
    "keyword": "tides, load",
    "language": "en",
    "author": [
        {"family": "Vale", "given": "Ines"},
        {"family": "Berg", "given": "Ada", "non-dropping-particle": "van der", "suffix": "Jr."},
        {"literal": "North Lab"},
    ],
    "issued": {"date-parts": [["2024", 6, "5"]]},
    "accessed": {"date-parts": [[2026, 11, 22]]},
}
PREPRINT = {
    "id": "koren",
    "type": "article",
    "genre": "Preprint",
    "title": "Walking on Sand",
    "number": "arXiv:2611.04242",
    "archive": "arXiv",
    "archive_location": "2611.04242",
    "publisher": "arXiv",
    "DOI": "10.48550/arXiv.2611.04242",
    "URL": "http://arxiv.org/abs/2611.04242",
    "author": [{"family": "Koren", "given": "Mira"}],
    "issued": {"date-parts": [[2026, 11]]},
}
PUBMED = """
PMID- 12345678
OWN - NLM
IS  - 1234-5678 (Print)
VI  - 12
IP  - 3
DP  - 2024 Jun
TI  - Tide tables for
      schedulers.
PG  - 4-9
LID - 10.1234/Tides.1 [doi]
AB  - We forecast the load
      of shared clusters.
CI  - (c) 2024
FAU - Vale, Ines
AU  - Vale I
AD  - North Lab. vale@example.org
FAU - Birk, Tomas Jr
AU  - Birk T Jr
AU  - de la Mar X
CN  - North Lab
LA  - eng
PT  - Journal Article
DEP - 20240605
TA  - Tid Lett
JT  - Tidal letters
MH  - *Tides
OT  - tides
OT  - *load
AID - S1234-5678(24)00001-1 [pii]
AID - 10.1234/Tides.1 [doi]
SO  - Tid Lett. 2024 Jun;12(3):4-9. doi: 10.1234/Tides.1. Epub 2024 Jun 5.

PMID- 12345679
DP  - 2026 Spring
TI  - [Walking on sand].
AU  - Koren M
PT  - Retracted Publication
RIN - Tid Lett. 2027;1:2. doi: 10.1234/retraction. PMID: 1
SO  - Tid Lett. 2026. doi: 10.1234/sand.
"""
WOS = """\ufeffFN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Vale, I
   Birk, T
AF Vale, Ines
   Birk, Tomas, Jr.
CA North Lab
TI Tide Tables for
   Schedulers
SO TIDAL LETTERS
DT Article
DE tides; load
ID FORECASTS; HARMONIC
   MODELS
AB We forecast the load
   of shared clusters.
C1 [Vale, Ines] North Lab, Oslo, Norway.
CR Other A, 2001, TIDAL LETT, V1, P2, DOI 10.1234/other
J9 TID LETT
PD JUN 5
PY 2024
VL 12
IS 3
BP 4
EP 9
DI 10.1234/Tides.1
UT WOS:000123456700001
ER

PT S
AU Koren, M
TI Walking on Sand
SO SAND
DT Article; Retracted Publication
PY 2026
UT WOS:000123456700002
ER

EF
"""
CROSSREF = {
    "DOI": "10.1234/Tides.1",
    "type": "journal-article",
    "title": ["Tide Tables in <i>O</i>(n)"],
    "subtitle": ["For Schedulers"],
    "abstract": "<jats:title>Abstract</jats:title><jats:p>We forecast the load.</jats:p>",
    "author": [
        {"given": "Ines", "family": "Vale", "sequence": "first", "affiliation": [{"name": "North"}]},
        {"given": "Tomas", "family": "Birk", "suffix": "Jr.", "sequence": "additional"},
        {"name": "North Lab", "sequence": "additional"},
    ],
    "container-title": ["Tidal Letters"],
    "volume": "12",
    "issue": "3",
    "page": "4-9",
    "issued": {"date-parts": [[2024, 6]]},
    "published-online": {"date-parts": [[2024, 6, 5]]},
    "created": {"date-parts": [[2024, 5, 1]], "date-time": "2024-05-01T00:00:00Z"},
    "license": [{"URL": "https://creativecommons.org/licenses/by/4.0/"}],
    "link": [{"URL": "https://example.org/tides.pdf", "content-type": "application/pdf"}],
    "reference": [{"key": "1", "DOI": "10.1234/other"}],
    "relation": {"has-preprint": [{"id-type": "doi", "id": "10.48550/arXiv.2411.00001"}]},
    "subject": ["Tides"],
    "is-referenced-by-count": 12,
    "indexed": {"date-parts": [[2026, 1, 1]]},
}
DATACITE = {
    "id": "10.1234/tides.1",
    "type": "dois",
    "attributes": {
        "doi": "10.1234/tides.1",
        "creators": [
            {"name": "Vale, Ines", "nameType": "Personal", "givenName": "Ines", "familyName": "Vale"},
            {"name": "Birk, Tomas"},
            {"name": "North, Lab and Friends", "nameType": "Organizational"},
        ],
        "titles": [
            {"title": "Gezeitentafeln", "titleType": "TranslatedTitle"},
            {"title": "Tide Tables"},
            {"title": "For Schedulers", "titleType": "Subtitle"},
        ],
        "publisher": "North",
        "publicationYear": 2024,
        "dates": [{"date": "2024-06-05", "dateType": "Issued"}, {"date": "2026", "dateType": "Updated"}],
        "subjects": [{"subject": "tides"}],
        "descriptions": [{"description": "We forecast the load.", "descriptionType": "Abstract"}],
        "container": {
            "title": "Tidal Letters",
            "volume": "12",
            "issue": "3",
            "firstPage": "4",
            "lastPage": "9",
        },
        "rightsList": [{"rightsUri": "https://creativecommons.org/licenses/by/4.0/"}],
        "types": {"resourceTypeGeneral": "JournalArticle"},
    },
}
ARXIV_ANSWER = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <link href="http://arxiv.org/api/query?id_list=2611.04242" rel="self" type="application/atom+xml"/>
  <title type="html">ArXiv Query: id_list=2611.04242</title>
  <opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">1</opensearch:totalResults>
  <entry>
    <id>http://arxiv.org/abs/2611.04242v2</id>
    <updated>2026-11-07T08:00:00Z</updated>
    <published>2026-11-05T17:42:10Z</published>
    <title>Walking on Sand</title>
    <summary>  We walk.
</summary>
    <author><name>Mira Koren</name></author>
    <arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.1234/sand</arxiv:doi>
    <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="cs.RO"/>
    <category term="cs.RO" scheme="http://arxiv.org/schemas/atom"/>
  </entry>
</feed>
"""
