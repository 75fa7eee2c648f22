"""Builds the data folder that the benchmark of search asks: catalogue by SQL, vectors, index by the room.

    python bench/search_data.py FOLDER SNAPSHOT COUNT EMBEDDED

Prints what it took, as JSON. Only the first EMBEDDED texts are really embedded: a million would take half
a day. The others have one of these vectors with noise, which costs a search as much.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from search_texts import Text, texts
from search_times import timed

AT_ONCE = 10_000
# Per dimension; a noisy vector's cosine with the real one is about 0.93.
NOISE = 0.02
MOMENT = "2026-11-22 00:00:00"


def fill(database: Path, papers: Iterable[Text]) -> None:
    """Write the papers with authors, categories, links to code and votes into a new catalogue."""
    with sqlite3.connect(database) as catalogue:
        catalogue.execute("PRAGMA synchronous = OFF")
        waiting = iter(papers)
        while batch := list(islice(waiting, AT_ONCE)):
            _fill(catalogue, batch)
    catalogue.close()


def _fill(catalogue: sqlite3.Connection, papers: list[Text]) -> None:
    def insert(table: str, columns: str, row: str, rows: Iterable[tuple[object, ...]]) -> None:
        catalogue.executemany(f"INSERT OR IGNORE INTO papers_{table} ({columns}) VALUES ({row})", rows)

    insert(
        "paper",
        "id, public_id, title, abstract, published_at, author_count, added_at, revised_at,"
        " abstract_source, comment, journal_ref, license, keywords, withdrawn",
        f"?, ?, ?, ?, ?, ?, '{MOMENT}', '{MOMENT}', 'arxiv', '', '', '', '[]', 0",
        (
            (
                one.number,
                one.name,
                one.title,
                one.abstract,
                f"{one.day} 12:00:00",
                len(one.authors),
            )
            for one in papers
        ),
    )
    insert(
        "paperidentifier",
        "paper_id, scheme, value",
        "?, 'arxiv', ?",
        ((one.number, one.name) for one in papers),
    )
    named = [(one.number, i, name) for one in papers for i, name in enumerate(one.authors[:4], 1) if name]
    insert("author", "slug, name", "?, ?", ((name.lower(), name) for _, _, name in named))
    insert(
        "authorship",
        "paper_id, author_id, position, name",
        "?, ?, ?, ?",
        ((paper, name.lower(), i, name) for paper, i, name in named),
    )
    categories = ((one.number, code, i) for one in papers for i, code in enumerate(one.categories, 1))
    insert("papercategory", "paper_id, code, position", "?, ?, ?", categories)
    insert(
        "paperlink",
        "paper_id, kind, url, position",
        "?, 'code', 'https://example.org', 1",
        ((one.number,) for one in papers if one.number % 10 == 0),
    )
    insert(
        "externalsignal",
        "paper_id, source, name, value",
        "?, 'huggingface', 'upvotes', ?",
        ((one.number, one.number % 97) for one in papers if one.number % 5 == 0),
    )


def make_texts() -> None:
    """Have the texts made as they are shown, which a site's worker does after an import."""
    from django.db import connection

    from broadsheet.papers.texts import make_due

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO papers_textdue (paper_id) SELECT id FROM papers_paper")
    while make_due():
        pass


def vectors_of(sample: np.ndarray, count: int) -> Iterator[np.ndarray]:
    """The vectors for so many papers, some at a time: the real ones, then noisy ones."""
    chance = np.random.default_rng(0)
    for start in range(0, count, AT_ONCE):
        numbers = np.arange(start, min(start + AT_ONCE, count))
        rows = sample[numbers % len(sample)]
        noise = chance.normal(0, NOISE, rows.shape) * (numbers >= len(sample))[:, None]
        rows = (rows + noise).astype(np.float32)
        yield rows / np.linalg.norm(rows, axis=1, keepdims=True)


def embed(count: int, embedded: int) -> dict[str, float]:
    """Give each paper its vector; say how fast texts are really embedded."""
    from broadsheet.search.documents import read
    from broadsheet.search.embedding_models.runtimes import all_threads, runtime
    from broadsheet.search.folder import index_folder, model_in_use, vectors_file
    from broadsheet.search.vectors import append

    folder = index_folder()
    folder.mkdir(exist_ok=True)
    model = model_in_use(folder)
    texts = [one.meaning() for one in read(range(1, min(embedded, count) + 1))]
    sample: list[np.ndarray] = []
    runs = runtime(model, threads=all_threads())
    spent, _ = timed(lambda texts: sample.append(runs.embed_documents(texts)), texts)
    first = 1
    for rows in vectors_of(sample[0], count):
        digests = {one.paper: one.digest() for one in read(range(first, first + len(rows)))}
        found = {paper: (digest, rows[paper - first]) for paper, digest in digests.items()}
        append(vectors_file(folder, model.identity), model.dimension, found)
        first += len(rows)
    return {"embedded a second": len(texts) / spent * 1000}


def index(count: int) -> dict[str, float]:
    """Build the word index; say how fast, and how large the whole index is."""
    from broadsheet.search import indexing
    from broadsheet.search.folder import index_folder

    spent, used = timed(lambda progress: indexing.rebuild(progress=progress), lambda *_: None)
    files = [path for path in index_folder().rglob("*") if path.is_file()]
    words = sum(path.stat().st_size for path in files if path.parent != index_folder())
    meaning = sum(path.stat().st_size for path in files if path.name.startswith("vectors-"))
    return {
        "indexed a second": count / spent * 1000,
        "indexed a second of the processor": count / used * 1000,
        "words on disk": words,
        "vectors on disk": meaning,
    }


def main() -> None:
    """Build what is not there yet: the index is built anew where this version asks for another form of it."""
    folder, snapshot, count, embedded = Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:])
    os.environ |= {"BROADSHEET_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings"}
    import django
    from django.core.management import call_command

    django.setup()
    from broadsheet.search.folder import current, index_folder

    call_command("migrate", verbosity=0)
    told = folder / "built.json"
    said = json.loads(told.read_bytes()) if told.exists() else {"papers": count}
    if "embedded a second" not in said:
        fill(folder / "broadsheet.sqlite3", texts(snapshot, count))
        make_texts()
        said |= embed(count, embedded)
        told.write_text(json.dumps(said), encoding="utf-8")
    if current(index_folder()) is None or "words on disk" not in said:
        said |= index(count)
        told.write_text(json.dumps(said), encoding="utf-8")
    print(json.dumps(said))


if __name__ == "__main__":
    main()
