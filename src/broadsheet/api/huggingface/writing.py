"""What Hugging Face's API takes: comments, and papers that shall be here."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from broadsheet.api import talk
from broadsheet.api.huggingface import asked, errors, shapes
from broadsheet.api.huggingface.asked import CommentSent, IndexSent, SubmissionSent
from broadsheet.api.huggingface.errors import RefusedError
from broadsheet.api.huggingface.views import json, known, site_of
from broadsheet.community import commenting, submitting
from broadsheet.http.addresses import whole
from broadsheet.http.having_fetched import have_fetched, wake_for
from broadsheet.http.viewers import viewer_of
from broadsheet.papers.identifiers import arxiv_id, with_scheme
from broadsheet.papers.reading import resolve
from broadsheet.sources.live.wanted import is_on_offer


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


@errors.writing("submit")
def index(request: HttpRequest) -> HttpResponse:
    """Have a paper fetched from arXiv; one that is here already stays as it is."""
    identifier = arxiv_id(asked.body(IndexSent, request).arxiv_id)
    if identifier is None:
        raise asked.refused(IndexSent, "arxivId")
    if not resolve(identifier.public_id):
        if not is_on_offer(identifier):
            raise RefusedError("This site fetches nothing from arXiv.")
        have_fetched(request, identifier, now=timezone.now())
    return json({})


@errors.writing("submit")
def submit(request: HttpRequest) -> HttpResponse:
    """Submit a paper for the list of a day, and say something of it."""
    sent, viewer, now = asked.body(SubmissionSent, request), viewer_of(request), timezone.now()
    with transaction.atomic():
        made = submitting.submit(viewer, sent.paper, now=now)
        if sent.comment and made.paper_id:
            commenting.write(viewer, made.paper_id, made.named, sent.comment, now=now)
        wake_for(made)
    page = whole(request, f"/papers/{quote(made.named.partition(':')[2])}")
    answer = json({"state": made.state, "url": page}, status=HTTPStatus.CREATED)
    answer["Location"] = page
    return answer


def _written(request: HttpRequest, name: str, answers: int | None) -> HttpResponse:
    sent, (paper, public_id), viewer = asked.body(CommentSent, request), known(name), viewer_of(request)
    now = timezone.now()
    made = commenting.write(viewer, paper, with_scheme(public_id), sent.comment, answers=answers, now=now)
    said = talk.one(made.pk, viewer)
    return json(shapes.comment(said, site=site_of(request)), status=HTTPStatus.CREATED)
