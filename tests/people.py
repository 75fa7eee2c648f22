"""People with tokens, for tests of what programs write."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from broadsheet.accounts import tokens
from broadsheet.accounts.access import SCOPES, Viewer
from broadsheet.accounts.models import Person
from broadsheet.community import commenting
from broadsheet.community.models import Comment
from broadsheet.papers.identifiers import with_scheme
from broadsheet.papers.reading import resolve


def person(handle: str = "mira", **more: object) -> Person:
    """Somebody who was vouched for."""
    now = timezone.now()
    return Person.objects.create(handle=handle, joined_at=now, vouched_at=now, **more)


def bearer(who: Person, scopes: Sequence[str] = SCOPES, **more: object) -> dict[str, str]:
    """The header that a program of that person sends."""
    _, text = tokens.make(who, name="a program", scopes=scopes, now=timezone.now(), **more)
    return {"Authorization": f"Bearer {text}"}


def said(
    text: str,
    *,
    by: Person,
    paper: str = "2408.00714",
    answers: Comment | None = None,
    via: Viewer | None = None,
) -> Comment:
    """A comment that somebody wrote on a page, or that a program wrote."""
    pk, name = resolve(paper)
    named, answered = with_scheme(name), answers and answers.pk
    return commenting.write(via or Viewer(by), pk, named, text, answers=answered, now=timezone.now())
