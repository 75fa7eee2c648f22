"""What goes wrong outside of a view is told in the form of the interface that was asked."""

from __future__ import annotations

import logging
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.core.exceptions import DisallowedHost
from django.db import connection
from tests.web.press import SUNDAY

from broadsheet.site.logs import Events

FORMS = [
    ("/api/v1/papers/2611.00001", "application/problem+json"),
    ("/api/query?id_list=2611.00001", "application/atom+xml; charset=utf-8"),
    ("/api/papers/2611.00001", "application/json"),
    ("/papers/2611.00001", "text/html; charset=utf-8"),
]
PROGRAMS = ("/papers.atom", "/papers.bib", "/api/v1/search", "/api/query", "/api/papers/search")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def broken(client):
    """A client of a site whose papers are gone."""
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE papers_paperidentifier RENAME TO gone")
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "form"), FORMS)
def test_what_breaks_is_told_in_the_form_of_its_interface(broken, address, form):
    answer = broken.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, form)


@pytest.mark.parametrize(("address", "form"), FORMS)
def test_a_name_that_is_not_ours_is_refused_in_the_form_of_its_interface(client, address, form):
    answer = client.get(address, headers={"Host": "elsewhere.example"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, form)
    assert b"does not go by that name" in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/papers?q=a", *(f"{path}?q=a" for path in PROGRAMS)])
def test_too_many_parameters_are_told_how_many_there_may_be(client, address):
    answer = client.get(f"{address}&{'&'.join(f'p{number}=1' for number in range(1500))}")
    assert answer.status_code == 400
    assert b"no more than 1,000 parameters" in answer.content


@pytest.mark.django_db
def test_an_error_of_arxivs_interface_is_a_feed(broken):
    feed = ET.fromstring(broken.get("/api/query?id_list=2611.00001").content)
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Error"
    assert entry.findtext(f"{ATOM}summary") == "This went wrong here; it has been logged."


@pytest.fixture
def is_written():
    """Whether a line of that logger gets into the log."""
    events = Events()

    def answer(logger: str, problem: BaseException | None = None) -> bool:
        about = (type(problem), problem, None) if problem else None
        return events.filter(logging.LogRecord(logger, logging.ERROR, "", 0, "x" * 9999, (), about))

    return answer


def test_of_requests_that_make_no_sense_one_a_minute_is_written_down(is_written):
    def written() -> list[bool]:
        return [is_written("django.security.DisallowedHost", DisallowedHost()) for _ in range(3)]

    with time_machine.travel(SUNDAY, tick=False) as clock:
        assert written() == [True, False, False]
        clock.shift(60)
        assert written() == [True, False, False]


def test_what_broke_is_written_down_and_what_was_refused_is_not(is_written):
    assert is_written("django.request", ValueError())
    assert not is_written("django.request")
    assert is_written("broadsheet.jobs")
