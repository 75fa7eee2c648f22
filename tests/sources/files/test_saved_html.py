"""Saved Daily Papers pages as HTML: the data is in an attribute of whichever component there is."""

from __future__ import annotations

import html
import json

import pytest
from tests.sources.inputs import item, records, source

from broadsheet.sources.files import huggingface
from broadsheet.sources.files.readings import FileError
from broadsheet.sources.files.saved_html import read


def page(*components: object) -> str:
    divs = "".join(
        f'<div class="SVELTE_HYDRATER contents" data-target="C{i}" data-props="{html.escape(json.dumps(props))}"></div>'
        for i, props in enumerate(components)
    )
    return (
        f'<!doctype html>\n<html class=""><head><title>Daily Papers</title></head><body>{divs}</body></html>'
    )


DAY = {
    "dailyPapers": [item("2611.00001"), item("2611.00002", title='A "B" & <C>')],
    "dateString": "2026-11-09",
}
MENU = {"classNames": "", "isWide": False, "user": None, "papers": []}


def test_a_saved_page_gives_what_the_api_gives() -> None:
    from_api = list(huggingface.read(source(json.dumps(DAY["dailyPapers"]))))
    assert list(read(source(page(MENU, DAY)))) == from_api


def test_the_day_of_the_page_counts_where_the_items_do_not_say_it() -> None:
    day = {"dailyPapers": [item(submittedOnDailyAt=None)], "dateString": "2026-11-10"}
    [record] = read(source(page(day)))
    assert record.key == "2611.04242@2026-11-10"


@pytest.mark.parametrize(
    "props",
    [
        {"page": {"state": {"papers": [item("2611.00001")]}}, "query": "tides"},
        {"results": {"hits": [item("2611.00001")]}},
        [item("2611.00001")],
        item("2611.00001") | {"comments": [], "upvoters": []},
    ],
    ids=["another name", "deeper down", "a bare list", "the page of one paper"],
)
def test_papers_are_found_in_whatever_component_holds_them(props: object) -> None:
    assert [record.key for record in records(read(source(page(MENU, props))))] == ["2611.00001@2026-11-09"]


def test_the_list_of_the_day_goes_before_other_lists_on_the_page() -> None:
    others = {"papers": [item("2611.00009")]}
    assert len(records(read(source(page(others, DAY))))) == 2


def test_declarations_that_are_no_html_are_passed_by_as_browsers_do() -> None:
    text = page(DAY).replace("<body>", "<body><![x]><![if IE]>old<![endif]><![CDATA[more]]><!><!x><?y>")
    assert len(records(read(source(text)))) == 2


def test_a_page_of_a_day_without_papers_is_empty_and_not_wrong() -> None:
    assert list(read(source(page({"dailyPapers": [], "dateString": "2026-11-08"})))) == []


def test_attributes_that_are_not_json_do_not_disturb() -> None:
    assert len(records(read(source(page(DAY) + '<p data-props="{not json" data-props></p>')))) == 2


@pytest.mark.parametrize(
    "text", [page(MENU), "<html><body>Nothing here</body></html>", "<![if x]>", "<![x", "<"]
)
def test_a_page_without_papers_is_refused_as_a_file(text: str) -> None:
    with pytest.raises(FileError, match="without papers"):
        list(read(source(text)))
