"""Lists and counts at size: 100,000 papers that were listed in 30 days, and 1,000,000 votes for them.

What the database takes for a page of each list that votes put in order, a recount of everything, and how
long the repair of wrong tallies keeps others from writing. Papers, people and votes are written as rows, past
every verb: to cast a million votes takes an hour. They stay in FOLDER for the next time.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

PAPERS, PEOPLE, VOTES, DAYS = 100_000, 1000, 1_000_000, 30
WRONG, TIMES = 1000, 9
A_BATCH = 500
TODAY = datetime.now(UTC).date()
SEVERAL = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many})"
DAY = f"date('{TODAY}', '-' || (i % {DAYS}) || ' days')"


def statements() -> Iterator[str]:
    """What fills the tables; a column of a paper that nobody names is empty."""
    from django.db.models import JSONField

    from broadsheet.papers.models import Paper

    given = {
        "id": "i",
        "public_id": "'p' || i",
        "day": DAY,
        "title": "'Tides of the kind ' || i",
        "listed": "1",
    }
    for field in Paper._meta.concrete_fields:
        if not field.null and field.column not in given:
            kind = field.get_internal_type()
            is_number = kind.startswith(("Boolean", "Integer", "Positive", "BigInteger", "Small", "Float"))
            empty = f"'{TODAY}'" if kind.startswith("Date") else "''"
            given[field.column] = "'[]'" if isinstance(field, JSONField) else "0" if is_number else empty
    papers, people, votes = (SEVERAL.format(many=many) for many in (PAPERS, PEOPLE, VOTES))
    columns, values = ", ".join(given), ", ".join(given.values())
    yield f"INSERT INTO papers_paper ({columns}) {papers} SELECT {values} FROM n"
    yield (
        "INSERT INTO papers_paperlisting (paper_id, source, day, position, submitter_name,"
        f" submitter_username) {papers} SELECT i, 'huggingface', {DAY}, i, '', '' FROM n"
    )
    yield (
        "INSERT INTO accounts_person (id, password, handle, name, role, kind, joined_at, active_days,"
        f" votes_private, vouched_at) {people} SELECT i, '', 'r' || i, '', 'reader', 'person', '{TODAY}',"
        f" 0, 1, '{TODAY}' FROM n"
    )
    # The square of a number makes that few papers have many votes.
    yield (
        "INSERT OR IGNORE INTO community_vote (person_id, paper_id, named, cast_at, via, is_by_agent,"
        f" why_not) {votes}, m(i, paper) AS (SELECT i, 1 + (i * 7919) % {PAPERS} * ((i * 104729) % {PAPERS})"
        f" / {PAPERS} FROM n) SELECT 1 + i % {PEOPLE}, paper, 'p' || paper || '/' || i,"
        f" '{TODAY}', 'web', 0, '' FROM m"
    )
    yield (
        "INSERT INTO papers_tally (paper_id, votes, comments, stars, stamp, first_on, cast_here,"
        " counted_here) SELECT p.id, p.id % 90, 0, p.id % 300, 1, p.day, count(v.id), count(v.id)"
        " FROM papers_paper p"
        " LEFT JOIN community_vote v ON v.paper_id = p.id GROUP BY p.id"
    )
    yield "ANALYZE"


def fill() -> None:
    """Write the rows, and bring the heats up to them."""
    from django.db import connection, transaction

    from broadsheet.papers import edition_places, tallies
    from broadsheet.papers.inserting import update
    from broadsheet.papers.models import Tally

    with connection.cursor() as cursor:
        for statement in statements():
            cursor.execute(statement)
    rows = Tally.objects.values_list("votes", "stars", "counted_here", "first_on", "paper")
    hot = (
        (*tallies.heats(votes, stars, tallies.Here(counted), first, gone=False), paper)
        for votes, stars, counted, first, paper in list(rows)
    )
    with transaction.atomic():
        update(Tally, tallies.HEATS, ("paper",), hot)
        for first in range(1, PAPERS + 1, A_BATCH):
            edition_places.place(range(first, first + A_BATCH))


def asked(read: Callable[[], object]) -> list[tuple[str, Any]]:
    """The queries of a call."""
    from django.db import connection

    found: list[tuple[str, Any]] = []

    def note(execute: Callable[..., object], sql: str, params: Any, many: bool, context: object) -> object:
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        read()
    return found


def database_time(queries: list[tuple[str, Any]]) -> float:
    """Milliseconds that the database takes for these queries with all their rows: the lowest of several."""
    from django.db import connection

    spent = []
    for _ in range(TIMES):
        begun = time.process_time()
        for sql, params in queries:
            # The cursor that Django's own is wrapped around.
            cursor = connection.create_cursor()
            cursor.execute(sql, params)
            cursor.fetchall()
        spent.append(time.process_time() - begun)
    return 1000 * min(spent)


def lists() -> None:
    """Print what each list takes the first time and when its counts are known."""
    from broadsheet.daily import editions, lists
    from broadsheet.daily.entries import ListName, Part

    yesterday = TODAY - timedelta(days=1)
    for kind, name in (
        ("trending", "day"),
        ("trending", "week"),
        ("trending", "month"),
        ("latest", ""),
        ("day", f"{yesterday}"),
        ("week", f"{yesterday:%G-W%V}"),
        ("month", f"{yesterday:%Y-%m}"),
    ):

        def read() -> object:
            return lists.read(ListName(kind, name), None, Part(limit=50), today=TODAY)  # noqa: B023

        editions.forget()
        first, begun = asked(read), time.process_time()
        found = read()
        spent = 1000 * (time.process_time() - begun)
        again = asked(read)
        print(
            f"{kind:9}{name:11} {found.total:7,} papers: database {database_time(first):8.2f} ms first,"
            f" {database_time(again):8.2f} again; in all {spent:8.1f} ms of CPU",
            flush=True,
        )


def recount() -> None:
    """Print what a recount takes, and how long the repair of wrong tallies holds the lock."""
    from broadsheet.community import counting
    from broadsheet.papers.models import Tally

    begun = time.process_time()
    wrong = counting.recount_all()
    print(f"a recount of everything: {time.process_time() - begun:.2f} s of CPU, {wrong} tallies wrong")
    some = [*Tally.objects.filter(cast_here__gt=0).order_by("paper").values_list("paper", flat=True)[:WRONG]]
    Tally.objects.filter(paper__in=some).update(counted_here=7)
    locks: list[tuple[float, float]] = []
    real = counting.recount

    def timed(papers: list[int]) -> int:
        begun, worked = time.perf_counter(), time.thread_time()
        try:
            return real(papers)
        finally:
            locks.append((1000 * (time.perf_counter() - begun), 1000 * (time.thread_time() - worked)))

    counting.recount = timed
    begun = time.process_time()
    repaired = counting.recount_all()
    waited, worked = (sorted(each) for each in zip(*locks, strict=True))
    middle = len(locks) // 2
    print(
        f"{repaired} repaired in {time.process_time() - begun:.2f} s of CPU; locks held: median"
        f" {waited[middle]:.0f} ms, longest {waited[-1]:.0f}; CPU {worked[middle]:.0f} and {worked[-1]:.0f}"
    )


def main(folder: Path) -> None:
    """Fill the folder the first time, then print the figures."""
    os.environ |= {"BROADSHEET_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings"}
    import django

    django.setup()
    from broadsheet.cli.database import make_ready
    from broadsheet.papers.models import Paper

    make_ready()
    if not Paper.objects.exists():
        fill()
    lists()
    recount()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "tallies-data"))
