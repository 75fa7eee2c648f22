"""XML from outside, read strictly: what is cut short, or is something else, is refused and not mended.

No document type, so no entities of its own either; nothing is ever fetched.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from broadsheet.sources.files.readings import printable

_HTML = (b"<!doctype html", b"<html")


class XmlError(ValueError):
    """The answer of a host cannot be used; the message goes on after "an answer that"."""


def parse(body: bytes) -> Any:
    """The root element, comments left out. Raises XmlError."""
    if body[:1024].lstrip().lower().startswith(_HTML):
        raise XmlError("is a web page, not XML")
    # Entities are left as they are, and libxml2 stops those in attributes that grow out of measure.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as problem:
        raise XmlError(f"is not whole XML: {printable(problem.msg or 'it is empty')}") from problem
    if root.getroottree().docinfo.internalDTD is not None:
        raise XmlError("has a document type of its own")
    return root


def text(element: Any, path: str) -> str:
    """All the text in the first element of this path, empty where there is none."""
    found = element.find(path)
    return "" if found is None else "".join(found.itertext())
