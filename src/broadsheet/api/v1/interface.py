"""The API as a whole: its routes, and its description as an OpenAPI document."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser

from broadsheet.api.v1 import (
    changes,
    channels,
    claims,
    comments,
    curation,
    description,
    editions,
    errors,
    follows,
    invitations,
    left_out,
    libraries,
    library,
    lists,
    me,
    moderation,
    names,
    notices,
    papers,
    people,
    reports,
    search,
    sources,
    submissions,
    topics,
    votes,
)

DESCRIPTION = """\
Everything may be read, without an account and from any site; what is written takes a token of whom it is
written for, made in their settings for what it names (its scopes) and sent as `Authorization: Bearer`. A POST
may name itself by an `Idempotency-Key`: sent again within a day it is not done again, and gets the same
answer. An answer is JSON, its times are in UTC, and it
has an `ETag`: ask again with `If-None-Match`, and get 304 while nothing has changed. A list that goes on has
the cursor of its next page in `next` and, as an address, in the header `Link`; papers that are added
meanwhile shift nothing. Where votes or comments decide the order, a paper that rises past the cursor
meanwhile is not met, and a paper that falls past it is met twice; nothing is frozen for a reader. Whoever
needs all papers reads `papers` or `changes`. What goes wrong is said as `application/problem+json`
(RFC 9457), with what is wrong by parameter in `errors`.
"""


class _Parser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        """The body; unlike the standard library's reader this one refuses halves of characters."""
        return orjson.loads(request.body)

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """The parameters; a list has commas between its parts, or comes once for each, as some clients do."""
        del request
        return {
            name: [part for text in texts for part in text.split(",")] if name in list_fields else texts[-1]
            for name, texts in data.lists()
        }


class Interface(NinjaAPI):
    """The API, whose description is made once and is complete."""

    _document: OpenAPISchema | None = None

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The OpenAPI document."""
        if self._document is None:
            self._document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
            description.complete(self._document)
        return self._document

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the route's function: programs that are made of the document call it so."""
        return operation.view_func.__name__


api = Interface(
    title="Broadsheet",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    openapi_url="openapi.json",
    urls_namespace="api",
    parser=_Parser(),
)
errors.handle_with(api)
# What ends in more than the name of a paper comes before the papers.
for module in (
    me,
    votes,
    library,
    comments,
    submissions,
    claims,
    reports,
    curation,
    moderation,
    follows,
    left_out,
    libraries,
    channels,
    invitations,
    names,
    notices,
    people,
    papers,
    editions,
    search,
    lists,
    topics,
    sources,
    changes,
):
    api.add_router("", module.router)
