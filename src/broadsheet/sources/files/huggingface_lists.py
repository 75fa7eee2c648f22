"""Likes, upvotes and collections of Hugging Face as its API gives them (https://huggingface.co/docs/hub/api).

A collection becomes a tag. Only papers are read: models, datasets and spaces are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from broadsheet.papers.identifiers import arxiv_id
from broadsheet.papers.record import Record
from broadsheet.sources.files import json_items
from broadsheet.sources.files.dates import day_in
from broadsheet.sources.files.fields import JsonObject
from broadsheet.sources.files.mine import SOURCE, Brought, Entry, Mine, entry, moment, said
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import Refusal, record_or_refusal
from broadsheet.sources.files.references import Reference, author_name, to_record

# In what the answer of a list may be wrapped.
_WRAPPED = ("items", "likes", "papers", "upvotes", "collections")
_DATES = ("likedAt", "upvotedAt", "addedAt", "createdAt", "added_at", "created_at", "lastUpdated")
_KINDS = frozenset({"model", "dataset", "space", "collection", "bucket", "kernel"})


def read(source: Source) -> Iterator[Brought]:
    """The papers of likes or collections. Raises FileError where it is not JSON."""
    for number, (item, whole) in enumerate(json_items.items(source, *_WRAPPED), start=1):
        yield from _of(f"item {number}", item, _title(whole), source.observed_at)


def looks_like(head: bytes) -> bool:
    """True for JSON with the fields of likes, or of a collection and its items."""
    keys = json_items.keys(head)
    is_collection = keys >= {b"slug", b"items"} or keys >= {b"type", b"id", b"position"}
    is_likes = keys >= {b"repo", b"type", b"name"} or keys >= {b"likedAt"} or keys >= {b"upvotedAt"}
    return is_collection or is_likes


def _of(place: str, item: object, collection: str, observed_at: datetime) -> Iterator[Brought]:
    if not isinstance(item, dict):
        yield Refusal(place, "it is not an object")
        return
    inner = item.get("items")
    if isinstance(inner, list):
        for number, one in enumerate(inner, start=1):
            yield from _of(f"{place}, item {number}", one, _title(item), observed_at)
        return
    yield _paper(place, item, collection, observed_at)


def _paper(place: str, item: Mapping[str, Any], collection: str, observed_at: datetime) -> Entry | Refusal:
    held = next((item[name] for name in ("paper", "repo", "item") if isinstance(item.get(name), dict)), item)
    kind = _text(item, "type") or _text(item, "item_type") or _text(held, "type") or _text(held, "repoType")
    name = _text(held, "id") or _text(held, "item_id") or _text(held, "name")
    if kind.lower() in _KINDS:
        return Refusal(place, f"{name[:100] or 'it'} is a {kind.lower()[:20]}, no paper")
    identifier = arxiv_id(name.rpartition("/")[2]) or arxiv_id(name)
    if identifier is None:
        return Refusal(place, f"“{name[:100]}” is no paper of Hugging Face")
    read = record_or_refusal(place, _to_record, held, identifier.public_id, observed_at)
    return entry(place, read, _mine(item, held, collection), identifier)


def _mine(item: Mapping[str, Any], held: Mapping[str, Any], collection: str) -> Mine:
    note = item.get("note")
    dates = (_text(item, name) for name in _DATES if item is not held or name != "lastUpdated")
    return said(
        tags=[collection],
        notes=[_text(note, "text") if isinstance(note, dict) else _text(item, "note")],
        saved_at=next(filter(None, map(moment, filter(None, dates))), None),
    )


def _to_record(paper: JsonObject, name: str, observed_at: datetime) -> Record:
    reference = Reference(
        title=_text(paper, "title"),
        abstract=_text(paper, "summary"),
        authors=tuple(author_name(text) for text in _authors(paper) if text),
        names=(name,),
        published_on=day_in(_text(paper, "publishedAt")),
    )
    return to_record(reference, source=SOURCE, observed_at=observed_at)


def _authors(paper: JsonObject) -> Iterator[str]:
    authors = paper.get("authors")
    for one in authors if isinstance(authors, list) else ():
        yield _text(one, "name") if isinstance(one, dict) else one if isinstance(one, str) else ""


def _title(whole: Mapping[str, Any]) -> str:
    return _text(whole, "title") if isinstance(whole.get("items"), list) else ""


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""
