"""What the site says about itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.search import tiny
from tests.web.press import SUNDAY, paper, publish

from broadsheet.daily import editions, ranking
from broadsheet.search import fusion, indexing
from broadsheet.search.embedding_models.model_folder import described

pytestmark = pytest.mark.django_db


def test_how_we_rank_names_the_numbers_in_force(read, monkeypatch):
    monkeypatch.setattr(ranking, "FADE_DAYS", 19.0)
    monkeypatch.setattr(editions, "FRONT_PAGE_ENOUGH", 23)
    monkeypatch.setattr(fusion, "MEANING", 0.27)
    html = read("/about/ranking")
    assert "counts 73 %, how close it is in meaning 27 %" in html
    assert "÷ 19" in html
    assert "fewer than 23 papers" in html


def test_the_status_counts_what_there_is(read):
    from broadsheet.sources.models import Run

    publish(paper(1), paper(2))
    Run.objects.create(
        files="<b>day.json",
        started_at=SUNDAY,
        finished_at=SUNDAY + timedelta(minutes=1),
        read=2,
        new=2,
        refused=1234,
    )
    Run.objects.create(files="snapshot.gz", started_at=SUNDAY, message="the file is cut off")
    html = read("/status")
    for part in (
        "2 papers",
        "Hugging Face",
        "&lt;b&gt;day.json",
        "1,234",
        "the file is cut off",
        "22 Nov 2026, 09:00",
    ):
        assert part in html, part


def test_the_status_of_an_empty_catalogue_says_how_to_fill_it(read):
    html = read("/status")
    assert "broadsheet demo" in html
    assert "There was no import yet" in html


def test_the_status_tells_how_far_another_embedding_model_is(read, tmp_path):
    publish(paper(1), paper(2))
    assert "Another one" not in read("/status")
    indexing.change_model(described(tiny.save(tmp_path / "tiny"), name="<tiny>"))
    html = " ".join(read("/status").split())
    assert "The model is bge-small-en-v1.5 int8. Another one, &lt;tiny&gt;, takes over when" in html
    assert "all papers are embedded with it; 0 are." in html


def test_robots_may_read_all_but_searches(read):
    assert read("/robots.txt") == "User-agent: *\nDisallow: /papers?\nDisallow: /*/similar\n"


def test_the_icon_is_where_icons_used_to_be(client):
    response = client.get("/favicon.ico", follow=True)
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.getvalue().startswith(b"<svg")
    response.close()
