"""A saved answer of arXiv's export API, as a file; `api` reads those that come over the network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from broadsheet.papers.record import Record
from broadsheet.sources.files.format import Format
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import FileError, Reading
from broadsheet.sources.files.strict_xml import XmlError
from broadsheet.sources.live.arxiv import api

_ROOT = re.compile(rb"(?:<\?[^>]*>\s*|<!--.*?-->\s*)*<feed[\s>]", re.DOTALL)
_OF_THE_API = (b"arxiv.org/api/", b"arxiv.org/schemas/atom")


def read(source: Source) -> Iterator[Reading]:
    """Records of an answer, seen when it was saved. Raises FileError where it is none or says an error."""
    text, problem = source.text()
    if problem:
        raise problem
    try:
        page = api.read(text.encode(errors="replace"), frozenset())
    except XmlError as wrong:
        raise FileError(f"it is no answer of arXiv: it {wrong}") from wrong
    if page.is_error:
        raise FileError("it is no answer of arXiv but an error: one of the ids asked for is malformed")
    for reading in page.readings:
        yield replace(reading, observed_at=source.observed_at) if isinstance(reading, Record) else reading


def _looks_like(head: bytes) -> bool:
    return bool(_ROOT.match(head)) and any(word in head for word in _OF_THE_API)


FORMAT = Format("arxiv-api", "arXiv API answer (Atom)", _looks_like, read)
