"""A running site for the tests that need no other than anybody's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from tests.site.running import import_papers, line, serving


@pytest.fixture(scope="session")
def read_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the site that `reader` asks."""
    data = tmp_path_factory.mktemp("site")
    import_papers(data, line(1, "Tides of the North"), line(2, "Tides of the South"))
    return data


@pytest.fixture(scope="session")
def reader(read_data: Path) -> Iterator[httpx2.Client]:
    """Somebody who asks a site with two papers, 2611.00001 and 2611.00002."""
    with serving(read_data) as (client, _):
        yield client
