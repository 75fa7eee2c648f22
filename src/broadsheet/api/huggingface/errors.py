"""Errors as the client understands them: a JSON object with `error`, and the same sentence as a header."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Concatenate, ParamSpec, TypeAlias

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from broadsheet.accounts import access
from broadsheet.accounts.access import NobodyError
from broadsheet.http.refusals import REFUSED, refusal
from broadsheet.http.repeating import KeyRefusedError, once
from broadsheet.http.viewers import viewer_of

Arguments = ParamSpec("Arguments")
View: TypeAlias = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]
READING, POST = ("GET", "HEAD"), "POST"
QUOTES = str.maketrans("\u201c\u201d\u2018\u2019", "\"\"''")


class RefusedError(Exception):
    """The request cannot be answered; the message says why."""

    def __init__(self, message: str, *, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(message)
        self.status = status


def reading(view: View[Arguments]) -> View[Arguments]:
    """Let nobody but readers in, and tell them what the view refuses."""

    @functools.wraps(view)
    def answer(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if request.method not in READING:
            return wrong_method("This address can only be read.", READING)
        return _told(request, lambda: view(request, *args, **kwargs))

    return answer


def writing(verb: str = "") -> Callable[[View[Arguments]], View[Arguments]]:
    """Let nobody in but who posts with a token for that; without a verb, the room says what token would do.
    What is sent again is done once; what is refused is told.
    """

    def decorate(view: View[Arguments]) -> View[Arguments]:
        @functools.wraps(view)
        def answer(
            request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponse:
            if request.method != POST:
                return wrong_method("This address takes what is posted to it.", (POST,))

            def do() -> HttpResponse:
                viewer = viewer_of(request)
                if viewer.person is None:
                    raise NobodyError("Send a token.")
                if verb:
                    access.check(viewer, verb, now=timezone.now())
                return once(request, lambda: view(request, *args, **kwargs))

            return _told(request, do)

        return answer

    return decorate


def _told(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer, or what it is refused with."""
    try:
        return answer()
    except (RefusedError, KeyRefusedError) as problem:
        return error(str(problem), status=problem.status)
    except REFUSED as problem:
        told = refusal(request, problem)
        refused = error(told.said, status=told.status)
        for name, value in told.headers.items():
            refused[name] = value
        return refused


def wrong_method(said: str, allowed: Sequence[str]) -> HttpResponse:
    """405: the address takes other methods."""
    refused = error(said, status=HTTPStatus.METHOD_NOT_ALLOWED)
    refused["Allow"] = ", ".join(allowed)
    return refused


def error(message: str, *, status: HTTPStatus) -> HttpResponse:
    """The answer that tells an error."""
    return HttpResponse(
        orjson.dumps({"error": message}),
        content_type="application/json",
        status=status,
        headers={"X-Error-Message": _in_ascii(message)},
    )


def _in_ascii(message: str) -> str:
    """The message as a header can hold it."""
    return " ".join(message.translate(QUOTES).encode("ascii", "replace").decode().split())


def unknown_paper() -> RefusedError:
    """What to raise where no paper has the name asked for."""
    return RefusedError("No paper here is known by that name.", status=HTTPStatus.NOT_FOUND)


def unknown_address(request: HttpRequest) -> HttpResponse:
    """404: there is no such part of the API."""
    del request
    return error("There is nothing at this address of the API.", status=HTTPStatus.NOT_FOUND)
