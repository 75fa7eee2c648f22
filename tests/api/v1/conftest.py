"""A frozen day, a few papers, and a program that asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from tests.web.press import FRIDAY, SUNDAY, paper, publish


@pytest.fixture(autouse=True)
def sunday() -> Iterator[None]:
    """Sunday, 22 November 2026, two days after the edition."""
    with time_machine.travel(SUNDAY, tick=False):
        yield


@pytest.fixture(autouse=True)
def _nothing_is_left_from_other_tests(tmp_path: Path, settings) -> None:
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path})
    cache.clear()


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
