"""What comes back from mail servers pauses or ends mail to whom it is about, and to nobody else."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.digests.readers import SEVEN, reader

from broadsheet.digests import bouncing, links, suppressing, ways
from broadsheet.digests.links import Purpose
from broadsheet.digests.models import Channel, Recipient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]
ADA = "ada@lab.example"


def report(kind: str, fields: str, *, to: str, about: str = "From: us\n") -> bytes:
    return (
        f"From: mailer@relay.example\nTo: {to}\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain\n\nSorry.\n\n--b\nContent-Type: message/{kind}\n\n{fields}\n"
        f"--b\nContent-Type: text/rfc822-headers\n\n{about}\n--b--\n"
    ).encode()


def failed(status: str, *, to: str, action: str = "failed") -> bytes:
    return report(
        "delivery-status",
        "Reporting-MTA: dns; relay.example\n\n"
        f"Final-Recipient: rfc822; x@y.example\nAction: {action}\nStatus: {status}\n"
        "Diagnostic-Code: smtp; 550 no such user\n",
        to=to,
    )


@pytest.fixture
def ada() -> Channel:
    return reader(ADA)


def state() -> str:
    return Recipient.objects.get(key=ADA).state


def test_a_report_that_there_is_no_such_address_suppresses_it(ada: Channel):
    # Some servers write addresses in one case.
    bouncing.record(failed("5.1.1", to=ways.bounces_to(ada.recipient).upper()), now=SEVEN)
    assert state() == "suppressed"
    assert suppressing.is_suppressed(ADA)


def test_other_failures_pause_after_three_and_delays_count_nothing(ada: Channel):
    to = ways.bounces_to(ada.recipient)
    with pytest.raises(bouncing.NoBounceError):
        bouncing.record(failed("4.4.1", to=to, action="delayed"), now=SEVEN)
    for status in ("5.2.2", "4.4.7"):
        bouncing.record(failed(status, to=to), now=SEVEN)
        assert state() == "active"
    bouncing.record(failed("5.7.1", to=to), now=SEVEN)
    assert state() == "paused"


def test_a_complaint_unsubscribes_and_suppresses(ada: Channel):
    link = links.url(Purpose.UNSUBSCRIBE, ada.recipient)
    complaint = report(
        "feedback-report",
        "Feedback-Type: abuse\nVersion: 1\n",
        to="abuse@papers.example.org",
        about=f"List-Unsubscribe: <{link}>\n",
    )
    bouncing.record(complaint, now=SEVEN)
    assert state() == "suppressed"
    assert Channel.objects.get().state == "ended"


def test_a_report_about_nobody_here_does_nothing(ada: Channel):
    token = links.name_of_bounces(ada.recipient)
    for to in ("b+xyz@papers.example.org", f"b+{token[::-1]}@papers.example.org", "abuse@papers.example.org"):
        with pytest.raises(bouncing.NoBounceError):
            bouncing.record(failed("5.1.1", to=to), now=SEVEN)
    assert state() == "active"


@given(st.binary(max_size=400))
def test_any_bytes_are_a_report_or_a_sentence(raw: bytes):
    with pytest.raises(bouncing.NoBounceError):
        bouncing.record(raw, now=SEVEN)


def test_a_mail_of_somebody_else_is_no_report(ada: Channel):
    message = EmailMessage()
    message["To"] = ways.bounces_to(ada.recipient)
    message.set_content("I am away until Monday.")
    with pytest.raises(bouncing.NoBounceError):
        bouncing.record(message.as_bytes(), now=SEVEN)
    assert state() == "active"
