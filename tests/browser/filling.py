"""A program that gives a site's sources a past: days with gaps, runs, and papers of arXiv that were asked for.

python -m tests.browser.filling
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import django

django.setup()

from tests.sources.noted import announce, at, visit  # noqa: E402

from broadsheet.daily import topics  # noqa: E402
from broadsheet.sources.models import Host, RefusedRecord, Run, SourceState, WantedPaper  # noqa: E402

NOW = datetime.now(UTC)
WEEKDAYS = [day for number in range(60) if (day := NOW.date() - timedelta(number)).weekday() < 5]
# Today's list may be out or not; some days further back nobody read a list.
SHORT, DOWN, CUT, QUIET, *OTHERS = WEEKDAYS[1:]
READ = OTHERS[3:]


def fill() -> None:
    """Give every state of a day a day, as far as the calendar of today has one."""
    visit(DOWN, "", "down", note="it answered 503 (Service Unavailable)")
    visit(CUT, "cs.LG", "partial", items=2000, note="2,000 items, the most it can hold")
    visit(QUIET, items=0)
    for number, day in enumerate(READ):
        visit(day)
        names = [f"2610.{number:02}{paper:03}" for paper in range(5 + 7 * number % 40)]
        announce(day, *names, received=at(day))
    visit(SHORT)
    announce(SHORT, "2609.90000", received=at(SHORT))
    announce(SHORT, *(f"2609.{paper:05}" for paper in range(30)))
    RefusedRecord.objects.create(source="arxiv", day=SHORT, place="record 3", reason="<b>no title")
    Run.objects.create(source="arxiv-oai", started_at=NOW, read=1204, new=1200, refused=1)
    SourceState.objects.create(name="arxiv-oai", due_at=NOW, failures=2, message="it answered 503")
    Host.objects.create(
        name="arxiv.org", free_at=NOW + timedelta(days=1), refusals=2, reason="it answered 429"
    )
    topics.trending(NOW)
    WantedPaper.objects.create(arxiv_id="2408.00714", asked_at=NOW)
    WantedPaper.objects.create(arxiv_id="2408.99999", asked_at=NOW, answered_at=NOW, found=False)


if __name__ == "__main__":
    fill()
