"""The OpenAPI document: what the routes say of themselves, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from pydantic import TypeAdapter

from broadsheet.api.v1.errors import MEDIA_TYPE, Problem
from broadsheet.http.repeating import HEADER, LONGEST

Json = dict[str, Any]
_PROBLEM = "Problem"
# Of these `fields` may leave out anything else.
_SPARSE = ("FoundPaper", "Paper")
_REFUSALS = {
    HTTPStatus.BAD_REQUEST: "A parameter makes no sense; `errors` says which, and why.",
    HTTPStatus.UNAUTHORIZED: "This takes a token, and none that is good was sent.",
    HTTPStatus.FORBIDDEN: "The token was not made for that, or its person may not do it; `detail` says why.",
    HTTPStatus.NOT_FOUND: "Nothing here has that name.",
    HTTPStatus.METHOD_NOT_ALLOWED: "The address takes other methods; `Allow` names them.",
    HTTPStatus.CONFLICT: "The cursor is of another list, or of another catalogue; start without one. Or what"
    " is to be written does not fit what is there; `detail` says why.",
    HTTPStatus.PRECONDITION_FAILED: "`If-Match` names another answer than this one.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Too much at once; `detail` says how much is allowed.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The `Idempotency-Key` was used for another request.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests; `Retry-After` says how many seconds to wait.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something broke on our side.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Others are sending just now; `Retry-After` says how long to wait.",
}
_HEADERS = {
    "Allow": "The methods of the address.",
    "ETag": "What to send as `If-None-Match`, to get 304 while nothing has changed.",
    "Link": 'The address of the next page, as `rel="next"`; none on the last one.',
    "RateLimit": "How many requests are left, and for how many seconds, where they are counted.",
    "RateLimit-Policy": "How many requests may be sent in how many seconds, likewise.",
    "Retry-After": "How many seconds to wait.",
    "WWW-Authenticate": "What token would do (RFC 6750).",
    "X-Request-Id": "The name of the request in the log of this instance.",
}
# What a program may name a POST by, so that it is done once however often it is sent.
_KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": f"A name of yours for this request, {LONGEST} characters at most; see above.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"},
}
_ALWAYS = ("RateLimit", "RateLimit-Policy", "X-Request-Id")


def complete(document: Json) -> None:
    """Add to the document what no route can say: how it refuses, and the headers of its answers."""
    components = document["components"]
    refusal = TypeAdapter(Problem).json_schema(ref_template="#/components/schemas/{model}")
    components["schemas"] |= refusal.pop("$defs") | {_PROBLEM: refusal}
    for name in _SPARSE:
        components["schemas"][name]["required"] = ["id"]
    found, paper = (components["schemas"][name]["properties"] for name in _SPARSE)
    found |= {name: said for name, said in paper.items() if name not in found}
    components["headers"] = {name: _header(said) for name, said in _HEADERS.items()}
    components["responses"] = dict(_shared_answers())
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _complete(operation, method=method, path=path)


def _complete(operation: Json, *, method: str, path: str) -> None:
    parameters = {one["name"]: one for one in operation["parameters"]}
    for one in parameters.values():
        # A list of them belongs into the schema, where it is too; here it would be no OpenAPI.
        one.pop("examples", None)
        if one["schema"].get("type") == "array":
            one |= {"style": "form", "explode": False}
            # Nothing is not an empty list, which nobody can send.
            del one["schema"]["default"]
    takes_cursor, is_list = "cursor" in parameters, bool({"cursor", "offset"} & parameters.keys())
    is_read, takes_token = method == "get", "security" in operation
    headers = ("ETag",) * is_read + ("Link",) * is_list
    for answer in operation["responses"].values():
        answer["headers"] = _references("headers", *headers, *_ALWAYS)
    is_written = takes_token and not is_read
    takes_key = is_written and method == "post"
    if takes_key:
        operation["parameters"].append(_KEY)
    given = {
        HTTPStatus.UNAUTHORIZED: takes_token,
        HTTPStatus.FORBIDDEN: takes_token,
        HTTPStatus.NOT_FOUND: "{" in path or is_written,
        HTTPStatus.CONFLICT: takes_cursor or is_written or operation["operationId"] == "changes",
        HTTPStatus.UNPROCESSABLE_ENTITY: takes_key,
        HTTPStatus.PRECONDITION_FAILED: is_read,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: not is_read or "ids" in parameters,
        HTTPStatus.SERVICE_UNAVAILABLE: not is_read,
    }
    refused = [status for status in _REFUSALS if given.get(status, True)]
    answers = {int(status): _reference("responses", status.name) for status in refused}
    again = {int(HTTPStatus.NOT_MODIFIED): _reference("responses", HTTPStatus.NOT_MODIFIED.name)}
    operation["responses"] |= answers | (again if is_read else {})


def _shared_answers() -> Iterator[tuple[str, Json]]:
    headers = {
        HTTPStatus.UNAUTHORIZED: ("WWW-Authenticate",),
        HTTPStatus.FORBIDDEN: ("WWW-Authenticate",),
        HTTPStatus.METHOD_NOT_ALLOWED: ("Allow",),
        HTTPStatus.TOO_MANY_REQUESTS: ("Retry-After",),
        HTTPStatus.SERVICE_UNAVAILABLE: ("Retry-After",),
    }
    content = {MEDIA_TYPE: {"schema": _reference("schemas", _PROBLEM)}}
    for status, said in _REFUSALS.items():
        named = _references("headers", *headers.get(status, ()), *_ALWAYS)
        yield status.name, {"description": said, "headers": named, "content": content}
    again = _references("headers", "ETag", *_ALWAYS)
    yield (
        HTTPStatus.NOT_MODIFIED.name,
        {"description": "As in the answer whose `ETag` was sent.", "headers": again},
    )


def resolved(document: Mapping[str, Any], part: Json) -> Json:
    """The part of the document itself, or what it refers to."""
    if "$ref" not in part:
        return part
    *_, section, name = part["$ref"].split("/")
    found: Json = document["components"][section][name]
    return found


def _header(said: str) -> Json:
    return {"description": said, "schema": {"type": "string"}}


def _reference(section: str, name: str) -> Json:
    return {"$ref": f"#/components/{section}/{name}"}


def _references(section: str, *names: str) -> Json:
    return {name: _reference(section, name) for name in names}
