"""The tools that write, each for whoever's token has its scope.

What they write is an agent's: labelled, no vote counted, and a comment held until its person confirms it.

The docstrings of the tools are read by agents, and say also what a tool does not do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal, TypeVar

from django.db import transaction
from django.utils import timezone
from pydantic import BaseModel, Field

from broadsheet.accounts import limits
from broadsheet.accounts.limits import person
from broadsheet.api.mcp import asking
from broadsheet.api.mcp.tools import RefusalError, key_and_name
from broadsheet.community import commenting, submitting, voting
from broadsheet.community.models import NAMED_LENGTH, SOURCE_LENGTH, Submission
from broadsheet.daily import follows, topics, votes
from broadsheet.daily.defining import in_words
from broadsheet.daily.entries import ListName, UnknownListError
from broadsheet.daily.kinds.topic import TOPIC
from broadsheet.daily.list_names import as_json, from_json
from broadsheet.daily.models import LIST_LENGTH, MOST_PAPERS, Topic
from broadsheet.http.having_fetched import wake_for
from broadsheet.http.posting import LARGEST_KEY
from broadsheet.http.refusals import REFUSED
from broadsheet.library import following, ignoring
from broadsheet.library.models import NAME_LENGTH
from broadsheet.papers.identifiers import with_scheme

Made = TypeVar("Made")
Id = Annotated[str, Field(description="An id as lists give it, an arXiv identifier, a DOI, an address.")]
DryRun = Annotated[bool, Field(description="Say what would be written, with all checks, and write nothing.")]

ListKind = Annotated[Literal[topics.KINDS], Field(description="What kind of list it is.")]  # type: ignore[valid-type]


class Written(BaseModel):
    """What every tool that writes answers."""

    is_written: bool = Field(description="False for a dry run: nothing was changed.")
    left: int | None = Field(
        description="How many more may be written in the time that limits them; null where nothing does."
    )


class VoteAnswer(Written):
    """A vote, as it stands or would stand."""

    id: str = Field(description="The paper.")
    stands: bool
    counts: bool = Field(description="Always false for an agent: its votes are shown apart.")
    said: str = Field(description="Why it does not count.")


def vote(id: Id, stands: bool = True, dry_run: DryRun = False) -> VoteAnswer:  # noqa: A002
    """Let the vote for a paper stand (or with `stands` false take it back), for the person of the token.

    It sets a state: to call it again changes nothing. The vote is shown as an agent's and is not counted. A
    paper has no votes against it. Ask the person before you call it, unless they told you to.
    """
    paper, name = key_and_name(id)
    viewer, now = asking.viewer.get(), timezone.now()

    def act() -> voting.Standing:
        if stands:
            return votes.cast(viewer, paper, with_scheme(name), now=now)
        return votes.withdraw(viewer, paper, with_scheme(name), now=now)

    made, left = done(act, "vote", dry_run=dry_run)
    return VoteAnswer(
        is_written=not dry_run,
        left=left,
        id=name,
        stands=made.stands,
        counts=made.stands and not made.why_not,
        said=made.words,
    )


class CommentAnswer(Written):
    """A comment, as it is or would be written."""

    id: str = Field(description="The paper.")
    comment: int | None = Field(description="The comment's id; null for a dry run.")
    state: str = Field(description="visible, or held until the person confirms it on the site.")
    html: str = Field(description="How it is shown.")


def comment(
    id: Id,  # noqa: A002
    text: Annotated[
        str,
        Field(
            min_length=1, max_length=SOURCE_LENGTH, description="CommonMark with maths in dollars; no HTML."
        ),
    ],
    answers: Annotated[
        int | None, Field(ge=1, le=LARGEST_KEY, description="The id of the comment that this answers.")
    ] = None,
    dry_run: DryRun = False,
) -> CommentAnswer:
    """Write a comment on a paper, or an answer to one, for the person of the token.

    It is labelled as an agent's, and held until the person confirms it on the site unless the token says
    otherwise. The same words again within ten minutes are the same comment. It is not for reviews that nobody
    asked for: show the person the text, with a dry run for how it looks, before you write it.
    """
    paper, name = key_and_name(id)
    viewer, now = asking.viewer.get(), timezone.now()
    made, left = done(
        lambda: commenting.write(viewer, paper, with_scheme(name), text, answers=answers, now=now),
        "comment",
        dry_run=dry_run,
    )
    return CommentAnswer(
        is_written=not dry_run,
        left=left,
        id=name,
        comment=None if dry_run else made.pk,
        state=made.state,
        html=made.html,
    )


class SubmissionAnswer(Written):
    """A submission, as it is or would be."""

    paper: str = Field(description="The name of the paper that was read.")
    state: str = Field(
        description="waiting for a curator, or asked: arXiv is asked for it, and it waits once it is here."
    )


def submit(
    paper: Annotated[
        str,
        Field(
            min_length=1,
            max_length=NAMED_LENGTH,
            description="An identifier, a DOI or an address of it.",
        ),
    ],
    dry_run: DryRun = False,
) -> SubmissionAnswer:
    """Submit a paper for the list of a day, for the person of the token.

    A curator decides on it. It is labelled as an agent's. It uploads no paper: it names one that is here, or
    that arXiv has. Old papers, and those that were on a list, are refused.
    """
    viewer, now = asking.viewer.get(), timezone.now()

    def act() -> Submission:
        made = submitting.submit(viewer, paper, now=now)
        wake_for(made)
        return made

    made, left = done(act, "submit", dry_run=dry_run)
    return SubmissionAnswer(is_written=not dry_run, left=left, paper=made.named, state=made.state)


class FollowAnswer(Written):
    """What is followed, or would be, or no more."""

    kind: str
    name: str
    stands: bool


def follow(
    kind: Annotated[
        Literal["author", "organization", "category", "topic"],
        Field(description="What kind of thing it is."),
    ],
    name: Annotated[
        str, Field(max_length=NAME_LENGTH, description="Its name in its address, such as cs.LG or ada-byron.")
    ],
    stands: bool = True,
    dry_run: DryRun = False,
) -> FollowAnswer:
    """Follow an author, an organization, a category or a topic for the person of the token, or with `stands`
    false no more.

    It sets a state: to call it again changes nothing. Nobody is told whom somebody follows, but for the agent
    of that person. What does not exist here cannot be followed.
    """
    viewer, now = asking.viewer.get(), timezone.now()

    def act() -> str:
        if stands:
            return follows.follow(viewer, kind, name, now=now).name
        if kind == TOPIC:
            topics.unfollow(viewer, name, now=now)
        else:
            following.unfollow(viewer, kind, name, now=now)
        return name

    made, left = done(act, "follow", dry_run=dry_run)
    return FollowAnswer(is_written=not dry_run, left=left, kind=kind, name=made, stands=stands)


class TopicSaved(Written):
    """A topic, as it is or would be saved."""

    slug: str = Field(description="Its name in the tool `topic`; a dry run may name another one.")
    definition: str = Field(description="What it has, in words.")
    papers: int = Field(description="How many papers it begins with.")


def save_topic(
    kind: ListKind,
    title: Annotated[str, Field(max_length=NAME_LENGTH, description="What the topic is called.")],
    *,
    name: Annotated[
        str,
        Field(
            max_length=LIST_LENGTH,
            description="A query, a slug, a code, the id of a paper; day, week or month for trending.",
        ),
    ] = "",
    order: Annotated[
        str, Field(description="date, added, votes, comments or relevance; empty: newest first.")
    ] = "",
    size: Annotated[int, Field(ge=1, le=MOST_PAPERS, description="Papers told at once.")] = 10,
    visibility: Annotated[
        Literal["public", "unlisted", "private"], Field(description="By whom it may be seen.")
    ] = "private",
    dry_run: DryRun = False,
) -> TopicSaved:
    """Save a list as a topic for the person of the token: from then on `topic` tells what is new in it.

    An agent that calls it again with the same title and list gets the same topic. It mails nothing. A search
    is looked at as a whole unless its order is relevance, which looks at the first papers of each moment. Ask
    the person before you make one public.
    """
    viewer, now = asking.viewer.get(), timezone.now()
    wanted = ListName(kind, name, order)

    def act() -> Topic:
        stored = as_json(topics.definition(wanted, viewer, now=now))
        known = [one for one in topics.mine(viewer).filter(name=title) if one.wanted == stored]
        return (
            known[0]
            if known
            else topics.save(viewer, wanted, name=title, size=size, visibility=visibility, now=now)
        )

    try:
        made, left = done(act, "save", dry_run=dry_run)
    except UnknownListError as problem:
        raise RefusalError(str(problem)) from problem
    return TopicSaved(
        is_written=not dry_run,
        left=left,
        slug=made.slug,
        definition=in_words([from_json(made.wanted)])[0],
        papers=made.last,
    )


class LeaveOutAnswer(Written):
    """What is left out of lists, or would be, or no more."""

    kind: str
    name: str
    stands: bool


def leave_out(
    kind: Annotated[
        Literal["word", "author", "organization", "category"], Field(description="What kind of thing it is.")
    ],
    name: Annotated[
        str,
        Field(max_length=NAME_LENGTH, description="A word or phrase; else its name in its address."),
    ],
    stands: bool = True,
    dry_run: DryRun = False,
) -> LeaveOutAnswer:
    """Leave papers out of all lists of the person of the token: with a word or phrase, by an author or an
    organization, or in a category; with `stands` false no more.

    It sets a state: to call it again changes nothing. Lists then say in `hidden` how many papers they do not
    give. It hides papers from the person and not from the agent alone: call it only when they told you to.
    """
    viewer, now = asking.viewer.get(), timezone.now()

    def act() -> str:
        if stands:
            return ignoring.ignore(viewer, kind, name, now=now).name
        ignoring.unignore(viewer, kind, name, now=now)
        return name

    made, left = done(act, "save", dry_run=dry_run)
    return LeaveOutAnswer(is_written=not dry_run, left=left, kind=kind, name=made, stands=stands)


# The tools, each with the scope that it takes and its title.
WRITES: dict[Callable[..., BaseModel], tuple[str, str]] = {
    vote: ("vote", "Vote for a paper"),
    comment: ("comment", "Comment on a paper"),
    submit: ("submit", "Submit a paper"),
    follow: ("follow", "Follow something"),
    leave_out: ("save", "Leave something out of all lists"),
    save_topic: ("save", "Save a topic"),
}


def done(act: Callable[[], Made], kind: str, *, dry_run: bool) -> tuple[Made, int | None]:
    """What was done, or would be, and how much of that kind is left then. Raises RefusalError."""
    try:
        return _rehearsed(act, kind) if dry_run else (act(), _left(kind))
    except REFUSED as problem:
        raise RefusalError(str(problem)) from problem


def _rehearsed(act: Callable[[], Made], kind: str) -> tuple[Made, int | None]:
    """All of it, with every check, and then nothing of it."""
    with transaction.atomic():
        made, left = act(), _left(kind)
        transaction.set_rollback(True)
    return made, left


def _left(kind: str) -> int | None:
    pk = asking.viewer.get().pk
    return limits.left(kind, person(pk), now=timezone.now()) if pk is not None else None
