"""Addresses of forms: they take what a form sends, and hold nothing to read; and the keys in what is sent."""

from __future__ import annotations

import functools

from django.http import HttpRequest, HttpResponse

from broadsheet.http.keeping import Arguments, View
from broadsheet.http.posting import LARGEST_KEY
from broadsheet.web import errors

# What a form sends in `stands` to end something, anything else being that it shall stand.
NO = "no"


def only_posted(view: View[Arguments]) -> View[Arguments]:
    """Only let POST through; the rest gets a page that says so (405).

    That the form stood on a page of this site is checked before any view is called.
    """

    @functools.wraps(view)
    def answer(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        return view(request, *args, **kwargs) if request.method == "POST" else errors.only_posted(request)

    return answer


def key_in(text: str) -> int:
    """The key that a form sent; 0, which nothing has, where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(LARGEST_KEY)) else 0
