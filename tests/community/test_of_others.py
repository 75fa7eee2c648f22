"""Whatever a verb is given the key of, what belongs to somebody else is not there for it, and stays as it is."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pytest
from django.apps import apps
from tests.community.moderated import NOW, a_comment, somebody, viewer

from broadsheet.accounts.access import NotAllowedError
from broadsheet.community import (
    claiming,
    commenting,
    curating,
    deciding,
    moderating,
    overlaps,
    reporting,
    submitting,
)
from broadsheet.community.models import Claim, Submission

pytestmark = pytest.mark.django_db
# Verbs that are for things of others, or for papers, which belong to nobody.
FOR_ALL = {
    commenting.write,
    claiming.ask_author,
    claiming.ask_organization,
    commenting.find_helpful,
    reporting.report,
    submitting.submit,
}
MODULES = (claiming, commenting, curating, deciding, moderating, overlaps, reporting, submitting)
GIVEN = {
    "verb": "hide",
    "kind": "comment",
    "source": "Mine.",
    "reason": "So.",
    "text": "2503.00001",
    "day": NOW.date(),
    "named": "arxiv:2503.00001",
    "url": "https://code.example/x",
    "name": "Mira",
    "links": {},
    "key": "arxiv:2503.00001@code",
}


def verbs() -> list[Callable]:
    """The functions of these rooms that somebody calls with the key of a thing."""
    found = []
    for module in MODULES:
        for _, verb in inspect.getmembers(module, inspect.isfunction):
            names = inspect.signature(verb).parameters
            if verb.__module__ == module.__name__ and next(iter(names), "") == "viewer" and "now" in names:
                found.append(verb)
    # What only asks whether somebody may is no verb.
    return [verb for verb in found if not verb.__name__.startswith(("_", "may_")) and verb not in FOR_ALL]


def stored() -> str:
    rooms = ("community", "accounts", "library")
    return repr(
        [
            list(table.objects.order_by("pk").values())
            for table in apps.get_models()
            if table._meta.app_label in rooms
        ]
    )


@pytest.mark.parametrize(
    "verb", verbs(), ids=lambda verb: f"{verb.__module__.rpartition('.')[2]}.{verb.__name__}"
)
@pytest.mark.parametrize("role", ["reader"])
def test_what_is_of_another_is_not_there_and_stays_as_it_is(verb, role):
    bea = somebody("bea")
    comment = a_comment(bea)
    submission = Submission.objects.create(
        person=bea,
        paper_id=comment.paper_id,
        named=comment.named,
        text="x",
        submitted_at=NOW,
        state="waiting",
    )
    claim = Claim.objects.create(
        person=bea, paper_id=comment.paper_id, named=comment.named, slug="bo-li", kind="author", asked_at=NOW
    )
    keys = {
        "comment": comment.pk,
        "submission": submission.pk,
        "pk": claim.pk if verb.__module__ == claiming.__name__ else submission.pk,
        "target": comment.pk,
        "deed": 1,
        "paper": comment.paper_id,
    }
    given = {
        name: (GIVEN | keys)[name]
        for name, one in inspect.signature(verb).parameters.items()
        if name not in ("viewer", "now") and one.default is one.empty
    }
    ada = viewer("ada", role)
    before = stored()
    with pytest.raises((LookupError, NotAllowedError, ValueError)):
        verb(ada, **given, now=NOW)
    assert stored() == before


def test_there_are_such_verbs():
    names = {verb.__name__ for verb in verbs()}
    assert {"edit", "add_note", "withdraw", "confirm", "act", "undo", "look"} <= names
