"""Identifiers of papers: recognise them in any spelling, and say which one a paper is known by.

Forms as arXiv documents them (https://info.arxiv.org/help/arxiv_identifier.html); DOIs compare
without regard to case (DOI Handbook 2.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# In the order in which a paper is known by them; `local` is ours and always the last resort.
SCHEMES = ("arxiv", "acl", "doi", "openreview", "local")

_ARXIV = re.compile(
    r"(?P<id>\d{4}\.\d{4,5}|(?P<archive>[a-z-]+)(?:\.[A-Za-z-]{2,})?/(?P<number>\d{7}))(?:v(?P<version>[1-9]\d*))?"
)
_TAIL = r"(?:[?#&]\S*)?"
_ARXIV_URL = re.compile(
    r"(?:https?://)?(?:[a-z]+\.)?(?:arxiv|alphaxiv)\.org/(?:abs|pdf|html|format|e-print|overview)/"
    rf"(?P<rest>[^?#\s]+){_TAIL}",
    re.IGNORECASE,
)
# A page of Daily Papers, of ours or of somebody else's, has the identifier at its end.
_PAGE_URL = re.compile(rf"https?://[^/\s]+/papers/(?P<rest>[^?#\s]+){_TAIL}", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(?P<rest>.+)", re.IGNORECASE)
_DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_ACL = re.compile(r"(?:\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+|[A-Z]\d{2}-\d{4})")
# Bibliographies written before 2020 have the older address.
_ACL_URL = re.compile(
    rf"https?://(?:www\.)?(?:aclanthology\.org|aclweb\.org/anthology)/(?P<rest>[^/?#\s]+)/?{_TAIL}",
    re.IGNORECASE,
)
_OPENREVIEW_URL = re.compile(
    rf"https?://(?:www\.)?openreview\.net/(?:forum|pdf)\?id=(?P<rest>[\w-]+){_TAIL}", re.IGNORECASE
)


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


def arxiv_id(text: str) -> Identifier | None:
    """The arXiv identifier in `text` (bare, `arXiv:` prefixed, a URL or its DOI), version dropped."""
    text = text.strip()
    if found := _ARXIV_URL.fullmatch(text):
        text = found["rest"].removesuffix(".pdf").rstrip("/")
    elif found := _ARXIV_DOI.fullmatch(_DOI_PREFIX.sub("", text)):
        text = found["rest"]
    else:
        text = re.sub(r"^arxiv:\s*", "", text, flags=re.IGNORECASE)
    match = _ARXIV.fullmatch(text)
    if not match:
        return None
    value = f"{match['archive']}/{match['number']}" if match["archive"] else match["id"]
    return Identifier("arxiv", value)


def doi(text: str) -> Identifier | None:
    """The DOI in `text`, lower case; arXiv's own DOIs are arXiv identifiers."""
    if own := arxiv_id(text):
        return own
    bare = _DOI_PREFIX.sub("", text.strip())
    return Identifier("doi", bare.lower()) if _DOI.fullmatch(bare) else None


def parse(text: str) -> Identifier | None:
    """The identifier that `text` is, in any spelling people paste; None where it is none."""
    text = text.strip()
    if (found := _PAGE_URL.fullmatch(text)) and not found["rest"].startswith("http"):
        text = found["rest"]
    scheme, _, rest = text.partition(":")
    if scheme == "local" and re.fullmatch(r"[0-9a-f]{12}", rest):
        return Identifier("local", rest)
    if scheme == "openreview" and re.fullmatch(r"[\w-]+", rest):
        return Identifier("openreview", rest)
    if found := _OPENREVIEW_URL.fullmatch(text):
        return Identifier("openreview", found["rest"])
    if found := _ACL_URL.fullmatch(text):
        text, scheme = found["rest"].removesuffix(".pdf").rstrip("/"), ""
    bare = rest if scheme.lower() == "acl" else text
    if _ACL.fullmatch(bare):
        return Identifier("acl", bare)
    return arxiv_id(text) or doi(text)


def best(identifiers: Iterable[Identifier]) -> Identifier:
    """The identifier a paper is known by: the first scheme in SCHEMES, then the smallest value."""
    return min(identifiers, key=lambda one: (SCHEMES.index(one.scheme), one.value))
