"""The parameters that several routes share, with their bounds."""

from __future__ import annotations

from ninja import Schema
from pydantic import Field

MOST = 200
FIELDS_DESCRIPTION = "Only these fields of each `{}`, separated by commas; `id` is always there."


class Chosen(Schema):
    """Which fields of a paper are wanted."""

    fields: str = Field(
        "",
        max_length=1000,
        description=FIELDS_DESCRIPTION.format("Paper"),
        examples=["id,title,authors"],
    )


class Paged(Chosen):
    """Which part of a list is wanted."""

    limit: int = Field(50, ge=1, le=MOST, description=f"How many papers, {MOST} at most.")
    cursor: str = Field(
        "",
        max_length=200,
        description="Where to go on: the `next` of the answer before, of this list; else the beginning.",
    )
