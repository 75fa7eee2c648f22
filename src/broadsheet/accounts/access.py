"""Who may do what: the only place that decides it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from broadsheet.accounts.models import Kind, Person, Role

# What a token may be made for. Whoever signed in on a page may all that their role may.
SCOPES = ("read", "save", "follow", "vote", "comment", "submit", "curate", "moderate")
# The least that a person must be to do it.
ROLES = {
    "read": Role.READER,
    "save": Role.READER,
    "profile": Role.READER,
    "follow": Role.READER,
    "vote": Role.READER,
    "comment": Role.READER,
    "submit": Role.READER,
    "report": Role.READER,
    "claim": Role.READER,
    "curate": Role.CURATOR,
    "invite": Role.CURATOR,
    "moderate": Role.MODERATOR,
    "operate": Role.OPERATOR,
}
# Verbs that no token has a scope for go with another one.
SCOPE_OF = {"invite": "curate", "report": "comment", "claim": "submit"}

# What is decided about others or said against them, and who one is: a program that writes by itself says none
# of it.
FOR_PEOPLE = frozenset({"report", "claim", "curate", "invite", "moderate"})


class NotAllowedError(Exception):
    """The viewer may not do that; the message says why, in words for them."""


class NobodyError(NotAllowedError):
    """Nobody in particular asks, and that takes somebody who signed in."""


class NoScopeError(NotAllowedError):
    """The token of the viewer was not made for that; `scope` is the one it would need."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"This token has no scope {scope!r}.")
        self.scope = scope


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, and by what: a person on a page, or a program by a token that has some scopes."""

    person: Person | None = None
    scopes: Collection[str] | None = None
    via: str = "web"
    is_agent: bool = False
    publishes: bool = False
    # What the person calls the token.
    token: str = ""

    @property
    def pk(self) -> int | None:
        """The key of the person, None for nobody."""
        return self.person.pk if self.person else None

    @property
    def acts_as_agent(self) -> bool:
        """Whether what the viewer does is labelled as done by a program that writes by itself."""
        return (
            self.is_agent or self.via == "mcp" or (self.person is not None and self.person.kind == Kind.BOT)
        )

    @property
    def waits(self) -> bool:
        """Whether what the viewer writes is held until its owner confirms it, as an agent's is."""
        return self.acts_as_agent and not self.publishes


NOBODY = Viewer()


def may(viewer: Viewer, verb: str, *, now: datetime) -> bool:
    """Whether the viewer may do it."""
    try:
        check(viewer, verb, now=now)
    except NotAllowedError:
        return False
    return True


def check(viewer: Viewer, verb: str, *, now: datetime) -> Person:
    """The person, who may do that. Raises NotAllowedError with the reason, NobodyError where nobody asks."""
    person = viewer.person
    if person is None or not person.is_active:
        raise NobodyError("Sign in first.")
    if viewer.scopes is not None and SCOPE_OF.get(verb, verb) not in viewer.scopes:
        raise NoScopeError(SCOPE_OF.get(verb, verb))
    if verb != "read" and person.is_suspended(now=now):
        raise NotAllowedError(
            f"Your account is suspended: you may only read {person.suspended_for(now=now)}."
        )
    if verb in FOR_PEOPLE and viewer.acts_as_agent:
        raise NotAllowedError("People do that themselves: a program that writes by itself may not.")
    if verb != "read" and person.leaving_at:
        raise NotAllowedError("Your account is about to be closed; call that off in the settings first.")
    if Role(person.role).rank < ROLES[verb].rank:
        raise NotAllowedError(f"That takes a {ROLES[verb].value}.")
    return person
