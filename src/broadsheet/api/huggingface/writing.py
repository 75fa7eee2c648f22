"""What Hugging Face's API takes: comments, and papers that shall be here."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from broadsheet.accounts.access import NotAllowedError
from broadsheet.api import talk
from broadsheet.api.huggingface import asked, errors, organizations, shapes
from broadsheet.api.huggingface.asked import ClaimSent, CommentSent, IndexSent, LinksSent, SubmissionSent
from broadsheet.api.huggingface.errors import RefusedError
from broadsheet.api.huggingface.views import detail_of, json, known, site_of
from broadsheet.community import claiming, commenting, curating, submitting
from broadsheet.http.addresses import whole
from broadsheet.http.having_fetched import have_fetched, wake_for
from broadsheet.http.viewers import viewer_of
from broadsheet.jobs.wake import wake
from broadsheet.papers.identifiers import arxiv_id, with_scheme
from broadsheet.papers.models import Paper
from broadsheet.papers.reading import resolve
from broadsheet.sources.live.wanted import is_on_offer

# What a link that is sent leads to, by its field.
KINDS = {"github_repo": "code", "project_page": "project"}


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


@errors.writing()
def links(request: HttpRequest, name: str) -> HttpResponse:
    """Give a paper its code, its page and an organization: as a curator, or as an author who was verified."""
    sent, (paper, public_id), viewer = asked.body(LinksSent, request), _paper(name), viewer_of(request)
    named, now = with_scheme(public_id), timezone.now()
    given = sent.model_dump(include=sent.model_fields_set)
    with transaction.atomic():
        said = {kind: given[field] or "" for field, kind in KINDS.items() if field in given}
        curating.set_links(viewer, paper, named, said, now=now)
        if sent.organization:
            organization = organizations.name_of(sent.organization)
            curating.add_organization(viewer, paper, named, name=organization, now=now)
    wake("index")
    return json(shapes.links(detail_of(public_id)))


@errors.writing("claim")
def claim(request: HttpRequest) -> HttpResponse:
    """Say that one is an author of a paper."""
    sent, viewer = asked.body(ClaimSent, request), viewer_of(request)
    if viewer.person is None or sent.person != shapes.user_id(viewer.person):
        raise NotAllowedError("You can claim a paper for yourself alone: send your own _id as targetUserId.")
    detail = detail_of(sent.paper)
    slug = shapes.author_of(detail, sent.author)
    if slug is None:
        raise RefusedError("This paper has no author with that _id.", status=HTTPStatus.NOT_FOUND)
    row = detail.row
    made = claiming.ask_author(viewer, row.pk, with_scheme(row.public_id), slug, now=timezone.now())
    return json(
        {
            "state": made.state,
            "paperId": row.public_id,
            "claimAuthorId": sent.author,
            "targetUserId": sent.person,
        }
    )


def _paper(name: str) -> tuple[int, str]:
    """The key and name of the paper with that `_id`, or any of its names. Raises RefusedError."""
    pk = shapes.pk_of(name)
    found = Paper.objects.filter(pk=pk).values_list("pk", "public_id").first() if pk else None
    return found or known(name)


def _written(request: HttpRequest, name: str, answers: int | None) -> HttpResponse:
    sent, (paper, public_id), viewer = asked.body(CommentSent, request), known(name), viewer_of(request)
    now = timezone.now()
    made = commenting.write(viewer, paper, with_scheme(public_id), sent.comment, answers=answers, now=now)
    said = talk.one(made.pk, viewer)
    return json(shapes.comment(said, site=site_of(request)), status=HTTPStatus.CREATED)
