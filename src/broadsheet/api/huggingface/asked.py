"""What may be asked for, checked: each parameter once, with the sentence for what it must be."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, TypeVar

import orjson
from django.http import HttpRequest, QueryDict
from pydantic import AliasChoices, BaseModel, Field, ValidationError
from pydantic.fields import FieldInfo

from broadsheet.api.huggingface.errors import RefusedError
from broadsheet.community.models import NAMED_LENGTH, SOURCE_LENGTH
from broadsheet.daily import periods
from broadsheet.daily.entries import ListName
from broadsheet.daily.periods import Period

AN_ID = "^[0-9a-f]{24}$"
NO_NUL = r"^[^\x00]*$"
# A reader east of Greenwich may ask for what is tomorrow in UTC.
AHEAD = timedelta(days=1)
ORDERS = {None: "", "publishedAt": "newest", "trending": "trending"}
PERIODS = {"date": "day", "week": "week", "month": "month"}

Asked = TypeVar("Asked", bound=BaseModel)


class DailyAsked(BaseModel):
    """Of the daily lists."""

    date: str | None = Field(None, description="a day such as 2026-11-20, tomorrow at the latest")
    week: str | None = Field(None, description="an ISO 8601 week such as 2026-W47 that has begun")
    month: str | None = Field(None, description="a month such as 2026-11 that has begun")
    submitter: str = Field("", max_length=255, pattern=NO_NUL, description="a username")
    sort: Literal["publishedAt", "trending"] | None = Field(None, description="publishedAt or trending")
    p: int = Field(0, ge=0, le=1_000_000, description="a whole number from 0 to 1000000")
    limit: int = Field(50, ge=1, le=100, description="a whole number from 1 to 100")


class PapersAsked(BaseModel):
    """Of all papers."""

    cursor: str = Field("", description="one that this list gave")
    limit: int = Field(50, ge=1, le=100, description="a whole number from 1 to 100")


class SearchAsked(BaseModel):
    """Of the search."""

    q: str = Field("", max_length=250, pattern=NO_NUL, description="250 characters at most")
    limit: int = Field(20, ge=1, le=120, description="a whole number from 1 to 120")


class CommentSent(BaseModel):
    """To say something."""

    comment: str = Field(
        min_length=1,
        max_length=SOURCE_LENGTH,
        pattern=NO_NUL,
        description="a text of 1 to 65536 characters",
    )


class IndexSent(BaseModel):
    """To have a paper fetched."""

    arxiv_id: str = Field(
        alias="arxivId",
        pattern=r"^\d{4}\.\d{4,5}$",
        description="an identifier of arXiv such as 2408.00714",
    )


class SubmissionSent(BaseModel):
    """To submit a paper, in both ways in which clients write it."""

    paper: str = Field(
        validation_alias=AliasChoices("paperId", "paper_id"),
        min_length=1,
        max_length=NAMED_LENGTH,
        pattern=NO_NUL,
        description="an identifier of a paper",
    )
    comment: str = Field(
        "", max_length=SOURCE_LENGTH, pattern=NO_NUL, description="a text of at most 65536 characters"
    )
    media: list[str] = Field(
        default_factory=list,
        max_length=0,
        validation_alias=AliasChoices("mediaUrls", "media_urls"),
        description="empty: curators add pictures",
    )


class LinksSent(BaseModel):
    """To give a paper links. What is null is taken back, what is not there stays as it is."""

    github_repo: str | None = Field(
        None, alias="githubRepo", max_length=2000, pattern=NO_NUL, description="a whole address, or null"
    )
    project_page: str | None = Field(
        None, alias="projectPage", max_length=2000, pattern=NO_NUL, description="a whole address, or null"
    )
    organization: str | None = Field(
        None,
        alias="organizationId",
        max_length=200,
        pattern=NO_NUL,
        description="the _id or the name of an organization",
    )


class ClaimSent(BaseModel):
    """To say that one is an author."""

    paper: str = Field(
        alias="paperId",
        min_length=1,
        max_length=NAMED_LENGTH,
        pattern=NO_NUL,
        description="an identifier of a paper",
    )
    author: str = Field(
        alias="claimAuthorId",
        pattern=AN_ID,
        description="the _id of an author of the paper: 24 hexadecimal digits",
    )
    person: str = Field(
        alias="targetUserId",
        pattern=AN_ID,
        description="your own _id, as whoami-v2 tells it: 24 hexadecimal digits",
    )


def body(kind: type[Asked], request: HttpRequest) -> Asked:
    """What was sent. Raises RefusedError that names the first field that is wrong."""
    try:
        return kind.model_validate(orjson.loads(request.body))
    except orjson.JSONDecodeError as problem:
        raise RefusedError("What is sent must be JSON.") from problem
    except ValidationError as problem:
        where = problem.errors()[0]["loc"]
        if not where:
            raise RefusedError("What is sent must be an object.") from problem
        raise refused(kind, str(where[0])) from problem


def parse(kind: type[Asked], query: QueryDict) -> Asked:
    """What the query asks for. Raises RefusedError that names the first parameter that is wrong."""
    try:
        return kind.model_validate(query.dict())
    except ValidationError as problem:
        raise refused(kind, str(problem.errors()[0]["loc"][0])) from problem


def daily_list(given: DailyAsked, today: date) -> ListName:
    """The list that is asked for. Raises RefusedError.

    Without an order, the papers of a period come as in its edition, and all others the newest day first.
    """
    asked = period(given, today)
    if asked:
        return ListName(asked.kind, asked.name, ORDERS[given.sort], given.submitter)
    return ListName("trending" if given.sort == "trending" else "days", submitter=given.submitter)


def period(given: DailyAsked, today: date) -> Period | None:
    """The period that is asked for, if any. Raises RefusedError."""
    named = [(name, kind) for name, kind in PERIODS.items() if getattr(given, name) is not None]
    if len(named) > 1:
        raise RefusedError("Ask for one of date, week and month.")
    for name, kind in named:
        found = periods.parse_period(kind, getattr(given, name))
        if found is None or found.first > today + AHEAD:
            raise refused(DailyAsked, name)
        return found
    return None


def refused(kind: type[BaseModel], name: str) -> RefusedError:
    """What to raise for a parameter that is none of those its description names."""
    fields = {sent: field for own, field in kind.model_fields.items() for sent in _names(own, field)}
    return RefusedError(f"{name} must be {fields[name].description}.")


def _names(own: str, field: FieldInfo) -> tuple[str, ...]:
    """What a field may be called by who sends it."""
    either = field.validation_alias
    sent = (str(one) for one in either.choices) if isinstance(either, AliasChoices) else ()
    return (own, field.alias or own, *sent)
