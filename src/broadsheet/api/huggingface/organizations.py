"""Which organization an id stands for. None is kept: each is made of a name, or was given by its source."""

from __future__ import annotations

from http import HTTPStatus

import orjson

from broadsheet.api.huggingface import shapes
from broadsheet.api.huggingface.errors import RefusedError
from broadsheet.api.huggingface.said import Said
from broadsheet.papers.models import Organization, SourceRecord


def name_of(said: str) -> str:
    """The organization's name in its address, or what is no id as a name. Raises RefusedError."""
    if not shapes.ID.fullmatch(said):
        return said
    slugs = Organization.objects.values_list("pk", flat=True)
    found = next((slug for slug in slugs.iterator() if shapes.organization_id(slug) == said), None)
    found = found or _as_source_said(said)
    if found is None:
        raise RefusedError("No organization here has that _id.", status=HTTPStatus.NOT_FOUND)
    return found


def _as_source_said(said: str) -> str | None:
    """The name of the organization that a source gave this id."""
    rows = SourceRecord.objects.filter(source=shapes.SOURCE, content__contains=f'"{said}"')
    for content in rows.values_list("content", flat=True).iterator():
        known = Said(orjson.loads(content).get("said", {})).thing("organization")
        if known.get("_id") == said and isinstance(known.get("name"), str):
            return str(known["name"])
    return None
