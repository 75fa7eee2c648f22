"""A word index of the form before the present one (4), as that wrote it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tantivy import Document, Index, SchemaBuilder

from broadsheet.papers.models import Paper
from broadsheet.search.documents import read
from broadsheet.search.word_index.entries import packed
from broadsheet.search.word_index.words import ANALYZERS, NAME_GAP, compounds, fold

FORMER = 4


def put_in_place(folder: Path) -> Path:
    """Write an index of all papers in the form before, and make it the one in use."""
    folder.mkdir(exist_ok=True)
    words = folder / f"words-{FORMER}-000007"
    words.mkdir()
    index = Index(_schema(), path=str(words))
    for name, analyzer in ANALYZERS.items():
        index.register_tokenizer(name, analyzer)
    writer = index.writer(32_000_000, 1)
    for entry in _entries(Paper.objects.values_list("pk", flat=True)):
        writer.add_document(entry)
    writer.commit()
    writer.wait_merging_threads()
    (folder / "CURRENT").write_text(words.name, encoding="utf-8")
    return words


def _schema():
    builder = SchemaBuilder().add_unsigned_field("paper", indexed=True, fast=True)
    for field in ("day", "votes", "comments", "submitted", "updated", "year", "until"):
        builder = builder.add_unsigned_field(field, fast=True)
    for field, analyzer, option in (
        ("text", "stems", "freq"),
        ("title", "stems", "position"),
        ("abstract", "stems", "position"),
        ("compounds", "compounds", "freq"),
        ("authors", "names", "position"),
        ("organizations", "names", "position"),
        ("comment", "stems", "position"),
        ("journal", "stems", "position"),
        ("initials", "words", "basic"),
        ("identifier", "raw", "basic"),
        ("scheme", "raw", "basic"),
        ("archive", "raw", "basic"),
        ("spelling", "names", "basic"),
    ):
        builder = builder.add_text_field(field, tokenizer_name=analyzer, index_option=option)
    for field in ("category", "organization", "source", "has"):
        builder = builder.add_text_field(field, tokenizer_name="raw", index_option="basic", fast=True)
    return builder.build()


def _entries(papers: Iterable[int]) -> Iterable[Document]:
    for paper in read(list(papers)):
        made = Document()
        made.add_unsigned("paper", paper.paper)
        for field in ("day", "submitted", "updated"):
            made.add_unsigned(field, packed(getattr(paper, field), paper.paper))
        for field in ("votes", "comments"):
            made.add_unsigned(field, packed(0, paper.paper))
        made.add_unsigned("until", packed(paper.until or paper.day, paper.paper))
        for field, text in (("title", fold(paper.title)), ("abstract", fold(paper.abstract))):
            made.add_text(field, text)
            made.add_text("text", text)
            made.add_text("compounds", compounds(text))
        made.add_text("spelling", fold(paper.title))
        made.add_text("authors", fold(NAME_GAP.join(paper.authors)))
        for slug, _ in paper.organizations:
            made.add_text("organization", slug)
        for source in paper.sources:
            made.add_text("source", source)
        yield made
