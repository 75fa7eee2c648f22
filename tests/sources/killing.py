"""A program that lets the run of a source be killed at one line of code after another, each time from the start.

    python -m tests.sources.killing KILLS

Of all lines of `ingesting` and `announcements` that a run executes, KILLS are chosen, spread over them; when
one is reached first, the process is killed (SIGKILL). Then, when its claim has run out, the source is run
again. At last two processes run it at the same time. Prints a JSON line with all that is stored after each,
the undisturbed run first.
"""

from __future__ import annotations

import json
import shutil
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from tests.search.killing import in_a_child, in_children, seeing  # noqa: E402
from tests.sources.tellers import FETCHER, NOON, TODAY, Teller, announced, paper  # noqa: E402

from broadsheet.papers.catalogue import export_rows  # noqa: E402
from broadsheet.sources import ingesting  # noqa: E402
from broadsheet.sources.completeness import announcements  # noqa: E402
from broadsheet.sources.files.readings import Refusal  # noqa: E402
from broadsheet.sources.live.source import Look  # noqa: E402
from broadsheet.sources.models import Announcement, RefusedRecord, Run, SourceState, Visit  # noqa: E402

PAGES: list[list[Any]] = [
    [paper(1), announced(1), announced(2), Look(TODAY, items=2)],
    [paper(2), Refusal("record 2", "no title")],
    [paper(3), paper(1, version=2)],
]


def run(*, hours: int = 0) -> None:
    """Run the source for some days again, and then for what is new."""
    teller, now = Teller(PAGES), NOON + timedelta(hours=hours)
    for days in ((TODAY, TODAY), None):
        ingesting.ingest(
            [teller.source], fetcher=FETCHER, now=lambda: now, days=days, progress=lambda _: None
        )


def stored() -> dict[str, Any]:
    """All that the run left, but for the times."""
    state = SourceState.objects.get()
    return {
        "papers": [(name, [one.to_json().decode() for one in said]) for name, _, said in export_rows()],
        "announced": list(Announcement.objects.order_by("value").values_list("value", "version")),
        "missing": Announcement.objects.filter(received_at=None).count(),
        "visits": list(Visit.objects.values_list("scope", "items")),
        "refused": list(RefusedRecord.objects.values_list("place", "reason")),
        "position": [state.position, state.again_position, str(state.again_since)],
        "state": [state.failures, state.message, state.run_id, state.claimed_until],
        "unfinished": Run.objects.filter(finished_at=None).count(),
    }


def compete() -> bool:
    """Run the source until nothing is left, beside others that do the same; say if we did anything."""
    source, steps = Teller(PAGES).source, []
    while not SourceState.objects.filter(last_good_at=NOON).exists():
        steps.append(ingesting.take_due_step([source], fetcher=FETCHER, now=NOON))
    return any(steps)


def main() -> None:
    kills = int(sys.argv[1])
    call_command("migrate", verbosity=0)
    connection.close()
    data = Path(settings.BROADSHEET.data)
    saved = data.with_name("saved")
    shutil.copytree(data, saved)
    rooms = (ingesting.__file__, announcements.__file__)

    def undisturbed() -> object:
        lines: dict[str, None] = {}
        sys.settrace(seeing(lines, rooms=rooms))
        run()
        sys.settrace(None)
        return list(lines), stored()

    def killed(at: str) -> object:
        sys.settrace(seeing({}, kill_at=at, rooms=rooms))
        run()
        return None

    def afterwards() -> object:
        run(hours=1)
        return stored()

    lines, expected = json.loads(in_a_child(undisturbed))
    print(json.dumps(expected))
    for kill in range(kills):
        shutil.rmtree(data)
        shutil.copytree(saved, data)
        at = lines[len(lines) * kill // kills]
        if in_a_child(lambda at=at: killed(at)):
            sys.exit(f"the run outlived its kill at {at}")
        print(in_a_child(afterwards).decode())
    shutil.rmtree(data)
    shutil.copytree(saved, data)
    in_a_child(lambda: ingesting.ask_again([Teller([]).source], TODAY, TODAY, now=NOON))
    in_children(compete, compete)
    print(in_a_child(stored).decode())


if __name__ == "__main__":
    main()
