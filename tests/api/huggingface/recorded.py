"""Made-up items of daily lists, complete and plain, and the way to import them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.sources.inputs import item, records

from broadsheet.sources.files.huggingface import read_items

SUNDAY = datetime(2026, 11, 22, 9, tzinfo=UTC)
MIRA = {"_id": "65f0a1b2c3d4e5f60718293c", "fullname": "Mira Koren", "name": "mkoren", "type": "user"}
AK = {"_id": "60f1abe7544c2adfd699860c", "fullname": "AK", "name": "akhaliq", "type": "user"}
NORTH_LAB = {
    "_id": "65f0a1b2c3d4e5f60718293a",
    "name": "northlab",
    "fullname": "North Lab",
    "avatar": "https://papers.example.org/northlab.png",
}
AUTHORS = [
    {"_id": "6920aa00aa00aa00aa00aa01", "name": "Ines Vale", "hidden": False, "user": None},
    {
        "_id": "6920aa00aa00aa00aa00aa02",
        "name": "Tomas Birk",
        "hidden": False,
        "status": "claimed_verified",
        "statusLastChangedAt": "2026-11-09T08:15:00.000Z",
        "user": {"_id": "65f0a1b2c3d4e5f60718293b", "user": "tbirk", "fullname": "Tomas Birk", "orgs": None},
    },
    {"_id": "6920aa00aa00aa00aa00aa03", "name": "Nobody Else", "hidden": True},
]
REPOSITORY = {"author": "northlab", "downloads": 120, "likes": 4, "gated": False, "private": False}


def complete() -> dict[str, Any]:
    """An item with every field that there is."""
    whole = item(
        authors=AUTHORS,
        discussionId="6920aa00aa00aa00aa00aa04",
        ai_summary_model="local-extractive-v1",
        projectPage="https://northlab.example.org/tides",
        githubRepoAddedBy="user",
        organization=NORTH_LAB,
        mediaUrls=["https://papers.example.org/teaser.png"],
        linkedModels=[REPOSITORY | {"id": "northlab/tides-8h", "lastModified": "2026-11-06T09:00:00+00:00"}],
        linkedDatasets=[REPOSITORY | {"id": "northlab/queue-traces"}],
        linkedSpaces=[{"id": "northlab/tides-demo", "emoji": "T", "running": True}],
        numTotalModels=3,
    )
    return whole | {"submittedBy": MIRA, "isAuthorParticipating": True, "organization": NORTH_LAB}


def listed(number: int, day: str, **more: Any) -> dict[str, Any]:
    """A plain item on the list of a day; further arguments are fields of its paper or its `sender`."""
    sender = more.pop("sender", AK)
    plain = item(f"2611.{number:05}", submittedOnDailyAt=f"{day}T00:00:00.000Z", **more)
    return plain | {"title": f"Paper number {number}", "submittedBy": sender}


def publish(*items: dict[str, Any]) -> None:
    """Import the items, and index their words."""
    from broadsheet.http.shelf import shelf
    from broadsheet.papers.catalogue import store
    from broadsheet.search import indexing

    store(records(read_items([(one, None) for one in items], day=None, observed_at=SUNDAY)), now=SUNDAY)
    while indexing.catch_up():
        pass
    shelf.clear()
