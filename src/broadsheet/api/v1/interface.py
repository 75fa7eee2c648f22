"""The API as a whole: its routes, and its description as an OpenAPI document."""

from __future__ import annotations

import functools
from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from pydantic import TypeAdapter

from broadsheet.api.v1 import changes, editions, errors, lists, papers, search, sources
from broadsheet.api.v1.errors import MEDIA_TYPE, Problem, bad

DESCRIPTION = """\
Everything may be read, without an account and from any site. An answer is JSON, its times are in UTC, and it
has an `ETag`: ask again with `If-None-Match`, and get 304 while nothing has changed. A list that goes on has
the cursor of its next page in `next` and, as an address, in the header `Link`. What goes wrong is said as
`application/problem+json` (RFC 9457), with what is wrong by parameter in `errors`.
"""
# Of these `fields` may leave out anything else.
_SPARSE = ("FoundPaper", "Paper")
LONGEST_NAME = 50
_REFUSALS = {
    HTTPStatus.BAD_REQUEST: "A parameter makes no sense; `errors` says which, and why.",
    HTTPStatus.NOT_FOUND: "Nothing here has that name.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Too much at once; `detail` says how much is allowed.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests; `Retry-After` says how many seconds to wait.",
}
_AGAIN = {int(HTTPStatus.NOT_MODIFIED): {"description": "As in the answer whose `ETag` was sent."}}


class _Parser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        """The body; unlike the standard library's reader this one refuses halves of characters."""
        return orjson.loads(request.body)

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """The parameters. A misspelt one is refused: whoever narrows a list must not get all of it."""
        known = _parameters()[request.resolver_match.url_name] if request.resolver_match else ()
        for name in data:
            if name not in known:
                raise bad(name[:LONGEST_NAME], f"There is no such parameter; there are {', '.join(known)}")
        return super().parse_querydict(data, list_fields, request)


@functools.cache
def _parameters() -> dict[str | None, list[str]]:
    """The names of the parameters that each route takes after the question mark."""
    operations = (one for methods in api.get_openapi_schema()["paths"].values() for one in methods.values())
    return {
        one["operationId"]: [each["name"] for each in one["parameters"] if each["in"] == "query"]
        for one in operations
    }


class Interface(NinjaAPI):
    """The API, whose description says of each route how it refuses."""

    _document: OpenAPISchema | None = None

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The OpenAPI document; it is made once."""
        if self._document is None:
            self._document = self._described(path_prefix, path_params)
        return self._document

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the route's function: programs that are made of the document call it so."""
        return operation.view_func.__name__

    def _described(self, path_prefix: str | None, path_params: dict[str, Any] | None) -> OpenAPISchema:
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        refusal = TypeAdapter(Problem).json_schema(ref_template="#/components/schemas/{model}")
        document["components"]["schemas"] |= refusal.pop("$defs") | {errors.SCHEMA: refusal}
        for name in _SPARSE:
            document["components"]["schemas"][name]["required"] = ["id"]
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                for parameter in operation["parameters"]:
                    # A list of them belongs into the schema, where it is too; here it would be no OpenAPI.
                    parameter.pop("examples", None)
                operation["responses"] |= _refusals(path, operation) | (_AGAIN if method == "get" else {})
        return document


def _refusals(path: str, operation: dict[str, Any]) -> dict[int, Any]:
    """How an operation refuses: 404 what has a name in its address, 413 what takes a list of identifiers."""
    takes_many = "requestBody" in operation or any(one["name"] == "ids" for one in operation["parameters"])
    left_out = {
        *(() if "{" in path else (HTTPStatus.NOT_FOUND,)),
        *(() if takes_many else (HTTPStatus.REQUEST_ENTITY_TOO_LARGE,)),
    }
    content = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{errors.SCHEMA}"}}}
    return {
        int(status): {"description": said, "content": content}
        for status, said in _REFUSALS.items()
        if status not in left_out
    }


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
for module in (papers, editions, search, lists, sources, changes):
    api.add_router("", module.router)
