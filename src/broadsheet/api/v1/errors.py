"""What goes wrong, as problem details for HTTP APIs (RFC 9457): one form for every address of the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from broadsheet.http.refusals import REFUSED, refusal

MEDIA_TYPE = "application/problem+json"
_BODY = "body"


@dataclass(frozen=True, slots=True)
class ParameterProblem:
    """What is wrong with one parameter; that of a list sent as the body is called `body`."""

    parameter: str
    detail: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no answer: `detail` in a sentence, and `errors` by parameter where some are wrong."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[ParameterProblem, ...] = ()


class RefusedError(Exception):
    """A request that is answered by a problem; the message is for whoever sent it."""

    def __init__(self, status: HTTPStatus, detail: str, *, parameter: str = "") -> None:
        super().__init__(detail)
        self.status = status
        self.errors = (ParameterProblem(parameter, detail),) if parameter else ()


def bad(parameter: str, detail: str) -> RefusedError:
    """400: what to raise where a parameter makes no sense."""
    return RefusedError(HTTPStatus.BAD_REQUEST, detail, parameter=parameter)


def missing(detail: str) -> RefusedError:
    """404: what to raise where nothing has that name."""
    return RefusedError(HTTPStatus.NOT_FOUND, detail)


def foreign(parameter: str, detail: str) -> RefusedError:
    """409: what to raise for a cursor of another list, or of another catalogue."""
    return RefusedError(HTTPStatus.CONFLICT, detail, parameter=parameter)


def too_large(parameter: str, detail: str) -> RefusedError:
    """413: what to raise where too much is asked for at once."""
    return RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, parameter=parameter)


def problem(status: HTTPStatus, detail: str, errors: Sequence[ParameterProblem] = ()) -> HttpResponse:
    """The answer that says what is wrong."""
    # No page explains more than the status does, and for that the RFC has this type (section 4.2.1).
    said = Problem("about:blank", status.phrase, status, detail, tuple(errors))
    return HttpResponse(orjson.dumps(said), status=status, content_type=MEDIA_TYPE)


def handle_with(api: NinjaAPI) -> None:
    """Have all that a route raises, and that is not our fault, answered by a problem."""
    api.add_exception_handler(RefusedError, _refused)
    for kind in REFUSED:
        api.add_exception_handler(kind, _not_done)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _unreadable)
    api.add_exception_handler(SuspiciousOperation, _suspicious)


def unknown_address(request: HttpRequest) -> HttpResponse:
    """404: no route has this address."""
    return problem(
        HTTPStatus.NOT_FOUND, f"There is nothing at {request.path}; /api/docs lists what there is."
    )


def wrong_method(request: HttpRequest, allowed: str) -> HttpResponse:
    """405: the address takes other methods, those in `allowed`."""
    allowed = ", ".join(sorted(allowed.split(", ")))
    detail = f"{request.method} is not for this address; it takes {allowed}."
    answer = problem(HTTPStatus.METHOD_NOT_ALLOWED, detail)
    answer["Allow"] = allowed
    return answer


def _refused(request: HttpRequest, refused: Any) -> HttpResponse:
    del request
    return problem(refused.status, str(refused), refused.errors)


def _not_done(request: HttpRequest, refused: Any) -> HttpResponse:
    told = refusal(request, refused)
    answer = problem(told.status, told.said)
    for name, value in told.headers.items():
        answer[name] = value
    return answer


def _invalid(request: HttpRequest, invalid: Any) -> HttpResponse:
    """400 for what the types of the parameters do not allow; all of it, not only the first."""
    del request
    errors: dict[ParameterProblem, None] = {}
    for one in invalid.errors:
        where, *names = one["loc"]
        # The name of the argument that holds the parameters means nothing to whoever sent them.
        name = _BODY if where == _BODY else [part for part in names if isinstance(part, str)][-1]
        # What is wrong with a part of a list may be wrong with many.
        errors[ParameterProblem(name, _in_words(one))] = None
    detail = "; ".join(f"{one.parameter}: {one.detail}" for one in errors)
    return problem(HTTPStatus.BAD_REQUEST, f"{detail}.", [*errors])


def _in_words(invalid: dict[str, Any]) -> str:
    if invalid["type"] == "string_pattern_mismatch":
        return "It is not written so; /api/docs says how"
    return str(invalid["msg"]).removeprefix("Value error, ")


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    del request
    return problem(HTTPStatus(error.status_code), f"{error}.")


def _suspicious(request: HttpRequest, error: Any) -> HttpResponse:
    del request
    is_large = isinstance(error, RequestDataTooBig)
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if is_large else HTTPStatus.BAD_REQUEST
    return problem(status, str(error))
