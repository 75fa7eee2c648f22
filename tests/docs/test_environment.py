"""`make run` on a new machine says how far it is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import environment

SAYS = "print('Ignoring old: it is for Python 2'); [print(f'Collecting p{n}==1') for n in range(12)]"


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    file = tmp_path / "some.lock"
    file.write_text(
        "".join(f"p{number}==1 \\\n    --hash=sha256:0\n    # via q==2\n" for number in range(13))
    )
    return file


def test_installing_says_how_many_packages_are_there(lock, capsys):
    environment._install([sys.executable, "-c", SAYS], lock)
    assert capsys.readouterr().out == "  10 of 12 packages\n"


def test_an_installation_that_fails_shows_all_that_was_said(lock, capsys):
    with pytest.raises(SystemExit, match="status 3"):
        environment._install([sys.executable, "-c", f"{SAYS}; print('no room'); exit(3)"], lock)
    assert "no room" in capsys.readouterr().err
