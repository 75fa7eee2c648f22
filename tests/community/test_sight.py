"""That one place decides who reads which comment."""

from __future__ import annotations

import re
from pathlib import Path

import broadsheet

ROOT = Path(broadsheet.__file__).parent
# The verbs that change the state; the tables; and what shows a place that has no text.
MAY_NAME_IT = {"models.py", "commenting.py", "moderating.py", "sight.py", "telling.py", "threads.py"}
ASKS_FOR_IT = re.compile(r"Comment\.objects\b[^\n]*\n?[^\n]*\bstate\b|\bstate(__in)?=\(?CommentState")


def test_no_code_but_sight_and_the_verbs_knows_the_states_of_comments():
    naming = {path for path in ROOT.rglob("*.py") if "CommentState" in path.read_text()}
    assert {path.name for path in naming} <= MAY_NAME_IT
    assert {path.parent.name for path in naming} == {"community"}


def test_nobody_but_sight_lists_comments_by_their_state():
    asking = {path.name for path in ROOT.rglob("*.py") if ASKS_FOR_IT.search(path.read_text())}
    assert asking <= {"sight.py", "commenting.py", "models.py"}


def test_pages_and_programs_ask_sight_for_comments():
    skins = [path for room in ("web", "api", "cli") for path in (ROOT / room).rglob("*.py")]
    assert not [path for path in skins if "Comment.objects" in path.read_text()]
