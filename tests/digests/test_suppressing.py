"""Addresses to which nothing is sent any more."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.digests.recipients import NOW, recipient

from broadsheet.digests import suppressing
from broadsheet.digests.models import Recipient, Suppression

pytestmark = pytest.mark.django_db
ADA = "ada@lab.example"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    """The data folder of a site of its own."""
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path})
    return tmp_path


def test_an_address_is_suppressed_however_it_is_written():
    suppressing.suppress(ADA, "It bounced.", now=NOW)
    assert suppressing.is_suppressed(" Ada@LAB.example ")
    assert [*filter(suppressing.is_suppressed, ["Ada@lab.example", "bert@lab.example"])] == [
        "Ada@lab.example"
    ]
    assert not suppressing.is_suppressed("bert@lab.example")


def test_its_recipient_says_why(folder: Path):
    ada = recipient(ADA)
    suppressing.suppress(ADA, "It bounced.", now=NOW)
    suppressing.suppress(ADA, "Somebody complained.", now=NOW)
    ada.refresh_from_db()
    assert (ada.state, ada.reason) == (Recipient.State.SUPPRESSED, "It bounced.")
    assert (folder / suppressing.LIST).read_text().count("digest") == 1


def test_neither_the_table_nor_the_list_holds_the_address(folder: Path):
    suppressing.suppress(ADA, "It bounced.", now=NOW)
    kept = (folder / suppressing.LIST).read_text() + repr(list(Suppression.objects.values()))
    assert "ada" not in kept
    assert "lab.example" not in kept


def test_it_outlives_deletion_and_a_restored_backup():
    recipient(ADA).delete()
    suppressing.suppress(ADA, "It bounced.", now=NOW)
    Suppression.objects.all().delete()
    back = recipient(ADA)
    assert suppressing.replay() == 1
    assert suppressing.replay() == 0
    back.refresh_from_db()
    assert suppressing.is_suppressed(ADA)
    assert (back.state, back.reason) == (Recipient.State.SUPPRESSED, "It bounced.")


def test_what_an_operator_lifted_does_not_come_back(folder: Path):
    ada = recipient(ADA)
    suppressing.suppress(ADA, "It bounced.", now=NOW)
    assert suppressing.lift(ADA, now=NOW)
    assert not suppressing.lift(ADA, now=NOW)
    ada.refresh_from_db()
    assert (ada.state, ada.reason) == (Recipient.State.ACTIVE, "")
    assert suppressing.replay() == 0
    suppressing.suppress(ADA, "It bounced again.", now=NOW)
    Suppression.objects.all().delete()
    assert suppressing.replay() == 1


def test_a_list_cut_short_by_a_power_cut_is_read_as_far_as_it_goes(folder: Path):
    suppressing.suppress(ADA, "It bounced.", now=NOW)
    with (folder / suppressing.LIST).open("a") as file:
        file.write('{"digest": "ab')
    suppressing.suppress("bert@lab.example", "It bounced.", now=NOW)
    Suppression.objects.all().delete()
    assert suppressing.replay() == 2
