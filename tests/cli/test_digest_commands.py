"""An operator sees, sends and stops digests, and tries whether mail arrives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from pydantic import SecretStr
from tests.digests.readers import SEVEN, come_in, papers, reader, topic

from broadsheet.cli.digest import digest
from broadsheet.digests import checking, sealing, suppressing
from broadsheet.digests.freezing import ZstdCompressor
from broadsheet.digests.models import Channel, Digest, Told

pytestmark = pytest.mark.django_db
ADA = "ada@lab.example"


def test_a_new_secret_key_seals_anew_what_the_one_before_has_sealed(settings):
    Channel.objects.filter(pk=reader(ADA).pk).update(target=sealing.sealed("slack://a/b/c"))
    before, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 50
    assert "1 channels are sealed with a key that is not given" in said("rotate", code=1)
    assert any("OLD_SECRET_KEY" in one for one in checking.warnings())
    settings.SECRET_KEY_FALLBACKS = [before]
    assert said("rotate") == "1 channels are sealed with the secret key of now.\n"
    settings.SECRET_KEY_FALLBACKS = []
    assert not any("OLD_SECRET_KEY" in one for one in checking.warnings())


def said(*arguments: str, code: int = 0, given: bytes = b"") -> str:
    result = CliRunner().invoke(digest, arguments, input=given)
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture(autouse=True)
def _seven() -> Iterator[None]:
    with time_machine.travel(SEVEN):
        yield


@pytest.fixture
def folder(settings, tmp_path: Path) -> Path:
    """Where mail goes, a file a mail."""
    settings.BROADSHEET = settings.BROADSHEET.model_copy(
        update={
            "site_url": "https://papers.example.org",
            "data": tmp_path,
            "smtp_url": SecretStr(f"file://{tmp_path}/mail"),
        }
    )
    settings.DEFAULT_FROM_EMAIL = "digests@papers.example.org"
    return tmp_path / "mail"


@pytest.fixture
def ada(folder: Path) -> Channel:
    del folder
    cats = topic("cats")
    channel = reader(ADA, cats, minute=0)
    come_in(cats, papers("purring"))
    return channel


@pytest.mark.usefixtures("ada")
def test_a_preview_shows_the_mail_and_tells_nobody_anything(folder: Path):
    for wanted in (ADA, "cats"):
        assert "On purring" in said("preview", wanted)
    assert "</a>" in said("preview", ADA, "--html")
    assert "List-Unsubscribe: <https://papers.example.org/unsubscribe/" in said("preview", ADA, "--raw")
    assert bytes(Told.objects.get().papers) == b""
    assert not Digest.objects.exists()
    assert not folder.exists()
    assert "neither" in said("preview", "nobody", code=1)


@pytest.mark.usefixtures("ada")
def test_what_is_due_is_sent_unless_it_was_paused(folder: Path):
    said("pause", "the relay moves")
    assert "the relay moves" in said("send", code=1)
    assert "the relay moves" in said("status")
    said("resume")
    assert said("send") == "1 digests were sent.\n"
    assert len(list(folder.glob("*.eml"))) == 1
    assert json.loads(said("status", "--json"))["sent"] == 1


@pytest.mark.usefixtures("ada")
def test_what_was_held_or_given_up_goes_when_the_operator_says_so(folder: Path):
    said("send")
    (mail,) = folder.glob("*.eml")
    content = mail.read_bytes()
    Digest.objects.update(state="held", content=None)
    assert said("send", "--now") == "0 digests were sent.\n"
    Digest.objects.update(state="held", content=ZstdCompressor().compress(content))
    assert said("send") == "0 digests were sent.\n"
    assert said("send", "--now") == "1 digests were sent.\n"


def test_a_test_message_says_what_became_of_it(folder: Path, settings):
    assert "took it" in said("test", ADA)
    (mail,) = folder.glob("*.eml")
    assert b"This is a test" in mail.read_bytes()
    assert "no mail address" in said("test", "ada", code=1)
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"smtp_url": SecretStr("smtp://127.0.0.1:9")})
    assert "did not take it" in said("test", ADA, code=1)


def test_what_is_no_bounce_is_a_sentence():
    assert "no mail of this site" in said("bounce", code=1, given=b"Subject: hello\n\nhello\n")


@pytest.mark.usefixtures("folder")
def test_the_check_warns_of_what_keeps_mail_from_arriving(settings):
    assert not list(checking.warnings())
    settings.DEFAULT_FROM_EMAIL = "Us <digests@elsewhere.example>"
    assert "elsewhere.example" in next(checking.warnings())
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"site_url": ""})
    assert "SITE_URL" in next(checking.warnings())
    settings.BROADSHEET = settings.BROADSHEET.model_copy(
        update={"site_url": "https://papers.example.org", "smtp_url": SecretStr("")}
    )
    assert "SMTP_URL" in next(checking.warnings())


@pytest.mark.usefixtures("folder")
def test_an_operator_lets_mail_go_again_to_an_address_that_bounced():
    assert f"{ADA} is not suppressed." in said("lift", ADA, code=1)
    suppressing.suppress(ADA, "It bounced.", now=SEVEN)
    assert "again" in said("lift", "Ada@lab.example")
    assert not suppressing.is_suppressed(ADA)
