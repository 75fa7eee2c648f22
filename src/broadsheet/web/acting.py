"""Where forms of people lead: back to where they stood, or, when they are refused, to the way in, to a
sentence, or to when to try again.
"""

from __future__ import annotations

import functools
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from broadsheet.accounts.access import NobodyError, NotAllowedError
from broadsheet.accounts.limits import TakenTooMuchError
from broadsheet.http.keeping import Arguments, View
from broadsheet.http.posting import SAFE_METHODS, see_other
from broadsheet.web import errors


def as_allowed(view: View[Arguments]) -> View[Arguments]:
    """Say in a page what the view may not do for who asks; a stranger is shown the way in, and led back."""

    @functools.wraps(view)
    def answer(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NobodyError:
            back = request.get_full_path() if request.method in SAFE_METHODS else came_from(request)
            return to_sign_in(back or reverse("front"))
        except NotAllowedError as problem:
            return errors.refused(request, status=403, title="Not for you", said=str(problem))
        except TakenTooMuchError as problem:
            return errors.too_soon(request, str(problem), retry_after=problem.retry_after)

    return answer


def to_sign_in(back: str) -> HttpResponse:
    """To where one signs in, and then back to that page of ours."""
    return see_other(f"{reverse('account_login')}?{urlencode({'next': back})}")


def came_from(request: HttpRequest) -> str:
    """The page of this site that the form stood on; empty where the browser does not say it."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host() or not page.path.startswith("/") or page.path.startswith("//"):
        return ""
    return f"{page.path}?{page.query}" if page.query else page.path


def with_parameter(page: str, name: str, value: str) -> str:
    """The address of a page of ours with that parameter, or without it where the value is empty."""
    parts = urlsplit(page)
    said = [(key, said) for key, said in parse_qsl(parts.query, keep_blank_values=True) if key != name]
    query = urlencode([*said, (name, value)] if value else said)
    return f"{parts.path}?{query}" if query else parts.path
