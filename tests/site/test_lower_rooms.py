"""Rooms below the pages know where pages are, and not what the web calls them."""

from __future__ import annotations

from pathlib import Path

import pytest

import broadsheet

ROOMS = ("papers", "sources", "community", "library", "search", "daily", "digests", "jobs")


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_below_the_pages_asks_for_their_addresses_by_name(room):
    files = Path(broadsheet.__file__).parent.joinpath(room).rglob("*.py")
    assert not [file.name for file in files if "from django.urls import" in file.read_text()]
