"""`/api/query`: a request, answered as arXiv's export API would."""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone

from broadsheet.api.arxiv import answering, asking, feed
from broadsheet.api.arxiv.query import QueryError
from broadsheet.papers.addresses import whole
from broadsheet.search.engines import WITHOUT_WORDS
from broadsheet.search.word_index.lexical import WordIndexError

METHODS = ("GET", "HEAD", "POST")
CONTENT_TYPE = "application/atom+xml; charset=utf-8"
# Seconds in which an index that is missing may have been built.
RETRY_AFTER = 60


def query(request: HttpRequest) -> HttpResponse:
    """The papers of a `search_query`, of an `id_list`, or of both, as a feed; errors are feeds too."""
    if request.method not in METHODS:
        said = f"this address is asked by {', '.join(METHODS)}"
        return _refused(request, HTTPStatus.METHOD_NOT_ALLOWED, said, Allow=", ".join(METHODS))
    try:
        asked = asking.read({**request.GET.dict(), **request.POST.dict()})
        answer = answering.answer(asked)
    except QueryError as problem:
        return _refused(request, HTTPStatus.BAD_REQUEST, str(problem))
    except RequestDataTooBig:
        return _refused(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the request is too large")
    except (SuspiciousOperation, MultiPartParserError):
        return _refused(request, HTTPStatus.BAD_REQUEST, "the form that was sent cannot be read")
    except WordIndexError:
        return _refused(
            request, HTTPStatus.SERVICE_UNAVAILABLE, WITHOUT_WORDS, **{"Retry-After": str(RETRY_AFTER)}
        )
    body = feed.write(asked, answer, address=_address(request), now=timezone.now())
    return _response(body, HTTPStatus.OK)


def _refused(request: HttpRequest, status: HTTPStatus, message: str, **headers: str) -> HttpResponse:
    body = feed.write_error(message, address=_address(request), now=timezone.now())
    return _response(body, status, **headers)


def _address(request: HttpRequest) -> str:
    return whole(request, request.get_full_path())


def _response(body: bytes, status: HTTPStatus, **headers: str) -> HttpResponse:
    return HttpResponse(body, status=status, content_type=CONTENT_TYPE, headers=headers)
