"""What all answers of the API have in common: their JSON, their headers, and the methods they come by."""

from __future__ import annotations

import functools
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode

import orjson
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from broadsheet.api.v1 import errors
from broadsheet.papers.addresses import whole

View = Callable[..., HttpResponseBase]


def json(request: HttpRequest, value: object, *, cursor: str | None = None) -> HttpResponse:
    """The value as JSON, times in UTC; a `cursor` leads to the next page in the header `Link` (RFC 8288).

    What is sent is typed, and not checked against its schema once more; the tests do that.
    """
    answer = HttpResponse(orjson.dumps(value, option=orjson.OPT_UTC_Z), content_type="application/json")
    answer["Cache-Control"] = "public, max-age=0, must-revalidate"
    if cursor:
        asked = request.GET.copy()
        asked["cursor"] = cursor
        address = whole(request, f"{request.path}?{urlencode(asked, doseq=True)}")
        answer["Link"] = f'<{address}>; rel="next"'
    return answer


def in_our_form(view: View) -> View:
    """Let a view of the API answer HEAD as well, and refuse other methods and NUL as it refuses the rest."""

    @functools.wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        # No database holds a NUL, and some refuse even to look for it.
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return errors.problem(HTTPStatus.BAD_REQUEST, "An address cannot hold the character NUL.")
        asked_by = request.method
        if asked_by == "HEAD":
            request.method = "GET"
        try:
            answer = view(request, *args, **kwargs)
        except Http404:
            return errors.unknown_address(request)
        finally:
            request.method = asked_by
        if isinstance(answer, HttpResponseNotAllowed):
            return errors.wrong_method(request, answer["Allow"].replace("GET", "GET, HEAD"))
        return answer

    return answered
