"""Errors as the client understands them: a JSON object with `error`, and the same sentence as a header."""

from __future__ import annotations

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Concatenate, ParamSpec, TypeAlias

import orjson
from django.http import HttpRequest, HttpResponse

Arguments = ParamSpec("Arguments")
View: TypeAlias = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]
READING = ("GET", "HEAD")


class RefusedError(Exception):
    """The request cannot be answered; the message, in ASCII, says why."""

    def __init__(self, message: str, *, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(message)
        self.status = status


def reading(view: View[Arguments]) -> View[Arguments]:
    """Let nobody but readers in, and tell them what the view refuses."""

    @functools.wraps(view)
    def answer(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if request.method not in READING:
            refusal = error("This address can only be read.", status=HTTPStatus.METHOD_NOT_ALLOWED)
            refusal["Allow"] = ", ".join(READING)
            return refusal
        try:
            return view(request, *args, **kwargs)
        except RefusedError as problem:
            return error(str(problem), status=problem.status)

    return answer


def error(message: str, *, status: HTTPStatus) -> HttpResponse:
    """The answer that tells an error."""
    return HttpResponse(
        orjson.dumps({"error": message}),
        content_type="application/json",
        status=status,
        headers={"X-Error-Message": message},
    )


def unknown_paper() -> RefusedError:
    """What to raise where no paper has the name asked for."""
    return RefusedError("No paper here is known by that name.", status=HTTPStatus.NOT_FOUND)


def unknown_address(request: HttpRequest) -> HttpResponse:
    """404: there is no such part of the API."""
    del request
    return error("There is nothing at this address of the API.", status=HTTPStatus.NOT_FOUND)
