"""DOIs: take one out of what people paste, be it the publisher's address, and spell it the one way.

DOIs compare without regard to case (DOI Handbook 2.4). Those of the nineties contain a SICI (ANSI/NISO
Z39.56), with brackets, semicolons and a check character that may be `#` or `?`.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from broadsheet.papers.pasted import clean, trim

_START = r"10\.\d{4,9}(?:\.\d+)*/"
_DOI = re.compile(rf"{_START}[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+", re.ASCII)
_SICI = re.compile(rf"{_START}\S{{0,400}}?\d\.\d\.[a-z]{{2}};\d(?:-[0-9a-z?#])?", re.IGNORECASE | re.ASCII)
_PREFIX = re.compile(r"(?<![\w.])(10\.\s?\d{4,9}(?:\.\d+)*)(?:\s+/\s*|/\s+)(?=\S)", re.ASCII)
_NEXT = re.compile(r"[\s,;|]+(?=https?://|doi\s*[:=]|10\.\d{4,9}/)", re.IGNORECASE)
_ANYWHERE = re.compile(rf"(?P<doi>{_START}\S+)", re.ASCII)
_LEADING = re.compile(rf"\W{{0,3}}(?:doi\b[\s:=]{{0,5}})?{_ANYWHERE.pattern}", re.IGNORECASE | re.ASCII)
_BARE = re.compile(r"10\.\d{4,9}(?:\.\d+)*(?:/|%2f)\S", re.IGNORECASE | re.ASCII)
_ADDRESS = re.compile(
    r"(?:https?:/*\S|//\S|(?P<host>(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?/))", re.IGNORECASE | re.ASCII
)
_RESOLVER = re.compile(r"(?:https?:)?/*(?:[a-z]+\.)?doi\.org(?::\d+)?/", re.IGNORECASE | re.ASCII)
_IN_PATH = re.compile(rf"(?<=[/=:]){_START}\S+", re.ASCII)
_IN_QUERY = re.compile(
    r"(?:^|[?&;])(?:(?:doi|doid|id|q|query|rft_id|url|qurl)=|\w+=https?:/*(?:[a-z]+\.)?doi\.org/)[^&\s]*?"
    rf"(?P<doi>(?<=[/=:]){_START}[^&\s]+)",
    re.IGNORECASE | re.ASCII,
)
# A bare DOI may contain `?` and `#`; what follows them here is what browsers put behind an address.
_QUERY = re.compile(r"[?&][\w.~-]+=\S*|#[a-z][\w-]\S*|[?#]+$", re.IGNORECASE | re.ASCII)
_SESSION = re.compile(r";jsessionid=\S*", re.IGNORECASE)
# What publishers append to the DOI for the parts and forms of a paper.
_FORM = re.compile(
    r"(?:/suppl_file/\S*|[/.](?:abs|abstract|article-info|article-metrics|citations?|cited-by|comments|download|"
    r"e?pdf|epub|figures(?:-only)?|full|full-?text|html|info|meta|metrics|pdf\+html|pdfdirect|peer-review|read|"
    r"reader|references|standard|summary|suppl|supplementary-material|svg|tables|type/\w+|tab-[\w-]+|txt|xml)(?:/\d+)?)+/?$",
    re.IGNORECASE | re.ASCII,
)
# Oxford, MIT and others append a number of their own and the title.
_SILVERCHAIR = re.compile(rf"/[\w-]*article[\w-]*/doi/(?P<doi>{_START}\S+?)/\d{{4,}}(?:/\S*)?$", re.ASCII)
_RXIV_DAY = r"20[1-4]\d\.(?:0[1-9]|1[0-2])\.(?:0[1-9]|[12]\d|3[01])\."
_RXIV_ID = rf"(?:{_RXIV_DAY})?\d{{6,8}}"
_RXIV = re.compile(
    rf"(?P<doi>10\.(?:1101|64898)/(?:{_RXIV_DAY}\d{{6,8}}(?=\D)|\d{{6,8}}(?=v\d)))\S*",
    re.IGNORECASE | re.ASCII,
)
# Without a day it needs its archive's name.
_RXIV_NAMED = re.compile(
    rf"(?:(?P<archive>(?:bio|med)rxiv)(?:\.org)?(?:\spreprint)?[\s:;,./#(\[-]+)?"
    rf"(?P<id>{_RXIV_DAY}\d{{6,8}}|(?(archive)\d{{6}}|(?!)))(?:v\d+)?(?:\.full\S*)?[)\]]?",
    re.IGNORECASE | re.ASCII,
)
_RXIV_ADDRESS = re.compile(
    rf"(?:https?:)?/*(?:[a-z]+\.)?(?:bio|med)rxiv\.org/(?:[\w-]+/)*(?P<id>{_RXIV_ID})(?:v\d+)?(?:[./]\S*)?",
    re.IGNORECASE | re.ASCII,
)
# Publishers whose DOI is made of the number in the address.
_HOST = r"(?:https?:)?/*(?:www\.)?"
_NUMBERED = (
    (r"elifesciences\.org/(?:articles|reviewed-preprints)/(?P<id>\d{4,6})(?:v\d+)?", "10.7554/elife.{}"),
    (
        r"(?:papers\.)?ssrn\.com/(?:sol3/\w+\.cfm\?(?:\S*&)?abstract_?id=|abstract=)(?P<id>\d+)",
        "10.2139/ssrn.{}",
    ),
    (r"researchsquare\.com/article/(?P<id>rs-\d+/v\d+)", "10.21203/rs.3.{}"),
    (r"zenodo\.org/(?:api/)?records?/(?P<id>\d{3,12})", "10.5281/zenodo.{}"),
    (r"figshare\.com/articles/(?:[^/?#]+/){0,2}(?P<id>\d{5,9})", "10.6084/m9.figshare.{}"),
    (r"techrxiv\.org/articles/(?:[^/?#]+/){0,2}(?P<id>\d{5,9})", "10.36227/techrxiv.{}"),
    (r"peerj\.com/articles/(?P<id>\d{1,6})", "10.7717/peerj.{}"),
    (r"peerj\.com/articles/(?P<kind>ac|cs|ichem|matsci|ochem|pchem)-(?P<id>\d{1,6})", "10.7717/peerj-{}.{}"),
    (r"peerj\.com/preprints/(?P<id>\d{1,6})(?:v\d+)?", "10.7287/peerj.preprints.{}"),
    (r"preprints\.org/manuscript/(?P<id>\d{6}\.\d{4})/(?P<version>v\d+)", "10.20944/preprints{}.{}"),
    (r"scipost\.org/(?P<id>SciPost\w+\.\d+\.\d+\.\d+)", "10.21468/{}"),
    (r"quantum-journal\.org/papers/(?P<id>q-\d{4}-\d\d-\d\d-\d+)", "10.22331/{}"),
    (r"dl\.acm\.org/citation\.cfm\?(?:\S*?&)?doid=(?P<id>\d+\.\d+)", "10.1145/{}"),
    *(
        (
            rf"(?:osf\.io/preprints/{archive}|{archive}\.(?:com|org))/(?P<id>[a-z0-9]{{5}})(?:_v\d+)?",
            f"10.{prefix}/osf.io/{{}}",
        )
        for archive, prefix in (
            ("osf", 31219),
            ("psyarxiv", 31234),
            ("socarxiv", 31235),
            ("metaarxiv", 31222),
            ("edarxiv", 35542),
        )
    ),
)
_NUMBERED_ADDRESSES = tuple(
    (re.compile(rf"{_HOST}{address}(?![\w])\S*", re.IGNORECASE | re.ASCII), doi) for address, doi in _NUMBERED
)
_NATURE = re.compile(
    r"(?:https?:)?/*(?:www\.)?nature\.com/articles/(?!palcomms)(?P<id>(?=[a-z._-]*\d)[\w.-]+?)"
    r"(?:_reference)?(?:\.pdf|/\S*)?",
    re.IGNORECASE | re.ASCII,
)


def doi_in(text: str) -> str:
    """The DOI that a clean text is, or that the address which it is contains; empty where there is none."""
    if _BARE.match(text):
        return normal(text)
    if preprint := _RXIV_NAMED.fullmatch(text):
        return f"10.1101/{preprint['id']}"
    return normal(_in_address(text)) if _ADDRESS.match(text) else ""


def joined(text: str) -> str:
    """The text without blanks around the slash of a DOI: `10.1000 / x`."""
    return _PREFIX.sub(lambda prefix: f"{''.join(prefix[1].split())}/", text, count=1)


def normal(doi: str) -> str:
    """The DOI in its one spelling, without what follows it in an address; empty if it is none."""
    while (again := _simpler(doi)) != doi:
        doi = again
    return doi if _DOI.fullmatch(doi) and not _NEXT.search(doi) else ""


def first_in(text: str) -> str:
    """The first DOI of a text that may have several, or remarks beside it; empty where there is none."""
    return _cut(_ANYWHERE.search(text))


def only_in(text: str) -> str:
    """The DOI of a text that has no other; empty where there is none, or are several."""
    found = {_cut(one).lower(): _cut(one) for one in _ANYWHERE.finditer(text)}
    return next(iter(found.values())) if len(found) == 1 else ""


def leading(text: str) -> str:
    """The DOI that a text begins with, behind no more than the word; empty where it begins otherwise."""
    return _cut(_LEADING.match(text))


def _cut(found: re.Match[str] | None) -> str:
    """The first DOI of what was found, without what is around it."""
    return trim(_NEXT.split(found["doi"], maxsplit=1)[0]) if found else ""


def is_resolver(address: str) -> bool:
    """True for an address at doi.org."""
    return bool(_RESOLVER.match(address))


def _simpler(doi: str) -> str:
    doi = clean(unquote(doi))
    if sici := _SICI.match(doi):
        return sici[0].lower()
    doi = clean(_QUERY.sub("", doi)).rstrip("/")
    preprint = _RXIV.fullmatch(doi)
    return (preprint["doi"] if preprint else doi).lower()


def _in_address(address: str) -> str:
    if sici := _SICI.search(unquote(address)):
        return sici[0]
    path, query = re.match(r"([^?#]*)(.*)", address, re.DOTALL).groups()  # type: ignore[union-attr]
    path = _SESSION.sub("", unquote(path))
    if found := _IN_PATH.search(path):
        return found[0] if is_resolver(address) else _without_form(path, found[0])
    if found := _IN_QUERY.search(unquote(query)):
        return found["doi"]
    return _by_publisher(path) or _by_number(address)


def _without_form(path: str, doi: str) -> str:
    numbered = _SILVERCHAIR.search(path)
    return _FORM.sub("", numbered["doi"] if numbered else doi)


def _by_publisher(path: str) -> str:
    """The DOI that the publisher's address stands for without containing it."""
    if preprint := _RXIV_ADDRESS.fullmatch(path):
        return f"10.1101/{preprint['id']}"
    if article := _NATURE.fullmatch(path):
        # The journal of the humanities came from Palgrave with its prefix.
        return f"{'10.1057' if article['id'].startswith('s41599-') else '10.1038'}/{article['id']}"
    return ""


def _by_number(address: str) -> str:
    """The DOI that is made of the number in the address."""
    found = ((pattern.fullmatch(address), doi) for pattern, doi in _NUMBERED_ADDRESSES)
    return next((doi.format(*match.groups()).lower() for match, doi in found if match), "")
