"""The resources: texts that a client may attach to a conversation."""

from __future__ import annotations

from collections.abc import Callable

from broadsheet.api.mcp import texts, tools

EDITION = "broadsheet://edition/"
PAPER = "broadsheet://paper/"


def todays_edition() -> str:
    """The latest edition: its first 50 papers with excerpts of their abstracts, as Markdown."""
    return edition(tools.TODAY)


def edition(name: str) -> str:
    """The edition of a day (2026-11-20), a week (2026-W47) or a month (2026-11): its first 50 papers with
    excerpts of their abstracts, as Markdown.
    """
    return texts.edition(tools.edition(name, limit=tools.MOST_PAPERS))


def paper(id: str) -> str:  # noqa: A002 - the name that stands in its address
    """A paper of the catalogue with its whole abstract, as Markdown; not its full text."""
    return tools.read_paper(id).markdown


RESOURCES: dict[Callable[..., str], tuple[str, str]] = {
    todays_edition: ("Today's edition", EDITION + tools.TODAY),
    edition: ("The edition of a day, week or month", EDITION + "{name}"),
    # An identifier may have slashes.
    paper: ("A paper", PAPER + "{+id}"),
}
