"""Made-up answers of bioRxiv, OpenReview and OpenAlex, field by field as their documentation has them."""

from __future__ import annotations

from typing import Any

from tests.sources.inputs import ABSTRACTS

TIDES = "Tide Tables for Schedulers"


def row(doi: str = "10.1101/2026.11.05.424242", version: int = 1, **fields: Any) -> dict[str, Any]:
    """A row of bioRxiv; keyword arguments replace or add fields."""
    return {
        "doi": doi,
        "title": TIDES,
        "authors": "Vale, I. M.; Birk, T.; The Harbour Consortium",
        "author_corresponding": "Ines M. Vale",
        "author_corresponding_institution": "North Lab",
        "date": f"2026-11-{9 + version:02}",
        "version": str(version),
        "type": "new results",
        "license": "cc_by_nc_nd",
        "category": "systems biology",
        "jatsxml": f"https://www.biorxiv.org/content/early/2026/11/10/{doi}.source.xml",
        "abstract": ABSTRACTS[TIDES],
        "published": "NA",
        "server": "bioRxiv",
    } | fields


def answer(rows: list[dict[str, Any]], *, cursor: int = 0, total: int | None = None) -> dict[str, Any]:
    """An answer of bioRxiv, from `cursor` of `total` rows."""
    if not rows and not total:
        return {"messages": [{"status": "no posts found"}], "collection": []}
    message = {
        "status": "ok",
        "interval": "2026-11-10:2026-11-10",
        "cursor": str(cursor),
        "count": len(rows),
        "count_new_papers": "1",
        "total": str(len(rows) if total is None else total),
    }
    return {"messages": [message], "collection": rows}


def note(note_id: str = "aB3-x_Z9q0", content: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """A paper's note in version 2 of the API; `content` replaces or adds fields of its content."""
    inside = {
        "title": TIDES,
        "abstract": ABSTRACTS[TIDES],
        "authors": ["Ines Vale", "Tomas Birk"],
        "authorids": ["~Ines_Vale1", "tomas@north.example.org"],
        "keywords": ["scheduling", "harmonic models"],
        "TLDR": "Eight harmonics do.",
        "venue": "ICTL 2026 poster",
        "venueid": "ictl.example.org/ICTL/2026/Conference",
        "pdf": "/pdf/3f2a.pdf",
    } | (content or {})
    return {
        "id": note_id,
        "forum": note_id,
        "number": 7,
        "cdate": 1_790_000_000_000,
        "tcdate": 1_790_000_000_000,
        "pdate": 1_794_000_000_000,
        "odate": 1_793_000_000_000,
        "mdate": 1_795_000_000_000,
        "domain": "ictl.example.org/ICTL/2026/Conference",
        "invitations": ["ictl.example.org/ICTL/2026/Conference/-/Submission"],
        "signatures": ["ictl.example.org/ICTL/2026/Conference/Submission7/Authors"],
        "readers": ["everyone"],
        "license": "CC BY 4.0",
        "content": {name: {"value": value} for name, value in inside.items()},
    } | fields


def work(work_id: str = "W4242424242", **fields: Any) -> dict[str, Any]:
    """A work of OpenAlex; keyword arguments replace or add fields."""
    place = {
        "is_oa": True,
        "landing_page_url": "https://doi.org/10.5555/tides.1",
        "pdf_url": "https://tides.example.org/1.pdf",
        "source": {"display_name": "Journal of Tides", "type": "journal"},
        "license": "cc-by",
        "version": "publishedVersion",
    }
    copy = {"landing_page_url": "http://arxiv.org/abs/2611.04242", "source": {"type": "repository"}}
    return {
        "id": f"https://openalex.org/{work_id}",
        "doi": "https://doi.org/10.5555/Tides.1",
        "title": TIDES,
        "display_name": TIDES,
        "publication_year": 2026,
        "publication_date": "2026-11-05",
        "ids": {"openalex": f"https://openalex.org/{work_id}", "doi": "https://doi.org/10.5555/tides.1"},
        "type": "article",
        "is_retracted": False,
        "is_paratext": False,
        "primary_location": place,
        "locations": [place, copy],
        "authorships": [
            {
                "author_position": "first",
                "author": {"id": "https://openalex.org/A1", "display_name": "Ines Vale", "orcid": None},
                "institutions": [{"id": "https://openalex.org/I1", "display_name": "North Lab (Norway)"}],
                "raw_author_name": "I. Vale",
            },
            {
                "author_position": "last",
                "author": {"id": "https://openalex.org/A2", "display_name": None, "orcid": None},
                "institutions": [{"id": "https://openalex.org/I1", "display_name": "North Lab (Norway)"}],
                "raw_author_name": "Tomas Birk",
            },
        ],
        "cited_by_count": 12,
        "keywords": [{"id": "https://openalex.org/keywords/tide", "display_name": "Tide", "score": 0.6}],
        "abstract_inverted_index": {"We": [0, 4], "forecast": [1], "load.": [3], "the": [2], "halve": [5]},
    } | fields
