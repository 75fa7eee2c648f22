"""Up to where a person has looked through a list, so that it can say what is new to them.

A list is known by a text that stands for its name. What came to the catalogue or was listed after a look is
new: keys of papers and listings only grow. To open a list is no look; the reader says so.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Max

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.library.models import Looked
from broadsheet.papers.models import Paper, PaperListing

# So many lists are remembered, those that were looked at last.
MOST = 1_000


def looked(viewer: Viewer, name: str, *, now: datetime) -> None:
    """Remember that the viewer has looked through a list, all of it. Raises NotAllowedError."""
    person = access.check(viewer, "save", now=now)
    last = {
        "paper": Paper.objects.aggregate(last=Max("pk"))["last"] or 0,
        "listing": PaperListing.objects.aggregate(last=Max("pk"))["last"] or 0,
    }
    Looked.objects.update_or_create(person=person, name=name, defaults={**last, "at": now})
    own = Looked.objects.filter(person=person)
    for at in own.order_by("-at").values_list("at", flat=True)[MOST : MOST + 1]:
        own.filter(at__lte=at).delete()


def last_look(viewer: Viewer, name: str) -> Looked | None:
    """When the viewer last said that they looked through a list; None where they never did."""
    return Looked.objects.filter(person=viewer.pk, name=name).first() if viewer.pk else None


def new_among(look: Looked | None, papers: Collection[int]) -> set[int]:
    """Those of the papers that came after the look; none where there was none."""
    if look is None:
        return set()
    came = {paper for paper in papers if paper > look.paper}
    listed = PaperListing.objects.filter(pk__gt=look.listing, paper__in={*papers} - came)
    return came | set(listed.values_list("paper", flat=True))
