"""Forms of ours. Nobody is signed in, so there is no cookie to protect: what counts is where a form stood."""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from broadsheet.http.posting import is_from_our_pages
from broadsheet.web import errors

View = Callable[[HttpRequest], HttpResponse]


def from_our_pages(view: View) -> View:
    """Only let through what a form of this site posted; the rest gets a page that says so (403, 405)."""

    @functools.wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return errors.only_posted(request)
        return view(request) if is_from_our_pages(request) else errors.from_elsewhere(request)

    return answer
