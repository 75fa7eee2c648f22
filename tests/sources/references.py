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
