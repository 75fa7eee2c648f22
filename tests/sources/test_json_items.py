"""The forms in which people keep JSON: whole, in lines, in an envelope, cut off."""

from __future__ import annotations

import io
import json
from itertools import islice

import pytest
from tests.sources.inputs import SEEN, source

from broadsheet.sources.files.json_items import items
from broadsheet.sources.files.opening import HEAD_SIZE, LINE_LIMIT, Source
from broadsheet.sources.files.readings import BrokenOffError, FileError

ONE, TWO = {"n": 1}, {"n": 2}


def read(text: str) -> list[object]:
    return [item for item, _ in items(source(text), "notes", "works")]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([ONE, TWO]),
        json.dumps([ONE, TWO], indent=2),
        json.dumps({"count": 2, "works": [ONE, TWO]}, indent=2),
        f"{json.dumps(ONE)}\n\n{json.dumps(TWO)}\n",
        f"{json.dumps({'notes': [ONE]})}\n{json.dumps({'works': [TWO]})}",
        "\n [" + json.dumps(ONE) + "," + json.dumps(TWO) + "]\n",
    ],
    ids=["an array", "over several lines", "an envelope", "lines", "envelopes in lines", "blanks around"],
)
def test_the_same_items_are_found_in_every_form(text: str) -> None:
    assert read(text) == [ONE, TWO]


def test_an_item_comes_with_the_object_around_it() -> None:
    envelope = {"date": "2026-11-20", "notes": [ONE]}
    assert list(items(source(json.dumps(envelope)), "notes")) == [(ONE, envelope)]


def test_one_object_alone_is_one_item() -> None:
    assert read(json.dumps(ONE)) == [ONE]


def test_an_envelope_without_items_has_none() -> None:
    assert read('{"notes": [], "count": 0}') == []


def test_lines_are_lines_even_where_the_first_is_longer_than_the_head() -> None:
    long = {"n": "x" * HEAD_SIZE}
    assert read(f"{json.dumps(long)}\n{json.dumps(TWO)}\nbroken\n") == [long, TWO, None]


def test_a_line_that_is_not_json_or_far_too_long_is_given_as_nothing_and_the_others_stay() -> None:
    too_long = '{"n": "' + "x" * LINE_LIMIT + '"}'
    assert read(f"{json.dumps(ONE)}\n{{broken\n{too_long}\n{json.dumps(TWO)}\n") == [ONE, None, None, TWO]


def test_lines_are_given_one_by_one_while_the_file_is_read() -> None:
    class Endless(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            del size
            return b'{"n": 1}\n' * 1000

    endless = items(Source("endless", Endless(), SEEN))
    assert [item for item, _ in islice(endless, 100_000)] == [ONE] * 100_000


def test_an_array_that_breaks_off_gives_the_items_before_the_break() -> None:
    found = items(source(json.dumps([ONE, TWO])[:-5]))
    assert next(found) == (ONE, {})
    with pytest.raises(BrokenOffError, match="after item 1 it is no valid JSON"):
        next(found)


@pytest.mark.parametrize("text", ["{", '{"works": [{}', "seven", "[" * 100_000])
def test_what_is_no_json_is_refused_or_breaks_off(text: str) -> None:
    with pytest.raises((FileError, BrokenOffError), match="valid JSON"):
        read(text)
