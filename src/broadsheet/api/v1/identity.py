"""Who asks, for routes that are for somebody: whoever sends a token that was made for it."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from broadsheet.accounts import access
from broadsheet.accounts.access import NobodyError, Viewer
from broadsheet.accounts.models import Person
from broadsheet.http.viewers import viewer_of


class Token(HttpBearer):
    """Lets in whoever may do that, by a token with its scope; without a verb, every token that is good."""

    def __init__(self, verb: str = "") -> None:
        super().__init__()
        self.verb = verb

    def __call__(self, request: HttpRequest) -> Viewer:
        """Who asks. Raises NobodyError, and NotAllowedError with the reason."""
        return self.authenticate(request, "")

    def authenticate(self, request: HttpRequest, token: str) -> Viewer:
        """The same: who sends the token was found before any view was."""
        del token
        viewer = viewer_of(request)
        if self.verb:
            access.check(viewer, self.verb, now=timezone.now())
        else:
            person_of(viewer)
        return viewer


def person_of(viewer: Viewer) -> Person:
    """The person who asks. Raises NobodyError."""
    if viewer.person is None:
        raise NobodyError("Send a token.")
    return viewer.person
