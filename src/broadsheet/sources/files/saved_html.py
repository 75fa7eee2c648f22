"""Saved Daily Papers pages as HTML: the page carries its data as JSON in `data-props` attributes.

The items are those of the API (see `huggingface`); which component of the page carries them varies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from typing import Any

import orjson

from broadsheet.sources.files import huggingface
from broadsheet.sources.files.format import Format
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import FileError, Reading

ATTRIBUTE = "data-props"
_HTML = re.compile(rb"<!doctype html|<html|data-props", re.IGNORECASE)
# Deeper than any page nests its data, and shallow enough to look through it all.
DEEPEST = 6


def read(source: Source) -> Iterator[Reading]:
    """Records of a saved page. Raises FileError where it holds no papers, BrokenOffError at a break."""
    text, problem = source.text()
    items = _items(_data(text))
    if items is None:
        raise problem or FileError(f"it is an HTML page without papers in a {ATTRIBUTE} attribute")
    yield from huggingface.read_items(items, day=None, observed_at=source.observed_at)
    if problem:
        raise problem


class _Page(HTMLParser):
    """Collects what the components of a page are given."""

    def __init__(self) -> None:
        super().__init__()
        self.props: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        self.props += [value for name, value in attrs if name == ATTRIBUTE and value]

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Pass by `<![...>`, which is no HTML; some Pythons' own method fails on what browsers let pass."""
        return self.parse_bogus_comment(i, report)


def _data(text: str) -> list[Any]:
    page = _Page()
    page.feed(text)
    page.close()
    found = []
    for props in page.props:
        with suppress(orjson.JSONDecodeError):  # other components put what they like there
            found.append(orjson.loads(props))
    return found


def _items(data: list[Any]) -> list[huggingface.Item] | None:
    """The day's items, else those of any list of papers, else the one paper; None if there is nothing."""
    objects = list(_objects(data, DEEPEST))
    for name, holds in (("dailyPapers", _is_list), ("papers", _is_list_of_papers)):
        if held := [one for one in objects if holds(one.get(name))]:
            return [item for one in held for item in huggingface.unwrapped(one)]
    return [(one, None) for one in objects if _is_paper(one.get("paper"))] or None


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """All objects in a JSON value, the outer ones first."""
    if isinstance(value, dict):
        yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children if depth else ():
        yield from _objects(child, depth - 1)


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _is_list_of_papers(value: object) -> bool:
    return isinstance(value, list) and any(
        isinstance(item, dict) and (_is_paper(item) or _is_paper(item.get("paper"))) for item in value
    )


def _is_paper(value: object) -> bool:
    return isinstance(value, dict) and {"id", "title"} <= value.keys()


def _looks_like(head: bytes) -> bool:
    return head.startswith(b"<") and bool(_HTML.search(head))


FORMAT = Format("saved-html", "saved Daily Papers page (HTML)", _looks_like, read)
