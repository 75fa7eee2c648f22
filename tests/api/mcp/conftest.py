"""A site with the demonstration papers, and agents that ask it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.api.mcp.agents import Agent, agent, by_command, served


@pytest.fixture(scope="session")
def data(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demonstration papers."""
    return shutil.copytree(demonstration, tmp_path_factory.mktemp("site") / "data")


@pytest.fixture(scope="session")
def address(data: Path) -> Iterator[str]:
    """Where `serve` answers agents."""
    with served(data) as (address, _):
        yield address


@pytest.fixture(
    scope="module",
    params=[("http", "auto"), ("stdio", "legacy")],
    ids="-".join,
)
def anyone(request: pytest.FixtureRequest, data: Path) -> Iterator[Agent]:
    """An agent over each transport, one with the newest protocol and one with a protocol before it."""
    way, mode = request.param
    server = by_command(data) if way == "stdio" else request.getfixturevalue("address")
    with agent(server, mode) as one:
        yield one
