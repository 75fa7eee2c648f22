"""Settings as an operator meets them: defaults, files, secrets, mistakes."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from contextlib import suppress
from datetime import date

import pytest

from broadsheet.papers.sources import FAMILIES
from broadsheet.site.config import Config, ConfigError, load


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
        (
            "PAGE_SIZE",
            "many",
            "setting BROADSHEET_PAGE_SIZE: 'many' is no whole number; give .* from 10 to 200",
        ),
        ("PAGE_SIZE", "", "an empty value is no whole number"),
        ("PAGE_SIZE", "5000", "'5000' is too large; give a whole number from 10 to 200"),
        ("PAGE_SIZE", "5", "'5' is too small; give a whole number from 10 to 200"),
        ("API_QUOTA", "-1", "give a whole number of 0 or more"),
        ("LOG_LEVEL", "LOUD", "BROADSHEET_LOG_LEVEL: 'LOUD' is unknown; give 'DEBUG', 'INFO', 'WARNING' or"),
        ("DEBUG", "maybe", "BROADSHEET_DEBUG: 'maybe' is neither true nor false"),
        ("SITE_NAME", "x" * 61, "a text of 61 characters is too long; give at most 60"),
        (
            "SOURCES",
            "arxiv,axriv",
            "BROADSHEET_SOURCES: 'axriv' is no source; there are arxiv, biorxiv, huggingface, mirror",
        ),
        ("CATEGORIES", "cs.LG,stat.LM", "BROADSHEET_CATEGORIES: 'stat.LM' is no category of arXiv; stat.M"),
        ("CATEGORIES", "cs", "BROADSHEET_CATEGORIES: 'cs' is an archive of arXiv; .* such as cs.AI"),
        ("ARXIV_HOLIDAYS", "2026-12-25,2026-02-30", "'2026-02-30' is no day; write it as 2026-12-25"),
        ("CONTACT", "me", "BROADSHEET_CONTACT: give an e-mail address"),
        (
            "SITE_URL",
            "https://example.org/papers",
            "BROADSHEET_SITE_URL: give the whole address, .* without a path",
        ),
        ("DATABASE_URL", "mysql://reader:hidden@db/papers", "DATABASE_URL: give an address of PostgreSQL"),
        ("DATABASE_URL", "db.example.org/papers", "DATABASE_URL: give an address of PostgreSQL"),
        (
            "DATABASE_URL",
            "postgres://reader:hi#dden@db:port/x",
            "DATABASE_URL: give an address of PostgreSQL",
        ),
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
    ("text", "said"),
    [
        ('page_size = "many"', "setting page_size: 'many' is no whole number"),
        ("debug = 5", "setting debug: '5' is neither true nor false"),
        ("site_name = 5", "setting site_name: a value of the type int cannot be used; give a text in quotes"),
        ('categories = ["cs.LG"]', "setting categories: a list cannot be used; give one text"),
        ("[contact]\na = 1", "setting contact: a value of the type dict"),
        ('site_url = "example"', "setting site_url: give the whole address"),
    ],
)
def test_a_value_of_the_file_that_cannot_be_used_is_named_with_the_file(settings_in, tmp_path, text, said):
    settings_in()
    (tmp_path / "data" / "broadsheet.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=f"data/broadsheet.toml: {said}"):
        settings_in()


NO_HOSTS = [
    "https://papers.example.org",
    "papers.example.org:8000",
    "papers.example.org/",
    "//papers.example.org",
]
NO_HOSTS += ["[::1]:8000", "*.example.org", "papers example.org", "ada@papers.example.org", ".", "a..b", "?"]
HOSTS = [
    ("papers.example.org", "papers.example.org"),
    ("Papers.Example.org., 192.0.2.7", "papers.example.org,192.0.2.7"),
    (".example.org", ".example.org"),
    ("::1,[2001:DB8::1]", "[::1],[2001:db8::1]"),
    ("bücher.example", "xn--bcher-kva.example"),
    ("my_machine", "my_machine"),
    ("*", "*"),
    ("nearby", "nearby"),
    ("", ""),
]


@pytest.mark.parametrize("value", NO_HOSTS)
def test_what_no_browser_would_send_as_a_name_is_refused(settings_in, value):
    said = f"BROADSHEET_ALLOWED_HOSTS: {re.escape(repr(value))} is no name of a host; give it without scheme, port and path"
    with pytest.raises(ConfigError, match=said):
        settings_in(ALLOWED_HOSTS=f"papers.example.net, {value}")


@pytest.mark.parametrize(("value", "hosts"), HOSTS)
def test_names_of_hosts_are_kept_as_browsers_send_them(settings_in, value, hosts):
    assert settings_in(ALLOWED_HOSTS=value).allowed_hosts == hosts


def test_a_file_that_is_no_text_is_named(settings_in, tmp_path):
    settings_in()
    (tmp_path / "data" / "broadsheet.toml").write_bytes(b'site_name = "\xff"')
    with pytest.raises(ConfigError, match=r"data/broadsheet.toml is not in UTF-8; save it so"):
        settings_in()


@pytest.mark.parametrize(
    "address",
    [
        *("https://", "https://a b.example", "https://papers.example/a b", "https://papers..example"),
        *("https://papers.example:port", "https://papers.example:99999", "https://[::1", "https://*.example"),
        *(
            "https://papers.example?q=1",
            "https://papers.example/#top",
            "https://papers.example\\a",
            "//a.example",
        ),
        f"https://{'a' * 64}.example",
    ],
)
def test_an_address_that_no_browser_goes_to_is_refused(settings_in, address):
    for name in ("SITE_URL", "ARXIV_API_URL"):
        with pytest.raises(ConfigError, match=f"BROADSHEET_{name}: give the whole address, for example"):
            settings_in(**{name: address})


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("HTTPS://Papers.EXAMPLE/", "https://papers.example"),
        (" https://papers.example ", "https://papers.example"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
        ("https://papers.example/Papers/", "https://papers.example/Papers"),
        ("  ", ""),
    ],
)
def test_an_address_is_the_one_that_browsers_write(settings_in, address, expected):
    assert settings_in(ARXIV_API_URL=address).arxiv_api_url == expected
    if not address.endswith("/Papers/"):
        assert settings_in(SITE_URL=address).site_url == expected


def test_no_password_gets_into_the_links_of_the_site(settings_in):
    with pytest.raises(ConfigError, match="without a name and a password") as refused:
        settings_in(SITE_URL="https://ada:hidden@papers.example")
    assert "hidden" not in str(refused.value)


def test_a_mirror_may_ask_with_a_name_and_a_password(settings_in):
    mirror = "https://Ada:Hid%64en@papers.example"
    assert settings_in(MIRROR_URL=mirror).address("mirror_url") == mirror


def test_a_secret_is_not_repeated_and_its_file_is_named(settings_in, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hidden", encoding="utf-8")
    with pytest.raises(ConfigError, match="setting BROADSHEET_SECRET_KEY_FILE: a key has") as refused:
        settings_in(SECRET_KEY_FILE=str(secret))
    assert "hidden" not in str(refused.value)


def test_no_value_of_any_type_is_answered_in_words_of_pydantic(settings_in, tmp_path):
    settings_in()
    said = []
    long = '"' + "x" * 300 + '"'
    for name in Config.model_fields.keys() - {"data", "sources"}:
        for value in ("5", "[1]", "{a = 1}", "2026-11-29", "-1.5", "true", '"no"', "nan", "-inf", long):
            (tmp_path / "data" / "broadsheet.toml").write_text(f"{name} = {value}", encoding="utf-8")
            with suppress(ConfigError):
                settings_in()
                continue
            with pytest.raises(ConfigError) as refused:
                settings_in()
            said.append(str(refused.value))
    assert said
    assert not [sentence for sentence in said if re.search("(Input|String) should", sentence)]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("PAGESIZE", "BROADSHEET_PAGE_SIZE is one"),
        ("SITE_NAMES", "BROADSHEET_SITE_NAME is one"),
        ("SECRETKEY_FILE", "BROADSHEET_SECRET_KEY_FILE is one"),
        ("PORT", "broadsheet config lists all of them"),
        ("", "broadsheet config lists all of them"),
    ],
)
def test_an_unknown_variable_is_answered_with_the_nearest_setting(settings_in, name, said):
    with pytest.raises(ConfigError, match=f"environment: there is no setting BROADSHEET_{name}; {said}"):
        settings_in(**{name: "8000"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SERVED_BY", "17"),
        ("SHARED", "/somewhere"),
        ("PAGE_SIZE_FILE", ""),
        ("SERVICE_HOST", "10.0.0.7"),
        ("SERVICE_PORT_HTTP", "80"),
        ("PORT", "tcp://10.0.0.7:80"),
        ("PORT_80_TCP_ADDR", "10.0.0.7"),
        ("WEB_PORT_8000_TCP", "tcp://10.0.0.7:8000"),
    ],
)
def test_variables_of_programs_around_us_are_left_alone(settings_in, name, value):
    assert settings_in(**{name: value}).page_size == 50


def test_a_command_ends_with_the_sentence_about_a_variable(tmp_path, monkeypatch):
    monkeypatch.setenv("BROADSHEET_SORCES", "arxiv")
    done = _broadsheet("--data", str(tmp_path), "check")
    assert (done.returncode, done.stderr) == (
        1,
        "Error: environment: there is no setting BROADSHEET_SORCES; BROADSHEET_SOURCES is one\n",
    )


def test_sources_categories_and_holidays_are_lists_however_they_are_spelled(settings_in):
    config = settings_in(
        SOURCES=" HuggingFace, arxiv ",
        CATEGORIES="cs.lg,math.IT, CS.IT,hep-TH",
        ARXIV_HOLIDAYS="2026-12-25, 2027-01-01",
    )
    assert config.families == ("huggingface", "arxiv")
    assert config.categories == "cs.LG,math.IT,cs.IT,hep-th"
    assert config.followed == ("cs.LG", "cs.IT", "hep-th")
    assert config.holidays == {date(2026, 12, 25), date(2027, 1, 1)}


def test_nothing_needs_to_be_fetched_or_followed(settings_in):
    config = settings_in(SOURCES="", CATEGORIES=" , ", ARXIV_HOLIDAYS="")
    assert (config.families, config.followed, config.holidays) == ((), (), frozenset())


@pytest.mark.parametrize("contact", ["", "ada@example.org", "https://example.org/contact"])
def test_a_contact_is_an_address_that_somebody_can_write_to(settings_in, contact):
    assert settings_in(CONTACT=contact).contact == contact


def test_the_families_that_can_be_named_are_those_that_there_are():
    from broadsheet.sources.live.registry import LIVE

    assert {source.family for source in LIVE} <= set(FAMILIES)


@pytest.mark.parametrize(
    ("text", "message"), [("site_name = ", "broadsheet.toml"), ("colour = 1", "no setting 'colour'")]
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


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "at least 32 characters"),
        (b"\n", "at least 32 characters"),
        (b"short", "at least 32 characters"),
        (b"x" * 31, "and this one 31"),
        ("schlüssel".encode() * 9, "more than ASCII"),
        (b"\xff" * 50, "more than ASCII"),
    ],
)
def test_a_key_that_cannot_sign_is_refused_by_the_name_of_its_file(settings_in, tmp_path, content, said):
    (tmp_path / "data").mkdir()
    key = tmp_path / "data" / "secret_key"
    key.write_bytes(content)
    with pytest.raises(ConfigError, match=f"{key} cannot be used: .*{said}"):
        settings_in()


@pytest.mark.parametrize(("key", "said"), [("short", "at least 32"), ("ü" * 40, "ASCII")])
def test_a_key_from_the_environment_is_held_to_the_same(settings_in, key, said):
    with pytest.raises(ConfigError, match=f"BROADSHEET_SECRET_KEY: .*{said}"):
        settings_in(SECRET_KEY=key)


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "is empty"), (b"\n", "is empty"), (b"\xff\xfe", "is no text")]
)
def test_a_file_for_a_secret_that_holds_none_is_refused(settings_in, tmp_path, content, said):
    secret = tmp_path / "secret"
    secret.write_bytes(content)
    with pytest.raises(ConfigError, match=f"BROADSHEET_SECRET_KEY_FILE: {secret} {said}"):
        settings_in(SECRET_KEY_FILE=str(secret))


MANY_STARTS = """
import os, sys
from pathlib import Path
from broadsheet.site.config import _secret_key
sys.stdin.readline()
print([_secret_key(Path(folder, "secret_key")) for folder in sys.argv[1:]])
"""


@pytest.mark.thorough
def test_processes_that_start_at_once_agree_on_one_whole_key(tmp_path):
    folders = [tmp_path / str(number) for number in range(150)]
    for folder in folders:
        folder.mkdir()
    command = [sys.executable, "-c", MANY_STARTS, *folders]
    pipe = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    starting = [subprocess.Popen(command, **pipe) for _ in range(4)]
    for process in starting:
        process.stdin.write("\n")
        process.stdin.flush()
    said = {process.communicate(timeout=120)[0] for process in starting}
    assert len(said) == 1
    assert said.pop().count("'") == 300
    assert [[file.name for file in folder.iterdir()] for folder in folders] == [["secret_key"]] * 150


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pagesize = 20", "no setting 'pagesize'; page_size is one"),
        ('broadsheet_contact = "a@example.org"', "no setting 'broadsheet_contact'; contact is one"),
        ("[mail]\nhost = 1", "no setting 'mail'"),
        ("zzzz = 1", "no setting 'zzzz'; broadsheet config lists all of them"),
    ],
)
def test_an_unknown_setting_is_answered_with_the_nearest_known_one(settings_in, tmp_path, text, said):
    settings_in()
    (tmp_path / "data" / "broadsheet.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=f"broadsheet.toml: there is {said}"):
        settings_in()
