"""Addresses of forms: they take what a form sends, and hold nothing to read."""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from broadsheet.web import errors

View = Callable[[HttpRequest], HttpResponse]


def only_posted(view: View) -> View:
    """Only let POST through; the rest gets a page that says so (405).

    That the form stood on a page of this site is checked before any view is called.
    """

    @functools.wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        return view(request) if request.method == "POST" else errors.only_posted(request)

    return answer
