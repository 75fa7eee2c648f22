"""Who asks with a message: a tool runs without a request, so it is told by a variable of its context."""

from __future__ import annotations

from contextvars import ContextVar

from broadsheet.accounts.access import NOBODY, Viewer

viewer: ContextVar[Viewer] = ContextVar("viewer", default=NOBODY)


def has(scope: str) -> bool:
    """Whether the token of who asks was made for that."""
    return scope in (viewer.get().scopes or ())
