"""A pattern that is compiled when it is first asked for finds what any pattern finds."""

from __future__ import annotations

import re

import pytest

from broadsheet.papers.patterns import lazy_pattern

TEXT = "Tides and TIDES of 2026"
WAYS = {
    "search": (TEXT,),
    "match": (TEXT,),
    "fullmatch": (TEXT,),
    "split": (TEXT,),
    "findall": (TEXT,),
    "finditer": (TEXT, 4),
    "sub": ("-", TEXT),
    "subn": ("-", TEXT, 1),
}


def found(answer: object) -> object:
    if isinstance(answer, re.Match):
        return answer.span(), answer.groupdict()
    return answer if isinstance(answer, str | list | tuple | type(None)) else [one.span() for one in answer]


@pytest.mark.parametrize("way", WAYS)
def test_it_finds_the_same_the_first_time_and_later(way):
    written, flags = r"(?P<word>tides)|\d+", re.IGNORECASE
    lazy, compiled = lazy_pattern(written, flags), re.compile(written, flags)
    for _ in range(2):
        assert found(getattr(lazy, way)(*WAYS[way])) == found(getattr(compiled, way)(*WAYS[way]))
