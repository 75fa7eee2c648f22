"""What the developers' tools do where a machine lacks something; `tools/bare.py` tries the whole on bare systems."""

from __future__ import annotations

import ast
import base64
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.sources.local_server import Reply, Request, serving

import chromium
import pip_wheel

ROOT = Path(__file__).resolve().parents[2]
# Classes of characters in a pattern.
CLASSES = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
NAME = "pip-99.1-py3-none-any.whl"
WHEEL = b"the wheel of pip"
PAGE = f'<a href="pip-99.1.tar.gz">pip-99.1.tar.gz</a> <a href="../../files/{NAME}#sha256=0">{NAME}</a>'


def index(request: Request) -> Reply:
    if request.path.endswith("/simple/pip/"):
        return Reply(PAGE.encode(), content_type="text/html")
    return Reply(WHEEL) if request.path.endswith(f"/files/{NAME}") else Reply(status=404)


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A lock file that names the pip of the index."""
    digest = hashlib.sha256(WHEEL).hexdigest()
    path = tmp_path / "requirements.lock"
    path.write_text(
        "orjson==3.1 \\\n    --hash=sha256:00\n    # via broadsheet\n"
        f"pip==99.1 \\\n    --hash=sha256:11 \\\n    --hash=sha256:{digest}\n    # via broadsheet\n"
    )
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, and no setting of pip in the environment."""
    for name in [name for name in os.environ if name.startswith(("PIP_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "everywhere"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return tmp_path


def in_a_file(path: str, text: str) -> Callable[[Path, str, pytest.MonkeyPatch], None]:
    def tell(home: Path, url: str, _: pytest.MonkeyPatch) -> None:
        (home / path).parent.mkdir(parents=True)
        (home / path).write_text(text.format(url=url))

    return tell


def in_a_variable(name: str, value: str) -> Callable[[Path, str, pytest.MonkeyPatch], None]:
    return lambda _, url, monkeypatch: monkeypatch.setenv(name, value.format(url=url))


def in_a_file_that_a_variable_names(home: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    in_a_file("elsewhere/settings", "[global]\nindex-url = {url}/simple\n")(home, url, monkeypatch)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(home / "elsewhere/settings"))


@pytest.mark.parametrize(
    "tell",
    [
        in_a_variable("PIP_INDEX_URL", "{url}/simple"),
        in_a_variable("PIP_INDEX_URL", "{url}/simple/"),
        in_a_file("everywhere/pip/pip.conf", "[global]\nindex-url = {url}/simple\n"),
        in_a_file(".config/pip/pip.conf", "[install]\nindex_url = {url}/simple\n[global]\nindex-url = x:\n"),
        in_a_file(".pip/pip.conf", "[global]\nindex-url: file:///none\nextra-index-url:\n  {url}/simple\n"),
        in_a_file_that_a_variable_names,
    ],
)
def test_pip_is_fetched_from_the_index_that_pip_is_told_of(home, lock, monkeypatch, tell):
    with serving(index) as server:
        tell(home, server.url, monkeypatch)
        assert pip_wheel.fetch(lock, home) == home / NAME
    assert (home / NAME).read_bytes() == WHEEL


def test_the_name_and_password_of_an_index_are_sent_to_it_and_not_shown(home, lock, monkeypatch):
    with serving(index) as server:
        address = server.url.replace("//", "//ada:s%3Acret@")
        monkeypatch.setenv("PIP_INDEX_URL", f"{address}/simple")
        pip_wheel.fetch(lock, home)
        sent = [request.headers["Authorization"] for request in server.requests]
        monkeypatch.setenv("PIP_INDEX_URL", f"{address}/nothing")
        with pytest.raises(pip_wheel.PipError, match="/nothing: HTTP Error 404") as problem:
            pip_wheel.fetch(lock, home)
    assert sent == [f"Basic {base64.b64encode(b'ada:s:cret').decode()}"] * 2
    assert "cret" not in str(problem.value)


def test_a_pip_that_the_lock_file_does_not_pin_is_refused(home, lock, monkeypatch):
    def changed(request: Request) -> Reply:
        return Reply(b"another wheel") if request.path.startswith("/files") else index(request)

    with serving(changed) as server:
        monkeypatch.setenv("PIP_INDEX_URL", f"{server.url}/simple")
        with pytest.raises(
            pip_wheel.PipError, match=f"its {NAME} is not the file that requirements.lock pins"
        ):
            pip_wheel.fetch(lock, home)
    assert not (home / NAME).exists()


def test_without_an_index_that_answers_the_reason_is_told(home, lock, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
    with pytest.raises(pip_wheel.PipError, match=r"^http://127\.0\.0\.1:1/simple: .*refused"):
        pip_wheel.fetch(lock, home)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(pip_wheel.PipError, match="told to ask no index"):
        pip_wheel.fetch(lock, home)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_our_own_lock_files_name_a_pip(home, name, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(pip_wheel.PipError, match="told to ask no index"):
        pip_wheel.fetch(ROOT / name, home)


def test_a_driver_of_the_browser_that_does_not_start_is_found_out_with_its_reason(tmp_path, monkeypatch):
    node = tmp_path / "node"
    node.write_text("#!/bin/sh\necho 'libtide.so.1: cannot open shared object file' >&2\nexit 127\n")
    node.chmod(0o755)
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(node))
    assert chromium.problem_of_driver() == "libtide.so.1: cannot open shared object file"
    node.write_text("#!/bin/sh\nexit 3\n")
    assert chromium.problem_of_driver() == "it ends with status 3"
    node.write_text("#!/bin/sh\n")
    assert chromium.problem_of_driver() == ""


@pytest.mark.parametrize("program", [pytest.param("node", marks=pytest.mark.thorough), "chromium"])
def test_without_a_browser_its_tests_are_skipped_and_in_continuous_integration_fail(tmp_path, program):
    (tmp_path / program).write_text("#!/bin/sh\necho 'no libtide' >&2\nexit 127\n")
    (tmp_path / program).chmod(0o755)
    for name, variables in (("here", {}), ("there", {"CI": "true"})):
        # The browser is started for each module, once it has been collected.
        lines = f"def setup_module(): os.environ |= {variables}\ndef test_a_page(browser): pass\n"
        (tmp_path / f"test_{name}.py").write_text(f"import os\n{lines}")
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    environment |= {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": f"{ROOT}:{ROOT / 'tools'}"}
    if program == "node":
        environment["PLAYWRIGHT_NODEJS_PATH"] = str(tmp_path / program)
    pytest_as_ours = [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "-p", "no:cacheprovider"]
    command = [*pytest_as_ours, "-p", "no:randomly", "-p", "tests.browser.conftest", tmp_path]
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "1 skipped, 1 error in" in ran.stdout.splitlines()[-1], ran.stdout
    assert ran.stdout.count("which `make test` installs where it may: ") >= 2


@pytest.mark.parametrize("statuses", [(0, 0), (1, 0), (0, 1), (2, 1)])
def test_both_halves_of_the_tests_run_and_either_fails_the_whole(tmp_path, statuses):
    """Programs that only write down that they were started stand in for those of the environment."""
    for status, half in zip(statuses, ("postgresql", "sqlite"), strict=True):
        (tmp_path / half).write_text(str(status))
    programs = {
        "python": '[ "$1" != tools/postgres.py ] || { shift; HALF=postgresql "$@"; }',
        "pytest": f'cd {tmp_path}; echo ${{HALF:=sqlite}} >>ran; exit $(cat "$HALF")',
    }
    for name, lines in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{lines}\n")
        (tmp_path / name).chmod(0o755)
    command = ["make", "--old-file=.venv/.develop", "test", f"BIN={tmp_path}"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (tmp_path / "ran").read_text().split() == ["postgresql", "sqlite"], made.stderr
    assert (made.returncode == 0) is (statuses == (0, 0))


def test_no_pattern_repeats_a_group_possessively():
    """Python before 3.11.5, which Debian 12 has, goes wrong there; `(?>(?:...)*)` means the same, and works."""
    wrong = re.compile(r"\)[*+?]\+")
    found = [
        f"{file.name}: {written.value}"
        for file in (ROOT / "src").rglob("*.py")
        for written in ast.walk(ast.parse(file.read_text()))
        if isinstance(written, ast.Constant) and isinstance(written.value, str)
    ]
    assert [text for text in found if wrong.search(CLASSES.sub("x", text))] == []
