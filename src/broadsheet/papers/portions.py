"""Many things, a part at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def portions(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """The items in portions of so many, such as a query can ask for."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
