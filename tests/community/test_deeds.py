"""The log of moderation."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from broadsheet.accounts.models import Person
from broadsheet.community import deeds
from broadsheet.community.models import Deed

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def done(verb: str = "hide", **more) -> Deed:
    return deeds.log(None, verb, "comment", 7, **{"reason": "Off topic.", "now": NOW} | more)


def test_a_deed_says_who_did_what_to_what_and_why():
    ada = Person.objects.create(handle="ada")
    deed = deeds.log(
        ada, "hide", "comment", 7, reason="Off topic.", before={"state": "visible"}, about=3, now=NOW
    )
    deed.refresh_from_db()
    assert (deed.actor, deed.verb, deed.kind, deed.target, deed.about) == (ada.pk, "hide", "comment", 7, 3)
    assert (deed.reason, deed.before, deed.at) == ("Off topic.", {"state": "visible"}, NOW)


@pytest.mark.parametrize(
    "change",
    [lambda: Deed.objects.update(reason=""), lambda: Deed.objects.filter(reason="Off topic.").delete()],
)
def test_the_database_refuses_to_change_or_delete_a_deed(change):
    done()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        change()
    assert Deed.objects.get().reason == "Off topic."


@pytest.mark.parametrize("statement", ["DELETE FROM community_deed", "UPDATE community_deed SET reason = ''"])
def test_the_database_refuses_statements_for_the_whole_log(statement):
    done()
    done("restore")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Deed.objects.exclude(reason="").count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_tests_with_transactions_begin_with_an_empty_log_that_stays(time):
    assert not Deed.objects.exists(), time
    done()
    with pytest.raises(IntegrityError):
        Deed.objects.all().delete()


def test_a_deed_is_undone_once():
    first = done()
    done("restore", undoes=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        done("restore", undoes=first)


def test_a_lock_holds_until_it_is_undone():
    lock = done(deeds.LOCK)
    assert deeds.locked([7, 8]) == {7}
    done("unlock", undoes=lock)
    assert not deeds.locked([7, 8])
    done(deeds.LOCK)
    assert deeds.locked([7, 8]) == {7}


def test_a_reason_is_a_line_that_can_be_seen():
    assert done(reason=" Rude\n\u202eto\x00 others\u200b ").reason == "Rude to others"
    with pytest.raises(deeds.ReasonError, match="500"):
        done(reason="x" * 501)
    with pytest.raises(deeds.ReasonError, match="Say why"):
        deeds.needed(" \u200b")
