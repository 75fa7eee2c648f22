"""What those who watch over the site are told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import OperationalError, connection
from pydantic import SecretStr
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
    client.get("/papers?q=quokkas+at+dusk")
    text = client.get("/metrics").content.decode()
    assert 'broadsheet_requests_total{method="GET",status="200",view="search"}' in text
    assert "quokka" not in text


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


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "proxies", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1", "headers": {}}, 0, 200),
        ({"REMOTE_ADDR": "::1", "headers": {}}, 0, 200),
        ({"REMOTE_ADDR": "192.0.2.7", "headers": {}}, 0, 403),
        ({"REMOTE_ADDR": "192.0.2.7", "headers": {"authorization": "Bearer the-token-of-a-monitor"}}, 0, 200),
        ({"REMOTE_ADDR": "192.0.2.7", "headers": {"authorization": "Bearer another-token"}}, 0, 403),
        ({"REMOTE_ADDR": "192.0.2.7", "headers": {"authorization": "the-token-of-a-monitor"}}, 0, 403),
        ({"REMOTE_ADDR": "192.0.2.7", "headers": {"authorization": "Bearer ü"}}, 0, 403),
        ({"REMOTE_ADDR": "127.0.0.1", "headers": {"x-forwarded-for": "192.0.2.7"}}, 0, 403),
        ({"REMOTE_ADDR": "127.0.0.1", "headers": {"x-forwarded-for": "127.0.0.1"}}, 0, 403),
        ({"REMOTE_ADDR": "127.0.0.1", "headers": {"x-forwarded-for": "192.0.2.7"}}, 1, 403),
        ({"REMOTE_ADDR": "127.0.0.1", "headers": {"x-forwarded-for": "127.0.0.1"}}, 1, 200),
    ],
)
def test_metrics_are_for_this_machine_and_for_whoever_has_the_token(client, settings, sent, proxies, status):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(
        update={"metrics_token": SecretStr("the-token-of-a-monitor"), "proxies": proxies}
    )
    assert client.get("/metrics", **sent).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize("sent", ["Bearer ", "Bearer", ""])
def test_without_a_token_in_the_settings_none_opens_the_metrics(client, sent):
    answer = client.get("/metrics", headers={"authorization": sent}, REMOTE_ADDR="192.0.2.7")
    assert answer.status_code == 403


@pytest.mark.django_db
def test_metrics_tell_how_much_room_there_is(client):
    text = client.get("/metrics").content.decode()
    assert float(text.partition("\nbroadsheet_free_bytes ")[2].split()[0]) > 0
