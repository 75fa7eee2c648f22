"""What goes wrong: a feed whose only entry tells it, as every other answer is a feed."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from broadsheet.api.arxiv import feed
from broadsheet.configured import instance

CONTENT_TYPE = "application/atom+xml; charset=utf-8"


def error(request: HttpRequest, said: str, *, status: HTTPStatus) -> HttpResponse:
    """The answer that tells an error. What `Host` says may be just what is wrong, so it is not read."""
    address = instance().site_url + request.get_full_path()
    body = feed.write_error(said, address=address, now=timezone.now())
    return HttpResponse(body, status=status, content_type=CONTENT_TYPE)
