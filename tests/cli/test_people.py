"""What whoever runs the site does with accounts by commands stands in the log like what moderators do."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.cli.people import user
from broadsheet.community import moderating
from broadsheet.community.models import Deed

pytestmark = pytest.mark.django_db


def said(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(user, arguments)
    assert result.exit_code == code, result.output
    return result.output


def log() -> list[tuple[str, str]]:
    return list(Deed.objects.order_by("pk").values_list("verb", "reason"))


@pytest.fixture
def ada() -> Person:
    return Person.objects.create(handle="ada")


def test_a_role_that_is_given_by_a_command_is_a_deed(ada, client):
    assert said("promote", "ada", "moderator") == "ada is a moderator.\n"
    assert log() == [("promote", "reader to moderator")]
    page = client.get("/moderation/log").content.decode()
    assert "A role was given" in page
    assert "by a rule" not in page


def test_a_suspension_by_a_command_is_a_deed_that_moderators_can_undo(ada):
    said("suspend", "ada", "--days", "7", "--reason", "Spam.")
    assert "suspended already" in said("suspend", "ada", code=1)
    said("suspend", "ada", "--days", "0")
    assert "is not suspended" in said("suspend", "ada", "--days", "0", code=1)
    said("suspend", "ada")
    standard = "Decided by whoever runs the site."
    assert log() == [("suspend", "Spam."), ("lift", standard), ("suspend", standard)]
    mo = Viewer(Person.objects.create(handle="mo", role="moderator"))
    moderating.undo(
        mo, Deed.objects.latest("pk").pk, reason="It was a mistake.", now=Deed.objects.latest("pk").at
    )
    assert Person.objects.get(handle="ada").suspended_until is None


def test_whom_nobody_knows_is_neither_suspended_nor_promoted(db):
    for arguments in (("promote", "eve", "curator"), ("suspend", "eve")):
        assert "Nobody here has the handle 'eve'." in said(*arguments, code=1)
    assert log() == []
