"""The parameters that several routes share, with their bounds."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, TypeAlias

from ninja import Path, Schema
from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from broadsheet.api.v1.schemas import FIELDS
from broadsheet.community.models import REASON_LENGTH
from broadsheet.http.posting import LARGEST_KEY

MOST = 200
LONGEST_ID = 300
MOST_FIELDS = 100
KEY = f"The `id` of a {{}}, {LARGEST_KEY:,} at most."
# What an address and a database can both hold.
WITHOUT_NUL = r"^[^\x00]*$"
FIELDS_DESCRIPTION = "Only these fields of each `{}`, separated by commas; `id` is always there."


def _number(text: object) -> object:
    """Digits and nothing else: pydantic reads 1_0 as ten."""
    if isinstance(text, str) and not re.fullmatch("-?[0-9]{1,18}", text):
        raise ValueError("A number is written in digits")
    return text


def _day(text: object) -> object:
    """A day as RFC 3339 writes it: pydantic reads a number as the seconds since 1970."""
    if isinstance(text, str) and not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("A day is written 2026-11-20")
    return text


def whole(value: object) -> object:
    """To JSON Schema 7.0 is a whole number, too; the types of a body are strict otherwise."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


# The key of a thing, in a body.
Whole: TypeAlias = Annotated[int, Field(strict=True, ge=1, le=LARGEST_KEY), BeforeValidator(whole)]
Number: TypeAlias = Annotated[int, BeforeValidator(_number)]
Day: TypeAlias = Annotated[
    date | None, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})
]
# An identifier among others, which commas part.
OneId: TypeAlias = Annotated[str, Field(min_length=1, max_length=LONGEST_ID, pattern=r"^[^\x00,]*$")]


# The keys of people's things, in addresses.
CommentKey: TypeAlias = Annotated[
    int, Path(ge=1, le=LARGEST_KEY, description=KEY.format("comment"), examples=[1])
]
SubmissionKey: TypeAlias = Annotated[
    int, Path(ge=1, le=LARGEST_KEY, description=KEY.format("submission"), examples=[1])
]
ClaimKey: TypeAlias = Annotated[
    int, Path(ge=1, le=LARGEST_KEY, description=KEY.format("claim"), examples=[1])
]
DeedKey: TypeAlias = Annotated[int, Path(ge=1, le=LARGEST_KEY, description=KEY.format("deed"), examples=[1])]


class ByKey(Schema):
    """Which part of a list of people's things is wanted, of which the latest comes first."""

    limit: Number = Field(50, ge=1, le=MOST, description=f"How many, {MOST} at most.")
    cursor: str = Field(
        "",
        max_length=18,
        pattern="^[0-9]*$",
        description="Where to go on: the `next` of the answer before; else the beginning.",
    )


class Why(Schema):
    """Why something is done."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(
        min_length=1,
        max_length=REASON_LENGTH,
        pattern=WITHOUT_NUL,
        description=f"A sentence, {REASON_LENGTH} characters at most.",
        examples=["It is about another paper."],
    )


class Chosen(Schema):
    """Which fields of a paper are wanted."""

    fields: list[Annotated[str, Field(json_schema_extra={"enum": list(FIELDS)})]] = Field(
        [],
        min_length=1,
        max_length=MOST_FIELDS,
        description=FIELDS_DESCRIPTION.format("Paper"),
        examples=[["id", "title", "authors"]],
    )


class Paged(Chosen):
    """Which part of a list is wanted."""

    limit: Number = Field(50, ge=1, le=MOST, description=f"How many papers, {MOST} at most.")
    cursor: str = Field(
        "",
        max_length=200,
        pattern="^[A-Za-z0-9_-]*$",
        description="Where to go on: the `next` of the answer before, of this list; else the beginning.",
    )
