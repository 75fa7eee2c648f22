"""What those who watch over the site are told."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection


@pytest.mark.django_db
def test_a_working_site_says_so(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_site_without_its_database_is_not_well(client):
    def fail(*_: object) -> None:
        raise OperationalError("the disk is gone")

    with connection.execute_wrapper(fail):
        assert client.get("/healthz").status_code == 503


@pytest.mark.django_db
def test_metrics_count_answers_and_never_name_a_question(client):
    client.get("/papers?q=a+secret+question")
    text = client.get("/metrics").content.decode()
    assert 'broadsheet_requests_total{method="GET",status="200",view="search"}' in text
    assert "secret" not in text
