"""People who talk about papers."""

from __future__ import annotations

from datetime import UTC, datetime

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def reader(handle: str, **more):
    """A viewer who signed in: `reader("ada", role="moderator")`; not vouched for with `vouched_at=None`."""
    from broadsheet.accounts.access import Viewer
    from broadsheet.accounts.models import Person

    return Viewer(person=Person.objects.create(handle=handle, **{"vouched_at": NOW} | more))


def a_paper(number: int = 1) -> int:
    """The key of a paper, known as `arxiv:2611.0000…`."""
    from broadsheet.papers.models import Paper, PaperIdentifier

    name = f"2611.{number:05}"
    made = Paper.objects.create(public_id=name, title=f"Paper number {number}", added_at=NOW, revised_at=NOW)
    PaperIdentifier.objects.create(paper=made, scheme="arxiv", value=name)
    return made.pk


def say(viewer, paper: int, text: str = "Well said.", *, now: datetime = NOW, **more):
    """Write a comment on the paper."""
    from broadsheet.community import commenting
    from broadsheet.papers.models import Paper

    named = f"arxiv:{Paper.objects.get(pk=paper).public_id}"
    return commenting.write(viewer, paper, named, text, now=now, **more)
