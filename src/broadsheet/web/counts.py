"""What fills the holes of pages: what people count of the papers on them, and who reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.template.loader import get_template

from broadsheet.accounts.access import Viewer
from broadsheet.community import voting
from broadsheet.http.holes import READER
from broadsheet.papers import signals
from broadsheet.papers.models import Paper

SHOWN = (
    "pk",
    "public_id",
    "text__title",
    "tally__cast_here",
    "tally__counted_here",
    "tally__comments_here",
    "withdrawn",
    "retracted",
)


def of_papers(papers: Sequence[int], viewer: Viewer) -> Mapping[int, str]:
    """The counts of each paper as its entry in a list shows them, in one query, and what the page says of its
    reader; it is HTML.
    """
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
                "comments": comments or 0,
                "mine": stands.get(pk),
                "is_gone": withdrawn or retracted,
            }
        )
        for pk, public_id, title, cast, right, comments, withdrawn, retracted in rows
    }
    return filled | {READER: reader(viewer)}


def reader(viewer: Viewer) -> str:
    """What each page says of who reads it: the way in, or the way to what is theirs."""
    return get_template("reader.html").render({"person": viewer.person})
