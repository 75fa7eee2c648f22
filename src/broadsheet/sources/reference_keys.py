"""The keys of references without an identifier: no paper of a file takes another one's place.

`files.references` makes a key of title, first author, year and place. What earlier releases stored under a
key that says less keeps it; and of two papers of a file that differ only in the rest, the second gets a key
of its own. The same file read again, in any order or in part, gives the same keys.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import orjson

from broadsheet.papers.likeness import family_of, title_hash
from broadsheet.papers.merging import local_key
from broadsheet.papers.models import SourceRecord
from broadsheet.papers.record import Record, record_from_json
from broadsheet.sources.files import saved_page
from broadsheet.sources.files.references import earlier_keys

_MADE_OF_TEXT = re.compile(r"[0-9a-f]{12}")

# The source and the key of a record.
_Key = tuple[str, str]
# What no key is made of: the family names, the date and the abstract, or what stands for it.
_Rest = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Keyed:
    """A record, what no key is made of, the key that is its own, and those of earlier releases."""

    record: Record
    rest: _Rest
    own: str
    earlier: tuple[str, ...]

    @classmethod
    def of(cls, record: Record) -> _Keyed:
        """The keys that a record without an identifier may have."""
        rest = _rest(record)
        own = local_key(record.title, " ".join((record.key, *rest)))
        return cls(record, rest, own, earlier_keys(record))


@dataclass(slots=True)
class FileKeys:
    """The keys of one file so far: what else the record of each says, and whose key each earlier one is."""

    said: dict[_Key, _Rest] = field(default_factory=dict)
    given: dict[_Key, str] = field(default_factory=dict)

    def settled(self, records: Sequence[Record]) -> list[Record]:
        """The next records of the file, each under its own key; one query for each source."""
        keyed = {
            place: _Keyed.of(record) for place, record in enumerate(records) if _is_keyed_by_text(record)
        }
        stored = _stored(keyed.values())
        return [
            self._settled(keyed[place], stored) if place in keyed else record
            for place, record in enumerate(records)
        ]

    def _settled(self, keyed: _Keyed, stored: Mapping[_Key, Record]) -> Record:
        key = self._key(keyed, stored)
        return keyed.record if key == keyed.record.key else replace(keyed.record, key=key)

    def _key(self, keyed: _Keyed, stored: Mapping[_Key, Record]) -> str:
        record, rest, own = keyed.record, keyed.rest, keyed.own
        if (record.source, own) in stored:
            return own
        key = self._stored_key(keyed, stored)
        return key if self.said.setdefault((record.source, key), rest) == rest else own

    def _stored_key(self, keyed: _Keyed, stored: Mapping[_Key, Record]) -> str:
        """The key under which the record is stored, else the one that it came with."""
        record = keyed.record
        if (record.source, record.key) not in stored:
            for key in keyed.earlier:
                held = stored.get((record.source, key))
                if (
                    held
                    and _is_one(record, held)
                    and self.given.setdefault((record.source, key), record.key) == record.key
                ):
                    return key
        return record.key


def _is_keyed_by_text(record: Record) -> bool:
    """True for a reference without an identifier; another catalogue's has its key from there."""
    is_reference = record.source != saved_page.SOURCE and not record.known_as
    return is_reference and not record.identifiers and bool(_MADE_OF_TEXT.fullmatch(record.key))


def _stored(keyed: Collection[_Keyed]) -> dict[_Key, Record]:
    """What is stored under the keys that these records may have."""
    found = {}
    for source in {one.record.source for one in keyed}:
        of_source = [one for one in keyed if one.record.source == source]
        keys = {key for one in of_source for key in (one.record.key, one.own, *one.earlier)}
        rows = SourceRecord.objects.filter(source=source, key__in=keys)
        for key, content in rows.values_list("key", "content"):
            found[source, key] = record_from_json(orjson.loads(content))
    return found


def _is_one(record: Record, held: Record) -> bool:
    """True if nothing tells the two apart that a key is made of now."""
    return (
        title_hash(record.title) == title_hash(held.title)
        and record.journal_ref == held.journal_ref
        and {link.url for link in record.links} == {link.url for link in held.links}
    )


def _rest(record: Record) -> _Rest:
    families = " ".join(map(family_of, record.authors))
    abstract = hashlib.sha256(record.abstract.encode()).hexdigest() if record.abstract else ""
    return families, str(record.published or ""), abstract
