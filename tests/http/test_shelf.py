"""Kept answers: made once, by one thread, within a weight."""

from __future__ import annotations

import threading

import time_machine

from broadsheet.http.shelf import ENTRY_BYTES, Kept, Shelf


def answer(size: int = 10) -> Kept:
    return Kept(b"x" * size, {})


def get(shelf: Shelf, key: str, made: list[str], *, seconds: float = 60, size: int = 10) -> Kept | None:
    def make() -> Kept:
        made.append(key)
        return answer(size)

    return shelf.get(key, make, seconds=seconds, largest=100_000)


def test_an_answer_is_made_once():
    shelf, made = Shelf(), []
    assert get(shelf, "a", made) is get(shelf, "a", made)
    assert made == ["a"]


def test_an_answer_whose_time_is_over_is_made_anew():
    shelf, made = Shelf(), []
    get(shelf, "a", made, seconds=0)
    get(shelf, "a", made)
    assert made == ["a", "a"]


def test_a_clock_that_jumps_makes_no_answer_last_longer_or_end_sooner():
    shelf, made = Shelf(), []
    get(shelf, "a", made, seconds=60)
    for year in (2023, 2029):
        with time_machine.travel(f"{year}-11-29", tick=False):
            get(shelf, "a", made)
    assert made == ["a"]


def test_what_was_not_asked_for_longest_gives_way_by_weight():
    shelf, made = Shelf(most_bytes=3 * (ENTRY_BYTES + 1000)), []
    for key in ("a", "b", "c", "a", "d"):
        get(shelf, key, made, size=1000)
    assert len(shelf) == 3
    get(shelf, "a", made, size=1000)
    get(shelf, "b", made, size=1000)
    assert made == ["a", "b", "c", "d", "b"]


def test_what_is_too_large_is_not_kept():
    shelf = Shelf()
    assert shelf.get("a", lambda: answer(20), seconds=60, largest=10) == answer(20)
    assert len(shelf) == 0


def test_many_who_ask_at_once_have_an_answer_made_once():
    shelf, made, start = Shelf(), [], threading.Barrier(8)

    def ask() -> None:
        start.wait()
        get(shelf, "a", made)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == ["a"]
