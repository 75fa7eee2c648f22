"""What all answers of the API have in common: their JSON and their headers."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path

from broadsheet.http.addresses import whole


def json(
    request: HttpRequest,
    value: object,
    *,
    cursor: str | None = None,
    offset: int | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """The value as JSON, times in UTC; a `cursor` or an `offset` leads to the next page in the header `Link`
    (RFC 8288).

    What is sent is typed, and not checked against its schema once more; the tests do that.
    """
    content = orjson.dumps(value, option=orjson.OPT_UTC_Z)
    answer = HttpResponse(content, status=status, content_type="application/json")
    answer["Cache-Control"] = "public, max-age=0, must-revalidate"
    if cursor or offset:
        asked = request.GET.copy()
        asked["cursor" if cursor else "offset"] = cursor or str(offset)
        address = whole(request, f"{escape_uri_path(request.path)}?{urlencode(asked, doseq=True)}")
        answer["Link"] = f'<{address}>; rel="next"'
    return answer
