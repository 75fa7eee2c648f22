"""Links in mails that act without signing in."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.digests.recipients import recipient

from broadsheet.digests import links
from broadsheet.digests.links import Purpose
from broadsheet.digests.models import Recipient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("purpose", Purpose)
def test_a_link_leads_to_its_recipient_for_its_purpose_alone(purpose: Purpose):
    ada, _ = recipient("ada@lab.example"), recipient("bert@lab.example")
    token = links.token(purpose, ada)
    assert re.fullmatch(r"[\w-]{32}", token)
    assert links.recipient_of(purpose, token) == ada
    assert [other for other in Purpose if links.recipient_of(other, token)] == [purpose]


def test_a_link_shows_nothing_of_the_address(settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"site_url": "https://papers.example"})
    address = links.url(Purpose.UNSUBSCRIBE, recipient("ada@lab.example"))
    assert re.fullmatch(r"https://papers\.example/unsubscribe/[\w-]{32}", address)
    assert "ada" not in address


def test_new_links_end_the_old_ones_but_those_that_only_stop_mail():
    ada = recipient()
    before = {purpose: links.token(purpose, ada) for purpose in Purpose}
    links.made_new(ada)
    good = {purpose for purpose, token in before.items() if links.recipient_of(purpose, token) == ada}
    assert good == links.OUTLIVING
    assert links.recipient_of(Purpose.MANAGE, links.token(Purpose.MANAGE, ada)) == ada


def test_a_link_is_of_no_use_once_its_recipient_is_gone_even_for_who_gets_the_number_again():
    ada = recipient()
    token, number = links.token(Purpose.UNSUBSCRIBE, ada), ada.pk
    ada.delete()
    assert links.recipient_of(Purpose.UNSUBSCRIBE, token) is None
    Recipient.objects.create(pk=number, key="bert@lab.example", address="bert@lab.example")
    assert links.recipient_of(Purpose.UNSUBSCRIBE, token) is None


def test_a_token_with_one_character_changed_is_none():
    token = links.token(Purpose.MANAGE, recipient())
    for place, was in enumerate(token):
        other = "B" if was != "B" else "C"
        assert links.recipient_of(Purpose.MANAGE, token[:place] + other + token[place + 1 :]) is None


@given(st.text() | st.text("abcXYZ019-_=+/", min_size=28, max_size=36))
def test_any_other_text_is_no_token(text: str):
    assert links.recipient_of(Purpose.MANAGE, text) is None
