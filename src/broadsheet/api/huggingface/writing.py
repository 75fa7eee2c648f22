"""What Hugging Face's API takes: comments, and papers that shall be here."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from broadsheet.api import talk
from broadsheet.api.huggingface import asked, errors, shapes
from broadsheet.api.huggingface.asked import CommentSent
from broadsheet.api.huggingface.errors import RefusedError
from broadsheet.api.huggingface.views import json, known, site_of
from broadsheet.community import commenting
from broadsheet.http.viewers import viewer_of
from broadsheet.papers.identifiers import with_scheme


@errors.writing("comment")
def comment(request: HttpRequest, name: str) -> HttpResponse:
    """Say something of a paper."""
    return _written(request, name, None)


@errors.writing("comment")
def reply(request: HttpRequest, name: str, to: str) -> HttpResponse:
    """Answer a comment."""
    answered = shapes.pk_of(to)
    if answered is None:
        raise RefusedError("There is no such comment.", status=HTTPStatus.NOT_FOUND)
    return _written(request, name, answered)


def _written(request: HttpRequest, name: str, answers: int | None) -> HttpResponse:
    sent, (paper, public_id), viewer = asked.body(CommentSent, request), known(name), viewer_of(request)
    now = timezone.now()
    made = commenting.write(viewer, paper, with_scheme(public_id), sent.comment, answers=answers, now=now)
    said = talk.one(made.pk, viewer)
    return json(shapes.comment(said, site=site_of(request)), status=HTTPStatus.CREATED)
