"""How long other ways of searching take on the same papers and questions.

    python bench/search_peers.py DATA FOLDER

DATA is the data folder that search_data.py built; what the peers need is kept in FOLDER. Prints, as JSON, the
milliseconds of each peer for each question, on the clock and of the processor; a slow one is asked fewer.

arxiv-sanity-lite's method, in our words: papers lie compressed in SQLite; a search unpacks every one and
counts the words of the question in title, authors and abstract. Similar papers are those on the right side of
a linear support vector machine, trained at each request to tell one paper from all others by TF-IDF.
"""

from __future__ import annotations

import importlib.util
import json
import os
import pickle
import re
import sqlite3
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from search_texts import QUESTIONS
from search_times import Times, timed

TOP = 50
# As many questions as take so long, and never fewer than two.
SECONDS = 30
PAPERS = "SELECT id, title, abstract FROM papers_paper ORDER BY id"
AUTHORS = "SELECT paper_id, group_concat(name, ' ') FROM papers_authorship GROUP BY paper_id"


def asked(questions: Sequence[Any], action: Callable[[Any], object]) -> Times:
    """Milliseconds of the action for each question, as far as the time allows; the first warms up."""
    times: Times = []
    action(questions[0])
    started = time.perf_counter()
    for question in questions[1:]:
        times.append(timed(action, question))
        if time.perf_counter() - started > SECONDS and len(times) >= 2:
            break
    return times


def made(file: Path, make: Callable[[Path], None]) -> Path:
    """The file, made if it is not there yet; never half of it."""
    if not file.exists():
        new = file.with_name(f"new-{file.name}")
        new.unlink(missing_ok=True)
        make(new)
        new.replace(file)
    return file


def keyword_scan(data: Path, folder: Path) -> Callable[[str], object]:
    """arxiv-sanity-lite's search."""

    def make(file: Path) -> None:
        with sqlite3.connect(data / "broadsheet.sqlite3") as catalogue, sqlite3.connect(file) as target:
            authors = dict(catalogue.execute(AUTHORS))
            target.execute("CREATE TABLE paper (number INTEGER PRIMARY KEY, content BLOB)")
            rows = ((n, (title, authors.get(n, ""), text)) for n, title, text in catalogue.execute(PAPERS))
            packed = ((n, zlib.compress(pickle.dumps(content))) for n, content in rows)
            target.executemany("INSERT INTO paper VALUES (?, ?)", packed)

    papers = sqlite3.connect(made(folder / "papers.sqlite3", make))

    def search(question: str) -> list[tuple[float, int]]:
        words = question.lower().split()
        found = []
        for number, packed in papers.execute("SELECT number, content FROM paper"):
            title, authors, text = (part.lower() for part in pickle.loads(zlib.decompress(packed)))
            score = 20.0 * sum(word in title for word in words) + 10.0 * sum(
                word in authors for word in words
            )
            score += sum(min(3, text.count(word)) for word in words)
            if score:
                found.append((score, number))
        return sorted(found, reverse=True)[:TOP]

    return search


def full_text(data: Path, folder: Path) -> Callable[[str], object]:
    """SQLite's FTS5: BM25, any of the words."""

    def make(file: Path) -> None:
        with sqlite3.connect(file) as target:
            target.execute("ATTACH ? AS catalogue", (str(data / "broadsheet.sqlite3"),))
            options = "content='', tokenize='porter unicode61'"
            target.execute(f"CREATE VIRTUAL TABLE paper USING fts5(title, abstract, {options})")
            target.execute(f"INSERT INTO paper (rowid, title, abstract) {PAPERS}")
            target.commit()
            target.execute("INSERT INTO paper (paper) VALUES ('optimize')")

    papers = sqlite3.connect(made(folder / "fts5.sqlite3", make))
    wanted = f"SELECT rowid FROM paper WHERE paper MATCH ? ORDER BY rank LIMIT {TOP}"

    def search(question: str) -> list[tuple[int]]:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
        return papers.execute(wanted, (words,)).fetchall()

    return search


def support_vectors(data: Path, folder: Path) -> Callable[[int], object]:
    """arxiv-sanity-lite's similar papers; its features are kept in memory here, which favours it."""
    from scipy import sparse
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    def make(file: Path) -> None:
        with sqlite3.connect(data / "broadsheet.sqlite3") as catalogue:
            documents = (f"{title} {text}" for _, title, text in catalogue.execute(PAPERS))
            features = TfidfVectorizer(
                max_features=20_000,
                stop_words="english",
                sublinear_tf=True,
                min_df=5,
                max_df=0.1,
                dtype=np.float32,
            )
            with file.open("wb") as target:
                sparse.save_npz(target, features.fit_transform(documents))

    matrix = sparse.load_npz(made(folder / "features.npz", make)).tocsr()

    def similar(row: int) -> list[int]:
        wanted = np.zeros(matrix.shape[0], np.float32)
        wanted[row] = 1
        machine = LinearSVC(class_weight="balanced", max_iter=10_000, tol=1e-6, C=0.01).fit(matrix, wanted)
        return np.argsort(-machine.decision_function(matrix))[:TOP].tolist()

    return similar


def vector_stores(data: Path) -> Iterator[tuple[str, Times]]:
    """All vectors in single precision, compared with that of the question, which is ready before."""
    matrix, questions = embeddings(data)
    name = "numpy, all vectors compared"
    yield name, asked(questions, lambda vector: np.argpartition(-(matrix @ vector), TOP)[:TOP])
    if not importlib.util.find_spec("faiss"):
        print("faiss-cpu is not there and is left out", file=sys.stderr)
        return
    import faiss

    flat = faiss.IndexFlatIP(matrix.shape[1])
    flat.add(matrix)
    yield "faiss, flat", asked(questions, lambda vector: flat.search(vector[None], TOP))


def embeddings(data: Path) -> tuple[np.ndarray, np.ndarray]:
    """Those of the papers, and of the questions."""
    os.environ |= {"BROADSHEET_DATA": str(data), "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings"}
    import django

    django.setup()
    from broadsheet.search.embedding_models.runtimes import runtime
    from broadsheet.search.folder import index_folder, model_in_use
    from broadsheet.search.vectors import vectors_of

    model = model_in_use(index_folder())
    known = vectors_of(index_folder(), model)
    _, matrix = known.of(known.papers())
    return matrix, np.stack([runtime(model).embed_query(question) for question in QUESTIONS])


def measured(data: Path, folder: Path) -> Iterator[tuple[str, Times]]:
    """Each peer's name and times."""
    yield "SQLite FTS5", asked(QUESTIONS, full_text(data, folder))
    yield "arxiv-sanity-lite, search", asked(QUESTIONS, keyword_scan(data, folder))
    yield from vector_stores(data)
    if importlib.util.find_spec("sklearn"):
        yield "arxiv-sanity-lite, similar", asked(range(0, 1_000, 20), support_vectors(data, folder))
    else:
        print("scikit-learn is not there: similar papers of arxiv-sanity-lite are left out", file=sys.stderr)


def main() -> None:
    """Ask all peers."""
    data, folder = Path(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(exist_ok=True)
    print(json.dumps(dict(measured(data, folder))))


if __name__ == "__main__":
    main()
