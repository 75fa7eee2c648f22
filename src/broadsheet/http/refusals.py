"""What people's deeds are refused with, for programs: the status, the sentence and the headers."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus

from django.http import HttpRequest

from broadsheet.accounts.access import NobodyError, NoScopeError, NotAllowedError
from broadsheet.accounts.joining import InvitationError, NoSuchInvitationError
from broadsheet.accounts.limits import TakenTooMuchError
from broadsheet.community.claiming import NoClaimError, NoSuchClaimError
from broadsheet.community.commenting import CommentError, NoCommentError
from broadsheet.community.deciding import NoDecisionError, NoSuchDecisionError
from broadsheet.community.deeds import ReasonError
from broadsheet.community.here import NoSuchWordError, NoWordError
from broadsheet.community.moderating import ModerationError
from broadsheet.community.profiles import NobodyThereError
from broadsheet.community.reporting import NothingThereError, ReportError, ToldAlreadyError
from broadsheet.community.submitting import NoSubmissionError, NoSuchSubmissionError, ThereAlreadyError
from broadsheet.community.voting import NoVoteError
from broadsheet.daily.changing import NothingToDoError
from broadsheet.daily.topics import TopicError, UnknownTopicError
from broadsheet.digests.channels import ChannelError, NoChannelError
from broadsheet.library.acting import GoneError
from broadsheet.library.brought import BringingError
from broadsheet.library.following import NothingToFollowError
from broadsheet.library.ignoring import IgnoringError, NothingToIgnoreError
from broadsheet.library.notes import NoNoteError, NoteError
from broadsheet.library.saving import SavingError
from broadsheet.library.tagging import NoTagError, TaggingError
from broadsheet.library.undoing import NothingToUndoError
from broadsheet.papers.attributing import AttributionError, NoNameError, NotThereError, UnknownNameError
from broadsheet.sources.live.wanted import TooManyWantedError

# What rooms raise where they refuse a deed; the first that fits says how.
STATUSES: dict[type[Exception], HTTPStatus] = {
    NobodyError: HTTPStatus.UNAUTHORIZED,
    NotAllowedError: HTTPStatus.FORBIDDEN,
    TakenTooMuchError: HTTPStatus.TOO_MANY_REQUESTS,
    NoSuchInvitationError: HTTPStatus.NOT_FOUND,
    InvitationError: HTTPStatus.BAD_REQUEST,
    NoVoteError: HTTPStatus.CONFLICT,
    NoCommentError: HTTPStatus.NOT_FOUND,
    NoSuchSubmissionError: HTTPStatus.NOT_FOUND,
    ThereAlreadyError: HTTPStatus.CONFLICT,
    NoSubmissionError: HTTPStatus.BAD_REQUEST,
    NothingToFollowError: HTTPStatus.NOT_FOUND,
    UnknownTopicError: HTTPStatus.NOT_FOUND,
    NoChannelError: HTTPStatus.NOT_FOUND,
    ChannelError: HTTPStatus.BAD_REQUEST,
    TopicError: HTTPStatus.BAD_REQUEST,
    NothingToIgnoreError: HTTPStatus.NOT_FOUND,
    IgnoringError: HTTPStatus.BAD_REQUEST,
    BringingError: HTTPStatus.BAD_REQUEST,
    GoneError: HTTPStatus.CONFLICT,
    NoNoteError: HTTPStatus.NOT_FOUND,
    NoteError: HTTPStatus.BAD_REQUEST,
    SavingError: HTTPStatus.BAD_REQUEST,
    NoTagError: HTTPStatus.NOT_FOUND,
    TaggingError: HTTPStatus.BAD_REQUEST,
    NothingToDoError: HTTPStatus.BAD_REQUEST,
    NothingToUndoError: HTTPStatus.CONFLICT,
    UnknownNameError: HTTPStatus.NOT_FOUND,
    NotThereError: HTTPStatus.NOT_FOUND,
    NoNameError: HTTPStatus.BAD_REQUEST,
    AttributionError: HTTPStatus.CONFLICT,
    TooManyWantedError: HTTPStatus.SERVICE_UNAVAILABLE,
    CommentError: HTTPStatus.BAD_REQUEST,
    NoSuchClaimError: HTTPStatus.NOT_FOUND,
    NoClaimError: HTTPStatus.CONFLICT,
    NoSuchDecisionError: HTTPStatus.NOT_FOUND,
    NoDecisionError: HTTPStatus.CONFLICT,
    NoSuchWordError: HTTPStatus.NOT_FOUND,
    NoWordError: HTTPStatus.BAD_REQUEST,
    NothingThereError: HTTPStatus.NOT_FOUND,
    ToldAlreadyError: HTTPStatus.CONFLICT,
    ReportError: HTTPStatus.BAD_REQUEST,
    ModerationError: HTTPStatus.CONFLICT,
    NobodyThereError: HTTPStatus.NOT_FOUND,
    ReasonError: HTTPStatus.BAD_REQUEST,
}
REFUSED = tuple(STATUSES)
NEEDED = "This takes a token (Authorization: Bearer bs_...), which your settings on this site make."
UNKNOWN = "This token is unknown here, was revoked, or its time is over."


@dataclass(frozen=True, slots=True)
class Refusal:
    """How a program is told that something was not done."""

    status: HTTPStatus
    said: str
    headers: dict[str, str] = field(default_factory=dict)


def refusal(request: HttpRequest, problem: Exception) -> Refusal:
    """How to tell it, by what was raised: one of REFUSED."""
    status = next(status for kind, status in STATUSES.items() if isinstance(problem, kind))
    if isinstance(problem, NobodyError):
        # As RFC 6750, section 3.1, has it: without a token there is no error to name.
        is_sent = "Authorization" in request.headers
        asked = {"WWW-Authenticate": 'Bearer error="invalid_token"' if is_sent else "Bearer"}
        return Refusal(status, UNKNOWN if is_sent else NEEDED, asked)
    if isinstance(problem, NoScopeError):
        wanted = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{problem.scope}"'}
        return Refusal(status, str(problem), wanted)
    if isinstance(problem, TakenTooMuchError):
        return Refusal(status, str(problem), {"Retry-After": f"{problem.retry_after.total_seconds():.0f}"})
    return Refusal(status, str(problem))
