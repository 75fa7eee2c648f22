"""Acts on all papers of a list in a reader's library at once, not only on those of a page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.daily import lists
from broadsheet.daily.entries import ListName, Part
from broadsheet.daily.kinds.library import LIBRARY
from broadsheet.library import hiding, own, saving, tagging
from broadsheet.papers.identifiers import with_scheme

Act = Callable[[Viewer, Mapping[int, str], datetime], Collection[int]]


class NothingToDoError(ValueError):
    """It was not said what is to be done with the papers; the message says what can be."""

    def __init__(self) -> None:
        super().__init__("Say what to do with these papers: a state, a tag, or to take them out.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to become of papers: a `state`, tags to give and to take, or that they are kept
    no more, or hidden no more.
    """

    state: str = ""
    tags: Sequence[str] = ()
    untags: Sequence[str] = ()
    is_ended: bool = False
    is_shown: bool = False

    def acts(self) -> list[Act]:
        """The acts in their order."""
        known: tuple[tuple[object, Act], ...] = (
            (
                self.state,
                lambda viewer, papers, now: saving.save_all(viewer, papers, state=self.state, now=now),
            ),
            (self.tags, lambda viewer, papers, now: tagging.tag(viewer, papers, self.tags, now=now)),
            (self.untags, lambda viewer, papers, now: tagging.untag(viewer, papers, self.untags, now=now)),
            (self.is_ended, lambda viewer, papers, now: saving.unsave_all(viewer, papers, now=now)),
            (self.is_shown, lambda viewer, papers, now: hiding.show_all(viewer, papers, now=now)),
        )
        return [act for stands, act in known if stands]


def change(viewer: Viewer, query: str, wanted: Wanted, *, order: str = "", now: datetime) -> Collection[int]:
    """Do it with all papers that a query finds in the viewer's library: those that changed.

    Raises NotAllowedError, NothingToDoError, UnknownListError, WordIndexError, SavingError, TaggingError and
    GoneError.
    """
    access.check(viewer, "save", now=now)
    acts = wanted.acts()
    if not acts:
        raise NothingToDoError
    found = lists.read(ListName(LIBRARY, query, order), viewer, Part(saving.MOST), today=now.date())
    papers = {paper: with_scheme(name) for paper, name in own.named(found.pks).items()}
    with transaction.atomic():
        return {paper for act in acts for paper in act(viewer, papers, now)}
