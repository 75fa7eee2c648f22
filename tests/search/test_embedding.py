"""The model of the package, as its authors describe it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from broadsheet.search.embedding_models import embedding
from broadsheet.search.embedding_models.embedding import DEFAULT, ModelError, checked_folder
from broadsheet.search.embedding_models.runtimes import runtime

TEXTS = [
    "The loss of a large network spikes during training.",
    "A soup of beans and herbs.",
    "Optimization becomes unstable when the learning rate is too high. " * 20,
    "",
]


def test_vectors_have_length_one_and_a_row_for_each_text_in_its_order():
    vectors = runtime(DEFAULT).embed_documents(TEXTS)
    assert vectors.shape == (len(TEXTS), DEFAULT.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_vector_does_not_depend_on_its_company():
    together = runtime(DEFAULT).embed_documents(TEXTS)
    alone = [runtime(DEFAULT).embed_documents([text])[0] for text in TEXTS]
    assert np.array_equal(together, alone)
    assert np.array_equal(together[::-1], runtime(DEFAULT).embed_documents(TEXTS[::-1]))


def test_a_question_is_closer_to_its_answer_than_to_anything_else():
    vectors = runtime(DEFAULT).embed_documents(TEXTS)
    question = runtime(DEFAULT).embed_query("why does training diverge")
    assert vectors[1] @ question < min(vectors[0] @ question, vectors[2] @ question)


def test_what_follows_the_first_256_word_pieces_does_not_count():
    long = "word " * 300
    one, other = runtime(DEFAULT).embed_documents([long + "cats", long + "dogs"])
    assert np.array_equal(one, other)


def test_threads_may_share_the_model():
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(runtime(DEFAULT).embed_query, ["same question"] * 16))
    assert all(np.allclose(vector, found[0], atol=1e-6) for vector in found)


def test_a_missing_package_and_a_changed_file_are_told_in_a_sentence(monkeypatch, tmp_path):
    package = tmp_path / "otherpackage"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    monkeypatch.setattr(embedding, "PACKAGE", "otherpackage")
    with pytest.raises(ModelError, match="cannot be read"):
        checked_folder(DEFAULT)
    weights = package / embedding.FOLDER / "model.onnx"
    weights.parent.mkdir(parents=True)
    weights.write_bytes(b"not the weights")
    with pytest.raises(ModelError, match="not the model that it was"):
        checked_folder(DEFAULT)
    monkeypatch.setattr(embedding, "PACKAGE", "nosuchpackage")
    with pytest.raises(ModelError, match="is missing; install it"):
        checked_folder(DEFAULT)


def test_the_library_that_runs_the_model_reports_to_nobody(tmp_path):
    script = "from broadsheet.search.embedding_models import embedding, runtimes; runtimes.runtime(embedding.DEFAULT)"
    subprocess.run([sys.executable, "-c", script], env={**os.environ, "HOME": str(tmp_path)}, check=True)
    assert [path for path in tmp_path.rglob("*") if "onnxruntime" in path.name] == []
