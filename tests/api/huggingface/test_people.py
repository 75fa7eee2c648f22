"""Hugging Face's clients know whose token they send."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError
from tests.people import bearer, person

import clients

pytestmark = pytest.mark.django_db(transaction=True)
HF = Path(sys.executable).with_name("hf")
OLDER = "import sys; from huggingface_hub import HfApi; print(HfApi(endpoint=sys.argv[1]).whoami()['name'])"


@pytest.fixture
def token(db) -> str:
    who = person("mira", name="Mira Koren", email="mira@example.org")
    return bearer(who)["Authorization"].split()[1]


def test_the_client_says_who_it_is(live_server, token):
    hub = HfApi(endpoint=live_server.url, token=token)
    said = hub.whoami()
    assert (said["type"], said["name"], said["fullname"]) == ("user", "mira", "Mira Koren")
    assert (said["orgs"], said["email"]) == ([], "mira@example.org")
    assert said["auth"]["accessToken"] == {"displayName": "a program", "role": "write"}
    for wrong in ("hf_of_somebody_else", "bs_unknown"):
        with pytest.raises(HfHubHTTPError) as refused:
            HfApi(endpoint=live_server.url, token=wrong).whoami()
        assert refused.value.response.status_code == 401


def test_a_token_that_may_only_vote_tells_no_address(client):
    said = client.get("/api/whoami-v2", headers=bearer(person(email="a@example.org"), ["vote"])).json()
    assert "email" not in said
    answer = client.get("/api/whoami-v2")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert "takes a token" in answer.json()["error"]


def test_the_command_says_who_it_is(live_server, token, tmp_path):
    environment = os.environ | {
        "HF_ENDPOINT": live_server.url,
        "HF_HOME": str(tmp_path),
        "HF_TOKEN": token,
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    }
    said = subprocess.run(
        [HF, "auth", "whoami"], env=environment, capture_output=True, text=True, check=False
    )
    assert (said.returncode, "mira" in said.stdout) == (0, True), said.stderr


@pytest.mark.parametrize("version", clients.VERSIONS)
def test_an_older_version_says_who_it_is(live_server, token, tmp_path, version):
    if not clients.is_installed(version):
        pytest.skip(f"needs {clients.PACKAGE} {version}: run python tools/clients.py")
    environment = os.environ | {
        "PYTHONPATH": str(clients.folder(version)),
        "HF_HOME": str(tmp_path),
        "HF_TOKEN": token,
    }
    said = subprocess.run(
        [sys.executable, "-c", OLDER, live_server.url],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.stdout == "mira\n", said.stderr


def test_what_is_public_of_a_person_is_read(live_server, token):
    hub = HfApi(endpoint=live_server.url, token=False)
    seen = hub.get_user_overview("mira")
    assert (seen.username, seen.fullname) == ("mira", "Mira Koren")
    assert (seen.num_papers, seen.num_discussions, seen.num_upvotes, seen.num_followers) == (0, 0, 0, 0)
    assert seen.orgs == []
    assert seen._id == HfApi(endpoint=live_server.url, token=token).whoami()["id"]
    assert list(hub.list_user_followers("mira")) == []
    assert list(hub.list_user_following("mira")) == []
    with pytest.raises(HfHubHTTPError):
        hub.get_user_overview("nobody")
