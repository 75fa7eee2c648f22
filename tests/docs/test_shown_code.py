"""The code that the manual shows is code that runs, and not what it once was."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHOWN = re.findall(
    r"^ *```python\n(.*?)^ *```$", (ROOT / "docs/developing.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
)


def names_of(code: str) -> str:
    return re.split(r"[(:= ]", code.removeprefix("def "))[0]


@pytest.mark.parametrize("block", [textwrap.dedent(code) for code in SHOWN], ids=names_of)
def test_what_is_shown_is_the_code_that_we_have(block: str) -> None:
    sources = (path for top in ("src", "tests") for path in (ROOT / top).rglob("*.py"))
    assert any(block in path.read_text("utf-8") for path in sources)


def test_the_manual_shows_how_to_add_a_source() -> None:
    assert len(SHOWN) >= 3
