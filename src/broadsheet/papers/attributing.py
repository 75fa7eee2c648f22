"""What is done with the pages of authors and organizations: two are joined, papers move from one to another,
a name is added or chosen; and each of that is taken back.

Each verb stores curators' words and writes the rows of authorship that follow from them, in one transaction,
while nobody else writes to the catalogue. What follows from the words that stand is always the same, so that
whatever is taken back is as if it had never been said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from itertools import count

from django.db import IntegrityError, transaction
from django.db.models import Q

from broadsheet.papers import attributions, authors, spellings
from broadsheet.papers.attributions import Act, Words
from broadsheet.papers.catalogue import locked_revision, raise_revision
from broadsheet.papers.inserting import insert, update
from broadsheet.papers.models import Attribution, Change, Paper
from broadsheet.papers.names import LONGEST_NAME, SLUG_LENGTH, name_of_page, name_slug
from broadsheet.papers.naming import text_of
from broadsheet.papers.neighbours import names_of
from broadsheet.papers.reading import Name
from broadsheet.papers.spellings import OF_KIND

# Over how many names, one after the other, words may lead from one to its page: each is a question to the
# database wherever the name is looked up, and words of others may be of any number.
LONGEST_WAY = 50


class AttributionError(ValueError):
    """That cannot be done with these names; the message says why."""


class UnknownNameError(AttributionError):
    """There is no such page."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"There is no such {kind} here.")


class NoNameError(AttributionError):
    """What was given as a name is none."""


class NotThereError(AttributionError):
    """There is no such paper, or nobody said such a thing."""


@transaction.atomic
def join(kind: str, slug: str, page: str, *, now: datetime) -> Attribution:
    """Let all that is and will be on the page `slug` be on the other one. Raises AttributionError."""
    locked_revision()
    gone, kept = _page(kind, slug), _page(kind, page)
    if gone == kept:
        raise AttributionError(f"{gone.name} is one and the same page.")
    word = Attribution(kind=kind, act=Act.JOIN, slug=slug, page=page, name=gone.name, at=now)
    (stored,) = say([word], now=now)
    return stored


@transaction.atomic
def alias(kind: str, page: str, name: str, *, now: datetime) -> Attribution:
    """Let papers that print this name be on the page, too, though none does yet. Raises AttributionError."""
    locked_revision()
    kept, name = _page(kind, page), cleaned(name)
    slug = name_slug(name)
    if (known := authors.page(kind, slug)) == kept:
        raise AttributionError(f"{name} leads to the page of {kept.name} already.")
    if known:
        raise AttributionError(f"{name} has a page of its own: merge the two instead.")
    if attributions.of(kind, [slug]).joined:
        raise AttributionError(f"{name} is said to be the name of another page; take that back first.")
    word = Attribution(kind=kind, act=Act.JOIN, slug=slug, page=page, name=name, at=now)
    (stored,) = say([word], now=now)
    return stored


@transaction.atomic
def move(
    kind: str, slug: str, papers: Sequence[tuple[int, str]], page: str | None, *, now: datetime
) -> list[Attribution]:
    """Let these papers of the page be on another one, or on a new one where none is named. Each comes with
    the name that it is seen by (`scheme:value`); what comes later stays where it is.

    Raises AttributionError.
    """
    locked_revision()
    left = _page(kind, slug)
    goal = _page(kind, page).slug if page else _free(kind, slug)
    naming = OF_KIND[kind]
    on_page = set(naming.where._default_manager.filter(**{naming.by: slug}).values_list("paper", flat=True))
    chosen = dict(papers)
    if not chosen:
        raise AttributionError("Choose the papers.")
    if goal == slug:
        raise AttributionError(f"They are on the page of {left.name} already.")
    if not chosen.keys() <= on_page:
        raise AttributionError(f"Some of these papers are not on the page of {left.name} any more.")
    if chosen.keys() == on_page:
        raise AttributionError(f"These are all papers of {left.name}: leave one, or merge the pages.")
    words = [
        Attribution(kind=kind, act=Act.MOVE, slug=slug, page=goal, named=named, at=now)
        for named in chosen.values()
    ]
    return say(words, now=now)


@transaction.atomic
def show(kind: str, page: str, name: str, *, now: datetime) -> Attribution:
    """Let whoever has the page be called so. Raises AttributionError."""
    locked_revision()
    known, name = _page(kind, page), cleaned(name)
    word = Attribution(kind=kind, act=Act.SHOW, slug=known.slug, page=known.slug, name=name, at=now)
    (stored,) = say([word], now=now)
    return stored


@transaction.atomic
def take_back(keys: Collection[int], *, now: datetime) -> list[Attribution]:
    """Let it be as if these words had not been said. Raises AttributionError."""
    locked_revision()
    words = list(Attribution.objects.filter(pk__in=keys).order_by("pk"))
    if not words or len(words) < len(set(keys)):
        raise NotThereError("Nobody said that: choose from what was decided.")
    if any(word.withdrawn_at for word in words):
        raise AttributionError("That was taken back already.")

    def withdraw() -> None:
        Attribution.objects.filter(pk__in=keys).update(withdrawn_at=now)

    for kind in sorted({word.kind for word in words}):
        _follow(kind, {word.slug for word in words if word.kind == kind}, withdraw, now=now)
    return words


def cleaned(name: str) -> str:
    """The name as it is stored. Raises AttributionError for what is none."""
    line = name_of_page(name)
    if not line:
        raise NoNameError(
            f"A name has letters, no signs that cannot be seen, and at most {LONGEST_NAME} characters."
        )
    return line


def _page(kind: str, slug: str) -> Name:
    """Whoever has that page now. Raises AttributionError, also where the address leads on."""
    found = authors.page(kind, slug)
    if found is None:
        raise UnknownNameError(kind)
    if found.slug != slug:
        raise AttributionError(f"There is no such page any more: it leads on to {found.name} ({found.slug}).")
    return found


def _free(kind: str, slug: str) -> str:
    """An address that nobody has or had: the slug with the next free number."""
    begins = slug[: SLUG_LENGTH - len("-1000")].rstrip("-")
    return next(free for number in count(2) if not _is_taken(kind, free := f"{begins}-{number}"))


def _is_taken(kind: str, slug: str) -> bool:
    return (
        authors.page(kind, slug) is not None
        or Attribution.objects.filter(Q(slug=slug) | Q(page=slug), kind=kind).exists()
    )


@transaction.atomic
def say(words: list[Attribution], *, now: datetime) -> list[Attribution]:
    """Store words of one kind, and what follows. Raises AttributionError where they would lead in a circle,
    or contradict what was said before, or over too many names.
    """
    locked_revision()
    (kind,), slugs = {word.kind for word in words}, {word.slug for word in words}
    stored: list[Attribution] = []

    def store() -> None:
        try:
            stored.extend(Attribution.objects.bulk_create(words))
        except IntegrityError:
            # Papers that became one can lead in a circle, so that a page is there which leads on.
            raise AttributionError(
                "That name was given to another page already; take that back first."
            ) from None
        if any(attributions.longest_way(kind, slug) > LONGEST_WAY for slug in slugs):
            raise AttributionError(
                f"It would lead to its page over more than {LONGEST_WAY} names: let it lead to the last."
            )
        rules = attributions.of(kind, slugs)
        if any(_goes_round(word, rules) for word in words):
            raise AttributionError(
                "Papers of the one page were given to the other: take that back rather than say the opposite."
            )

    _follow(kind, slugs, store, now=now)
    return stored


def _goes_round(word: Attribution, words: Words) -> bool:
    """True if the word leads any paper back to where words had led it from."""
    if word.act == Act.MOVE:
        return words.goes_round(word.slug, [word.named])
    names = {"", *(named for those in words.moved.values() for named, _ in those)}
    return any(words.goes_round(word.slug, [name]) for name in names)


def _follow(kind: str, slugs: Collection[str], change: Callable[[], None], *, now: datetime) -> None:
    """Change the words about these slugs, and write what follows for all papers that they may concern."""
    naming = OF_KIND[kind]
    before = attributions.reached(kind, slugs)
    change()
    pages = before | attributions.reached(kind, slugs)
    rows = list(
        naming.where._default_manager.filter(**{f"{naming.by}__in": pages}).values_list(
            "pk", "paper", naming.by, "printed_slug", "name"
        )
    )
    papers = {paper for _, paper, *_ in rows}
    moved = _moved(kind, rows)
    spellings.add(naming, {page: name for page, _, name, _ in moved})
    update(
        naming.where,
        (naming.by.removesuffix("_id"), "printed_slug"),
        ("id",),
        ((p, s, pk) for p, s, _, pk in moved),
    )
    concerned = pages | {page for page, *_ in moved}
    spellings.leave(naming, concerned)
    spellings.choose(naming, concerned)
    _touch(papers, now=now)


def _moved(
    kind: str, rows: Collection[tuple[int, int, str, str | None, str]]
) -> list[tuple[str, str | None, str, int]]:
    """Of rows of authors or organizations those that are on another page now: the page, the slug of the
    name if that is another, the name, and the key.
    """
    words = attributions.of(kind, {printed or page for _, _, page, printed, _ in rows})
    names = names_of({paper for _, paper, *_ in rows}) if words.moved else {}
    texts = {paper: set(map(text_of, of_paper)) for paper, of_paper in names.items()}
    found = []
    for pk, paper, page, printed, name in rows:
        slug = printed or page
        if (goal := words.page_of(slug, texts.get(paper, ()))) != page:
            found.append((goal, slug if goal != slug else None, name, pk))
    return found


def _touch(papers: Collection[int], *, now: datetime) -> None:
    """Say that these papers changed: pages are made anew, and the index looks at them."""
    revision = locked_revision()
    raise_revision(revision, now=now)
    Paper.objects.filter(pk__among=papers).update(changed=revision.number)
    insert(Change, ("paper_id",), ((paper,) for paper in sorted(papers)))
