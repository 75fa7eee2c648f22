"""A program that lets a harvest be killed, and says what the catalogue is in the end.

    python -m tests.sources.live.killing harvest URL LATER    # into the data folder, LATER minutes after NOW
    python -m tests.sources.live.killing everywhere URL KILLS

`harvest` prints a line for each step and at last what is there, as a digest. `everywhere` harvests undisturbed
into a copy of the data folder, choosing KILLS of all the lines of the rooms of papers and sources that this
executes, spread over them; for each, another copy is harvested into by a process that is killed (SIGKILL) when
it first reaches the line, and by another one afterwards. It prints what is there after each.
"""

from __future__ import annotations

import hashlib
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
from tests.search.killing import in_a_child, seeing  # noqa: E402
from tests.sources.live.oai_formats import NOW  # noqa: E402

import broadsheet  # noqa: E402
from broadsheet.papers.catalogue import export_rows  # noqa: E402
from broadsheet.sources import ingesting  # noqa: E402
from broadsheet.sources.live.arxiv.oai import OAI  # noqa: E402
from broadsheet.sources.live.fetching.clock import Clock  # noqa: E402
from broadsheet.sources.live.fetching.fetcher import Fetcher  # noqa: E402
from broadsheet.sources.models import HarvestedAuthors, SourceState  # noqa: E402

ROOMS = tuple(str(Path(broadsheet.__file__).parent / room) for room in ("papers", "sources"))
# A killed process may have held its source and its host.
ALL_CLAIMS_ARE_OVER = 30


def harvest(url: str, *, later: int) -> dict[str, Any]:
    """Harvest by a clock that only moves while the fetcher waits for its turn; then say what is there."""
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"arxiv_oai_url": url, "categories": "cs.LG"})
    times = [NOW + timedelta(minutes=later)]
    clock = Clock(
        now=lambda: times[-1], sleep=lambda seconds: times.append(times[-1] + timedelta(seconds=seconds))
    )
    with Fetcher(clock=clock, patience=timedelta(minutes=1)) as fetcher:
        ingesting.ingest(
            [OAI],
            fetcher=fetcher,
            now=clock.now,
            progress=lambda one: print(one.read, file=sys.stderr, flush=True),
        )
    return found()


def found() -> dict[str, Any]:
    """All that a harvest leaves, but for when it was seen."""
    lines = [
        f"{public_id} {facts.digest().hex()} {[(one.source, one.key, one.digest().hex()) for one in records]}"
        for public_id, facts, records in export_rows()
    ]
    return {
        "papers": len(lines),
        "content": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
        "position": SourceState.objects.get().position,
        "left": HarvestedAuthors.objects.count(),
    }


def everywhere(url: str, kills: int) -> None:
    data = Path(settings.BROADSHEET.data)
    saved = data.with_name("saved")
    shutil.copytree(data, saved)

    def undisturbed() -> object:
        lines: dict[str, None] = {}
        sys.settrace(seeing(lines, rooms=ROOMS))
        end = harvest(url, later=0)
        sys.settrace(None)
        return list(lines), end

    def killed(at: str) -> object:
        sys.settrace(seeing({}, kill_at=at, rooms=ROOMS))
        return harvest(url, later=0)

    lines, end = json.loads(in_a_child(undisturbed))
    print(json.dumps(end))
    for kill in range(1, kills + 1):
        shutil.rmtree(data)
        shutil.copytree(saved, data)
        at = lines[len(lines) * kill // (kills + 1)]
        if in_a_child(lambda at=at: killed(at)):
            sys.exit(f"the harvest outlived its kill at {at}")
        print(in_a_child(lambda: harvest(url, later=ALL_CLAIMS_ARE_OVER)).decode())


def main() -> None:
    work, url, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
    call_command("migrate", verbosity=0)
    connection.close()  # each child has its own
    if work == "everywhere":
        everywhere(url, number)
    else:
        print(json.dumps(harvest(url, later=number)))


if __name__ == "__main__":
    main()
