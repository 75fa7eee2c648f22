"""What the pages that count cost at 1,000,000 papers: CPU of `/status`, `/categories` and `/metrics`.

The catalogue is made of numbers, row by row in the database, with a hundred days of announcements; it stays
in FOLDER for the next time. The peer is the counting itself, each time anew.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

PAPERS, ANNOUNCED, ASKED = 1_000_000, 330_000, 20
CODES = (
    "cs.LG",
    "cs.AI",
    "cs.CL",
    "cs.CV",
    "stat.ML",
    "math.CO",
    "hep-th",
    "quant-ph",
    "econ.EM",
    "q-bio.NC",
)
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
PAPER = """INSERT INTO papers_paper (id, public_id, title, abstract, abstract_source, author_count,
    published_at, comment, journal_ref, license, keywords, announced_on, day, withdrawn, added_at, revised_at)
  SELECT i, 'p' || i, 'Paper ' || i, '', '', 3, datetime({moment}), '', '', '', '[]',
    date({moment}), date({moment}), 0, datetime('now'), datetime('now') FROM n"""
MOMENT = "'now', '-' || (i % 7000) || ' days'"
ROWS = (
    (PAPERS, PAPER),
    (
        PAPERS,
        (
            "INSERT INTO papers_sourcerecord (id, source, key, paper_id, digest, content)"
            " SELECT i, 'arxiv', 'p' || i, i, x'00', '' FROM n"
        ),
    ),
    (
        3 * PAPERS,
        "INSERT INTO papers_papercategory (paper_id, code, position) SELECT i / 3 + 1, {code}, i % 3 FROM n",
    ),
    (PAPERS // 3, "INSERT INTO papers_author (slug, name) SELECT 'a' || i, 'Author ' || i FROM n"),
    (
        ANNOUNCED,
        (
            "INSERT INTO sources_announcement (source, day, scheme, value, version, received_at)"
            " SELECT 'arxiv', date('now', '-' || (i % 95) || ' days'), 'arxiv', 'p' || i, 0,"
            " datetime('now', '-' || (i % 95) || ' days') FROM n"
        ),
    ),
    (
        95 * len(CODES),
        (
            "INSERT INTO sources_visit (source, scope, day, outcome, items, note, at)"
            " SELECT 'arxiv', {code}, date('now', '-' || (i / 10) || ' days'), 'seen', 300, '',"
            " datetime('now', '-' || (i / 10) || ' days') FROM n"
        ),
    ),
)


def fill() -> None:
    """Make the rows, without the database looking whether they belong together."""
    from django.db import connection

    code = "CASE i % 10 " + " ".join(f"WHEN {n} THEN '{name}'" for n, name in enumerate(CODES)) + " END"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        for count, statement in ROWS:
            rows = statement.replace("{moment}", MOMENT).replace("{code}", code)
            into, _, select = rows.partition(" SELECT")
            cursor.execute(f"{into} {NUMBERS.format(count=count)} SELECT{select}")


def cpu(call: Callable[[], object], times: int) -> float:
    """Milliseconds of CPU that a call takes, on average."""
    before = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - before) * 1000 / times


def main(folder: Path) -> None:
    """Print the CPU of each address beside that of counting anew."""
    os.environ |= {
        "BROADSHEET_DATA": str(folder),
        "BROADSHEET_SOURCES": "arxiv",
        "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings",
    }
    import django

    django.setup()
    from django.core.cache import cache
    from django.test import Client

    from broadsheet.cli.database import make_ready
    from broadsheet.jobs import tasks
    from broadsheet.papers import categories, counting, measures
    from broadsheet.papers.models import Paper
    from broadsheet.sources.completeness import status

    make_ready()
    if not Paper.objects.exists():
        fill()
    now = datetime.now(UTC)
    print(
        f"the worker counts in {cpu(tasks.measure, 1):.1f} ms, and looks again in {cpu(tasks.measure, 1):.1f}"
    )
    client = Client(headers={"host": "localhost"})
    for address in ("/status", "/metrics", "/api/v1/status", "/categories"):
        first = cpu(lambda: client.get(address), 1)  # noqa: B023 - it is called at once

        def ask() -> None:
            cache.clear()
            assert client.get(address).status_code == 200  # noqa: B023

        print(
            f"{address:16} the first {first:7.1f} ms of CPU, then {cpu(ask, ASKED):5.1f} without kept pages"
        )
    measures.LARGE = 1 << 62
    for name, count in (
        ("counts", lambda: counting.counts(now=now)),
        ("categories", lambda: categories.counts(now=now)),
        ("days", lambda: status.read(now=now)),
    ):
        print(f"peer: {name:10} counted anew {cpu(count, 3):7.1f} ms")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "counting-data"))
