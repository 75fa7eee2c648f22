"""What every request to the API has to keep to, and what is the same in all that it gets."""

from __future__ import annotations

import functools
from collections.abc import Callable
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed

from broadsheet.api.v1 import errors
from broadsheet.api.v1.errors import RefusedError, bad
from broadsheet.api.v1.interface import api
from broadsheet.http.repeating import KeyRefusedError, once

View = Callable[..., HttpResponse]
LONGEST_NAME = 50


def in_our_form(view: View) -> View:
    """Let a view of the API answer HEAD as GET; and refuse as it refuses the rest: other methods, NUL, and
    parameters that there are not, or that come twice.
    """

    @functools.wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        # No database holds a NUL, and some refuse even to look for it.
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return errors.problem(HTTPStatus.BAD_REQUEST, "An address cannot hold the character NUL.")
        asked_by = request.method
        if asked_by == "HEAD":
            request.method = "GET"
        try:
            _check_parameters(request)
            answer = once(request, lambda: view(request, *args, **kwargs))
        except KeyRefusedError as refused:
            return errors.problem(refused.status, str(refused))
        except Http404:
            return errors.unknown_address(request)
        except RefusedError as refused:
            return errors.problem(refused.status, str(refused), refused.errors)
        finally:
            request.method = asked_by
        if isinstance(answer, HttpResponseNotAllowed):
            return errors.wrong_method(request, answer["Allow"].replace("GET", "GET, HEAD"))
        return answer

    return answered


def _check_parameters(request: HttpRequest) -> None:
    """Refuse a misspelt parameter: whoever narrows a list must not get all of it. Raises RefusedError."""
    match = request.resolver_match
    methods = _parameters().get(match.url_name if match else None, {})
    if methods and request.method not in methods:
        return  # which is refused for that
    known = methods.get(request.method or "", {})
    for name, values in request.GET.lists():
        if name not in known:
            there = f"there are {', '.join(known)}" if known else "this address takes none"
            raise bad(name[:LONGEST_NAME], f"There is no such parameter; {there}")
        if len(values) > 1 and known[name] != "array":
            raise bad(name, f"It comes {len(values):,} times; once is enough")


@functools.cache
def _parameters() -> dict[str | None, dict[str, dict[str, str]]]:
    """The parameters that each route takes after the question mark, by its methods, and their types.

    A route of several methods is named after the first of them.
    """
    return {
        next(iter(methods.values()))["operationId"]: {
            method.upper(): {
                each["name"]: each["schema"]["type"] for each in one["parameters"] if each["in"] == "query"
            }
            for method, one in methods.items()
        }
        for methods in api.get_openapi_schema()["paths"].values()
    }
