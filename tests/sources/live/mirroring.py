"""A program that follows another instance into its own data folder, and may be killed at it.

    python -m tests.sources.live.mirroring URL LATER

It prints a line for each step, on a clock that begins LATER minutes after NOW and moves only while it waits.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from broadsheet.sources import ingesting  # noqa: E402
from broadsheet.sources.live import mirror  # noqa: E402
from broadsheet.sources.live.fetching.clock import Clock  # noqa: E402
from broadsheet.sources.live.fetching.fetcher import Fetcher  # noqa: E402

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FEW = 10


def main() -> None:
    url, later = sys.argv[1], int(sys.argv[2])
    call_command("migrate", verbosity=0)
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"mirror_url": url})
    mirror.PAGE = FEW
    times = [NOW + timedelta(minutes=later)]
    clock = Clock(
        now=lambda: times[-1], sleep=lambda seconds: times.append(times[-1] + timedelta(seconds=seconds))
    )
    with Fetcher(clock=clock, patience=timedelta(minutes=1)) as fetcher:
        report = ingesting.ingest(
            [mirror.MIRROR], fetcher=fetcher, now=clock.now, progress=lambda one: print(one.read, flush=True)
        )
    print("done" if report.is_done else report.sources[0].failure, flush=True)


if __name__ == "__main__":
    main()
