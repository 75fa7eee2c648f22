"""A frozen day, a few papers, and a program that asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from tests.web.press import FRIDAY, SUNDAY, paper, publish

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, OrganizationName, Version


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Making the requests of each route takes seconds, also where none of them is to be tried."""
    is_left_out = config.option.markexpr == "not thorough"
    return True if is_left_out and collection_path.name == "test_every_route.py" else None


@pytest.fixture(autouse=True)
def sunday() -> Iterator[None]:
    """Sunday, 22 November 2026, two days after the edition."""
    with time_machine.travel(SUNDAY, tick=False):
        yield


@pytest.fixture(autouse=True)
def _nothing_is_left_from_other_tests(tmp_path: Path, settings) -> None:
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path})
    caches["memory"].clear()


@pytest.fixture
def edition(db) -> None:
    """Six papers that were listed on Friday, 2611.00001 to 2611.00006, and three older ones that never were."""
    older = (
        paper(number, listed=None, published=FRIDAY - timedelta(days=number), signals=())
        for number in range(7, 10)
    )
    publish(*(paper(number) for number in range(1, 7)), *older)


@pytest.fixture
def ask(client: Client):
    """What the API answers: `ask("papers", limit=2)`."""

    def answer(address: str, *, status: int = 200, **asked: object) -> Any:
        response = client.get(f"/api/v1/{address}", asked)
        assert response.status_code == status, response.content
        form = "application/json" if status == 200 else "application/problem+json"
        assert response["Content-Type"] == form
        return response.json()

    return answer


@pytest.fixture(autouse=True)
def _the_connection_of_the_test_stays_open() -> Iterator[None]:
    """A server closes what it finds in a transaction when a request ends; here that is the test's own."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def filled(edition, settings) -> None:
    """Papers, of which one has what the examples name, and about everything that a paper can have."""
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": "arxiv,huggingface"})
    rich = paper(
        11,
        authors=(AuthorName("Ines Vale", "Vale", "Ines"),),
        organizations=(OrganizationName("northlab", "North Lab"),),
        categories=("cs.CL",),
        versions=(Version(1, SUNDAY), Version(2)),
        keywords=("soup",),
        withdrawn=True,
        notice="Wrong.",
        updated_at=SUNDAY,
    )
    rich = replace(
        rich, identifiers=(Identifier("arxiv", "2408.00714"), Identifier("acl", "2024.acl-long.1"))
    )
    publish(rich, replace(paper(12), identifiers=(Identifier("arxiv", "2103.00020"),)))
    publish(replace(rich, title="Renamed", observed_at=SUNDAY + timedelta(hours=1)))
