"""The prompts: ways to begin a conversation that a client offers to people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import quote

from mcp.server.mcpserver.prompts.base import Message, UserMessage
from mcp.types import EmbeddedResource, TextResourceContents
from pydantic import Field

from broadsheet.api.mcp import resources, tools
from broadsheet.api.mcp.tools import QUOTED, RefusalError

COMPARABLE = range(2, 6)


def daily_briefing(
    edition: Annotated[
        str, Field(description="Such as 2026-11-20, 2026-W47 or 2026-11; today's where it is left out.")
    ] = tools.TODAY,
    interests: Annotated[str, Field(description="What matters to you, in your words.")] = "",
) -> list[Message]:
    """A briefing on the papers of a day, a week or a month."""
    focus = f" I am most interested in: {interests}." if interests else ""
    return [
        UserMessage(
            "Write a briefing of one page on the papers below: what is new, grouped by theme, each paper"
            f" named with its id.{focus} Read those that matter with the tool read_paper before you say more"
            f" about them than their excerpts do. {QUOTED}"
        ),
        _attached(resources.EDITION + edition, resources.edition(edition)),
    ]


def compare_papers(
    ids: Annotated[str, Field(description="Two to five papers, with blanks or commas between them.")],
    question: Annotated[str, Field(description="What the comparison is for.")] = "",
) -> list[Message]:
    """A comparison of two to five papers."""
    names = list(dict.fromkeys(ids.replace(",", " ").split()))
    if len(names) not in COMPARABLE:
        raise RefusalError("Name two to five papers to compare, with blanks between them.")
    purpose = f" What I want to know: {question}" if question else ""
    return [
        UserMessage(
            "Compare the papers below: their question, method, evidence and claims, where they agree and"
            " where they do not. You see abstracts, not full texts: say what they leave open."
            f"{purpose} {QUOTED}"
        ),
        *(_attached(resources.PAPER + quote(name, safe="/:"), resources.paper(name)) for name in names),
    ]


def _attached(address: str, text: str) -> Message:
    contents = TextResourceContents(uri=address, text=text, mime_type="text/markdown")
    return UserMessage(EmbeddedResource(type="resource", resource=contents))


PROMPTS: dict[Callable[..., Any], str] = {daily_briefing: "Daily briefing", compare_papers: "Compare papers"}
