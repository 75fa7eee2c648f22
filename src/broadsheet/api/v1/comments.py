"""Comments: the discussion of a paper, and what the person of a token says in it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from broadsheet.api import talk
from broadsheet.api.talk import Earlier, Said
from broadsheet.api.v1 import answers, listing
from broadsheet.api.v1.identity import Token
from broadsheet.api.v1.papers import ID, known
from broadsheet.api.v1.parameters import MOST, WITHOUT_NUL, ByKey, CommentKey, Number, Whole
from broadsheet.community import commenting, sight
from broadsheet.community.models import SOURCE_LENGTH
from broadsheet.http.viewers import viewer_of
from broadsheet.papers.identifiers import with_scheme

router = Router(tags=["comments"])


class AskedComments(Schema):
    """Which part of a discussion is wanted."""

    limit: Number = Field(MOST, ge=1, le=MOST, description=f"How many comments, {MOST} at most.")
    cursor: str = Field(
        "",
        max_length=19,
        pattern="^[0-9]*$",
        description="Where to go on: the `next` of the answer before; else the beginning.",
    )


class AskedMine(ByKey):
    """Which of one's own comments are wanted."""

    held: bool = Field(default=False, description="Only those that wait to be confirmed.")


class Text(Schema):
    """What is said."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(
        min_length=1,
        max_length=SOURCE_LENGTH,
        pattern=WITHOUT_NUL,
        description=f"CommonMark with maths in dollars, {SOURCE_LENGTH:,} characters at most.",
        examples=["Is the bound $O(n^2)$ tight?"],
    )


class NewComment(Text):
    """What is said of a paper, or in answer to a comment on it."""

    answers: Whole | None = Field(
        None,
        description="The `id` of the comment that this answers, if it answers any.",
    )


@dataclass(frozen=True, slots=True)
class Comments:
    """Some of the comments on the paper `id`, in the order in which they were written; `next` is the cursor
    of those that follow, null at the end.
    """

    id: str
    comments: tuple[Said, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class MyComment:
    """A comment of one's own on the paper `id`."""

    id: str
    comment: Said


@dataclass(frozen=True, slots=True)
class MyComments:
    """One's own comments, the latest first; `next` is the cursor of those that follow, null at the end."""

    comments: tuple[MyComment, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class History:
    """What the comment `id` said before it was edited, the latest first."""

    id: int
    earlier: tuple[Earlier, ...]


@dataclass(frozen=True, slots=True)
class Helpful:
    """Whether who asks finds the comment helpful, and how many people do."""

    id: int
    stands: bool
    helpful: int


@router.get("papers/{path:id}/comments", response=Comments, summary="The discussion of a paper")
def comments(request: HttpRequest, id: ID, asked: Query[AskedComments]) -> HttpResponse:  # noqa: A002
    """What is hidden or withdrawn keeps its place without its text. Held comments of one's own come, too."""
    paper, name = known(id)
    after = int(asked.cursor or 0)
    found = [one for one in talk.of_paper(paper, viewer_of(request)) if one.id > after]
    part = found[: asked.limit]
    cursor = str(part[-1].id) if len(found) > len(part) else None
    return answers.json(request, Comments(name, tuple(part), cursor), cursor=cursor)


@router.post(
    "papers/{path:id}/comments",
    response={HTTPStatus.CREATED: Said},
    auth=Token("comment"),
    summary="Write a comment",
)
def write_comment(request: HttpRequest, id: ID, body: NewComment) -> HttpResponse:  # noqa: A002
    """Of the paper, or in `answers` to a comment. The same words again, within ten minutes, are the same
    comment. What an agent writes is held until its person confirms it. Takes the scope `comment`.
    """
    paper, name = known(id)
    viewer = viewer_of(request)
    made = commenting.write(
        viewer, paper, with_scheme(name), body.text, answers=body.answers, now=timezone.now()
    )
    return answers.json(request, talk.one(made.pk, viewer), status=HTTPStatus.CREATED)


@router.get("comments", response=MyComments, auth=Token("comment"), summary="One's own comments")
def my_comments(request: HttpRequest, asked: Query[AskedMine]) -> HttpResponse:
    """And those of one's programs; with `held`, what waits to be confirmed. Takes the scope `comment`."""
    viewer = viewer_of(request)
    rows, cursor = listing.part(sight.own(viewer, only_held=asked.held).select_related("paper"), asked)
    said = {
        one.id: one for one in talk.some(sight.own(viewer).filter(pk__in=[row.pk for row in rows]), viewer)
    }
    mine = tuple(MyComment(row.paper.public_id, said[row.pk]) for row in rows if row.pk in said)
    return answers.json(request, MyComments(mine, cursor), cursor=cursor)


@router.get("comments/{comment}", response=Said, summary="One comment")
def comment(request: HttpRequest, comment: CommentKey) -> HttpResponse:
    """One that everybody reads, or one's own."""
    return answers.json(request, talk.one(comment, viewer_of(request)))


@router.put("comments/{comment}", response=Said, auth=Token("comment"), summary="Edit a comment")
def edit_comment(request: HttpRequest, comment: CommentKey, body: Text) -> HttpResponse:
    """One's own, until somebody has answered; what it said before is kept. Takes the scope `comment`."""
    viewer = viewer_of(request)
    commenting.edit(viewer, comment, body.text, now=timezone.now())
    return answers.json(request, talk.one(comment, viewer))


@router.delete(
    "comments/{comment}",
    response={HTTPStatus.NO_CONTENT: None},
    auth=Token("comment"),
    summary="Withdraw a comment",
)
def withdraw_comment(request: HttpRequest, comment: CommentKey) -> HttpResponse:
    """One's own, or of a program of one's own, be it held or shown; its place stays while others answer it.
    Takes the scope `comment`.
    """
    commenting.withdraw(viewer_of(request), comment, now=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.get("comments/{comment}/history", response=History, summary="What a comment said before")
def history(request: HttpRequest, comment: CommentKey) -> HttpResponse:
    """For whoever may read the comment."""
    return answers.json(request, History(comment, tuple(talk.earlier(comment, viewer_of(request)))))


@router.post(
    "comments/{comment}/notes", response=Said, auth=Token("comment"), summary="Add a note to a comment"
)
def add_note(request: HttpRequest, comment: CommentKey, body: Text) -> HttpResponse:
    """To one's own, also when somebody has answered; it is dated. Takes the scope `comment`."""
    viewer = viewer_of(request)
    commenting.add_note(viewer, comment, body.text, now=timezone.now())
    return answers.json(request, talk.one(comment, viewer))


@router.put(
    "comments/{comment}/confirmed", response=Said, auth=Token("comment"), summary="Let a held comment appear"
)
def confirm_comment(request: HttpRequest, comment: CommentKey) -> HttpResponse:
    """What an agent wrote for one, which was held; to discard it, withdraw it. Moderators also let appear
    what waits for them. Again changes nothing. No agent may. Takes the scope `comment`.
    """
    viewer = viewer_of(request)
    commenting.confirm(viewer, comment, now=timezone.now())
    return answers.json(request, talk.one(comment, viewer))


@router.put("comments/{comment}/helpful", response=Helpful, auth=Token("vote"), summary="Find it helpful")
def find_helpful(request: HttpRequest, comment: CommentKey) -> HttpResponse:
    """A comment of another; to send it again changes nothing. Takes the scope `vote`, and no agent may."""
    return _helpful(request, comment, stands=True)


@router.delete(
    "comments/{comment}/helpful", response=Helpful, auth=Token("vote"), summary="Find it helpful no more"
)
def find_helpful_no_more(request: HttpRequest, comment: CommentKey) -> HttpResponse:
    """Whether or not it was found so. Takes the scope `vote`, and no agent may."""
    return _helpful(request, comment, stands=False)


def _helpful(request: HttpRequest, comment: int, *, stands: bool) -> HttpResponse:
    viewer = viewer_of(request)
    commenting.find_helpful(viewer, comment, stands=stands, now=timezone.now())
    return answers.json(request, Helpful(comment, stands, talk.one(comment, viewer).helpful))
