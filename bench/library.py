"""What a library of 10,000 papers costs its reader; in one process, on SQLite.

The reader has saved all of them, tagged a part, hidden 1,000 others and seen 20,000. Figures are of the
verbs: the marks of a page of 50, an act of a key and its undoing, and acts on all 10,000. The peer of the
marks is the bare question for the saved rows of the page, of an act a bare row that SQLite commits.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from broadsheet.accounts.access import Viewer

KEPT, HIDDEN, SEEN, PAGE, TIMES = 10_000, 1_000, 20_000, 50, 41
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def fill() -> tuple[Viewer, dict[int, str]]:
    """A reader, and papers with their names."""
    from django.db.models import F

    from broadsheet.accounts.access import Viewer
    from broadsheet.accounts.models import Person
    from broadsheet.library import hiding, saving, seeing, tagging
    from broadsheet.papers.models import Paper, PaperIdentifier

    names = [f"2611.{number:05}" for number in range(SEEN)]
    Paper.objects.bulk_create(
        Paper(public_id=name, title=f"Paper {name}", added_at=NOW, revised_at=NOW) for name in names
    )
    papers = dict(Paper.objects.annotate(name=F("public_id")).values_list("pk", "name"))
    PaperIdentifier.objects.bulk_create(
        PaperIdentifier(paper_id=pk, scheme="arxiv", value=name) for pk, name in papers.items()
    )
    reader = Viewer(Person.objects.create(handle="ada", vouched_at=NOW))
    named = {pk: f"arxiv:{name}" for pk, name in papers.items()}
    rows = [*named.items()]
    saving.save_all(reader, dict(rows[:KEPT]), now=NOW)
    tagging.tag(reader, dict(rows[: KEPT // 4]), ["to cite", "networks"], now=NOW)
    hiding.hide_all(reader, dict(rows[KEPT : KEPT + HIDDEN]), now=NOW)
    seeing.mark_seen(reader, named, now=NOW)
    return reader, named


def timed(call: Callable[[], object], clock: Callable[[], float]) -> list[float]:
    """Milliseconds of several calls."""
    spent = []
    for _ in range(TIMES):
        begun = clock()
        call()
        spent.append(1000 * (clock() - begun))
    return sorted(spent)


def tell(name: str, call: Callable[[], object], peer: Callable[[], object]) -> None:
    """One line: the cheapest CPU and the median time of an act and of its peer."""
    figures = []
    for of in (call, peer):
        cpu, waited = timed(of, time.process_time)[0], statistics.median(timed(of, time.perf_counter))
        figures.append(f"{cpu:6.2f} ms CPU, {waited:6.2f} ms")
    print(f"{name:34} {figures[0]}; peer {figures[1]}")


def bare(folder: Path) -> Callable[[], object]:
    """A commit of one row by the library of SQLite alone, as safe as ours."""
    loop = sqlite3.connect(folder / "peer.db", isolation_level=None)
    loop.execute("PRAGMA journal_mode = WAL")
    loop.execute("PRAGMA synchronous = FULL")
    loop.execute("CREATE TABLE saved (person, paper, state)")
    return lambda: loop.execute("INSERT INTO saved VALUES (1, 2, 'to_read')")


def main() -> None:
    """Set up a database of its own and measure."""
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as folder:
        os.environ |= {"BROADSHEET_DATA": folder, "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings"}
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        measure(Path(folder))


def measure(folder: Path) -> None:
    """Print the figures."""
    from broadsheet.daily import excluding
    from broadsheet.library import marks, parts, saving, tagging, undoing
    from broadsheet.library.models import Saved

    reader, named = fill()
    every = [*named.items()]
    page, other = dict(every[KEPT - PAGE // 2 : KEPT + PAGE // 2]), dict(every[-1:])
    (key, name), commit = next(iter(other.items())), bare(folder)

    def question() -> list[object]:
        return list(Saved.objects.filter(person=reader.pk, paper__in=page).values_list("paper", "state"))

    def act() -> None:
        saving.save(reader, key, name, now=NOW)
        undoing.undo(reader, now=NOW)

    def two() -> None:
        commit()
        commit()

    tell("marks of a page of 50", lambda: marks.of(reader, page), question)
    tell("what of it is left out", lambda: excluding.left_out(reader, page), question)
    tell("an act and its undoing", act, two)
    kept = dict(every[:KEPT])
    for said, call in (
        ("a tag for 10,000", lambda: tagging.tag(reader, kept, ["all of them"], now=NOW)),
        ("its undoing", lambda: undoing.undo(reader, now=NOW)),
        ("another state for 10,000", lambda: saving.change(reader, kept, "read", now=NOW)),
        ("10,000 taken out", lambda: saving.unsave_all(reader, kept, now=NOW)),
        ("its undoing", lambda: undoing.undo(reader, now=NOW)),
    ):
        cpu, begun = time.process_time(), time.perf_counter()
        call()
        print(f"{said:34} {time.process_time() - cpu:6.2f} s CPU, {time.perf_counter() - begun:6.2f} s")
    assert len(parts.read(reader.pk or 0, kept)) == KEPT


if __name__ == "__main__":
    main()
