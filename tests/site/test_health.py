"""What those who watch over the site are told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import OperationalError, connection
from tests.sources.noted import FRIDAY, announce, visit

from broadsheet.sources.models import SourceState

SUNDAY = datetime(2026, 11, 22, 9, tzinfo=UTC)


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


@pytest.mark.django_db
def test_metrics_tell_of_gaps_and_of_the_last_good_run(client, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": "arxiv,huggingface"})
    visit(FRIDAY)
    announce(FRIDAY, "2611.00001")
    SourceState.objects.create(name="arxiv-oai", due_at=SUNDAY, last_good_at=SUNDAY)
    with time_machine.travel(SUNDAY.replace(minute=1), tick=False):
        text = client.get("/metrics").content.decode()
    assert 'broadsheet_source_gap_days{family="arxiv"} 1.0' in text
    assert 'broadsheet_source_good_seconds{family="arxiv"} 60.0' in text
    assert 'broadsheet_source_gap_days{family="huggingface"} 0.0' in text
    assert 'broadsheet_source_good_seconds{family="huggingface"}' not in text


@pytest.mark.django_db
def test_metrics_are_there_where_the_database_is_not(client):
    def fail(*_: object) -> None:
        raise OperationalError("the disk is gone")

    with connection.execute_wrapper(fail):
        response = client.get("/metrics")
    assert response.status_code == 200
    assert b"broadsheet_requests_total" in response.content
