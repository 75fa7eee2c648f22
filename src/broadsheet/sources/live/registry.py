"""The live sources that we have, in the order in which they run."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from broadsheet.sources.live import biorxiv_days, huggingface_days, mirror
from broadsheet.sources.live.arxiv import listings, oai, papers
from broadsheet.sources.live.source import ARXIV, LiveSource

LIVE: tuple[LiveSource, ...] = (
    listings.LISTINGS,
    oai.OAI,
    papers.PAPERS,
    huggingface_days.DAYS,
    biorxiv_days.DAYS,
    mirror.MIRROR,
)


class UnknownSourceError(LookupError):
    """There is no live source or family of that name; the message says which there are."""


def chosen(names: Sequence[str]) -> tuple[LiveSource, ...]:
    """The sources that these names of sources and families mean, in the order in which they run.

    Raises UnknownSourceError.
    """
    known = [*dict.fromkeys(name for source in LIVE for name in (source.family, source.name))]
    for name in names:
        if name not in known:
            raise UnknownSourceError(f"there is no source {name!r}; there are {', '.join(known)}")
    return tuple(source for source in LIVE if source.family in names or source.name in names)


def scheduled(families: Collection[str], *, categories: Collection[str]) -> tuple[LiveSource, ...]:
    """The sources that run by themselves: those of these families; of arXiv's none without a category."""
    return tuple(one for one in LIVE if one.family in families and (categories or one.family != ARXIV))
