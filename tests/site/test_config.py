"""Settings as an operator meets them: defaults, files, secrets, mistakes."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys

import pytest

from broadsheet.site.config import ConfigError, load


@pytest.fixture
def settings_in(tmp_path, monkeypatch):
    """Load the settings of a data folder with this environment."""

    def load_in(**environment: str):
        monkeypatch.setenv("BROADSHEET_DATA", str(tmp_path / "data"))
        for name, value in environment.items():
            monkeypatch.setenv(f"BROADSHEET_{name}", value)
        return load()

    return load_in


def test_the_data_folder_and_a_private_secret_key_are_made(settings_in, tmp_path):
    first = settings_in()
    key = tmp_path / "data" / "secret_key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(first.secret_key.get_secret_value()) > 50
    assert settings_in().secret_key == first.secret_key


def test_the_environment_wins_over_the_file(settings_in, tmp_path):
    settings_in()
    (tmp_path / "data" / "broadsheet.toml").write_text(
        'site_name = "From the file"\npage_size = 20\n', encoding="utf-8"
    )
    config = settings_in(SITE_NAME="From the environment")
    assert (config.site_name, config.page_size) == ("From the environment", 20)


def test_a_secret_may_come_from_a_file(settings_in, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("postgres://reader:hidden@db/papers\n", encoding="utf-8")
    config = settings_in(DATABASE_URL_FILE=str(secret))
    assert config.database_url.get_secret_value() == "postgres://reader:hidden@db/papers"
    assert "hidden" not in repr(config)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SITE_URL", "papers.example.org", "BROADSHEET_SITE_URL: give the whole address"),
        ("PAGE_SIZE", "many", "BROADSHEET_PAGE_SIZE"),
        ("PAGE_SIZE", "5000", "less than or equal to 200"),
        ("LOG_LEVEL", "LOUD", "BROADSHEET_LOG_LEVEL"),
        (
            "DATABASE_URL_FILE",
            "/nowhere/secret",
            "BROADSHEET_DATABASE_URL_FILE: /nowhere/secret: No such file",
        ),
    ],
)
def test_a_value_that_cannot_be_used_is_named(settings_in, name, value, message):
    with pytest.raises(ConfigError, match=message):
        settings_in(**{name: value})


@pytest.mark.parametrize(
    ("text", "message"), [("site_name = ", "broadsheet.toml"), ("colour = 1", "BROADSHEET_COLOUR")]
)
def test_a_mistake_in_the_file_is_named(settings_in, tmp_path, text, message):
    settings_in()
    (tmp_path / "data" / "broadsheet.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        settings_in()


def test_a_data_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = _broadsheet("--data", str(tmp_path / "file" / "data"), "config")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_values_in_force_are_printed_with_secrets_masked(tmp_path):
    done = _broadsheet("--data", str(tmp_path), "config", "--json")
    values = json.loads(done.stdout)
    assert values["BROADSHEET_DATA"] == str(tmp_path)
    assert values["BROADSHEET_SECRET_KEY"] == "***"
    assert (tmp_path / "secret_key").read_text(encoding="ascii") not in done.stdout


def _broadsheet(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "broadsheet.cli.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ, timeout=60)
