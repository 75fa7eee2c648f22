"""Papers are found by each name that curators gave their authors and organizations, and by these names no more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.search.shelf import MORNING, records

from broadsheet.papers import attributing
from broadsheet.papers.catalogue import store
from broadsheet.papers.record import OrganizationName
from broadsheet.search import documents

pytestmark = pytest.mark.django_db


def test_papers_are_found_by_each_name_of_their_author_until_it_is_taken_back(shelf, catch_up, titles):
    words = [
        attributing.join("author", "ada-lund", "bo-li", now=MORNING),
        attributing.alias("author", "bo-li", "Bosse Lindqvist", now=MORNING),
        attributing.alias("organization", "kitchenlab", "Galley Works", now=MORNING),
    ]
    catch_up()
    both = ["A Zoo of f-Divergences", "Why Large Runs Blow Up"]
    for name in ("Ada Lund", "Bo Li", "Bosse Lindqvist"):
        assert sorted(titles(f'author:"{name}"')) == both
    assert titles('org:"Galley Works"') == ["Cooking for Robots"]
    (document,) = documents.read([shelf[8]])
    assert {slug for slug, _ in document.organizations} == {"kitchenlab"}
    attributing.take_back([word.pk for word in words], now=MORNING)
    catch_up()
    assert titles('author:"Ada Lund"') == both[1:]
    assert [list(document.authors) for document in documents.read(shelf[:2])] == [["Ada Lund"], ["Bo Li"]]


def test_a_filter_by_an_address_that_leads_on_finds_what_the_page_has(shelf, catch_up, titles):
    galley = replace(records()[0], organizations=(OrganizationName("galley", "Galley Works"),))
    store([galley], now=MORNING)
    word = attributing.join("organization", "kitchenlab", "galley", now=MORNING)
    catch_up()
    merged = titles("org:=galley")
    assert len(merged) == 2
    assert "Cooking for Robots" in merged
    assert titles("org:=kitchenlab") == merged
    assert titles("-org:=kitchenlab") == titles("-org:=galley")
    attributing.take_back([word.pk], now=MORNING)
    catch_up()
    assert titles("org:=kitchenlab") == ["Cooking for Robots"]
