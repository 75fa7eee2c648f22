"""An edition as Markdown, for resources and prompts.

What authors wrote stands in block quotes: an agent shall tell it from what we say.
"""

from __future__ import annotations

from broadsheet.api.mcp.answers import EditionAnswer, ListedPaper
from broadsheet.papers.text import markdown


def edition(answer: EditionAnswer) -> str:
    """The papers of a day, a week or a month."""
    said = (
        f"{len(answer.papers)} of {answer.total} papers." if answer.papers else f"No papers: {answer.quiet}."
    )
    parts = [f"# The papers of {answer.name}", said]
    return "\n\n".join([*parts, *(_listed(place, one) for place, one in enumerate(answer.papers, 1))]) + "\n"


def _listed(place: int, one: ListedPaper) -> str:
    people = ", ".join(one.authors) + (" and others" if (one.author_count or 0) > len(one.authors) else "")
    counts = ", ".join(f"{name}: {count}" for name, count in one.signals.items())
    facts = [one.id, people, ", ".join(one.organizations), counts, one.standing]
    said = " · ".join(markdown(fact) for fact in facts if fact)
    return f"## {place}. {markdown(one.title)}\n\n{said}\n\n> {markdown(one.excerpt) or 'No abstract.'}"
