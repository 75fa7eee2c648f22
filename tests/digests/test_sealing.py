"""Secrets of channels are sealed, and outlive a change of the secret key."""

from __future__ import annotations

import pytest
from tests.digests.readers import MORNING, reader

from broadsheet.digests import links, sealing, suppressing
from broadsheet.digests.links import Purpose
from broadsheet.digests.models import Channel
from broadsheet.digests.sealing import SealError

URL = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


def test_what_is_sealed_is_opened_again_and_is_another_text_each_time():
    first = sealing.sealed(URL)
    assert sealing.opened(first) == URL
    assert first != sealing.sealed(URL)
    assert b"TIiajk" not in first
    assert len(first) <= 200
    with pytest.raises(SealError):
        sealing.opened(first[:-5] + b"AAAAA")


@pytest.mark.django_db
def test_a_new_secret_key_seals_anew_what_the_old_one_opens(settings):
    channel = reader("ada@lab.example")
    channel.target, channel.key = sealing.sealed(URL), sealing.sealed("whsec_x")
    channel.save()
    old, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 50
    assert sealing.unopenable() == 1
    assert sealing.rotate() == (0, 1)
    with pytest.raises(SealError, match="BROADSHEET_OLD_SECRET_KEY"):
        sealing.opened(channel.target)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert sealing.unopenable() == 0
    assert sealing.rotate() == (1, 0)
    settings.SECRET_KEY_FALLBACKS = []
    kept = Channel.objects.get()
    assert (sealing.opened(kept.target), sealing.opened(kept.key)) == (URL, "whsec_x")


@pytest.mark.django_db
def test_links_in_mails_and_suppressed_addresses_outlive_a_change_of_the_secret_key(settings, tmp_path):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path})
    recipient = reader("ada@lab.example").recipient
    token = links.token(Purpose.UNSUBSCRIBE, recipient)
    suppressing.suppress("ben@lab.example", "It bounced.", now=MORNING)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 50
    assert links.recipient_of(Purpose.UNSUBSCRIBE, token) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert links.recipient_of(Purpose.UNSUBSCRIBE, token) == recipient
    assert links.token(Purpose.UNSUBSCRIBE, recipient) != token
    assert suppressing.is_suppressed("ben@lab.example")
    assert [*filter(suppressing.is_suppressed, ["ben@lab.example", "ada@lab.example"])] == ["ben@lab.example"]
    assert suppressing.lift("ben@lab.example", now=MORNING)
    assert not suppressing.is_suppressed("ben@lab.example")
