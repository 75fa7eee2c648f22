"""What fills the holes of pages: what people count of the papers on them, and who reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.template.loader import get_template

from broadsheet.accounts.access import Viewer
from broadsheet.community import voting
from broadsheet.http.holes import READER, Key
from broadsheet.papers import signals
from broadsheet.papers.models import Paper
from broadsheet.web import beside
from broadsheet.web.wording import number

SHOWN = (
    "pk",
    "public_id",
    "text__title",
    "tally__cast_here",
    "tally__counted_here",
    "tally__by_agents",
    "tally__by_authors",
    "tally__comments_here",
    "withdrawn",
    "retracted",
)


def of_papers(keys: Sequence[Key], viewer: Viewer) -> Mapping[Key, str]:
    """The counts of each paper as its entry in a list shows them, in one query, what the page says of its
    reader, and what else it says that is not kept; it is HTML.
    """
    papers = [key for key in keys if isinstance(key, int)]
    template = get_template("counts.html")
    counted = {pk: signals.highest(of_paper) for pk, of_paper in signals.of_papers(papers).items()}
    stands = voting.standing(viewer, papers)
    rows = Paper.objects.filter(pk__in=papers).values_list(*SHOWN)
    filled = {
        pk: template.render(
            {
                "signals": counted.get(pk, {}),
                "public_id": public_id,
                "title": title or "this paper",
                "cast": cast or 0,
                "counted": right or 0,
                "apart": apart(cast or 0, right or 0, agents or 0, authors or 0),
                "comments": comments or 0,
                "mine": stands.get(pk),
                "is_gone": withdrawn or retracted,
            }
        )
        for pk, public_id, title, cast, right, agents, authors, comments, withdrawn, retracted in rows
    }
    named = {key: beside.of(key, viewer) for key in keys if isinstance(key, str)}
    return {**filled, **named, READER: reader(viewer)}


def apart(cast: int, counted: int, agents: int, authors: int) -> str:
    """Which of the votes that were cast do not count, by number."""
    others = cast - counted - agents - authors
    said = (
        (authors, "by authors of it"),
        (agents, "by programs"),
        (others, "by people who are suspended or not vouched for yet"),
    )
    return ", ".join(f"{number(many)} {of}" for many, of in said if many > 0)


def reader(viewer: Viewer) -> str:
    """What each page says of who reads it: the way in, or the way to what is theirs."""
    return get_template("reader.html").render({"person": viewer.person})
