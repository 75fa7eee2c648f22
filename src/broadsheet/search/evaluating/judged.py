"""A test set in the layout of BEIR (Thakur et al., 2021): documents, questions, and what was judged relevant.

    corpus.jsonl     {"_id": "4983", "title": "…", "text": "…"} a line
    queries.jsonl    {"_id": "1", "text": "…"} a line
    qrels/test.tsv   query-id, corpus-id and score, with tabs between; a line of headings may stand first

Each file may be compressed (.gz, .zst). Of two lines about the same, the later one counts.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import orjson

from broadsheet.sources.files.opening import open_source
from broadsheet.sources.files.readings import BrokenOffError, printable

ENDINGS = ("", ".gz", ".zst")
COLUMNS = 3
# Identifiers shown of a list, and characters of one.
FEW, SHOWN = 3, 60

Key = TypeVar("Key")
Value = TypeVar("Value")
Grades = dict[str, float]


class JudgedSetError(ValueError):
    """The folder is no test set that can be used; the message says where and why, and what to do."""


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """A test set: title and text of each document, the text of each question, the grades of its documents.

    Only questions with a relevant document are in it. A document with the id of a question is that question
    itself, as in BEIR, and counts neither as found nor as judged for it. `notes` are sentences about what
    cannot count.
    """

    folder: Path
    documents: Mapping[str, tuple[str, str]]
    questions: Mapping[str, str]
    grades: Mapping[str, Grades]
    notes: tuple[str, ...]

    @property
    def name(self) -> str:
        """What people call it: the name of its folder."""
        return printable(self.folder.name)


def read(folder: Path, *, split: str = "test") -> JudgedSet:
    """The test set in the folder, judged by `qrels/<split>.tsv`. Raises JudgedSetError."""
    if not folder.is_dir():
        raise JudgedSetError(
            f"{_shown(folder)} is no folder; name one that holds corpus.jsonl, queries.jsonl and qrels"
        )
    corpus, queries = _file(folder, "corpus.jsonl"), _file(folder, "queries.jsonl")
    qrels = _file(folder, f"qrels/{split}.tsv")
    notes: list[str] = []
    documents = _last(corpus, _documents(corpus), notes)
    asked = _last(queries, _queries(queries), notes)
    judged = _by_query(_last(qrels, _judgements(qrels, asked), notes))
    judged = {query: _of_others(query, found) for query, found in judged.items()}
    grades = {query: found for query, found in judged.items() if query in asked and _has_relevant(found)}
    if not documents:
        raise JudgedSetError(f"{_shown(corpus)} holds no document")
    if not grades:
        raise JudgedSetError(
            f"{_shown(qrels)} has nothing relevant (a score above 0) for any query of {queries.name}"
        )
    notes += _what_cannot_count(documents, asked, judged)
    questions = {query: asked[query] for query in grades}
    return JudgedSet(folder.resolve(), documents, questions, grades, tuple(notes))


def _file(folder: Path, name: str) -> Path:
    for ending in ENDINGS:
        path = folder / f"{name}{ending}"
        if path.is_file():
            return path
    beside = sorted({path.name.partition(".")[0] for path in (folder / name).parent.glob("*.tsv*")})
    others = f"; there is {', '.join(beside)}: choose with --split" if beside else ""
    raise JudgedSetError(f"{_shown(folder)} has no {printable(name)}{printable(others)}")


def _objects(path: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Where it stands, its _id, and the object itself, for each line of the file."""
    for at, line in _lines(path):
        try:
            one = orjson.loads(line)
        except orjson.JSONDecodeError as problem:
            raise JudgedSetError(
                f"{at}: this is not JSON ({problem}); each line is an object with _id and text"
            ) from problem
        key = one.get("_id") if isinstance(one, dict) else None
        if not isinstance(key, (str, int)) or isinstance(key, bool):
            raise JudgedSetError(f"{at}: there is no _id (a text or a whole number); each line needs one")
        yield at, str(key), one


def _documents(path: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    for at, key, one in _objects(path):
        yield key, (_text(one, "title", at) if "title" in one else "", _text(one, "text", at))


def _queries(path: Path) -> Iterator[tuple[str, str]]:
    for at, key, one in _objects(path):
        yield key, _text(one, "text", at)


def _text(one: dict[str, Any], field: str, at: str) -> str:
    if field not in one:
        raise JudgedSetError(f'{at}: there is no "{field}"; add it, empty if there is nothing to say')
    value = one[field]
    if value is not None and not isinstance(value, str):
        raise JudgedSetError(f'{at}: "{field}" is no text; put it in quotes')
    return value or ""


def _judgements(path: Path, asked: Container[str]) -> Iterator[tuple[tuple[str, str], float]]:
    """The grade of each pair of a query and a document."""
    for number, (at, line) in enumerate(_lines(path)):
        columns = line.decode("utf-8", "replace").split("\t")
        if len(columns) != COLUMNS:
            raise JudgedSetError(
                f"{at}: {len(columns)} columns with tabs between;"
                f" there must be {COLUMNS}: query-id, corpus-id and score"
            )
        query, document, score = columns
        grade = _number(score)
        if grade is not None:
            yield (query, document), grade
        elif number or query in asked:  # else these are the headings
            raise JudgedSetError(
                f"{at}: the score '{printable(score[:SHOWN])}' is no number; write 0 or the grade"
            )


def _by_query(judgements: Mapping[tuple[str, str], float]) -> dict[str, Grades]:
    judged: dict[str, Grades] = {}
    for (query, document), grade in judgements.items():
        judged.setdefault(query, {})[document] = grade
    return judged


def _of_others(query: str, grades: Grades) -> Grades:
    return {document: grade for document, grade in grades.items() if document != query}


def _has_relevant(grades: Grades) -> bool:
    return max(grades.values(), default=0.0) > 0


def _last(path: Path, lines: Iterable[tuple[Key, Value]], notes: list[str]) -> dict[Key, Value]:
    """The lines by what they are about: of several about the same, the last one counts."""
    read = list(lines)
    found = dict(read)
    if len(found) < len(read):
        notes.append(f"Lines of {path.name} that a later line replaces: {len(read) - len(found):,}.")
    return found


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _lines(path: Path) -> Iterator[tuple[str, bytes]]:
    """The lines that are not empty, and where each stands. Raises JudgedSetError if one cannot be read."""
    try:
        with open_source(path, now=datetime.now(UTC)) as source:
            for number, line in source.lines():
                if line.strip():
                    yield f"{source.name}, line {number}", line.removesuffix(b"\r")
    except OSError as problem:
        raise JudgedSetError(f"{_shown(path)} cannot be read ({problem.strerror})") from problem
    except BrokenOffError as problem:
        raise JudgedSetError(f"{_shown(path)}: {problem}; copy it again") from problem


def _what_cannot_count(
    documents: Container[str], asked: Mapping[str, str], judged: Mapping[str, Grades]
) -> Iterator[str]:
    unknown = [query for query in judged if query not in asked]
    if unknown:
        yield f"Judged queries that are not in the file of queries and cannot be asked: {_few(unknown)}."
    left_out = [query for query in asked if not _has_relevant(judged.get(query, {}))]
    if left_out:
        yield f"Queries left out of the means, since nothing is judged relevant to them: {_few(left_out)}."
    known = (document for query in asked for document in judged.get(query, ()))
    own = [query for query in judged if query in asked and query in documents]
    if own:
        yield (f"Queries with the id of a document, which is left out of what they find: {_few(own)}.")
    missing = dict.fromkeys(document for document in known if document not in documents)
    if missing:
        yield f"Judged documents that are not in the corpus and cannot be found: {_few(list(missing))}."


def _few(names: Sequence[str]) -> str:
    """How many they are, and the first of them."""
    shown = ", ".join(printable(name[:SHOWN]) for name in names[:FEW])
    return f"{len(names):,} ({shown}{', …' if len(names) > FEW else ''})"


def _shown(path: Path) -> str:
    return printable(str(path))
