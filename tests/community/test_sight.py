"""That one place decides who reads which comment."""

from __future__ import annotations

import re
from pathlib import Path

import broadsheet

ROOT = Path(broadsheet.__file__).parent
ASKS_FOR_IT = re.compile(r"Comment\.objects\b[^\n]*\n?[^\n]*\bstate\b|\bstate(__in)?=\(?CommentState")


def test_nobody_but_sight_lists_comments_by_their_state():
    asking = {path.name for path in ROOT.rglob("*.py") if ASKS_FOR_IT.search(path.read_text())}
    # The verbs set it, and look for what is to be set.
    assert asking <= {"sight.py", "commenting.py", "leaving.py"}


def test_pages_and_programs_ask_sight_for_comments():
    skins = [path for room in ("web", "api", "cli") for path in (ROOT / room).rglob("*.py")]
    assert not [path for path in skins if "Comment.objects" in path.read_text()]
