"""Papers to be cited, without a database."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from broadsheet.papers.identifiers import Identifier, best
from broadsheet.papers.names import name_slug
from broadsheet.papers.reading import Name, PaperDetail, PaperRow
from broadsheet.papers.record import AuthorName, Record
from broadsheet.papers.text import plain

WHEN = datetime(2026, 11, 5, tzinfo=UTC)
TIDE = Record(
    source="arxiv",
    key="2611.04242",
    title=r"On TIDE: Sharp $L_2$ Bounds for Bayes Nets & M\"ork\o",
    abstract=r"We save 40\% of $\{x_1\}$; see `a_b`.",
    authors=(
        AuthorName("Ines de la Vale", "de la Vale", "Ines"),
        AuthorName("Jörg Müller Jr.", "Müller", "Jörg"),
        AuthorName("DeepSeek-AI", "DeepSeek-AI"),
    ),
    identifiers=(Identifier("arxiv", "2611.04242"),),
    published_at=WHEN,
    categories=("cs.LG", "stat.ML"),
    keywords=("tides", "load; forecast"),
    observed_at=WHEN,
)

# A formula; a sign of TeX with what belongs to it; and any brace besides.
_BRACES = re.compile(r"(?P<maths>\$(?:\\.|[^$\\])*\$)|(?P<sign>\\[A-Za-z]+\{\}|\\.)|[{}]", re.DOTALL)


def detail(record: Record) -> PaperDetail:
    """The paper that this record alone makes."""
    row = PaperRow(
        pk=1,
        public_id=best(record.identifiers).public_id,
        title=record.title,
        abstract=record.abstract,
        is_summary=record.source == "demo",
        published_at=record.published_at if record.published_precision is None else None,
        published=record.published,
        author_count=len(record.authors),
        standing="retracted" if record.retracted else "withdrawn" if record.withdrawn else "",
        authors=tuple(Name(name_slug(one.name), one.name) for one in record.authors),
        categories=record.categories,
        links=record.links,
    )
    return PaperDetail(
        row=row,
        identifiers=tuple(sorted(record.identifiers)),
        versions=record.versions,
        signals=(),
        listings=(),
        keywords=record.keywords,
        updated_at=record.updated_at,
        comment=record.comment,
        journal_ref=record.journal_ref,
        license=record.license,
        announced_on=None,
        day=None,
        added_at=WHEN,
        first_dated_at=WHEN,
        revised_at=WHEN,
        notice=record.notice,
        notice_source=record.source,
        old_texts=(),
        records=((record.source, record.key, record.to_json().decode()),),
    )


def shown(tex: str) -> str:
    """What a field of a bibliography shows: without protecting braces, in Unicode, on one line."""
    return plain(_BRACES.sub(lambda found: found["maths"] or found["sign"] or "", tex))
