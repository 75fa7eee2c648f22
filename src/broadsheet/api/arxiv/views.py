"""`/api/query`: a request, answered as arXiv's export API would."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from broadsheet.api.arxiv import answering, asking, errors, feed
from broadsheet.api.arxiv.query import QueryError
from broadsheet.http.addresses import whole

METHODS = ("GET", "HEAD", "POST")


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
    body = feed.write(asked, answer, address=whole(request, request.get_full_path()))
    return HttpResponse(body, content_type=errors.CONTENT_TYPE)


def _refused(request: HttpRequest, status: HTTPStatus, said: str, **headers: str) -> HttpResponse:
    refused = errors.error(request, said, status=status)
    for name, value in headers.items():
        refused[name] = value
    return refused
