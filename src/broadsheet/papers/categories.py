"""The categories of the catalogue: how many papers each has, and which. Two names of one are one."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, QuerySet, Value, When
from pydantic import TypeAdapter

from broadsheet.papers.measures import Measured
from broadsheet.papers.models import Paper, PaperCategory
from broadsheet.papers.reading import newest_first
from broadsheet.papers.taxonomy import ALIASES, NAMES

# Of a category with more papers, the newest are found among the newest papers of all; of another, that would
# mean to look at nearly every paper there is, and its own are gathered first.
COMMON = 10_000
# What a category is called in an address; a file may hold any text where a category should be.
_CODE = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


def canonical(code: str) -> str:
    """The code under which a category is listed here."""
    return ALIASES.get(code, code)


def is_code(code: str) -> bool:
    """True if a category can be called that, and so have a page."""
    return _CODE.fullmatch(code) is not None


def is_known(code: str) -> bool:
    """True for a category of arXiv, and for any other that a paper has."""
    return code in NAMES or (is_code(code) and PaperCategory.objects.filter(code=code).exists())


def papers_of_category(code: str) -> tuple[QuerySet[Paper], int]:
    """The papers of the category, be it their first or not, newest first; and how many there are."""
    names = [code, *(alias for alias, name in ALIASES.items() if name == code)]
    rows = PaperCategory.objects.filter(code__in=names)
    # A paper may have both names of a category, and counts once.
    total = (
        rows.count() if len(names) == 1 else rows.aggregate(papers=Count("paper", distinct=True))["papers"]
    )
    if total > COMMON:
        papers = Paper.objects.filter(Exists(rows.filter(paper=OuterRef("pk"))))
    else:
        papers = Paper.objects.filter(pk__in=rows.values("paper"))
    return newest_first(papers), total


def counts(*, now: datetime) -> dict[str, int]:
    """How many papers each category has, by its canonical code; those without any are left out.

    Of a large catalogue it is what was counted within the last hour.
    """
    return dict(COUNTS.read(now=now))


def _counted(_now: datetime) -> dict[str, int]:
    by_code = PaperCategory.objects.values_list("code").annotate(Count("pk"))
    names = {*ALIASES, *ALIASES.values()}
    others = {code: papers for code, papers in by_code.exclude(code__in=names) if is_code(code)}
    return others | _counts_of_aliases(names)


def _counts_of_aliases(names: Collection[str]) -> dict[str, int]:
    one_name = Case(
        *(When(code=alias, then=Value(code)) for alias, code in ALIASES.items()),
        default=F("code"),
        output_field=CharField(),
    )
    rows = PaperCategory.objects.filter(code__in=names).annotate(name=one_name)
    return dict(rows.values_list("name").annotate(Count("paper", distinct=True)))


COUNTS = Measured("categories", TypeAdapter(dict[str, int]), _counted, each=timedelta(hours=1))
