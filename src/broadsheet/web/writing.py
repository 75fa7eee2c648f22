"""The form to write a comment, wherever it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.template.loader import get_template

from broadsheet.accounts.access import Viewer
from broadsheet.http.holes import Key
from broadsheet.web import counts
from broadsheet.web.addresses import address

# The hole for the form on a paper's page is this with the paper's public id.
HOLE = "write "


@dataclass(frozen=True, slots=True)
class Form:
    """What the reader is about to do: to say something, to answer the comment `at` that key, or to change it.

    `said` is why what they sent was not done.
    """

    does: str = "write"
    text: str = ""
    said: str = ""
    at: int | None = None


def of_paper_page(keys: Sequence[Key], viewer: Viewer) -> Mapping[Key, str]:
    """What fills the holes of a paper's page: of those that other pages have, too, and where one writes."""
    mine = [key for key in keys if isinstance(key, str) and key.startswith(HOLE)]
    filled = dict(counts.of_papers([key for key in keys if key not in mine], viewer))
    for key in mine:
        here = address("discussion", key.removeprefix(HOLE))
        filled[key] = get_template("write.html").render(
            {"here": here, "form": Form(), "is_somebody": viewer.pk is not None}
        )
    return filled
