"""A paper's texts as they are shown, made once and stored with it: HTML, plain text, and the point.

A small import makes them with the paper. A large one only notes in its transactions that they are due, and
the worker makes them; until then whoever shows the paper makes them on the spot, to the same end. A better
making raises VERSION: the worker then makes all texts anew, and those of before are shown meanwhile.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

import orjson
from django.db import models, transaction
from markupsafe import Markup, escape

from broadsheet.papers import text
from broadsheet.papers.inserting import Row, insert, insert_missing
from broadsheet.papers.models import Paper, PaperText, Revision, SourceRecord, TextDue
from broadsheet.papers.points import UNSAID, candidates
from broadsheet.papers.record import Record
from broadsheet.papers.sentences import Span
from broadsheet.papers.sources import rank
from broadsheet.papers.tex.marks import Marked, Tag

# The making of now.
VERSION = 2
# A point that is longer would be no line of a list.
LONGEST_POINT = 280
# So many papers of an import are stored with their texts; it leaves all others to the worker.
MADE_WITH_THE_PAPER = 100
# Papers whose texts the worker makes and stores in one go: nobody waits long for the lock.
PORTION = 200

# Where sources say in a sentence of their own what a paper does, in what they said of it.
SUMMARIES = {"huggingface": "ai_summary"}


@dataclass(frozen=True, slots=True)
class Point:
    """The sentence in which a paper says what it does, and its place in the plain abstract.

    `is_said` is False where no sentence says it, and this is the first one that is short enough.
    """

    text: str
    start: int
    end: int
    is_said: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """What a source says of the paper in a sentence of its own."""

    text: str
    source: str


NO_SUMMARY = Summary("", "")


class Stored(NamedTuple):
    """What is shown of a paper's texts as its row has it: see `models.PaperText`, whose columns these are."""

    title: str
    title_html: str
    abstract: str
    abstract_html: str
    point: str
    point_start: int
    point_end: int
    point_is_said: bool
    point_html: str
    summary: str
    summary_source: str


@dataclass(frozen=True, slots=True)
class Texts:
    """What is shown of a paper's texts: title and abstract as plain text and as HTML, its point, a summary.

    The point is None where there is no abstract. `in_html` and `point_in_html` are empty where the plain text
    is all that there is to say: few pages show the HTML of every abstract.
    """

    title: str
    title_html: Markup
    abstract: str
    in_html: str
    point: Point | None
    point_in_html: str
    summary: Summary

    @property
    def abstract_html(self) -> Markup:
        return _html(self.in_html) or _paragraph(self.abstract)

    @property
    def point_html(self) -> Markup:
        return _html(self.point_in_html) or escape(self.point.text if self.point else "")


class Original(NamedTuple):
    """What a paper's texts are made of."""

    title: str
    abstract: str
    summary: Summary

    def digest(self) -> bytes:
        """16 bytes that change with any of it."""
        said = f"{self.title}\0{self.abstract}\0{self.summary.text}\0{self.summary.source}"
        return hashlib.blake2b(said.encode(), digest_size=16).digest()


@lru_cache(maxsize=2048)
def made(original: Original) -> Texts:
    """The texts made of their originals, pure."""
    title = text.cleaned(original.title)
    paragraphs = text.paragraphs(original.abstract)
    parts = [text.plain_of(one) for one in paragraphs]
    abstract = " ".join(filter(None, parts))
    point, html = _point(abstract, paragraphs, parts)
    return Texts(
        title=text.plain_of(title),
        title_html=text.inline_of(title),
        abstract=abstract,
        in_html=_unless(text.block_of(paragraphs), _paragraph(abstract)),
        point=point,
        point_in_html=_unless(html, escape(point.text if point else "")),
        summary=Summary(text.plain(original.summary.text), original.summary.source),
    )


def _point(abstract: str, paragraphs: Sequence[Marked], parts: Sequence[str]) -> tuple[Point | None, Markup]:
    """The point of an abstract, whose paragraphs are these, and its HTML."""
    found: list[tuple[int, Point, Marked]] = []
    start = 0
    for marked, plain in zip(paragraphs, parts, strict=True):
        found += _best(abstract, start, marked)
        start += len(plain) + 1 if plain else 0
    if found:
        _, point, sentence = min(found, key=lambda one: one[0])
        return point, text.inline_of(sentence)
    if not abstract:
        return None, Markup()
    whole_words, _, word = abstract[:LONGEST_POINT].rpartition(" ")
    if len(word) > LONGEST_POINT // 2:  # some scripts have no blanks between words
        whole_words = abstract[: LONGEST_POINT - 1]
    return Point(f"{whole_words}…", 0, len(whole_words), is_said=False), escape(f"{whole_words}…")


def _best(abstract: str, start: int, paragraph: Marked) -> list[tuple[int, Point, Marked]]:
    """The best sentence of a paragraph that is short enough, if there is one, behind how doubtful it is.

    The paragraph begins at `start` in the plain abstract.
    """
    for span, doubt in candidates(paragraph.text):
        sentence = _part(paragraph, span)
        plain = text.plain_of(sentence)
        place = abstract.find(plain, start)
        if 0 < len(plain) <= LONGEST_POINT and place >= 0:
            return [(doubt, Point(plain, place, place + len(plain), doubt < UNSAID), sentence)]
    return []


def _part(paragraph: Marked, span: Span) -> Marked:
    """A part of a cleaned text; without its emphasis where that began before or ends later."""
    part = Marked(paragraph.text[slice(*span)], paragraph.marks)
    tags = [(mark, place) for place in part.places() if isinstance(mark := part.mark(place), Tag)]
    depths = [*accumulate(-1 if mark.ends else 1 for mark, _ in tags)]
    if depths and (depths[-1] or min(depths) < 0):
        part.text = part.text.translate({ord(place): None for _, place in tags})
    return part


def is_told_by_source(shown: Texts) -> bool:
    """Whether a list has the source's summary: where no sentence of the authors says what the paper does."""
    return bool(shown.summary.text) and not (shown.point and shown.point.is_said)


def original_of(facts: Record, records: Iterable[Record]) -> Original:
    """What the texts of a paper are made of, of which the records together say these facts."""
    summary = _summary((record.source, record.said) for record in records if record.said)
    return Original(facts.title, facts.abstract, summary)


def _summary(said: Iterable[tuple[str, Mapping[str, Any]]]) -> Summary:
    """What the best source that does so says of the paper in a sentence of its own."""
    for source, item in sorted(said, key=lambda one: rank(one[0])):
        for where in (item, item.get("paper")):
            sentence = where.get(SUMMARIES.get(source, "")) if isinstance(where, Mapping) else None
            if isinstance(sentence, str) and sentence.strip():
                return Summary(sentence, source)
    return NO_SUMMARY


def of_row(title: str, abstract: str, row: Stored | PaperText | None) -> Texts:
    """The texts of a paper as they are stored; made on the spot where they are still due."""
    if row is None:
        return made(Original(title, abstract, NO_SUMMARY))
    plain = row.abstract or _squeezed(abstract)
    point = Point(row.point, row.point_start, row.point_end, row.point_is_said) if row.point else None
    return Texts(
        title=row.title,
        title_html=_html(row.title_html) or escape(row.title),
        abstract=plain,
        in_html=row.abstract_html,
        point=point,
        point_in_html=row.point_html,
        summary=Summary(row.summary, row.summary_source),
    )


def _html(stored: str) -> Markup:
    # What is stored was made here, and is escaped.
    return Markup(stored)  # noqa: S704


def _squeezed(abstract: str) -> str:
    # Most are so already: every other blank cannot be printed, and to look takes a fraction of the time.
    if abstract.isprintable() and "  " not in abstract and abstract == abstract.strip():
        return abstract
    return " ".join(abstract.split())


def _paragraph(plain: str) -> Markup:
    # `Markup.format` takes ten times as long.
    return Markup(f"<p>{escape(plain)}</p>") if plain else Markup()  # noqa: S704 (it is escaped)


# In the order of `columns`, behind version and digest.
SHOWN = tuple(Stored.__annotations__)


def columns(original: Original) -> Row:
    """The row of a paper's texts, without the paper's key: what follows from another column is empty."""
    texts = made.__wrapped__(original)
    point = texts.point or Point("", 0, 0, is_said=False)
    plain = texts.abstract
    return (
        *(VERSION, original.digest(), texts.title, _unless(texts.title_html, escape(texts.title))),
        *(_unless(plain, _squeezed(original.abstract)), texts.in_html),
        *(point.text, point.start, point.end, point.is_said, texts.point_in_html),
        *(texts.summary.text, texts.summary.source),
    )


def _unless(text: str, other: str) -> str:
    return "" if text == other else str(text)


def write(
    pks: Sequence[int], stored: Sequence[int], originals: Sequence[Original], rows: Sequence[Row]
) -> None:
    """Store the texts of the papers of these keys, or note that they are due where there are no `rows`.

    Of those that were `stored` before, what was made of the same stays. The caller holds the transaction.
    """
    had = digests(stored) if stored else {}
    fresh = [place for place, pk in enumerate(pks) if pk not in had or had[pk] != originals[place].digest()]
    changed = [pks[place] for place in fresh if pks[place] in had]
    if changed:
        PaperText.objects.filter(paper__in=changed).delete()
    if rows:
        _store({pks[place]: rows[place] for place in fresh})
    else:
        insert_missing(TextDue, ("paper_id",), ((pks[place],) for place in fresh))


def digests(pks: Collection[int]) -> dict[int, bytes]:
    """The digests of the originals of those papers whose texts are stored."""
    found = PaperText.objects.filter(paper__in=pks).values_list("paper_id", "digest")
    return {pk: bytes(digest) for pk, digest in found}


def due_among(pks: Collection[int]) -> set[int]:
    """Those of the papers whose texts are to be made."""
    return set(TextDue.objects.filter(pk__in=pks).values_list("pk", flat=True))


def _store(rows: Mapping[int, Row]) -> None:
    """Store the rows by their papers' keys; they are due no longer."""
    insert(PaperText, ("paper", "version", "digest", *SHOWN), ((pk, *row) for pk, row in rows.items()))
    TextDue.objects.filter(pk__in=rows).delete()


def make_due() -> int:
    """Make some of the texts that are due, of the newest papers first, or of a making before; say how many.

    A paper that changes meanwhile stays due. It is safe to kill, and to run twice at once.
    """
    due = _due()
    papers = {row[0]: row[1:] for row in _papers(due)}
    summaries = _summaries(papers)
    rows = {
        pk: columns(Original(title, abstract, summaries.get(pk, NO_SUMMARY)))
        for pk, (_, title, abstract) in papers.items()
    }
    with transaction.atomic():
        # Whoever stores papers holds it, too, so that none changes from here on.
        Revision.objects.select_for_update().first()
        states = dict(Paper.objects.filter(pk__in=due).values_list("pk", "changed"))
        same = {pk: row for pk, row in rows.items() if states.get(pk) == papers[pk][0]}
        PaperText.objects.filter(paper__in=same).delete()
        _store(same)
        TextDue.objects.filter(pk__in=[pk for pk in due if pk not in states]).delete()
    return len(due)


def _outdated() -> models.QuerySet[PaperText]:
    return PaperText.objects.filter(version__lt=VERSION)


def _due() -> list[int]:
    due = list(TextDue.objects.order_by("-pk").values_list("pk", flat=True)[:PORTION])
    return due or list(_outdated().order_by("version").values_list("paper_id", flat=True)[:PORTION])


def _papers(pks: Sequence[int]) -> Iterable[tuple[int, int, str, str]]:
    return Paper.objects.filter(pk__in=pks).values_list("pk", "changed", "title", "abstract")


def _summaries(pks: Collection[int]) -> dict[int, Summary]:
    """What sources say of these papers in a sentence of their own."""
    said: dict[int, list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
    records = SourceRecord.objects.filter(paper__in=pks, source__in=SUMMARIES)
    for pk, source, content in records.values_list("paper_id", "source", "content"):
        said[pk].append((source, orjson.loads(content).get("said", {})))
    return {pk: _summary(items) for pk, items in said.items()}
