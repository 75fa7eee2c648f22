"""A program that asks one address some times, as many processes may at once.

python -m tests.sources.live.fetching.asking migrate
python -m tests.sources.live.fetching.asking URL TIMES INTERVAL PATIENCE [LATER]

The two hosts of its settings are kept INTERVAL seconds apart. It waits PATIENCE seconds for a turn, and its clock
is LATER seconds ahead. It prints when it began and ended to ask, or why it could not.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from broadsheet.sources.live.fetching import turns  # noqa: E402
from broadsheet.sources.live.fetching.clock import Clock  # noqa: E402
from broadsheet.sources.live.fetching.fetcher import Fetcher, FetchError  # noqa: E402


def main(url: str, times: str, interval: str, patience: str, later: str = "0") -> None:
    turns.INTERVAL = timedelta(seconds=float(interval))
    ahead = timedelta(seconds=float(later))
    clock = Clock(lambda: datetime.now(UTC) + ahead, time.sleep)
    with Fetcher(clock=clock, patience=timedelta(seconds=float(patience))) as fetcher:
        for _ in range(int(times)):
            try:
                print(fetcher.get(url).body.decode())
            except FetchError as problem:
                print(problem)


if __name__ == "__main__":
    if sys.argv[1:] == ["migrate"]:
        call_command("migrate", verbosity=0)
    else:
        main(*sys.argv[1:])
