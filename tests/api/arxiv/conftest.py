"""A site with papers, asked by Django's test client and by the `arxiv` package."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import arxiv
import pytest
from django.test import Client
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, settings) -> None:
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path})


@pytest.fixture
def shelve() -> Callable[[Iterable[Any]], None]:
    """Put records into the catalogue and index their words."""
    from tests.search.shelf import MORNING

    from broadsheet.papers.catalogue import store
    from broadsheet.search import indexing

    def put(records: Iterable[Any]) -> None:
        store(list(records), now=MORNING)
        while indexing.catch_up():
            pass

    return put


@pytest.fixture
def shelf(db, shelve) -> None:
    """The papers of `books`."""
    from tests.api.arxiv.books import books

    shelve(books())


@pytest.fixture
def ask(client: Client) -> Callable[..., list[str]]:
    """The ids, with versions, of the papers that a request is answered with."""

    def found(query: str = "", **params: object) -> list[str]:
        asked = {"search_query": query, "sortBy": "submittedDate", "sortOrder": "ascending"} | params
        response = client.get("/api/query", asked)
        assert response.status_code == 200, response.content.decode()
        entries = etree.fromstring(response.content).findall(f"{ATOM}entry")
        return [one.findtext(f"{ATOM}id").removeprefix("http://arxiv.org/abs/") for one in entries]

    return found


@pytest.fixture
def search(live_server) -> Iterator[Callable[..., list[arxiv.Result]]]:
    """What the `arxiv` package reads from us: `search("ti:soup", page_size=3)`."""
    clients: list[arxiv.Client] = []

    def results(query: str = "", *, page_size: int = 100, **asked: Any) -> list[arxiv.Result]:
        client = arxiv.Client(page_size=page_size, delay_seconds=0, num_retries=0)
        client.query_url_format = f"{live_server.url}/api/query?{{}}"
        clients.append(client)
        return list(client.results(arxiv.Search(query=query, **{"max_results": None} | asked)))

    yield results
    for client in clients:
        client._session.close()
