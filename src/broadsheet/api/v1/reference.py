"""The OpenAPI document as a page without scripts: each route, what it takes and gives, a form to try it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import get_template
from django.views.decorators.http import require_safe
from markupsafe import Markup, escape

from broadsheet.api.v1 import errors
from broadsheet.api.v1.description import resolved
from broadsheet.api.v1.interface import api

_OPERATION = "operation"
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: `place` is path or query, `kind` its type in words, `choices` where there are few."""

    name: str
    place: str
    kind: str
    said: Markup
    is_required: bool
    default: str
    example: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """A route with one method; `body` is what it takes as such, `gives` what it answers with if all is well,
    and `answers` are all of these by status.
    """

    name: str
    method: str
    path: str
    summary: str
    said: Markup
    parameters: tuple[Parameter, ...]
    body: Markup
    gives: str
    answers: tuple[tuple[str, Markup], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of object in answers: its fields, with their types in words."""

    name: str
    said: Markup
    fields: tuple[tuple[str, str], ...]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Everything that the API can do; with the form of an operation sent, the way to its answer."""
    operations = list(_operations(api.get_openapi_schema()))
    if _OPERATION in request.GET:
        return _tried(request, operations)
    context = {
        "description": _marked(api.description),
        "operations": operations,
        "shapes": list(_shapes(api.get_openapi_schema())),
        "status": HTTPStatus.OK,
    }
    return HttpResponse(get_template("api.html").render(context, request))


def _tried(request: HttpRequest, operations: Iterable[Operation]) -> HttpResponse:
    """The way to the address that a form has filled in; what was left empty is not asked for."""
    chosen = next((one for one in operations if one.name == request.GET[_OPERATION]), None)
    if chosen is None:
        return errors.unknown_address(request)
    path, query = chosen.path, {}
    for parameter in chosen.parameters:
        value = request.GET.get(parameter.name, "").strip()
        if parameter.place == "path":
            path = path.replace(f"{{{parameter.name}}}", quote(value or parameter.example, safe="/:"))
        elif value:
            query[parameter.name] = value
    return HttpResponseRedirect(f"{path}?{urlencode(query)}" if query else path)


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            _, well = min(said["responses"].items(), key=lambda answer: int(answer[0]))
            content = well.get("content", {}).get("application/json", {})
            yield Operation(
                name=said["operationId"],
                method=method.upper(),
                path=path,
                summary=said["summary"],
                said=_marked(said.get("description", "")),
                parameters=tuple(_parameter(one) for one in said["parameters"]),
                body=_body(said.get("requestBody")),
                gives=_kind(content["schema"]) if content else "nothing",
                answers=tuple(
                    (str(int(status)), _marked(resolved(document, one)["description"]))
                    for status, one in sorted(said["responses"].items(), key=lambda answer: int(answer[0]))
                ),
            )


def _parameter(said: Mapping[str, Any]) -> Parameter:
    schema = said["schema"]
    default = schema.get("default")
    return Parameter(
        name=said["name"],
        place=said["in"],
        kind=_kind(schema),
        said=_marked(said.get("description", "")),
        is_required=said["required"],
        default=_written(default or ""),
        example=_written(next(iter(schema.get("examples", ())), "")),
        choices=tuple(schema.get("enum", ())),
    )


def _written(value: object) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def _body(said: Mapping[str, Any] | None) -> Markup:
    if said is None:
        return Markup()
    schema = next(iter(said["content"].values()))["schema"]
    return _marked(". ".join(filter(None, (_kind(schema), schema.get("description", "")))))


def _shapes(document: Mapping[str, Any]) -> Iterator[Shape]:
    for name, schema in sorted(document["components"]["schemas"].items()):
        fields = tuple((field, _kind(one)) for field, one in schema.get("properties", {}).items())
        if fields:
            yield Shape(name, _marked(schema.get("description", "")), fields)


def _kind(schema: Mapping[str, Any]) -> str:
    """The type in words: `list of Paper`, `date-time or null`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(str(one) or "empty" for one in schema["enum"])
    if "items" in schema:
        kind = _kind(schema["items"])
        return f"list of {kind}s" if kind in {"string", "integer", "number"} else f"list of {kind}"
    if isinstance(inside := schema.get("additionalProperties"), dict):
        return f"{_kind(inside)} by name"
    return str(schema.get("format") or schema.get("type") or "anything")


def _marked(text: str) -> Markup:
    """The text, safe, with what stands between backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 (escaped just before)
