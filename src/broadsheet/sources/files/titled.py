"""What a link says of a paper: its title, if it is one, and where it leads."""

from __future__ import annotations

import re
from datetime import datetime

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import Record
from broadsheet.sources.files.fields import squeeze
from broadsheet.sources.files.mine import SOURCE
from broadsheet.sources.files.readings import Refusal, record_or_refusal
from broadsheet.sources.files.references import Reference, to_record

# What sites put before and behind the title of a paper in that of a page.
_BEFORE = re.compile(r"\A(?:\[[^\[\]]{1,40}\]|Paper page\s*[-–—])\s*", re.IGNORECASE)
_BEHIND = re.compile(
    r"\s*[-–—|·]\s*(?:arxiv|openreview|acl anthology|hugging face|[\w.-]+\.(?:org|com|net))\Z",
    re.IGNORECASE,
)
_IS_ADDRESS = re.compile(r"(?:https?://|www\.|10\.\d{4})\S*|[\w.:/-]*\d[\w.:/-]*", re.IGNORECASE)
# A title of a single word is more often the name of a site.
_FEWEST_WORDS = 2


def titled(text: str, identifier: Identifier, address: str, *, observed_at: datetime) -> Record | None:
    """What a link says of a paper by its text; nothing where that is no title."""
    title = _BEHIND.sub("", _BEFORE.sub("", " ".join(text.replace("\0", "").split())))
    if len(title.split()) < _FEWEST_WORDS or _IS_ADDRESS.fullmatch(title):
        return None
    read = record_or_refusal("", _to_record, title, identifier, address, observed_at)
    return None if isinstance(read, Refusal) else read


def _to_record(title: str, identifier: Identifier, address: str, observed_at: datetime) -> Record:
    reference = Reference(title=squeeze(title), names=(identifier.public_id,), urls=(address,))
    return to_record(reference, source=SOURCE, observed_at=observed_at)
