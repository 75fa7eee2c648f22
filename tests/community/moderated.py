"""People and what they wrote, for tests of moderation."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.cast import ARXIV

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def somebody(handle: str, role: str = "reader", **more) -> Person:
    return Person.objects.create(handle=handle, role=role, vouched_at=NOW, joined_at=NOW, **more)


def viewer(handle: str, role: str = "reader") -> Viewer:
    return Viewer(Person.objects.filter(handle=handle).first() or somebody(handle, role))


def a_paper() -> int:
    from broadsheet.papers.catalogue import store
    from broadsheet.papers.models import Paper

    store([ARXIV], now=NOW)
    return Paper.objects.get().pk


def a_comment(person: Person | None, paper: int | None = None, **more):
    from broadsheet.community.models import Comment

    said = {
        "source": "I *doubt* it.",
        "html": "<p>I <em>doubt</em> it.</p>",
        "renderer": 1,
        "written_at": NOW,
    }
    paper = paper or a_paper()
    return Comment.objects.create(paper_id=paper, named="arxiv:2503.00001", person=person, **said | more)
