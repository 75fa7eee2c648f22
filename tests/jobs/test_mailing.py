"""The thread that sends mail goes on, whatever happened in a round of it."""

from __future__ import annotations

import threading

import pytest

from broadsheet.jobs import mailing


@pytest.mark.parametrize("problem", [OSError("the disk is full"), KeyError("a fault of ours")])
@pytest.mark.django_db
def test_a_round_that_fails_is_not_the_last(problem, monkeypatch):
    monkeypatch.setattr(mailing, "LOOK_EACH_SECONDS", 0.001)
    stop, rounds = threading.Event(), []

    def look(now):
        rounds.append(now)
        if len(rounds) == 1:
            raise problem
        stop.set()

    mailing._looking(stop, look)
    assert len(rounds) == 2
