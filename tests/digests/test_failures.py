"""What becomes of a mail that was answered so, and how fast mail goes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.digests import failures
from broadsheet.digests.failures import Fate, Reply, Step
from broadsheet.digests.pace import SLOW_SECONDS, Pace


@pytest.mark.parametrize(
    ("reply", "fate"),
    [
        (Reply(250), Fate.SENT),
        (Reply(451, "4.7.1 come again"), Fate.LATER),
        (Reply(550, "5.1.1 nobody", Step.RECIPIENT), Fate.NO_SUCH_ADDRESS),
        (Reply(550, "5.1.1 nobody", Step.CONTENT), Fate.REFUSED),
        (Reply(550, "5.1.8 bad sender", Step.RECIPIENT), Fate.AWAY),
        (Reply(554, "no", Step.RECIPIENT), Fate.REFUSED),
        (Reply(535, "who are you", Step.CONNECT), Fate.AWAY),
        (Reply(0, "", Step.CONNECT), Fate.AWAY),
        (Reply(0, "", Step.RECIPIENT), Fate.AWAY),
        (Reply(0, "", Step.CONTENT), Fate.DOUBTFUL),
        (Reply(410), Fate.ENDED),
    ],
)
def test_what_becomes_of_a_mail_follows_from_the_answer(reply: Reply, fate: Fate):
    assert failures.fate(reply) == fate


@given(st.floats(0, 1))
def test_five_tries_follow_within_a_day_and_then_none(chance: float):
    waits = [failures.retry_after(tries, chance) for tries in range(1, 7)]
    assert waits[5] is None
    for wait, minutes in zip(waits, (5, 20, 60, 240, 720), strict=False):
        assert wait
        assert minutes * 0.8 <= wait.total_seconds() / 60 <= minutes * 1.2


def test_only_what_comes_too_fast_slows_down():
    assert failures.slows_down(Reply(421))
    assert failures.slows_down(Reply(450, "4.7.1 slowly"))
    assert not failures.slows_down(Reply(450, "4.2.1 full"))


def sent_in(pace: Pace, domain: str, *, seconds: float, begin: float = 0.0) -> int:
    """How many mails go in that time, asked for each hundredth of a second."""
    steps = (begin + step / 100 for step in range(int(seconds * 100)))
    return sum(pace.wait(domain, now=now, most=0) == 0 for now in steps)


def test_a_domain_gets_its_rate_and_a_second_of_it_at_once():
    assert 20 + 200 - 2 <= sent_in(Pace(20), "lab.example", seconds=10) <= 20 + 200
    assert sent_in(Pace(0), "lab.example", seconds=1) == 100


def test_a_domain_that_complains_gets_half_and_no_other_does():
    pace = Pace(20)
    pace.slow_down("lab.example", now=0)
    assert sent_in(pace, "lab.example", seconds=10) <= 10 + 100
    assert sent_in(pace, "other.example", seconds=10) >= 200
    assert sent_in(pace, "lab.example", seconds=10, begin=SLOW_SECONDS + 1) >= 200


def test_a_relay_has_a_rate_for_all_domains_together():
    pace = Pace(0, relay_rate=10)
    steps = [pace.wait(f"host{step}.example", now=step / 100, most=0) == 0 for step in range(500)]
    assert 10 + 50 - 2 <= sum(steps) <= 10 + 50
