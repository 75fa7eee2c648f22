"""The page of rules: from the settings in force, with what is left today for whoever reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from broadsheet.accounts.limits import left, person
from broadsheet.accounts.settings import DOMAIN, access, access_settings, domains, limits
from broadsheet.community.reporting import REASONS
from broadsheet.community.settings import submission_days
from broadsheet.http.viewers import viewer_of
from broadsheet.web.templating import page

# What a person takes, and not an address or a network.
OF_PEOPLE = ("vote", "comment", "submit", "report")


@dataclass(frozen=True, slots=True)
class Rule:
    """How often something may be done, and how much of it is left for who reads; None for nobody."""

    words: str
    left: int | None


@never_cache
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Who may come in, what counts, how often, and what moderators do."""
    said = access()
    return page(
        request,
        "rules.html",
        access=said.partition(":")[0],
        domains=domains(said) if said.startswith(DOMAIN) else [],
        reading=access_settings().reading,
        active_days=access_settings().active_days,
        limited=list(_limits(viewer_of(request).pk)),
        reasons=REASONS,
        submission_days=submission_days(),
    )


def _limits(reader: int | None) -> Iterator[Rule]:
    known = limits()
    for kind in OF_PEOPLE:
        words = [limit.words(kind) for limit in known.get(kind, ())]
        if words:
            rest = left(kind, person(reader), now=timezone.now()) if reader is not None else None
            yield Rule(", ".join(words), rest)
