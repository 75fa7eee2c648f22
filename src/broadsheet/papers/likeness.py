"""Whether two records are about one paper, by their identifiers and by their texts.

Pure. What follows for whole papers is in `partition`, the reasons are in docs/decisions/0017-merging.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import lru_cache

from broadsheet.papers.record import AuthorName, Record
from broadsheet.papers.sources import declared
from broadsheet.papers.text import fingerprint_words, title_key

# Identifiers that name one paper each: agreement in the strongest that both records have joins them,
# disagreement parts them.
IDENTIFYING_SCHEMES = ("arxiv", "acl", "doi", "openreview")
SAME_ABSTRACT = 0.6
SAME_DAY = timedelta(days=1)
NAME_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})

# Titles that every journal and every year has again, as `title_key` spells them.
_STOCK = """
    abstract abstracts acknowledgement acknowledgements acknowledgment acknowledgments addendum afterword
    announcement annualreport appendix biography bookreview bookreviews closingremarks comment commentary
    comments conclusion conclusions contents correction corrections corrigenda corrigendum discussion
    editorial editorialnote editorsnote editorsintroduction epilogue errata erratum foreword fromtheeditor
    fromtheeditors frontmatter guesteditorial guesteditorsintroduction index inmemoriam inthisissue
    introduction introductiontothespecialissue introductiontothisissue introductiontothisspecialissue
    introductoryremarks keynote letter lettertotheeditor letters letterstotheeditor listofreferees news note
    notes obituary openingremarks outlook overview panel perspective perspectives poster posters preface
    prologue proceedings publishersnote question questions references rejoinder reply report reports response
    responses retraction retractionnote review reviews specialissue specialissueeditorial summary
    tableofcontents thisissue tutorial untitled viewpoint welcome workshopreport workshopsummary yearinreview
"""
_STOCK_TITLES = frozenset(_STOCK.split())

# The values that a record has of each of IDENTIFYING_SCHEMES.
Values = tuple[frozenset[str], ...]


def joins_papers(source: str) -> bool:
    """True for a source whose identifiers may show two papers to be one."""
    return declared(source).joins_papers


def values(records: Iterable[Record]) -> Values:
    """The identifiers of the records, one set for each of IDENTIFYING_SCHEMES."""
    found: dict[str, set[str]] = {scheme: set() for scheme in IDENTIFYING_SCHEMES}
    for record in records:
        for identifier in record.identifiers:
            if identifier.scheme in found:
                found[identifier.scheme].add(identifier.value)
    return tuple(frozenset(found[scheme]) for scheme in IDENTIFYING_SCHEMES)


def agree(left: Values, right: Values) -> bool | None:
    """Whether the strongest scheme that both have names one paper; None where they have none in common."""
    for ours, theirs in zip(left, right, strict=True):
        if ours and theirs:
            return not ours.isdisjoint(theirs)
    return None


def same_paper(record: Record, known: Sequence[Record]) -> bool:
    """True where the record and a paper's records, taken alone, are about one paper.

    By identifier, the strongest scheme first; else by title together with the first author's family name
    and the year, or, where one side has no names, with the abstract or with day and author count.
    Never by title alone.
    """
    by_identifiers = agree(values((record,)), values(known))
    if by_identifiers is not None:
        return by_identifiers
    return any(same_text(record, other) is True for other in known)


def same_text(left: Record, right: Record) -> bool | None:
    """Whether the texts are those of one paper; None where they do not say enough to tell.

    Two records of one title differ for certain where the first author or, by more than a year, the date
    does; of a stock title, such as "Editorial", also where anything else does.
    """
    if title_hash(left.title) != title_hash(right.title):
        return None
    if left.authors and right.authors and family_of(left.authors[0]) != family_of(right.authors[0]):
        return False
    years = _years_between(left, right)
    if (years is not None and years > 1) or (is_stock(left.title) and _differ(left, right)):
        return False
    if left.authors and right.authors:
        return None if years is None else True
    return True if _same_abstract(left, right) or _same_day_and_count(left, right) else None


@lru_cache(maxsize=8192)
def title_hash(title: str) -> str:
    """Sixteen hex digits that titles with the same `title_key` share."""
    return hashlib.blake2b(title_key(title).encode(), digest_size=8).hexdigest()


@lru_cache(maxsize=8192)
def family_of(author: AuthorName) -> str:
    """The last word of the family name: sources disagree about `van der` and about what is given."""
    words = [title_key(word) for word in (author.family or author.name).split()]
    plain = [word for word in words if word not in NAME_SUFFIXES]
    return (plain or words or [""])[-1]


@lru_cache(maxsize=8192)
def is_stock(title: str) -> bool:
    """True for a title that every journal and every year has again."""
    return title_key(title) in _STOCK_TITLES


def _differ(left: Record, right: Record) -> bool:
    """True where two records say different years, places of publication or abstracts."""
    if _years_between(left, right):
        return True
    if left.abstract and right.abstract and not _same_abstract(left, right):
        return True
    places = {title_key(one.journal_ref) for one in (left, right) if one.journal_ref}
    return len(places) > 1


def _years_between(left: Record, right: Record) -> int | None:
    """How many years there are between the two dates, if both are known."""
    if left.published_at is None or right.published_at is None:
        return None
    return abs(left.published_at.year - right.published_at.year)


@lru_cache(maxsize=1024)
def _words(abstract: str) -> frozenset[str]:
    return fingerprint_words(abstract)


def _same_abstract(left: Record, right: Record) -> bool:
    """Jaccard similarity of the two abstracts' words, at least SAME_ABSTRACT."""
    ours, theirs = _words(left.abstract), _words(right.abstract)
    return bool(ours and theirs) and len(ours & theirs) >= SAME_ABSTRACT * len(ours | theirs)


def _same_day_and_count(left: Record, right: Record) -> bool:
    if left.published_at is None or right.published_at is None:
        return False
    if left.published_precision or right.published_precision:
        return False
    counts = {len(record.authors) or record.author_count for record in (left, right)}
    is_one_day = abs(left.published_at - right.published_at) <= SAME_DAY
    return is_one_day and len(counts) == 1 and None not in counts
