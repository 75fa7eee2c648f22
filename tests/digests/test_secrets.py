"""What opens somebody's mail is told to nobody: not by a log, an error page, metrics, or a later address."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.digests.site import ADA, PUBLIC, Reader

from broadsheet.digests import links, subscribing
from broadsheet.digests.links import Purpose
from broadsheet.digests.models import Confirmation, Recipient
from broadsheet.site.logs import Events

pytestmark = pytest.mark.django_db
NAMES = (
    "address", "topic", "named", "cadence", "many", "hour", "zone", "day", "do", "weeks", "place-trending", "token"
)  # fmt: skip
WORDS = st.sampled_from(
    ("save", "pause", "resume", "end", "renew", "export", "trending", "daily", "when_many", "7", "-1", "0", "UTC",
     "9" * 30, "\0", "é", "²", "ada@lab.example", "/topics/x", "../..", "a" * 3000)
)  # fmt: skip
FORMS = st.dictionaries(
    st.sampled_from(NAMES), st.lists(WORDS | st.text(max_size=20), min_size=1, max_size=3)
)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that the site writes into its log."""
    handlers = logging.getLogger().handlers
    ours = next(one for one in handlers if any(isinstance(by, Events) for by in one.filters))
    assert isinstance(ours, logging.StreamHandler)
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.DEBUG)
    written = io.StringIO()
    before = ours.setStream(written)
    yield written
    ours.setStream(before)
    logging.getLogger().setLevel(level)


def test_no_token_is_in_a_log_an_error_page_or_a_metric_though_all_goes_wrong(
    reader: Reader, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
):
    reader.client.raise_request_exception = False
    page = reader.subscribe()
    reader.ask("ben@other.example")
    recipient = Recipient.objects.get()
    paths = [reader.link("confirm"), page, links.url(Purpose.UNSUBSCRIBE, recipient)]
    answers = [reader.get(path) for path in paths]
    # What nobody can read back.
    Confirmation.objects.update(wanted={"nonsense": 1})
    monkeypatch.delattr(subscribing, "next_of")
    answers += [ask(path) for path in paths for ask in (reader.get, reader.post)]
    answers += [reader.get(path + tail) for path in paths for tail in ("x", "/", "/x", "%00", "?x")]
    assert [answer.status_code for answer in answers].count(500) >= 3
    shown = "".join(answer.content.decode() for answer in answers)
    said = log.getvalue() + reader.get("/metrics").content.decode() + shown
    assert "/manage/***" in said
    for path in paths:
        assert path.rpartition("/")[2] not in said
    assert ADA not in said


# The reader stays, with what the forms before have done.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(form=FORMS, kind=st.sampled_from(("form", "multipart", "bytes")), raw=st.binary(max_size=60))
def test_no_form_breaks_a_page_or_confirms_an_address(reader: Reader, form, kind: str, raw: bytes):
    page = (
        reader.subscribe()
        if not Recipient.objects.exists()
        else links.url(Purpose.MANAGE, Recipient.objects.get())
    )
    reader.client.raise_request_exception = False
    for path in ("/subscribe", page.removeprefix(PUBLIC), "/confirm/x", "/manage/x", "/unsubscribe/x"):
        if kind == "multipart":
            answer = reader.client.post(path, form)
        elif kind == "form":
            body = "&".join(
                f"{name}={quote(text, errors='replace')}" for name, said in form.items() for text in said
            )
            answer = reader.client.post(path, body, content_type="application/x-www-form-urlencoded")
        else:
            answer = reader.client.post(path, raw, content_type="multipart/form-data; boundary=x")
        assert answer.status_code < 500
        if not Recipient.objects.exists():
            break
    assert Recipient.objects.count() <= 1


@given(token=st.text(min_size=1, max_size=50))
def test_any_text_is_a_token_that_is_unknown(token: str):
    client = Client(headers={"Sec-Fetch-Site": "same-origin"}, raise_request_exception=False)
    for page in ("confirm", "manage", "unsubscribe"):
        address = f"/{page}/{quote(token, safe='', errors='replace')}"
        for answer in (client.get(address), client.head(address), client.post(address)):
            assert answer.status_code in {200, 301, 404}
