"""The folder of the index: where its parts lie, which word index is the current one, who may write.

    index/
      lock                        held by the one process that writes
      CURRENT                     the name of the word index in use, replaced as a whole
      NEXT                        the name of the one that takes over when all changes are in it
      model.json                  the embedding model in use; none is there for the default
      model-prepared.json         the one that will take over when every paper is embedded with it
      words-5-000001/             a word index (tantivy); the first number is the form of its fields
      vectors-68807e3ff2ab-384    the embeddings of one model

A new word index is built beside the old one; replacing CURRENT is the moment it takes over. One of the form
before answers until then.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from filelock import FileLock, Timeout

from broadsheet.configured import instance
from broadsheet.papers.disk import flush, is_full
from broadsheet.search.embedding_models.embedding import DEFAULT, EmbeddingModel

# Raised whenever the fields of the word index or the way words are split change: the old one is then rebuilt.
FORM = 5
FORMS = (FORM - 1, FORM)
# The model in use, and the one that is prepared to take its place.
MODEL, NEXT_MODEL = "model.json", "model-prepared.json"


class IndexBusyError(Exception):
    """Another process is writing to the index."""


class IndexUnwritableError(Exception):
    """The disk does not take what is to be written; the message says why. What was written before stays."""


def index_folder() -> Path:
    """The folder of this instance's index; it may not exist yet."""
    return Path(instance().data) / "index"


def model_in_use(folder: Path) -> EmbeddingModel:
    """The model whose embeddings are searched."""
    return _model(folder / MODEL) or DEFAULT


def model_prepared(folder: Path) -> EmbeddingModel | None:
    """The model that will take over when every paper is embedded with it, if there is one."""
    return _model(folder / NEXT_MODEL)


def use(folder: Path, model: EmbeddingModel) -> None:
    """Make the model the one in use, in one step; none is prepared any more."""
    _replace(folder / NEXT_MODEL, json.dumps(asdict(model)))
    (folder / NEXT_MODEL).replace(folder / MODEL)
    flush(folder)


def prepare(folder: Path, model: EmbeddingModel) -> None:
    """Note that the papers are to be embedded with the model, for it to take over."""
    _replace(folder / NEXT_MODEL, json.dumps(asdict(model)))


def _model(file: Path) -> EmbeddingModel | None:
    try:
        return EmbeddingModel(**json.loads(file.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def vectors_file(folder: Path, identity: str) -> Path:
    """Where the embeddings of the model are kept."""
    return folder / f"vectors-{identity}"


@contextmanager
def writing(*, wait: float) -> Iterator[Path]:
    """The index folder, to be written by this process alone.

    Raises IndexBusyError after `wait` seconds, and IndexUnwritableError.
    """
    folder = index_folder()
    if folder.exists() and not folder.is_dir():
        raise IndexUnwritableError(
            f"{folder} is a file, and the folder of the index belongs there; move it away"
        )
    try:
        folder.mkdir(exist_ok=True)
        with FileLock(folder / "lock", timeout=wait):
            yield folder
    except Timeout as problem:
        raise IndexBusyError(f"another process is writing to the index in {folder}") from problem
    except OSError as problem:
        raise IndexUnwritableError(
            f"the index in {folder} cannot be written ({problem.strerror})"
        ) from problem
    except ValueError as problem:
        if not is_full(problem, folder=folder):
            raise
        raise IndexUnwritableError(f"the index in {folder} cannot be written: its disk is full") from problem


def answering(folder: Path) -> Path | None:
    """The word index that is searched, if there is one of the present form or the one before."""
    return _named(folder, "CURRENT", FORMS)


def current(folder: Path) -> Path | None:
    """The word index in use, if there is one and it is of the present form."""
    return _named(folder, "CURRENT", (FORM,))


def was_begun(folder: Path) -> bool:
    """True where a word index was made once, whatever became of it."""
    return (folder / "CURRENT").exists()


def following(folder: Path) -> Path | None:
    """The word index that is to take over when all changes are in it, if there is one."""
    return _named(folder, "NEXT", (FORM,))


def is_present(words: Path) -> bool:
    """True for a word index of the present form."""
    return words.name.startswith(f"words-{FORM}-")


def _named(folder: Path, file: str, forms: tuple[int, ...]) -> Path | None:
    try:
        name = (folder / file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    known = [name.removeprefix(f"words-{form}-") for form in forms if name.startswith(f"words-{form}-")]
    path = folder / name
    return path if known and known[0].isdigit() and path.is_dir() else None


def beside(folder: Path) -> Path:
    """A new empty folder for a word index, beside the one in use."""
    numbers = [int(path.name.rpartition("-")[2]) for path in folder.glob("words-*-*[0-9]")]
    path = folder / f"words-{FORM}-{max(numbers, default=0) + 1:06}"
    path.mkdir()
    return path


def follow(words: Path) -> None:
    """Have `words` take over when all changes are in it."""
    _replace(words.parent / "NEXT", words.name)


def switch(words: Path) -> None:
    """Make `words` the word index in use, in one step, and remove all others."""
    folder = words.parent
    _replace(folder / "CURRENT", words.name)
    (folder / "NEXT").unlink(missing_ok=True)
    remove_others(words)


def remove_others(*kept: Path) -> None:
    """Remove every word index but these: old ones, and what a killed rebuild left behind."""
    for path in kept[0].parent.glob("words-*"):
        if path not in kept:
            shutil.rmtree(path, ignore_errors=True)


def _replace(file: Path, text: str) -> None:
    """Put the text in place of what the file holds, in one step that outlives a power cut."""
    new = file.with_name(f"{file.name}.new")
    with new.open("w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    new.replace(file)
    flush(file.parent)


def remove_other_vectors(folder: Path) -> None:
    """Remove the embeddings of models that are neither in use nor prepared."""
    if (folder / MODEL).exists() and not _model(folder / MODEL):
        return  # whose embeddings those are cannot be told
    models = (model_in_use(folder), model_prepared(folder))
    kept = {vectors_file(folder, model.identity) for model in models if model}
    for path in folder.glob("vectors-*"):
        if path not in kept:
            path.unlink()


def size(folder: Path, pattern: str) -> int:
    """The bytes on disk of the files in the folder whose path is like the pattern."""
    total = 0
    for path in folder.glob(pattern):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:  # merged away while we looked
            continue
    return total
