"""Whose turn it is, and which connections are too many."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from broadsheet.site.doors import (
    OF_A_PROXY,
    OF_AN_ADDRESS,
    TAKEN_AT_LEAST,
    WITHIN_SECONDS,
    Connection,
    Quiet,
    too_many,
)
from broadsheet.site.lines import Lines, LineTooLongError


def test_an_address_leaves_turns_for_others_and_waits_behind_itself():
    order: list[str] = []

    async def ask(lines: Lines, address: str, end: asyncio.Event) -> None:
        async with lines.turn(address):
            order.append(address)
            await end.wait()

    async def crowd() -> None:
        lines, end = Lines(each=2, in_all=3, longest=5), asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            for address in ("a", "a", "a", "b", "a"):
                tasks.create_task(ask(lines, address, end))
            for _ in range(10):
                await asyncio.sleep(0)
            assert order == ["a", "a", "b"]
            end.set()

    asyncio.run(crowd())
    assert order == ["a", "a", "b", "a", "a"]


def test_who_comes_when_the_line_is_full_is_refused_at_once_and_others_are_not():
    async def crowd() -> None:
        lines = Lines(each=1, in_all=1, longest=1)
        async with lines.turn("a"):
            waiting = asyncio.create_task(lines.turn("a").__aenter__())
            await asyncio.sleep(0)
            with pytest.raises(LineTooLongError):
                await lines.turn("a").__aenter__()
            other = asyncio.create_task(lines.turn("b").__aenter__())
            await asyncio.sleep(0)
            assert not other.done()
        await asyncio.wait_for(waiting, 10)
        other.cancel()

    asyncio.run(crowd())


def connections(number: int, *, host: str = "192.0.2.1", is_here: bool = False) -> list[Connection]:
    return [Connection(f"{host}:{port}", host, is_here, quiet_since=port) for port in range(number)]


def ended(
    quiet: list[Connection], *, busy: int = 0, all_are_proxies: bool = False, room: int = 3000
) -> list[Connection]:
    counts = Counter(connection.address for connection in quiet)
    counts[quiet[0].address] += busy
    return too_many(quiet, counts, all_are_proxies=all_are_proxies, room=room)


def test_those_of_an_address_that_were_quiet_the_longest_go_first():
    crowd = connections(OF_AN_ADDRESS + 2)
    assert ended(crowd + connections(3, host="192.0.2.2")) == crowd[:2]


def test_what_is_being_answered_counts_and_stays():
    crowd = connections(3)
    assert ended(crowd, busy=OF_AN_ADDRESS - 1) == crowd[:2]
    assert ended(crowd, busy=OF_AN_ADDRESS + 5) == crowd


def test_a_proxy_speaks_for_many():
    assert not ended(connections(OF_A_PROXY), all_are_proxies=True)
    assert not ended(connections(OF_A_PROXY, is_here=True))
    assert len(ended(connections(OF_A_PROXY + 5, is_here=True))) == 5


def test_where_there_are_too_many_in_all_nobody_is_asked_who_they_are():
    crowd = [one for number in range(5) for one in connections(10, host=f"192.0.2.{number}")]
    gone = ended(crowd, room=45)
    assert len(gone) == 5
    assert {connection.quiet_since for connection in gone} == {0}


@pytest.mark.parametrize(
    ("bytes_a_second", "is_ended"),
    [(0, True), (1, True), (TAKEN_AT_LEAST / WITHIN_SECONDS / 2, True), (2000, False), (10_000_000, False)],
)
def test_who_goes_on_reading_is_never_stalled_and_who_takes_next_to_nothing_is(bytes_a_second, is_ended):
    quiet, stalled = Quiet(since=0, taken=0), False
    for second in range(1, 1000):
        quiet = quiet.after(int(second * bytes_a_second), now=second)
        stalled = stalled or quiet.is_stalled(now=second)
    assert stalled is is_ended
