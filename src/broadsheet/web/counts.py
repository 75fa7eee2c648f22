"""What fills the holes of pages: what people count of the papers on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.template.loader import get_template

from broadsheet.papers import signals


def of_papers(papers: Sequence[int]) -> Mapping[int, str]:
    """The counts of each paper as its entry in a list shows them, in one query; it is HTML."""
    template = get_template("counts.html")
    counted = {pk: signals.highest(of_paper) for pk, of_paper in signals.of_papers(papers).items()}
    return {pk: template.render({"signals": highest}) for pk, highest in counted.items()}
