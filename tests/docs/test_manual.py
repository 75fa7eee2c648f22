"""The manual says what the code does: every setting, command, room and dependency, and no dead links."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from broadsheet.cli.main import all_commands
from broadsheet.papers.sources import SOURCES
from broadsheet.site.config import Config

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
DECISIONS = sorted(ROOT.glob("docs/decisions/0*.md"))


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def code_in(page: str) -> str:
    """All that the page prints as code, where commands are named."""
    return "\n".join(re.findall(r"```sh\n.*?```|`[^`\n]+`", read(page), re.DOTALL))


def test_the_tables_of_settings_and_commands_are_up_to_date():
    check = [sys.executable, "tools/manual.py", "--check"]
    result = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("name", Config.model_fields)
def test_a_setting_is_explained_to_the_operator(name):
    assert f"| `BROADSHEET_{name.upper()}` |" in read("docs/operating.md")


@pytest.mark.parametrize("name", sorted(all_commands()))
def test_a_command_is_explained_to_its_user_with_an_example(name):
    assert f"| `broadsheet {name}" in read("docs/using.md")
    assert (all_commands()[name].epilog or "").startswith(f"Example: broadsheet {name}")


@pytest.mark.parametrize(
    "room", sorted(path.parent.name for path in ROOT.glob("src/broadsheet/*/__init__.py"))
)
def test_a_room_is_on_the_developers_map(room):
    assert f"| `{room}` |" in read("docs/developing.md")


@pytest.mark.parametrize(
    "requirement",
    [
        *PROJECT["dependencies"],
        *(one for extra in PROJECT["optional-dependencies"].values() for one in extra),
    ],
)
def test_a_dependency_has_its_reason_written_down(requirement):
    name = re.match(r"[\w-]+", requirement)[0]
    assert name == PROJECT["name"] or f"| `{name}` |" in read("docs/dependencies.md")


def test_no_dependency_is_explained_that_is_gone():
    asked_for = {
        re.match(r"[\w-]+", requirement)[0]
        for group in [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
        for requirement in group
    }
    assert set(re.findall(r"^\| `([\w-]+)` \|", read("docs/dependencies.md"), re.MULTILINE)) <= asked_for


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/using.md", "docs/operating.md"])
def test_a_page_names_only_commands_that_exist(page):
    code = code_in(page)
    known = {name.split()[0] for name in all_commands()}
    assert set(re.findall(r"\bbroadsheet (?:--data \S+ )?([a-z]+)\b", code)) <= known
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b", code)) <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_links_of_a_page_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    here = [target for target in targets if "://" not in target]
    assert [target for target in here if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_why_what_follows_and_what_else_there_was(page):
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
        "Context",
        "Decision",
        "Consequences",
        "Alternatives",
    ]
    assert re.search(rf"^# {int(page.name[:4])}\. .+\n\n20\d\d-\d\d-\d\d · (accepted|superseded by )", text)
    assert f"({page.name})" in read("docs/decisions/README.md")


def test_the_order_of_trust_that_is_written_down_is_the_one_in_force():
    words = {
        "arxiv": "arXiv",
        "arxiv_listing": "arXiv's list of a day",
        "acl": "the ACL Anthology",
        "openreview": "OpenReview",
        "biorxiv": "bioRxiv",
        "huggingface": "Hugging Face",
        "crossref": "Crossref",
        "datacite": "DataCite",
        "pubmed": "PubMed",
        "openalex": "OpenAlex",
        "wos": "Web of Science",
        "csl": "a CSL file",
        "ris": "a RIS file",
        "bibtex": "a BibTeX file",
        "saved_page": "a saved page",
        "library": "a reader's library",
        "retraction": "a notice that retracts the paper",
        # Where it stands in the table, sources that nobody declared come.
        "mirror": "any other source",
        "demo": "the demonstration",
        "here": "curators here",
    }
    order = ", ".join(words[source.name] for source in SOURCES)
    assert order in " ".join(read("docs/decisions/0004-merging.md").split())


def test_the_house_style_shows_code_that_we_have():
    shown = re.findall(r"^# yes.*?```", read("STYLE.md"), re.DOTALL | re.MULTILINE)
    code = "".join(
        path.read_text(encoding="utf-8") for top in ("src", "tests") for path in (ROOT / top).rglob("*.py")
    )
    assert shown
    assert [name for name in re.findall(r"def \w+\(", "".join(shown)) if name not in code] == []


def test_the_changelog_has_a_place_for_what_comes_next():
    assert "## [Unreleased]" in read("CHANGELOG.md")


def test_the_locks_name_no_package_index():
    for lock in ROOT.glob("*.lock"):
        assert "://" not in lock.read_text(encoding="utf-8"), lock.name


def test_what_holds_against_an_attack_is_tried_by_a_test_that_is_there():
    page = read("docs/threats.md")
    named = re.findall(r"`([a-z0-9]+/test_\w+\.py)`(?:: ([a-z ]+))?", page)
    assert len(named) > 40
    for file, promise in named:
        tests = (ROOT / "tests" / file).read_text("utf-8")
        assert f"def test_{promise.strip().replace(' ', '_')}" in tests, (file, promise)
