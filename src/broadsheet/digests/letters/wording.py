"""What a mail says of papers and of itself, in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from broadsheet.configured import instance
from broadsheet.daily.wording import counted, partial_day
from broadsheet.papers.reading import PaperRow
from broadsheet.papers.sources import declared
from broadsheet.papers.taxonomy import category_name

AUTHORS, SUBJECT, HEAD = 3, 70, 60
LONGEST_TITLE, LONGEST_NAME = 300, 100
# Controls, and what turns the direction of what stands around it.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+"
)
_COMMAND = re.compile(r"\\+(?=[A-Za-z])")
_TEASED = 3
# Why a paper is in a list of a kind; a search and a category say more.
_ON_THE_LIST = "it is on the daily list"
REASONS = {
    "author": "it is by this author",
    "organization": "it comes from this organization",
    "similar": "it is close to what this topic is like",
    "trending": "many people care for it at the moment",
    "discussed": "people talk about it here",
    "undiscovered": "it is good, and few have seen it",
    **dict.fromkeys(("day", "week", "month", "days", "latest"), _ON_THE_LIST),
}


def clean(text: str) -> str:
    """The text on one line, without signs that nobody sees."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def without_commands(text: str) -> str:
    """The text on one line; of a TeX command that an author made, which nobody can know, the name alone."""
    return clean(_COMMAND.sub("", text))


def shortened(text: str, most: int) -> str:
    """The text, or its beginning with a dot-dot-dot, at a word where that leaves half of it."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    words = cut.rpartition(" ")[0]
    return f"{(words if len(words) > most // 2 else cut).rstrip(' ,;:-–—')}…"


def isolated(name: str) -> str:
    """The name; one that is written from right to left does not turn round the names beside it (UAX 9)."""
    turns = any(unicodedata.bidirectional(one) in {"R", "AL"} for one in name)
    return f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}" if turns else name


def site_name() -> str:
    """The name of the site, on one line."""
    return clean(instance().site_name)


def line_of(paper: PaperRow, votes: int) -> str:
    """What stands below a title: the first authors, or who they are from; the day; what was counted."""
    return " · ".join(filter(None, (*_who(paper), _day(paper), *_counts(paper, votes))))


def _who(paper: PaperRow) -> Iterator[str]:
    names = [isolated(shortened(clean(one.name), LONGEST_NAME)) for one in paper.authors[:AUTHORS]]
    known = max(paper.author_count or 0, len(paper.authors))
    if names:
        left = known - len(names)
        yield f"{', '.join(names)} and {left:,} more" if left else ", ".join(names)
    elif paper.organizations:
        yield isolated(shortened(clean(paper.organizations[0].name), LONGEST_NAME))
    elif known:
        yield counted(known, "author")


def _day(paper: PaperRow) -> str:
    return partial_day(paper.published) if paper.published else ""


def _counts(paper: PaperRow, votes: int) -> Iterator[str]:
    if paper.standing:
        yield paper.standing
    if votes:
        yield counted(votes, "vote")
    if (upvotes := paper.signals.get("upvotes")) and upvotes.value:
        yield f"{counted(upvotes.value, 'upvote')} on {declared(upvotes.source).title}"


def reason(kind: str, name: str) -> str:
    """Why a paper is in a list of that kind."""
    if kind == "search":
        return f"it matches “{shortened(clean(name), LONGEST_NAME)}”"
    if kind == "category":
        return f"it is filed under {category_name(name)}"
    return REASONS.get(kind, "it is new in this topic")


def subject(titles: Sequence[str], topics: Sequence[str]) -> str:
    """The subject of a mail with these papers of these topics, at most SUBJECT characters."""
    if len(topics) == 1:
        begun = f"{len(titles):,} new in {shortened(clean(topics[0]), SUBJECT // 2)}: "
        return begun + shortened(titles[0], SUBJECT - len(begun))
    ended = f" and {len(titles) - 1:,} more" if titles[1:] else ""
    return shortened(titles[0], SUBJECT - len(ended)) + ended


def preheader(titles: Sequence[str], point: str) -> str:
    """What many programs show behind the subject: what else there is, or what the only paper does."""
    others = titles[1 : _TEASED + 1]
    return " · ".join(shortened(title, HEAD) for title in others) or point
