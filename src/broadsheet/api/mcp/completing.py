"""What a client offers while somebody types the name of an edition for a prompt or a resource."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from mcp.types import (
    Completion,
    CompletionArgument,
    CompletionContext,
    PromptReference,
    ResourceTemplateReference,
)

from broadsheet.api.mcp.prompts import daily_briefing
from broadsheet.api.mcp.resources import RESOURCES, edition
from broadsheet.api.mcp.tools import TODAY
from broadsheet.daily import editions, periods

# Counting the papers of more days would take longer than somebody types.
OFFERED = timedelta(days=31)
EDITIONS = {(daily_briefing.__name__, "edition"), (RESOURCES[edition][1], "name")}


def complete(
    of: PromptReference | ResourceTemplateReference,
    argument: CompletionArgument,
    context: CompletionContext | None,
) -> Completion | None:
    """The latest days, weeks and months whose names begin so; None for what nobody can guess."""
    del context
    where = of.name if isinstance(of, PromptReference) else of.uri
    if (where, argument.name) not in EDITIONS:
        return None
    last = editions.latest_day(timezone.now().date())
    days = sorted(editions.papers_per_day(last - OFFERED, last), reverse=True) if last else []
    names = dict.fromkeys(span(day).name for span in periods.SPANS.values() for day in days)
    return Completion(values=[name for name in (TODAY, *names) if name.startswith(argument.value)])
