"""Made-up input in each format, and the way to read it without a file."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import orjson

from broadsheet.papers.record import Record
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import Refusal, Remark

SEEN = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
HEADER = ["new", "Get trending papers in your email inbox!", "Subscribe", "Daily Papers"]
BY = "byAK and the research community"
ABSTRACTS = {
    "Tide Tables for Schedulers": "We forecast the load of shared clusters with eight harmonics and halve the error.",
    "Walking on Sand": "We teach a legged robot to walk on dunes from forty minutes of video, without a simulator.",
    "Grammar of Bees": "We show that the dances of bees follow rules that a small automaton can learn to predict.",
}


def footer(byline: str = "  • 3 authors", date: str = "Oct 13, 2024") -> str:
    return f"{byline}\n·\n{date}"


def page(*records: tuple[str, str | None], header: list[str] | None = None, date: str = "Nov 20") -> str:
    """A saved page of (title, footer or None for a bare record)."""
    parts = [*(header or HEADER), *([] if header else [BY]), *([date] if date else [])]
    for title, bottom in records:
        parts += [title, ABSTRACTS[title], *([bottom] if bottom else [])]
    return "\n\n".join(parts)


def item(paper_id: str = "2611.04242", **paper: Any) -> dict[str, Any]:
    """An item of a day's list; keyword arguments replace or add fields of its paper."""
    inside = {
        "id": paper_id,
        "authors": [{"name": "Ines Vale", "hidden": False}, {"name": "Tomas Birk", "hidden": True}],
        "publishedAt": "2026-11-05T17:42:10.000Z",
        "submittedOnDailyAt": "2026-11-09T00:00:00.000Z",
        "title": "Tide Tables for Schedulers",
        "summary": ABSTRACTS["Tide Tables for Schedulers"],
        "upvotes": 7,
        "ai_summary": "A summary by a machine.",
        "ai_keywords": ["load forecasting", "harmonic models"],
        "githubRepo": "https://github.com/northlab-example/tides",
        "githubStars": 31,
        "organization": {"name": "northlab", "fullname": "North Lab"},
    }
    return {
        "paper": inside | paper,
        "publishedAt": "2026-11-05T12:42:10.000Z",
        "title": "Tide Tables for Schedulers",
        "thumbnail": f"https://papers.example.org/thumb/{paper_id}.png",
        "numComments": 2,
        "submittedBy": {"fullname": "Mira Koren", "name": "mkoren"},
    }


def arxiv_line(paper_id: str = "2611.04242", **fields: Any) -> bytes:
    """A line of an arXiv snapshot."""
    line = {
        "id": paper_id,
        "submitter": "Ines Vale",
        "authors": "Ines Vale and Tomas Birk Jr",
        "title": "Tide Tables\n  for Schedulers",
        "comments": None,
        "journal-ref": None,
        "doi": None,
        "report-no": None,
        "categories": "cs.DC stat.ML",
        "license": "http://creativecommons.org/licenses/by/4.0/",
        "abstract": f"  {ABSTRACTS['Tide Tables for Schedulers']}\n",
        "versions": [{"version": "v1", "created": "Thu, 5 Nov 2026 17:42:10 GMT"}],
        "update_date": "2026-11-06",
        "authors_parsed": [["Vale", "Ines", ""], ["Birk", "Tomas", "Jr", "North Lab"]],
    }
    return orjson.dumps(line | fields) + b"\n"


def source(content: bytes | str, name: str = "input") -> Source:
    """The content as a file that was modified at SEEN."""
    return Source(name, io.BytesIO(content.encode() if isinstance(content, str) else content), SEEN)


def records(readings: object) -> list[Record]:
    return [one for one in readings if isinstance(one, Record)]


def refusals(readings: object) -> list[Refusal]:
    return [one for one in readings if isinstance(one, Refusal)]


def remarks(readings: object) -> list[str]:
    return [one.text for one in readings if isinstance(one, Remark)]
