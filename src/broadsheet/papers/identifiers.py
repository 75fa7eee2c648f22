"""Identifiers of papers: recognise them in any spelling, and say which one a paper is known by.

Forms as arXiv documents them (https://info.arxiv.org/help/arxiv_identifier.html); `dois` reads DOIs, `pasted`
takes away what stands around.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from broadsheet.papers.dois import doi_in, is_resolver
from broadsheet.papers.pasted import clean

# In the order in which a paper is known by them; `local` is ours and always the last resort.
SCHEMES = ("arxiv", "acl", "doi", "openreview", "local")
# No address of a paper that people paste is longer, and no identifier.
LONGEST = 2000
LONGEST_VALUE = 200

_FLAGS = re.IGNORECASE | re.ASCII
_SITE = r"(?:https?:)?(?://)?(?:[\w-]+\.)*"
_DOI_LABEL = re.compile(r"(?:(?:urn|info):)?doi(?:[\s:=/{\"<(\[]+|(?=10\.))", _FLAGS)

# The archives of the identifiers before April 2007: these are known in any case.
_ARCHIVES = re.compile(
    r"acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs"
    r"|dg-ga|funct-an|gr-qc|hep-(?:ex|lat|ph|th)|math|math-ph|mtrl-th|nlin|nucl-(?:ex|th)|patt-sol|physics"
    r"|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con"
)
_PLAIN_ARXIV = re.compile(r"\d{4}\.\d{4,5}", re.ASCII)
_ARXIV_ID = (
    r"(?P<id>\d{4}\.\d{4,5}|(?P<archive>[a-z-]+)(?:\.[a-z-]{2,})?/(?P<number>\d{7}))(?:v[1-9]\d*)?(?:\.pdf)?"
)
# `arXiv preprint arXiv:2401.00001 [cs.CL], 2024`, `abs/2401.00001`, `oai:arXiv.org:2401.00001`, as reference
# managers, Google Scholar, DBLP, OAI and the margin of the paper itself have them.
_ARXIV = re.compile(
    r"(?:(?:arxiv(?:\.org)?|corr|oai|info|urn|e-?prints?|preprint|10\.48550/arxiv|abs/)[\s:.,={/#_-]*)*"
    rf"{_ARXIV_ID}(?:\s{{0,9}}\[[\w.,;\s-]{{1,99}}\])?(?:[,.;\s]{{1,9}}\(?(?:\d\d?\s[a-z]{{3,9}}\s)?\d{{4}}\)?)?",
    _FLAGS,
)
_ARXIV_ADDRESS = re.compile(
    rf"{_SITE}(?:(?:arxiv|alphaxiv|ar5iv)[.-]org(?:\.[\w-]+)*|(?:xxx|arxiv)\.lanl\.gov|xxx\.itp\.ac\.cn)(?::\d+)?/"
    rf"/*(?:[\w-]+/)*?(?:arxiv:)?{_ARXIV_ID}(?:[/.&;]\S*)?",
    _FLAGS,
)
# What keeps or shows a page of arXiv has its address within its own.
_ARXIV_WITHIN = re.compile(
    rf"https?:\S+?[/=](?:https?:/+)?(?:[\w-]+\.)*arxiv\.org/(?:[\w-]+/)*?(?:arxiv:)?{_ARXIV_ID}(?:[/&;#?]\S*)?",
    _FLAGS,
)
# `2024arXiv240100001V` in ADS, `journals/corr/abs-2401-00001` in DBLP.
_ARXIV_CLOSED_UP = re.compile(
    r"(?:\S*/)?(?:\d{4}arxiv|corr/abs-)(?P<month>\d{4})[.-]?(?P<number>\d{4,5})[a-z]?(?:[./]\S*)?", _FLAGS
)
_ARXIV_ELSEWHERE = re.compile(rf"\S+?[/=]arxiv[:/]{_ARXIV_ID}(?:[/&;]\S*)?", _FLAGS)

# A page of Daily Papers, of ours or of somebody else's, has the identifier at its end.
_PAGE = re.compile(
    r"(?:https?://)?[^/\s]+/(?:api/)?papers/(?P<rest>\S+?)(?:/(?:similar|discussion)|\.(?:md|bib|ris|json))?/?",
    _FLAGS,
)

_ACL_ID = r"(?P<id>\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+|[a-z]\d\d-\d{4})"
_ACL = re.compile(rf"(?:acl(?:[\s-]?anthology)?[\s:]+)?{_ACL_ID}", _FLAGS)
# Bibliographies written before 2020 have the older addresses.
_ACL_ADDRESS = re.compile(
    rf"{_SITE}(?:aclanthology\.(?:org|info)|aclweb\.org)/(?:[\w.-]+/)*?{_ACL_ID}(?:v\d+)?(?:[/.]\S*)?", _FLAGS
)

_OPENREVIEW = re.compile(r"openreview\s*:\s*(?P<id>[\w-]+)", _FLAGS)
_OPENREVIEW_ADDRESS = re.compile(
    rf"{_SITE}openreview\.net/(?!references)[\w/-]+\?(?:\S*?[&;])?(?:id|forum)=(?P<id>[\w-]+)(?:[&;#]\S*)?",
    _FLAGS,
)
_LOCAL = re.compile(r"local\s*:\s*(?P<id>[0-9a-f]{12})", _FLAGS)


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """One name of a paper: `scheme` is one of SCHEMES, `value` its canonical spelling."""

    scheme: str
    value: str

    def __post_init__(self) -> None:
        if self.scheme not in SCHEMES or not self.value or not isinstance(self.value, str):
            raise ValueError(f"{self.scheme!r}:{self.value!r} is no identifier of a known kind")

    @property
    def public_id(self) -> str:
        """How the identifier is written in addresses: arXiv ids bare, the others with their scheme."""
        return self.value if self.scheme == "arxiv" else f"{self.scheme}:{self.value}"


def parse(text: str) -> Identifier | None:
    """The identifier that `text` is, in any spelling people paste; None where it is none.

    It is read alone: an identifier in a sentence is not looked for.
    """
    if _PLAIN_ARXIV.fullmatch(text):
        return Identifier("arxiv", text)
    text = clean(text) if len(text) <= LONGEST else ""
    if label := _DOI_LABEL.match(text):
        text = clean(text[label.end() :])
    if text.lower().startswith(("http%3a", "https%3a")):
        text = unquote(text)
    found = _arxiv(text) or _acl(text) or _openreview(text) or _local(text) or _page(text) or _doi(text)
    return found if found and len(found.value) <= LONGEST_VALUE else None


def arxiv_id(text: str) -> Identifier | None:
    """The arXiv identifier that `text` is, version dropped; None for any other identifier too."""
    found = parse(text)
    return found if found and found.scheme == "arxiv" else None


def doi(text: str) -> Identifier | None:
    """The DOI that `text` is; arXiv's own DOIs are arXiv identifiers."""
    found = parse(text)
    return found if found and found.scheme in ("arxiv", "doi") else None


def best(identifiers: Iterable[Identifier]) -> Identifier:
    """The identifier a paper is known by: the first scheme in SCHEMES, then the smallest value."""
    return min(identifiers, key=lambda one: (SCHEMES.index(one.scheme), one.value))


def is_its_address(url: str) -> bool:
    """True if the address says no more than its identifier: that of a registry, or of a page of papers.

    A publisher's address of a paper says more: where its text is.
    """
    path = _path(url)
    return parse(url) is not None and bool(
        is_resolver(url)
        or _ARXIV_ADDRESS.fullmatch(path)
        or _ACL_ADDRESS.fullmatch(path)
        or _OPENREVIEW_ADDRESS.fullmatch(url)
        or (_PAGE.fullmatch(path) and not path.lower().endswith(".pdf"))
    )


def _path(address: str) -> str:
    """The address without query and fragment, and what is quoted in it read."""
    return unquote(re.split(r"[?#]", address, maxsplit=1)[0])


def _arxiv(text: str) -> Identifier | None:
    path = _path(text)
    if closed_up := _ARXIV_CLOSED_UP.fullmatch(path):
        return Identifier("arxiv", f"{closed_up['month']}.{closed_up['number']}")
    found = (
        _ARXIV.fullmatch(text)
        or _ARXIV_ADDRESS.fullmatch(path)
        or _ARXIV_ELSEWHERE.fullmatch(path)
        or _ARXIV_WITHIN.fullmatch(unquote(text))
    )
    if found is None:
        return None
    archive = found["archive"]
    if not archive:
        return Identifier("arxiv", found["id"])
    known = archive.islower() or _ARCHIVES.fullmatch(archive.lower())
    return Identifier("arxiv", f"{archive.lower()}/{found['number']}") if known else None


def _acl(text: str) -> Identifier | None:
    found = _ACL.fullmatch(text) or _ACL_ADDRESS.fullmatch(_path(text))
    if found is None:
        return None
    return Identifier("acl", found["id"].lower() if "." in found["id"] else found["id"].upper())


def _openreview(text: str) -> Identifier | None:
    found = _OPENREVIEW.fullmatch(text) or _OPENREVIEW_ADDRESS.fullmatch(text)
    return Identifier("openreview", found["id"]) if found else None


def _local(text: str) -> Identifier | None:
    found = _LOCAL.fullmatch(text)
    return Identifier("local", found["id"].lower()) if found else None


def _page(text: str) -> Identifier | None:
    found = _PAGE.fullmatch(_path(text))
    return parse(found["rest"]) if found else None


def _doi(text: str) -> Identifier | None:
    value = doi_in(text)
    return (_arxiv(value) or Identifier("doi", value)) if value else None
