"""The faces of type that the pages bring along."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from broadsheet.web import assets

pytestmark = pytest.mark.django_db
FACES = Path(assets.__file__).parent / "static/faces"
MOST_BYTES = 120_000


def test_the_faces_take_at_most_120_kb_together_and_come_with_their_licence():
    assert sum(face.stat().st_size for face in FACES.glob("*.woff2")) <= MOST_BYTES
    licence = (FACES / "LICENSE.txt").read_text()
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert licence.count("Copyright") >= 2


def test_a_page_loads_the_faces_from_this_site_and_keeps_them_for_a_year(client, read):
    sheet = read(assets.address(assets.SHEET))
    faces = re.findall(r'url\("([^"]+)"\)', sheet)
    assert len(faces) == len(list(FACES.glob("*.woff2")))
    for face in faces:
        answer = client.get(face)
        assert answer["Content-Type"] == "font/woff2"
        assert answer["Cache-Control"] == assets.FOR_A_YEAR
    assert set(re.findall(r'href="(/static/faces/[^"]+)"', read("/"))) < set(faces)
