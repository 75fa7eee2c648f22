"""Identifiers of papers: recognise them in any spelling, and say which one a paper is known by.

`arxiv_ids` and `dois` read those of arXiv and DOIs, `pasted` takes away what stands around.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from broadsheet.papers import arxiv_ids
from broadsheet.papers.arxiv_ids import SITE, path_of
from broadsheet.papers.dois import doi_in, is_resolver, joined
from broadsheet.papers.pasted import clean

# In the order in which a paper is known by them; `local` is ours and always the last resort.
SCHEMES = ("arxiv", "acl", "doi", "openreview", "local")
_RANKS = {scheme: rank for rank, scheme in enumerate(SCHEMES)}
# No address of a paper that people paste is longer, and no identifier.
LONGEST = 2000
LONGEST_VALUE = 200

_FLAGS = re.IGNORECASE | re.ASCII
# What people and reference managers write before an identifier.
_LABEL = re.compile(
    r"(?:urn|info|hdl|view-source|url|uri|links?|abs|available (?:at|from)|cite as):\s*(?=\S)"
    r"|cite as\s+(?=arxiv)|(?:acl anthology|arxiv|openreview):?\s+(?=https?:)"
    r"|(?:doi|digital object identifier)(?:\s(?:link|number|no\.?))?(?:[\s:=/{\"<(\[#-]+|(?=10\.))"
    r"|doi?\s{1,3}-\s+|(?:dx\.)?doi\.org:\s*(?=10\.)"
    r"|\d{1,3}[.)\]]\s+(?=10\.|arxiv\b|doi\b|https?:|\d{4}\.\d)"
    r"|(?:bio|med)rxiv(?:\spreprint)?[\s:,.]+(?=doi\b|10\.|https?:)",
    _FLAGS,
)
# When somebody looked: `(accessed 5 May 2024)`, as lists of references have it behind an address.
_LOOKED_AT = re.compile(
    r"(?<![\s,;.(\[])\.?[\s,;(\[]+(?:(?:date|last|letzter)\s)?"
    r"(?:abgerufen|accessed|consult(?:ado|ed|é)|retrieved|viewed|visited|zugriff)\b[\w\s:,./-]{0,60}[\])]?[\s.,;]*\Z",
    re.IGNORECASE,
)
# The folder in which somebody keeps the PDF.
_FOLDER = re.compile(
    r"\A\s*[\"']?(?:file:/{1,3}|~/|[a-z]:[\\/]|\.{0,2}/)(?:[^/\\]*[/\\])*(?=[^/\\]+\.pdf\b)", _FLAGS
)
_KIND_BEHIND = re.compile(r"(?<!\s)\s*[\[(](?:doi|pii)[\])]\Z", _FLAGS)
# What PubMed's citations, arXiv's "Cite as" and its pages have behind the identifier.
_ALSO = re.compile(
    r"(?<=\S)(?:\s{1,9}(?:\[[a-z][a-z-]+(?:\.[a-z-]{2,})?\]|\([a-z-]+\.[a-z-]{2,}\))(?:\s\d{1,2}\s[a-z]{3,9}\s\d{4})?"
    r"|[.;]?\s{1,9}(?:e?collection|epub|erratum in|online ahead of print|pmc?id)\b.*"
    r"|\s{1,9}\(?or arxiv:\S+(?:\s\[[\w.-]+\])? for this version\b.*|\s{1,9}for this version"
    r"|(?<=[a-z\d])\s{1,9}\((?:19|20)\d\d\)\.?)\s*\Z",
    _FLAGS | re.DOTALL,
)
# An address that was broken where lines or copies end, or lost a sign.
_QUOTED = re.compile(r"https?%3a|(?:[\w-]+\.)+[a-z]{2,}%2f", _FLAGS)
_SCHEME = re.compile(r"\Ah?ttps?\s?:?\s?/\s?/?\s?(?=[\w-]+\.)", _FLAGS)
_BLANK_IN_ADDRESS = re.compile(r"(https?:\S*/)\s+(?=\S+\Z)", _FLAGS)

# A page of Daily Papers, of ours or of somebody else's, has the identifier at its end.
_PAGE = re.compile(
    r"(?:https?://)?[^/\s]+/(?:api/)?papers/(?P<rest>\S+?)(?:/(?:collections|community|discussion|similar)|\.(?:md|bib|ris|json))?/?",
    _FLAGS,
)

# What keeps a page has its address within its own.
_KEPT = rf"(?:https?:\S+?[/=:])??{SITE}"
_ACL_ID = r"(?P<id>\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+|[a-z]\d\d-\d{4})"
_ACL = re.compile(
    rf"(?:(?:acl(?:[\s-]?anthology)?(?:\s(?:id|no\.?))?[\s:]+)|anthology/)?{_ACL_ID}(?:v\d)?(?:\s?\(\d\d?\))?(?:\.pdf)?",
    _FLAGS,
)
# Bibliographies written before 2020 have the older addresses, and those of mirrors.
_ACL_ADDRESS = re.compile(
    rf"{_KEPT}(?:aclanthology\.(?:org|info|\w+\.uni-saarland\.de)|aclweb\.org|acl\.ldc\.upenn\.edu"
    rf"|acl-arc\.comp\.nus\.edu\.sg)/(?:[\w.-]+/)*?{_ACL_ID}(?:v\d+)?(?:[/.]\S*)?",
    _FLAGS,
)
_ACL_FILE = re.compile(
    rf"\S+/(?P<letter>[a-z])/(?P<year>(?P=letter)\d\d)/(?=(?P=year)){_ACL_ID}(?:v\d+)?(?:[/.]\S*)?", _FLAGS
)
_ACL_ELSEWHERE = re.compile(rf"\S+[/=]acl:{_ACL_ID}(?:[/&;]\S*)?", _FLAGS)

_OPENREVIEW = re.compile(r"openreview\s*:\s*(?P<id>[\w-]+)", _FLAGS)
_OPENREVIEW_ADDRESS = re.compile(
    rf"{_KEPT}openreview\.net/(?!references|profile|group)[\w/-]+\?(?:\S*?[&;])?(?:id|forum)=(?P<id>[\w-]+)(?:[&;#]\S*)?",
    _FLAGS,
)
# A name of 40 digits is that of a file, which changes with each version of the paper.
_OPENREVIEW_PATH = re.compile(
    rf"{_KEPT}openreview\.net/(?:attachment|forum|notes|pdf)/(?![0-9a-f]{{40}}\b)(?P<id>[\w-]+)(?:\.pdf)?/?(?:[?#]\S*)?",
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
        return public_id(self.scheme, self.value)


def public_id(scheme: str, value: str) -> str:
    """How the identifier of that scheme and value is written in addresses."""
    return value if scheme == "arxiv" else f"{scheme}:{value}"


def with_scheme(public_id: str) -> str:
    """The name of an address with the scheme that addresses leave out: what people's deeds are kept under."""
    found = parse(public_id)
    return f"{found.scheme}:{found.value}" if found else public_id


def parse(text: str) -> Identifier | None:
    """The identifier that `text` is, in any spelling people paste; None where it is none.

    It is read alone: an identifier in a sentence is not looked for.
    """
    if arxiv_ids.is_plain(text):
        return Identifier("arxiv", text)
    text = _alone(text) if len(text) <= LONGEST else ""
    found = _arxiv(text) or _acl(text) or _openreview(text) or _local(text) or _page(text) or _doi(text)
    return found if found and len(found.value) <= LONGEST_VALUE else None


def _alone(text: str) -> str:
    """The text without labels and what else stands around an identifier, and its address mended."""
    text = _KIND_BEHIND.sub("", clean(_ALSO.sub("", _LOOKED_AT.sub("", _FOLDER.sub("", text)))))
    while label := _LABEL.match(text):
        text = clean(text[label.end() :])
    if _QUOTED.match(text):
        text = unquote(text)
    return _BLANK_IN_ADDRESS.sub(r"\1", _SCHEME.sub("https://", joined(text)))


_VERSION_BEHIND = re.compile(r"\s?v(?P<version>[1-9]\d{0,5})(?!\d)", _FLAGS)


def arxiv_id(text: str) -> Identifier | None:
    """The arXiv identifier that `text` is, version dropped; None for any other identifier too."""
    found = parse(text)
    return found if found and found.scheme == "arxiv" else None


def version_in(text: str, identifier: Identifier) -> int | None:
    """The version that a text names beside its identifier, as in `2401.00001v2`; None where it names none."""
    number = (identifier.value.rpartition("/")[2] or identifier.value).lower()
    # A pattern with the number in it would be compiled for each paper.
    for behind in unquote(text).lower().split(number)[1:]:
        if found := _VERSION_BEHIND.match(behind):
            return int(found["version"])
    return None


def doi(text: str) -> Identifier | None:
    """The DOI that `text` is; arXiv's own DOIs are arXiv identifiers."""
    found = parse(text)
    return found if found and found.scheme in ("arxiv", "doi") else None


def best(identifiers: Iterable[Identifier]) -> Identifier:
    """The identifier a paper is known by: the first scheme in SCHEMES, then the smallest value."""
    return min(identifiers, key=_rank)


def _rank(one: Identifier) -> tuple[int, str]:
    return _RANKS[one.scheme], one.value


def is_its_address(url: str) -> bool:
    """True if the address says no more than its identifier: that of a registry, or of a page of papers.

    A publisher's address of a paper says more: where its text is.
    """
    path = path_of(url)
    return parse(url) is not None and bool(
        is_resolver(url)
        or arxiv_ids.is_address(url)
        or _ACL_ADDRESS.fullmatch(path)
        or _ACL_FILE.fullmatch(path)
        or _OPENREVIEW_ADDRESS.fullmatch(url)
        or _OPENREVIEW_PATH.fullmatch(url)
        or (_PAGE.fullmatch(path) and not path.lower().endswith(".pdf"))
    )


def _arxiv(text: str) -> Identifier | None:
    value = arxiv_ids.value_in(text)
    return Identifier("arxiv", value) if value else None


def _acl(text: str) -> Identifier | None:
    path = path_of(text)
    found = _ACL.fullmatch(text) or next(
        filter(None, (form.fullmatch(path) for form in (_ACL_ADDRESS, _ACL_FILE, _ACL_ELSEWHERE))), None
    )
    if found is None:
        return None
    return Identifier("acl", found["id"].lower() if "." in found["id"] else found["id"].upper())


def _openreview(text: str) -> Identifier | None:
    found = (
        _OPENREVIEW.fullmatch(text)
        or _OPENREVIEW_ADDRESS.fullmatch(text)
        or _OPENREVIEW_ADDRESS.fullmatch(unquote(text))
        or _OPENREVIEW_PATH.fullmatch(text)
    )
    return Identifier("openreview", found["id"]) if found else None


def _local(text: str) -> Identifier | None:
    found = _LOCAL.fullmatch(text)
    return Identifier("local", found["id"].lower()) if found else None


def _page(text: str) -> Identifier | None:
    found = _PAGE.fullmatch(path_of(text))
    return parse(found["rest"]) if found else None


def _doi(text: str) -> Identifier | None:
    value = doi_in(text)
    return (_arxiv(value) or Identifier("doi", value)) if value else None
