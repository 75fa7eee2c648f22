"""How much a client may take, and that a restart forgives nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest

from broadsheet.accounts.limits import Meter, TakenTooMuchError, networks, take
from broadsheet.accounts.models import Taken
from broadsheet.accounts.settings import DEFAULT, Limit, parsed

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 0, 30, tzinfo=UTC)
ADA, BEN = ip_address("192.0.2.7"), ip_address("192.0.2.8")


@pytest.fixture
def limited(settings):
    def limit(said: str) -> None:
        settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": said})

    return limit


def times(number: int, address=ADA, *, now: datetime = NOW, kind: str = "post") -> int:
    """How many of so many times went well."""
    for done in range(number):
        try:
            take(kind, networks(address), now=now)
        except TakenTooMuchError:
            return done
    return number


def test_a_client_takes_so_much_and_then_no_more_until_the_next_window(limited):
    limited("post=3/minute")
    assert times(5) == 3
    with pytest.raises(TakenTooMuchError, match="ask again in 30 seconds") as refused:
        take("post", networks(ADA), now=NOW)
    assert refused.value.retry_after == timedelta(seconds=30)
    assert times(5, now=NOW + timedelta(seconds=30)) == 3


def test_clients_and_kinds_are_counted_apart(limited):
    limited("post=3/minute;ask=1/day")
    assert (times(5), times(5, BEN), times(5, kind="ask")) == (3, 3, 1)


def test_each_of_several_limits_holds(limited):
    limited("post=3/minute,5/hour")
    assert [times(5, now=NOW + timedelta(minutes=passed)) for passed in range(3)] == [3, 2, 0]


def test_the_owner_of_many_networks_of_ipv6_has_no_more_of_them_than_sixteen_have(limited):
    limited("post=3/minute")
    taken = [times(5, ip_address(f"2001:db8:1:{number:x}::{number:x}")) for number in range(1, 100)]
    assert taken == [3] * 16 + [0] * 83
    assert times(5, ip_address("2001:db8:2::1")) == 3


def test_what_is_refused_is_not_counted(limited):
    limited("post=3/minute")
    times(9)
    assert [row.amount for row in Taken.objects.all()] == [3]


def test_rows_of_windows_that_have_ended_go(limited):
    limited("post=3/minute")
    for passed in range(20):
        times(1, now=NOW + timedelta(minutes=passed))
    assert Taken.objects.filter(seconds=60).count() == 1


def test_a_clock_that_jumps_back_shuts_nobody_out(limited):
    limited("post=3/minute;read=1/minute")
    meter, ahead = Meter(), NOW + timedelta(days=1000)
    times(5, now=ahead)
    meter.add("read", networks(ADA), 5.0, now=ahead)
    assert times(5) == 3
    meter.check("read", networks(ADA), now=NOW)


def test_little_is_not_written_down_and_much_is_remembered_by_the_next_process(limited, count_queries):
    limited("read=2/minute")
    meter = Meter()
    assert count_queries(meter.add, "read", networks(ADA), 0.5, now=NOW) == 0
    for _ in range(4):
        meter.add("read", networks(ADA), 0.5, now=NOW)
    meter.check("read", networks(ADA), now=NOW)
    other = Meter()
    other.add("read", networks(ADA), 1.0, now=NOW)
    with pytest.raises(TakenTooMuchError):
        other.check("read", networks(ADA), now=NOW)
    other.check("read", networks(BEN), now=NOW)
    other.check("read", networks(ADA), now=NOW + timedelta(seconds=30))


def test_where_limits_are_off_nothing_is_counted(limited):
    limited("off")
    assert times(500) == 500
    assert not Taken.objects.exists()


def test_a_setting_changes_what_it_names_and_nothing_else():
    assert parsed("ask = 7/hour") == parsed(DEFAULT) | {"ask": (Limit(7, 3600),)}
    assert parsed("") == parsed(DEFAULT)


@pytest.mark.parametrize(
    "said", ["vote", "dance=3/minute", "post=0/day", "post=3/week", "post=3", "post=", "="]
)
def test_a_limit_that_is_none_is_refused_in_a_sentence(said):
    with pytest.raises(ValueError, match=r"limits nothing; write|is no limit; write one as 30/minute"):
        parsed(said)
