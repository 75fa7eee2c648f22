"""A recount of what must always be true of the catalogue, each break in one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import combinations

from django.db.models import Count, Model

from broadsheet.papers import neighbours, texts
from broadsheet.papers.identifiers import best
from broadsheet.papers.likeness import agree, joins_papers, values
from broadsheet.papers.merging import combine
from broadsheet.papers.models import Authorship, Paper, PaperListing, PaperVersion, Verdict
from broadsheet.papers.naming import Known, text_of, text_of_record

PORTION = 500


def problems(*, now: datetime) -> Iterator[str]:
    """What is wrong, a paper at a time, in bounded memory."""
    last = 0
    rows = Paper.objects.order_by("pk").values_list("pk", flat=True)
    while portion := list(rows.filter(pk__gt=last)[:PORTION]):
        papers = neighbours.loaded(portion)
        for paper in papers.values():
            yield from _of_paper(paper)
        yield from _of_rows(papers, now=now)
        last = portion[-1]


def _of_paper(paper: Known) -> Iterator[str]:
    if not paper.held:
        yield f"{paper.public_id} has no record"
    if not paper.names:
        yield f"{paper.public_id} has no name: its address leads nowhere"
    elif best(paper.names).public_id != paper.public_id:
        yield f"{paper.public_id} should be known as {best(paper.names).public_id}"
    published = [held.record for held in paper.held if joins_papers(held.record.source)]
    for left, right in () if _was_joined(paper) else combinations(published, 2):
        if agree(values((left,)), values((right,))) is False:
            yield (
                f"{paper.public_id} has records of two papers: {left.source}:{left.key} and"
                f" {right.source}:{right.key}"
            )


def _was_joined(paper: Known) -> bool:
    """True if somebody, or the catalogue that it came from, made it one whatever its records say."""
    sides = {*map(text_of, paper.names), *(text_of_record(held.key) for held in paper.held)}
    verdicts = Verdict.objects.filter(same=True, withdrawn_at=None, left__in=sides)
    return any(held.elsewhere for held in paper.held) or verdicts.exists()


def _counts(table: type[Model], papers: Mapping[int, Known]) -> dict[int, int]:
    rows = table._default_manager.filter(paper__in=papers).values_list("paper_id")
    return dict(rows.annotate(Count("pk")))


def _of_rows(papers: Mapping[int, Known], *, now: datetime) -> Iterator[str]:
    """Where what is derived does not agree with the records."""
    rows = Paper.objects.filter(pk__in=papers).values_list("pk", "title", "abstract", "announced_on")
    tables: tuple[type[Model], ...] = (Authorship, PaperVersion, PaperListing)
    counts = {table: _counts(table, papers) for table in tables}
    digests, due = texts.digests(papers), texts.due_among(papers)
    for pk, *columns in rows:
        if not papers[pk].held:
            continue
        combined = combine((held.record for held in papers[pk].held), now=now)
        facts = combined.facts
        expected = {
            Authorship: len(facts.authors),
            PaperVersion: len(facts.versions),
            PaperListing: len(combined.listings),
        }
        if columns != [facts.title, facts.abstract, facts.announced_on] or any(
            counts[table].get(pk, 0) != count for table, count in expected.items()
        ):
            yield f"{papers[pk].public_id} is not what its records say"
        original = texts.original_of(combined.facts, (held.record for held in papers[pk].held))
        if digests.get(pk) not in {None, original.digest()}:
            yield f"{papers[pk].public_id} is shown with other texts than its own"
        if pk not in digests and pk not in due:
            yield f"{papers[pk].public_id} has no texts made of it, and none are due"
