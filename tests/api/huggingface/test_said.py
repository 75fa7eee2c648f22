"""Whatever a source said of a paper, the client can read what we make of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest
from huggingface_hub.hf_api import PaperInfo
from hypothesis import example, given
from hypothesis import strategies as st
from tests.web.press import paper, publish

from broadsheet.api.huggingface import shapes
from broadsheet.api.huggingface.shapes import Ours
from broadsheet.sources.files.huggingface import KEPT

SITE = shapes.Site("Broadsheet", "http://testserver/static/icon.svg")
NAMES = (
    "_id",
    "id",
    "name",
    "fullname",
    "user",
    "orgs",
    "avatar",
    "statusLastChangedAt",
    "lastModified",
    "siblings",
)
TEXTS = st.sampled_from(
    ["", "Ines", "2026-11-20", "2026-11-20T08:00:00+02:00", "9999-12-31T23:59:59-12:00", "soon"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False) | TEXTS,
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.sampled_from(NAMES), some, max_size=5),
    max_leaves=12,
)
FIELDS = st.dictionaries(st.sampled_from(KEPT), VALUES)


@pytest.mark.django_db
def test_any_json_becomes_a_paper_that_the_client_reads():
    from broadsheet.papers import reading

    publish(paper(5))
    detail = reading.detail(reading.resolve("2611.00005")[0])

    @given(outside=FIELDS, inside=VALUES | FIELDS)
    @example(outside={"linkedModels": [{"id": "a/b", "siblings": 5}]}, inside={"authors": [{"name": "Ines"}]})
    def reads(outside: dict[str, Any], inside: object) -> None:
        record = orjson.dumps({"said": {**outside, "paper": inside}}).decode()
        told = replace(detail, records=(("huggingface", "2611.00005", record),))
        for shape in (
            shapes.item(told, day=date(2026, 11, 20), site=SITE, ours=Ours()),
            shapes.alone(told, site=SITE, ours=Ours()),
        ):
            info = PaperInfo(**orjson.loads(orjson.dumps(shape)))
            assert info.id == "2611.00005"
            assert all(isinstance(author.name, str) for author in info.authors or ())
            assert isinstance(info.submitted_by.username, str)
            assert info.published_at
            assert info.submitted_at
        orjson.dumps(shapes.repositories(told))

    reads()
