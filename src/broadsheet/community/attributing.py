"""What curators do with the names of authors and organizations: two pages are merged, papers split off, other
names added or chosen, and each of that is taken back.

What is said of names is in `papers.attributing`; here is who may say it, the row in the log, and the claims:
two people who are verified on pages that are one now cannot both be this author.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.community import claiming, deeds
from broadsheet.community.models import Claim, Deed
from broadsheet.papers import attributing, attributions, authors, known_as
from broadsheet.papers.attributing import AttributionError, NotThereError
from broadsheet.papers.attributions import Kind
from broadsheet.papers.catalogue import locked_revision
from broadsheet.papers.identifiers import with_scheme
from broadsheet.papers.models import Attribution
from broadsheet.papers.names import name_slug
from broadsheet.papers.reading import Name

NAME = "name"
MERGE, SPLIT, ALIAS, SHOW, TAKE_BACK = "merge", "split", "alias", "show", "unsay name"
MOST_AT_ONCE, DECISIONS_SHOWN, PAGES_FOUND = 500, 500, 30
TWO_PEOPLE = "Two pages were merged, and somebody else is verified as this author."


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merge would do: how many papers come to the other page, and whose claims are disputed."""

    papers: int
    disputed: Sequence[Claim]


def merge(viewer: Viewer, kind: str, slug: str, page: str, *, reason: str = "", now: datetime) -> None:
    """Let the page `slug` lead on to the other, which has its papers then.

    Raises NotAllowedError, AttributionError or ReasonError.
    """

    def say() -> tuple[list[Attribution], list[int]]:
        disputed = [claim.pk for claim in _disputed(kind, slug, page)]
        words = [attributing.join(kind, slug, page, now=now)]
        claiming.doubt(disputed, TWO_PEOPLE)
        return words, disputed

    _decide(viewer, MERGE, say, reason or f"{slug} is {page}", now=now)


def split(
    viewer: Viewer,
    kind: str,
    slug: str,
    papers: Collection[str],
    *,
    page: str = "",
    reason: str = "",
    now: datetime,
) -> str:
    """Let these papers of the page be on another one: a new one where none is named. The address of it.

    Raises as `merge` does.
    """
    if len(papers) > MOST_AT_ONCE:
        raise AttributionError(f"Choose at most {MOST_AT_ONCE} papers at once.")
    goal = ""

    def say() -> tuple[list[Attribution], list[int]]:
        nonlocal goal
        words = attributing.move(kind, slug, _papers(papers), page or None, now=now)
        goal = words[0].page
        return words, []

    _decide(viewer, SPLIT, say, reason or f"Papers of {slug} are of another of this name", now=now)
    return goal


def name(
    viewer: Viewer, kind: str, page: str, said: str, *, is_shown: bool, reason: str = "", now: datetime
) -> None:
    """Add another name to the page, and show it, if so said. Raises as `merge` does."""

    def say() -> tuple[list[Attribution], list[int]]:
        words = []
        line = attributing.cleaned(said)
        if not is_shown or authors.page(kind, name_slug(line)) != authors.page(kind, page):
            words.append(attributing.alias(kind, page, line, now=now))
        if is_shown:
            words.append(attributing.show(kind, page, line, now=now))
        return words, []

    _decide(viewer, SHOW if is_shown else ALIAS, say, reason or f"A name of {page}", now=now)


def take_back(
    viewer: Viewer, kind: str, keys: Collection[int], *, reason: str = "", now: datetime
) -> Sequence[Attribution]:
    """Let it be as if these words had not been said, which are given back. Raises as `merge` does."""
    curator = access.check(viewer, "curate", now=now)
    why = deeds.cleaned(reason)
    with transaction.atomic():
        locked_revision()
        if Attribution.objects.filter(pk__in=keys).exclude(kind=kind).exists():
            raise AttributionError("That was said of something else.")
        words = attributing.take_back(keys, now=now)
        for target, deed in _deeds_of(words).items():
            is_undone = deed is not None and _is_undone(deed)
            if deed and is_undone:
                claiming.settle(deed.before["disputed"], TWO_PEOPLE)
            undoes = deed if is_undone else None
            deeds.log(curator, TAKE_BACK, NAME, target, reason=why, undoes=undoes, now=now)
        return words


def decisions(kind: str, slug: str) -> Sequence[tuple[Attribution, str]]:
    """What curators said of the page that stands, the last first; each word with the title of its paper."""
    slugs = {slug, *attributions.led_to(kind, slug)}
    words = list(attributions.standing(kind).filter(Q(slug__in=slugs) | Q(page__in=slugs))[:DECISIONS_SHOWN])
    titles = known_as.known_as([word.named for word in words if word.named], "title")
    return [(word, *titles.get(word.named, ("",))) for word in words]


def preview(kind: str, slug: str, page: str) -> Preview:
    """What a merge of the page with the other would do."""
    return Preview(authors.count(kind, slug), _disputed(kind, slug, page))


def found(kind: str, words: str) -> Sequence[tuple[Name, int]]:
    """Pages whose address has all these words, and how many papers each has."""
    return authors.search(kind, words, limit=PAGES_FOUND)


def _decide(
    viewer: Viewer,
    verb: str,
    say: Callable[[], tuple[list[Attribution], list[int]]],
    reason: str,
    *,
    now: datetime,
) -> None:
    """Say it, and write down that it was said: in one transaction, while nobody else writes."""
    curator = access.check(viewer, "curate", now=now)
    why = deeds.cleaned(reason)
    with transaction.atomic():
        locked_revision()
        words, disputed = say()
        before = {"words": [word.pk for word in words], "disputed": disputed}
        deeds.log(curator, verb, NAME, words[0].pk, reason=why, before=before, now=now)


def _disputed(kind: str, slug: str, page: str) -> list[Claim]:
    """The claims that a merge puts in doubt: of two people who are verified, each on one of the pages, those
    of the later. Namesakes who shared a page before are not put in doubt by it.
    """
    if kind != Kind.AUTHOR:
        return []
    sides = [claiming.verified_on(slug), claiming.verified_on(page)]
    if not all(sides):
        return []
    here, there = sorted(sides, key=lambda claims: (claims[0].decided_at, claims[0].pk))
    known = {claim.person_id for claim in here}
    if here[0].person_id in {claim.person_id for claim in there}:
        return []
    return [claim for claim in there if claim.person_id not in known]


def _papers(names: Collection[str]) -> list[tuple[int, str]]:
    """The papers of these names, each by its key, with the name under which a page shows it."""
    known = known_as.known_as(names, "pk", "public_id")
    for unknown in set(names) - known.keys():
        raise NotThereError(known_as.why_unknown(unknown))
    return [(pk, with_scheme(public_id)) for pk, public_id in known.values()]


def _deeds_of(words: Collection[Attribution]) -> dict[int, Deed | None]:
    """The deeds by which the words were said, by what they are about: the first word of each. What was said
    at another instance has none, and is about itself.
    """
    given = Deed.objects.filter(kind=NAME, verb__in=(MERGE, SPLIT, ALIAS, SHOW)).order_by("-target")
    found: dict[int, Deed | None] = {}
    for word in words:
        deed = given.filter(target__lte=word.pk).first()
        is_by_it = deed is not None and word.pk in deed.before["words"]
        found[deed.target if deed and is_by_it else word.pk] = deed if is_by_it else None
    return found


def _is_undone(deed: Deed) -> bool:
    """True if all that was said by the deed is taken back."""
    return not Attribution.objects.filter(pk__in=deed.before["words"], withdrawn_at=None).exists()
