"""Whatever OpenReview, OpenAlex, bioRxiv or Hugging Face answer, it ends in records, refusals, or an error by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.sources import references
from tests.sources.inputs import SEEN, item, source
from tests.sources.json_inputs import answer, note, row, work
from tests.sources.live.steps import asking
from tests.sources.local_server import Reply, serving

from broadsheet.papers.catalogue import store
from broadsheet.papers.record import Record
from broadsheet.sources.files import biorxiv, crossref, datacite, openalex, openreview
from broadsheet.sources.files.readings import Reading, Refusal, Remark
from broadsheet.sources.live import biorxiv_days, huggingface_days
from broadsheet.sources.live.fetching.fetcher import FetchError
from broadsheet.sources.live.source import Asked, Batch, LiveSource
from broadsheet.sources.models import Host

Make = Callable[..., dict[str, Any]]


def crossref_work(name: str = "10.1234/1") -> dict[str, Any]:
    return references.CROSSREF | {"DOI": name}


def datacite_doi(name: str = "doi:10.1234/1") -> dict[str, Any]:
    return references.DATACITE | {"attributes": references.DATACITE["attributes"] | {"doi": name}}


FORMATS = {
    "openreview": (openreview.read, note, "second"),
    "openalex": (openalex.read, work, "W2"),
    "biorxiv": (biorxiv.read, row, "10.1101/2"),
    "crossref": (crossref.read, crossref_work, "10.1234/2"),
    "datacite": (datacite.read, datacite_doi, "doi:10.1234/2"),
}
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["\0", "x" * 3000, "0001-01-01", "9999-12-31T23:59:59-14:00", "https://[", "10.1101/\ud800", "<i>"]
    )
)
names = st.sampled_from(
    ["value", "fullname", "author", "institutions", "display_name", "id", "doi", "source"]
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=6,
)


def paths(value: Any) -> list[tuple[Any, ...]]:
    """The ways to every value inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(name, *rest) for name, one in inner for rest in [(), *paths(one)]]


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The value with another one at the end of the path."""
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


def odd(make: Make, data: st.DataObject) -> Any:
    whole = make()
    return changed(whole, data.draw(st.sampled_from(paths(whole))), data.draw(values))


def read(name: str, items: list[Any]) -> list[Reading]:
    found = list(FORMATS[name][0](source(json.dumps(items))))
    assert all(isinstance(one, Record | Refusal | Remark) for one in found)
    assert all(one.reason and one.place for one in found if isinstance(one, Refusal))
    return found


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.data())
def test_any_value_anywhere_is_read_or_refused_and_the_next_item_stays(
    name: str, data: st.DataObject
) -> None:
    _, make, second = FORMATS[name]
    found = read(name, [odd(make, data), make(second)])
    assert len(found) >= 2
    assert any(isinstance(one, Record) and one.key == second for one in found)


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMATS)
@given(data=st.data())
def test_what_is_read_can_be_stored(name: str, data: st.DataObject) -> None:
    found = [one for one in read(name, [odd(FORMATS[name][1], data)]) if isinstance(one, Record)]
    with transaction.atomic():
        store(found, now=SEEN)
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("live", "setting", "body"),
    [
        (huggingface_days.DAYS, "hf_url", [item(), item("2611.00002")]),
        (biorxiv_days.DAYS, "biorxiv_url", answer([row(), row(version=2)])),
    ],
    ids=["huggingface", "biorxiv"],
)
def test_any_answer_is_a_batch_or_an_error_by_name(
    live: LiveSource, setting: str, body: Any, settings: Any
) -> None:
    reply = Reply()

    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        nonlocal reply
        content = json.dumps(
            changed(body, data.draw(st.sampled_from(paths(body))), data.draw(values))
        ).encode()
        cut = data.draw(st.integers(0, len(content)) | st.none())
        status = data.draw(st.sampled_from([200, 200, 200, 304, 400, 404]))
        reply = Reply(content[:cut], status=status, content_type="application/json")
        Host.objects.all().delete()
        with suppress(FetchError):
            batch = live.step({}, Asked(now=SEEN), fetcher)
            assert isinstance(batch, Batch)
            json.dumps(batch.position)

    with serving(lambda _: reply) as server, asking(SEEN) as fetcher:
        settings.BROADSHEET = settings.BROADSHEET.model_copy(update={setting: server.url})
        ask()
