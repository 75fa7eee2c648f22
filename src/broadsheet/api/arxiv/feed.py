"""An answer as arXiv's API writes it: Atom 1.0 (RFC 4287) with OpenSearch and elements of arXiv's own.

The form is that of https://info.arxiv.org/help/api/user-manual.html#api_response.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from urllib.parse import quote

from lxml import etree

from broadsheet.api.arxiv.answering import Answer, Entry
from broadsheet.api.arxiv.asking import Asked
from broadsheet.papers.text import for_xml

ATOM = "http://www.w3.org/2005/Atom"
ARXIV = "http://arxiv.org/schemas/atom"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
NAMESPACES = {None: ATOM, "opensearch": OPENSEARCH, "arxiv": ARXIV}
ERRORS = "https://arxiv.org/api/errors"


# When nothing was updated. arXiv names the last midnight; our answer stays the same until its papers change.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def write(asked: Asked, answer: Answer, *, address: str) -> bytes:
    """The answer as a feed, updated when its newest entry was; `address` is that of the request."""
    updated = max((entry.updated for entry in answer.entries), default=NEVER)
    feed = _feed(asked.typed, address, updated=updated)
    _counts(feed, total=answer.total, per_page=asked.max_results, start=asked.start)
    for entry in answer.entries:
        _entry(feed, entry)
    return _bytes(feed)


def write_error(message: str, *, address: str, now: datetime) -> bytes:
    """A feed whose only entry says what went wrong."""
    feed = _feed(address.partition("?")[2], address, updated=now)
    _counts(feed, total=1, per_page=1, start=0)
    entry = etree.SubElement(feed, f"{{{ATOM}}}entry")
    name = f"{ERRORS}#{quote(for_xml(message).replace(' ', '_'))}"
    _add(entry, "id", name)
    _add(entry, "title", "Error")
    _add(entry, "summary", message)
    _add(entry, "updated", _time(now))
    _link(entry, name, rel="alternate", type="text/html")
    _author(entry, "Broadsheet")
    return _bytes(feed)


def _feed(typed: str, address: str, *, updated: datetime) -> etree._Element:
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap=NAMESPACES)
    digest = hashlib.blake2b(typed.encode(), digest_size=15).digest()
    _add(feed, "id", f"{address.partition('?')[0]}/{base64.urlsafe_b64encode(digest).decode()}")
    _add(feed, "title", f"arXiv Query: {typed}")
    _add(feed, "updated", _time(updated))
    _link(feed, address, rel="self", type="application/atom+xml")
    return feed


def _counts(feed: etree._Element, *, total: int, per_page: int, start: int) -> None:
    for name, number in (("itemsPerPage", per_page), ("totalResults", total), ("startIndex", start)):
        _add(feed, name, str(number), space=OPENSEARCH)


def _entry(feed: etree._Element, one: Entry) -> None:
    entry, paper = etree.SubElement(feed, f"{{{ATOM}}}entry"), one.paper
    name = f"{_arxiv_id(one)}v{one.version}"
    _add(entry, "id", f"http://arxiv.org/abs/{name}")
    _add(entry, "title", one.title)
    _add(entry, "updated", _time(one.updated))
    _link(entry, f"https://arxiv.org/abs/{name}", rel="alternate", type="text/html")
    _link(entry, f"https://arxiv.org/pdf/{name}", rel="related", type="application/pdf", title="pdf")
    _add(entry, "summary", one.abstract)
    # Programs stop at a paper without a category or an author, and not every source names one.
    categories = [for_xml(code) for code in paper.row.categories or ("",)]
    etree.SubElement(entry, f"{{{ARXIV}}}primary_category", term=categories[0], scheme=ARXIV)
    for code in categories:
        etree.SubElement(entry, f"{{{ATOM}}}category", term=code, scheme=ARXIV)
    _add(entry, "published", _time(one.published))
    _further(entry, one)
    for name in [author.name for author in paper.row.authors] or [""]:
        _author(entry, name)


def _further(entry: etree._Element, one: Entry) -> None:
    """What only some papers have, in elements of arXiv's own."""
    paper = one.paper
    for name, text in (("comment", paper.comment), ("journal_ref", paper.journal_ref)):
        if text:
            _add(entry, name, text, space=ARXIV)
    dois = [name.value for name in paper.identifiers if name.scheme == "doi"]
    if dois:
        _add(entry, "doi", " ".join(dois), space=ARXIV)
    for doi in dois:
        _link(entry, f"https://doi.org/{quote(doi)}", rel="related", title="doi")


def _arxiv_id(one: Entry) -> str:
    return next(name.value for name in one.paper.identifiers if name.scheme == "arxiv")


def _author(parent: etree._Element, name: str) -> None:
    _add(etree.SubElement(parent, f"{{{ATOM}}}author"), "name", name)


def _add(parent: etree._Element, name: str, text: str, *, space: str = ATOM) -> None:
    etree.SubElement(parent, f"{{{space}}}{name}").text = for_xml(text)


def _link(parent: etree._Element, href: str, **attributes: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", href=for_xml(href), **attributes)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _bytes(feed: etree._Element) -> bytes:
    found: bytes = etree.tostring(feed, encoding="UTF-8", xml_declaration=True)
    return found
