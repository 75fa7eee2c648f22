"""Comments: written, edited, withdrawn, confirmed, hidden and restored, and found helpful."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet

from broadsheet.accounts import access, handles, joining
from broadsheet.accounts.access import NotAllowedError, Viewer
from broadsheet.accounts.limits import TakenTooMuchError, person, take
from broadsheet.accounts.models import Person
from broadsheet.accounts.settings import limits
from broadsheet.community import counting, deeds, rendering, sight, telling
from broadsheet.community.models import (
    SOURCE_LENGTH,
    Comment,
    CommentEdit,
    CommentState,
    CommentVote,
    Report,
)
from broadsheet.community.together import written
from broadsheet.papers.models import PaperVersion
from broadsheet.papers.text import visible

# How deep answers are counted; what answers a comment so deep stands beside it.
DEEPEST = 8
# The same words by the same person, in this time, are the same comment: a form that was sent twice.
TWICE = timedelta(minutes=10)
# How much longer a person waits, before they answer again, for each report in the thread.
FOR_A_REPORT = timedelta(minutes=1)
_UNWRITTEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class CommentError(ValueError):
    """A comment cannot be written or changed so; the message says why."""


class NoCommentError(LookupError):
    """There is no such comment for the viewer."""

    def __init__(self) -> None:
        super().__init__("There is no such comment.")


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody wrote, and how it is shown."""

    source: str
    html: str


def prepared(source: str) -> Text:
    """The text as it is stored. Raises CommentError where it is empty, too long, or no text."""
    try:
        source.encode()
    except UnicodeEncodeError:
        raise CommentError("That is no text: it has half a character in it.") from None
    source = _UNWRITTEN.sub("", source.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not visible(source):
        raise CommentError("Write something first.")
    if len(source) > SOURCE_LENGTH:
        raise CommentError(f"A comment has at most {SOURCE_LENGTH:,} characters; this has {len(source):,}.")
    return Text(source, rendering.render(source))


def write(
    viewer: Viewer, paper: int, named: str, source: str, *, now: datetime, answers: int | None = None
) -> Comment:
    """Say that about the paper, seen by that name, or in answer to the comment with that key.

    Raises NotAllowedError, CommentError, NoCommentError for what is not there to be answered, or
    TakenTooMuchError.
    """
    writer, text = access.check(viewer, "comment", now=now), prepared(source)
    comment = written(lambda: _write(viewer, writer, paper, named, text, answers=answers, now=now))
    joining.was_active(viewer, now=now)
    return comment


def edit(viewer: Viewer, comment: int, source: str, *, now: datetime) -> Comment:
    """Say something else instead: until somebody has answered. What it said before can be read.

    Raises as `write` does; NoCommentError where the comment is not the viewer's.
    """
    writer, text = access.check(viewer, "comment", now=now), prepared(source)
    return written(lambda: _edit(viewer, writer, comment, text, now=now))


def add_note(viewer: Viewer, comment: int, source: str, *, now: datetime) -> Comment:
    """Add a dated note to a comment of one's own: what others have answered stays as they read it.

    Raises as `edit` does.
    """
    writer = access.check(viewer, "comment", now=now)
    own = _own(viewer, writer, comment)
    note = prepared(source)
    text = prepared(f"{own.source}\n\n---\n\n*Added on {now.day} {now:%B %Y}:*\n\n{note.source}")
    return written(lambda: _change(viewer, writer, _own(viewer, writer, comment, lock=True), text, now=now))


def withdraw(viewer: Viewer, comment: int, *, now: datetime) -> None:
    """Take back a comment of one's own, or of a program of one's own; its place stays while others answer it.
    Again changes nothing.

    Raises NotAllowedError, or NoCommentError where it is not the viewer's.
    """
    access.check(viewer, "comment", now=now)
    written(lambda: _withdraw(viewer, comment))


def confirm(viewer: Viewer, comment: int, *, now: datetime) -> None:
    """Let a comment that was held appear: by its author, what a program wrote for them; by a moderator, what
    somebody wrote who is not vouched for.

    Raises NotAllowedError, or NoCommentError where nothing waits for the viewer.
    """
    writer = access.check(viewer, "comment", now=now)
    if viewer.acts_as_agent:
        raise NotAllowedError("What a program wrote is confirmed by a person.")
    written(lambda: _confirm(viewer, writer, comment, now=now))


def find_helpful(viewer: Viewer, comment: int, *, stands: bool, now: datetime) -> None:
    """Say that a comment of another is helpful, or no more. Again changes nothing.

    Raises NotAllowedError, NoCommentError or TakenTooMuchError.
    """
    voter = access.check(viewer, "vote", now=now)
    if viewer.acts_as_agent:
        raise NotAllowedError("Programs cannot say which comments are helpful.")
    if not voter.vouched_at:
        raise NotAllowedError("You can say which comments are helpful once you are vouched for.")
    written(lambda: _find_helpful(voter, comment, stands=stands, now=now))


def hide(comment: int) -> str:
    """Hide a comment, and give the state that it had, for `restore`. The caller decides who may, writes down
    why, and holds the transaction. Raises NoCommentError.
    """
    found = _locked(comment, Comment.objects.all())
    former = str(found.state)
    if former in {CommentState.VISIBLE, CommentState.HELD}:
        _become(found, CommentState.HIDDEN)
    return former


def restore(comment: int, *, to: str = CommentState.VISIBLE) -> None:
    """Let a hidden comment be what it was; what its author withdrew meanwhile stays so. The caller does
    what it does for `hide`.
    """
    found = _locked(comment, Comment.objects.all())
    if found.state == CommentState.HIDDEN:
        _become(found, CommentState(to))


def release(writer: Person, now: datetime) -> None:
    """Let appear what was held because nobody vouched for its author, who is vouched for now."""
    if writer.vouched_at:
        with transaction.atomic():
            _release(writer, now=now)


def _release(writer: Person, *, now: datetime) -> None:
    held = Comment.objects.filter(person=writer, is_by_agent=False, state=CommentState.HELD)
    counting.lock([*held.values_list("paper", flat=True)])
    for comment in held.select_for_update():
        _become(comment, CommentState.VISIBLE)
        telling.tell(comment, now=now)


def _write(
    viewer: Viewer,
    writer: Person,
    paper: int,
    named: str,
    text: Text,
    *,
    answers: int | None,
    now: datetime,
) -> Comment:
    # Of two requests of one person the second waits, and finds what the first wrote.
    counting.lock([paper])
    parent = None if answers is None else _answerable(viewer, paper, answers)
    if parent and deeds.locked([parent.root_id or parent.pk]):
        raise CommentError("This thread is closed: it takes no more answers.")
    same = Comment.objects.filter(
        person=writer, paper=paper, parent=parent, source=text.source, written_at__gt=now - TWICE
    ).exclude(state=CommentState.WITHDRAWN)
    if before := same.first():
        return before
    if parent:
        _wait_for_reports(writer, parent, now=now)
    take("comment", person(writer.pk), now=now)
    handles.have(writer)
    comment = Comment.objects.create(
        paper_id=paper,
        # A thread has one name, so that it stays whole where papers that were joined are parted again.
        named=parent.named if parent else named,
        version=_version(paper),
        parent=parent,
        root_id=(parent.root_id or parent.pk) if parent else None,
        depth=min(parent.depth + 1, DEEPEST) if parent else 0,
        person=writer,
        via=viewer.via,
        is_by_agent=viewer.acts_as_agent,
        source=text.source,
        html=text.html,
        renderer=rendering.RENDERER,
        written_at=now,
        state=_state(viewer, writer, text),
    )
    counting.talked(paper)
    telling.tell(comment, now=now)
    return comment


def _edit(viewer: Viewer, writer: Person, comment: int, text: Text, *, now: datetime) -> Comment:
    own = _own(viewer, writer, comment, lock=True)
    if own.source == text.source:
        return own
    if has_answers(own.pk):
        raise CommentError("Somebody has answered: what they read stays. Add a note to it instead.")
    return _change(viewer, writer, own, text, now=now)


def _change(viewer: Viewer, writer: Person, own: Comment, text: Text, *, now: datetime) -> Comment:
    if own.state not in {CommentState.VISIBLE, CommentState.HELD}:
        raise CommentError("This comment is no longer shown: it cannot be changed.")
    take("comment", person(writer.pk), now=now)
    CommentEdit.objects.create(comment=own, source=own.source, at=own.edited_at or own.written_at)
    own.source, own.html, own.renderer = text.source, text.html, rendering.RENDERER
    own.edited_at, own.state = now, _state(viewer, writer, text)
    # Of what a program wrote a part, nobody can tell any more which.
    own.is_by_agent |= viewer.acts_as_agent
    own.save(update_fields=["source", "html", "renderer", "edited_at", "state", "is_by_agent"])
    counting.talked(own.paper_id)
    telling.tell(own, now=now)
    return own


def _withdraw(viewer: Viewer, comment: int) -> None:
    found = _locked(comment, sight.own(viewer))
    if found.state != CommentState.WITHDRAWN:
        _become(found, CommentState.WITHDRAWN)


def _confirm(viewer: Viewer, writer: Person, comment: int, *, now: datetime) -> None:
    found = _locked(comment, sight.readable(viewer))
    is_own = _belongs(found, writer)
    if not sight.moderates(viewer) and not (is_own and found.is_by_agent):
        raise NotAllowedError("A moderator looks at it; it appears then, or once you are vouched for.")
    if found.state == CommentState.HELD:
        _become(found, CommentState.VISIBLE)
        telling.tell(found, now=now)


def _find_helpful(voter: Person, comment: int, *, stands: bool, now: datetime) -> None:
    found = _locked(comment, sight.public())
    if _belongs(found, voter):
        raise NotAllowedError("It is for others to say whether a comment of yours is helpful.")
    votes = CommentVote.objects.filter(person=voter, comment=found)
    if votes.exists() == stands:
        return
    take("vote", person(voter.pk), now=now)
    if stands:
        CommentVote.objects.create(person=voter, comment=found, at=now)
    else:
        votes.delete()
    Comment.objects.filter(pk=found.pk).update(helpful=F("helpful") + (1 if stands else -1))


def has_answers(comment: int) -> bool:
    """Whether somebody's answer to the comment can be read."""
    return sight.public().filter(parent=comment).exists()


def _state(viewer: Viewer, writer: Person, text: Text) -> CommentState:
    """Whether what was written waits: for its owner where a program wrote it, for a moderator where somebody
    whom nobody vouched for leads elsewhere.
    """
    waits = viewer.waits or (not writer.vouched_at and rendering.has_links(text.html))
    return CommentState.HELD if waits else CommentState.VISIBLE


def _become(comment: Comment, state: CommentState) -> None:
    comment.state = state
    comment.save(update_fields=["state"])
    counting.talked(comment.paper_id)


def _locked(comment: int, rows: QuerySet[Comment]) -> Comment:
    """The comment, if it is one of these, which nobody can change or answer meanwhile."""
    paper = rows.filter(pk=comment).values_list("paper", flat=True).first()
    if paper is None:
        raise NoCommentError
    counting.lock([paper])
    found = rows.filter(pk=comment).select_for_update(of=("self",)).first()
    if found is None:
        raise NoCommentError
    return found


def _own(viewer: Viewer, writer: Person, comment: int, *, lock: bool = False) -> Comment:
    """The comment, where it is the viewer's. To everybody else there is none."""
    rows = sight.readable(viewer).filter(person=writer)
    found = _locked(comment, rows) if lock else rows.filter(pk=comment).first()
    if found is None:
        raise NoCommentError
    return found


def _belongs(comment: Comment, writer: Person) -> bool:
    """Whether that person wrote it, or a program of theirs."""
    author = comment.person
    return author is not None and sight.belongs(writer.pk, author.pk, author.owner_id)


def _answerable(viewer: Viewer, paper: int, comment: int) -> Comment:
    """The comment that is answered, which nobody can change meanwhile."""
    found = _locked(comment, sight.readable(viewer).filter(paper=paper))
    if found.state != CommentState.VISIBLE:
        raise CommentError("This comment is not shown to everybody: it cannot be answered.")
    return found


def _wait_for_reports(writer: Person, parent: Comment, *, now: datetime) -> None:
    """Slow down whoever answers in a thread that others reported. Raises TakenTooMuchError."""
    if "comment" not in limits():
        return
    root = parent.root_id or parent.pk
    thread = Comment.objects.filter(Q(pk=root) | Q(root=root)).values("pk")
    reports = Report.objects.filter(kind=sight.COMMENT, target__in=thread).count()
    if not reports:
        return
    last = Comment.objects.filter(person=writer).aggregate(last=Max("written_at"))["last"]
    if last and (rest := last + reports * FOR_A_REPORT - now) > timedelta(0):
        seconds = int(rest.total_seconds()) + 1
        said = (
            f"Something in this thread was reported, so it goes slower: answer again in {seconds:,} seconds."
        )
        raise TakenTooMuchError(said, retry_after=timedelta(seconds=seconds))


def _version(paper: int) -> int | None:
    """The latest version of the paper, where it has numbered ones."""
    latest: int | None = PaperVersion.objects.filter(paper=paper).aggregate(last=Max("number"))["last"]
    return latest
