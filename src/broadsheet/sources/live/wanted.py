"""Papers of arXiv that somebody asked for by their identifiers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from broadsheet.papers.identifiers import Identifier
from broadsheet.sources.live import registry
from broadsheet.sources.live.source import ARXIV_PAPERS
from broadsheet.sources.models import SourceState, WantedPaper
from broadsheet.sources.settings import source_settings

WAITING_AT_MOST = 200
# What arXiv did not know it may know tomorrow.
ASKED_AGAIN_AFTER = timedelta(days=1)
LONGEST_ID = 32


class TooManyWantedError(Exception):
    """So many papers are waiting that no more can be asked for now; the message says so."""


def is_on_offer(identifier: Identifier | None) -> bool:
    """True if arXiv can be asked for this paper: it is one of arXiv's, and the site fetches from there."""
    config = source_settings()
    running = registry.scheduled(config.families, categories=config.followed)
    return (
        identifier is not None
        and identifier.scheme == "arxiv"
        and len(identifier.value) <= LONGEST_ID
        and any(source.name == ARXIV_PAPERS for source in running)
    )


@transaction.atomic
def want(arxiv_ids: Sequence[str], *, now: datetime) -> list[WantedPaper]:
    """Ask arXiv for papers as soon as may be, by their ids without versions; gives what is known of each.

    One that was asked for before is not asked for again, unless arXiv did not know it and that was a day ago.
    Raises TooManyWantedError.
    """
    held = WantedPaper.objects.in_bulk(arxiv_ids)
    fresh = [one for one in dict.fromkeys(arxiv_ids) if one not in held]
    unknown = [one.pk for one in held.values() if one.found is False and may_ask_again(one, now=now)]
    waiting = WantedPaper.objects.filter(found=None).count()
    if waiting + len(fresh) + len(unknown) > WAITING_AT_MOST:
        raise TooManyWantedError(
            f"{waiting} papers are waiting to be fetched from arXiv; ask again in a few minutes"
        )
    WantedPaper.objects.bulk_create(
        (WantedPaper(arxiv_id=one, asked_at=now) for one in fresh), ignore_conflicts=True
    )
    WantedPaper.objects.filter(pk__in=unknown).update(asked_at=now, answered_at=None, found=None)
    if fresh or unknown:
        SourceState.objects.update_or_create(name=ARXIV_PAPERS, defaults={"due_at": now})
    rows = WantedPaper.objects.in_bulk(arxiv_ids)
    return [rows[one] for one in arxiv_ids]


def may_ask_again(row: WantedPaper, *, now: datetime) -> bool:
    """True if arXiv has answered for the paper, and not within the last day."""
    answered_at = row.answered_at
    return answered_at is not None and not now - ASKED_AGAIN_AFTER < answered_at <= now
