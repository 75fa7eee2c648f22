"""What the client reads from us is what it read from the service, on days that were recorded there."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from huggingface_hub.hf_api import PaperInfo
from tests.api.huggingface.recorded import publish

SEEN = datetime(2026, 11, 22, 9, tzinfo=UTC)
# The service has these inside the paper, where the client does not look.
INSIDE = (
    "ai_summary",
    "ai_keywords",
    "projectPage",
    "githubRepo",
    "githubStars",
)


@pytest.fixture
def days(shared: Path, transactional_db) -> dict[str, list[dict[str, Any]]]:
    """The recorded days, which have been imported, with their items."""
    from broadsheet.papers.catalogue import store
    from broadsheet.sources.files.huggingface import read
    from broadsheet.sources.files.opening import open_source

    recorded = {}
    for path in sorted(shared.glob("data/hf_daily/*.json")):
        with open_source(path, now=SEEN) as opened:
            store(list(read(opened)), now=SEEN)
        items = orjson.loads(path.read_bytes())
        recorded[path.stem] = [ast.literal_eval(one) if isinstance(one, str) else one for one in items]
    return recorded


@pytest.mark.thorough
def test_every_field_of_every_paper_is_read_back_as_it_was_imported(days, hub):
    for day, items in days.items():
        read = {one.id: one for one in hub.list_daily_papers(date=day, limit=100)}
        for item in items:
            info = read.pop(item["paper"]["id"])
            assert list(differing(expected(item, day), info)) == [], info.id
        assert read == {}
    assert sum(map(len, days.values())) == 1267


def expected(item: dict[str, Any], day: str) -> PaperInfo:
    """What the client makes of a recorded item, but for what our answers mean to differ in."""
    item = copy.deepcopy(item)
    inside = item["paper"]
    # Some have no picture of their own but that of the page under its older name.
    item["thumbnail"] = item.get("thumbnail") or item["mediaUrl"]
    # When it came onto the list is told inside the paper, in older recordings outside, never before the day.
    listed_at = inside.get("submittedOnDailyAt", item["publishedAt"])
    item["publishedAt"] = max(listed_at, f"{day}T00:00:00.000Z")
    item |= {name: inside[name] for name in INSIDE if name in inside and name not in item}
    if sender := item.get("submittedBy"):
        sender["user"] = sender["name"] = sender.get("user") or sender["name"]
    return PaperInfo(**item)


def differing(said: object, read: object, name: str = "") -> Iterator[tuple[str, object, object]]:
    """Each value that was said and is not read, by name; where nothing was said, anything may be read."""
    if hasattr(said, "__dict__"):
        said, read = vars(said), getattr(read, "__dict__", {})
    if said in (None, ""):
        return
    if isinstance(said, dict):
        for key, value in said.items():
            yield from differing(value, (read or {}).get(key), f"{name}.{key}")
    elif isinstance(said, list) and isinstance(read, list) and len(said) == len(read):
        for one, other in zip(said, read, strict=True):
            yield from differing(one, other, name)
    elif said != read:
        yield name, said, read


def test_the_worked_example_of_the_contracts_is_answered_as_it_stands_there(shared, db, ask):
    listed, more = (
        orjson.loads(block)
        for block in re.findall(r"```json\n(.*?)```", (shared / "contracts.md").read_text(), re.DOTALL)[:2]
    )
    publish(listed | {"paper": listed["paper"] | more})
    [item] = ask("/api/daily_papers", date="2026-11-09")
    alone = ask("/api/papers/2611.04242")
    # What people of this site did is ours to say, and so is the id by which a paper is given links.
    assert {*item.pop("here").values(), *alone.pop("here").values()} == {0}
    assert len({item.pop("_id"), item["paper"].pop("_id"), alone.pop("_id")}) == 1
    assert item == listed
    assert alone == listed["paper"] | more
