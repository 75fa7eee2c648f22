"""Another embedding model takes over when every paper has an embedding of it, and not before."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.search import tiny
from tests.search.shelf import MORNING, record

from broadsheet.papers.catalogue import store
from broadsheet.papers.models import Change, Paper
from broadsheet.search import finding, folder, indexing, status
from broadsheet.search.embedding_models.embedding import DEFAULT, EmbeddingModel, ModelError
from broadsheet.search.embedding_models.model_folder import described
from broadsheet.search.embedding_models.onnx_runtime import OnnxRuntime
from broadsheet.search.embedding_models.runtimes import runtime
from broadsheet.search.models import EmbeddingDue

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(tmp_path) -> EmbeddingModel:
    """Another model."""
    return described(tiny.save(tmp_path / "tiny"), name="tiny")


@pytest.fixture
def embedded(monkeypatch) -> list[str]:
    """The texts that a model is asked to embed."""
    texts: list[str] = []
    embed = OnnxRuntime.embed_documents

    def embed_documents(self: OnnxRuntime, some: list[str]) -> object:
        texts.extend(some)
        return embed(self, some)

    monkeypatch.setattr(OnnxRuntime, "embed_documents", embed_documents)
    return texts


def files(data: Path) -> list[str]:
    return sorted(path.name for path in (data / "index").glob("vectors-*"))


def similar(paper: int) -> list[int]:
    return [hit.paper_pk for hit in finding.similar([paper], limit=4)]


def test_searches_use_the_model_before_until_every_paper_is_embedded(
    shelf, bring_up_to_date, small, data, monkeypatch
):
    bring_up_to_date()
    before, coverage = similar(shelf[0]), finding.find("soup", limit=1).coverage
    indexing.change_model(small)
    monkeypatch.setattr(OnnxRuntime, "at_once", 2)
    for _ in range(4):
        assert indexing.embed_due() == 2
        assert similar(shelf[0]) == before
        assert finding.find("soup", limit=1).coverage == coverage == 1
    state = status.read()
    assert (state.model, state.preparing, state.prepared, state.due) == (DEFAULT.name, "tiny", 8, 1)
    assert state.preparation == pytest.approx(8 / 9)
    bring_up_to_date()
    state = status.read()
    assert (state.model_identity, state.embedded, state.preparing) == (small.identity, 9, "")
    assert similar(shelf[0]) != before
    indexing.mend()
    assert files(data) == [f"vectors-{small.identity}"]


def test_papers_that_come_or_go_while_a_model_is_prepared_are_no_trouble(
    shelf, bring_up_to_date, small, titles, monkeypatch
):
    bring_up_to_date()
    indexing.change_model(small)
    monkeypatch.setattr(OnnxRuntime, "at_once", 4)
    indexing.embed_due()
    store([record(12, "Soup as a Complex Fluid", "We stir soup and measure its flow.")], now=MORNING)
    Paper.objects.filter(pk=shelf[8]).delete()
    Change.objects.create(paper_id=shelf[8])
    while indexing.catch_up():
        pass
    assert titles('"complex fluid"') == ["Soup as a Complex Fluid"]
    assert shelf[8] not in similar(shelf[0])
    bring_up_to_date()
    state = status.read()
    assert (state.model, state.papers, state.words, state.embedded) == ("tiny", 9, 9, 9)


def test_a_model_takes_over_only_with_every_paper_even_if_none_is_due(shelf, bring_up_to_date, small):
    """What a kill between the pointer and the queue, or a damaged file, leads to."""
    bring_up_to_date()
    indexing.change_model(small)
    EmbeddingDue.objects.all().delete()
    assert indexing.embed_due() == 0
    assert status.read().model == DEFAULT.name
    assert indexing.is_work_left()
    bring_up_to_date()
    assert status.read().model == "tiny"


def test_asking_for_the_model_in_use_ends_a_preparation(shelf, bring_up_to_date, small, data, embedded):
    bring_up_to_date()
    indexing.change_model(small)
    store([record(9, "Cooking for Robots", "A robot arm bakes a cake.")], now=MORNING)
    indexing.catch_up()
    indexing.embed_due()
    embedded.clear()
    indexing.change_model(DEFAULT)
    assert files(data) == [f"vectors-{DEFAULT.identity}"]
    assert status.read().preparing == ""
    bring_up_to_date()
    # Its text changed while the other model was prepared; all others are as they were.
    assert embedded == ["Cooking for Robots A robot arm bakes a cake."]
    assert status.read().embedded == 9


def test_a_third_model_takes_the_place_of_the_one_being_prepared(
    shelf, bring_up_to_date, small, data, tmp_path
):
    bring_up_to_date()
    indexing.change_model(small)
    indexing.embed_due()
    third = described(tiny.save(tmp_path / "third", seed=3), name="third")
    indexing.change_model(third)
    assert files(data) == [f"vectors-{DEFAULT.identity}"]
    bring_up_to_date()
    assert status.read().model == "third"


def test_the_model_before_may_come_back(shelf, bring_up_to_date, small):
    bring_up_to_date()
    before = similar(shelf[0])
    indexing.change_model(small)
    bring_up_to_date()
    indexing.change_model(DEFAULT)
    bring_up_to_date()
    assert status.read().model == DEFAULT.name
    assert similar(shelf[0]) == before


def test_another_query_prefix_needs_no_new_embeddings(shelf, bring_up_to_date, small, embedded):
    indexing.change_model(small)
    bring_up_to_date()
    embedded.clear()
    changed = described(tiny.configure(Path(small.folder), pooling="mean_tokens"), name="tiny")
    assert changed.identity != small.identity  # other pieces
    indexing.change_model(changed)
    bring_up_to_date()
    assert len(embedded) == 9
    prefixed = described(tiny.configure(Path(small.folder), query="soup "), name="tiny")
    indexing.change_model(prefixed)
    assert folder.model_in_use(folder.index_folder()).query_prefix == "soup "
    bring_up_to_date()
    assert len(embedded) == 9


def test_a_prepared_model_that_is_gone_stops_neither_search_nor_words(shelf, bring_up_to_date, small, titles):
    bring_up_to_date()
    indexing.change_model(small)
    runtime.cache_clear()
    (Path(small.folder) / "model.onnx").unlink()
    with pytest.raises(ModelError, match=r"model\.onnx cannot be read"):
        indexing.embed_due()
    store([record(12, "Soup as a Complex Fluid", "We stir soup.")], now=MORNING)
    assert indexing.catch_up()
    assert titles('"complex fluid"') == ["Soup as a Complex Fluid"]
    indexing.change_model(DEFAULT)
    bring_up_to_date()
    assert status.read().embedded == 10


def test_a_model_in_use_that_is_gone_leaves_the_words_and_the_reader_is_told(shelf, bring_up_to_date, small):
    indexing.change_model(small)
    bring_up_to_date()
    runtime.cache_clear()
    (Path(small.folder) / "model.onnx").unlink()
    found = finding.find("soup", limit=1)
    assert [hit.paper_pk for hit in found.hits] == [shelf[8]]
    assert "Search by meaning is not available" in found.notes[0]


def test_a_damaged_pointer_never_costs_the_embeddings(shelf, bring_up_to_date, small, data):
    indexing.change_model(small)
    bring_up_to_date()
    pointer = data / "index" / "model.json"
    whole = pointer.read_bytes()
    pointer.write_bytes(whole[:20])
    assert finding.find("soup", limit=3).total >= 1
    indexing.mend()
    assert f"vectors-{small.identity}" in files(data)
    pointer.write_bytes(whole)
    assert status.read().embedded == 9


def test_a_text_that_is_embedded_already_is_not_embedded_again(shelf, bring_up_to_date, embedded):
    bring_up_to_date()
    embedded.clear()
    title, abstract = "Cooking for Robots", "A robot arm stirs a pot of soup and does not spill it."
    changed = record(9, title, "A robot arm bakes a cake.", "Ivan Petrov")
    store([changed], now=MORNING)
    bring_up_to_date()
    assert len(embedded) == 1
    store(
        [record(9, title, abstract, "Ivan Petrov"), record(21, title, abstract, "Somebody Else")], now=MORNING
    )
    bring_up_to_date()
    assert len(embedded) == 1
    assert status.read().embedded == status.read().papers


def test_a_changed_paper_does_not_wait_until_all_others_are_embedded(shelf, catch_up, titles, embedded):
    catch_up()
    store([record(12, "Soup as a Complex Fluid", "We stir soup.")], now=MORNING)
    assert indexing.embed_due() < len(shelf)
    assert 0 < len(embedded) < len(shelf)
    assert indexing.catch_up() == 1
    assert titles('"complex fluid"') == ["Soup as a Complex Fluid"]


def test_the_newest_papers_are_embedded_first(shelf, catch_up, monkeypatch):
    catch_up()
    monkeypatch.setattr(OnnxRuntime, "at_once", 2)
    indexing.embed_due()
    assert set(EmbeddingDue.objects.values_list("pk", flat=True)) == set(sorted(shelf)[:-2])


def test_the_same_text_twice_is_embedded_once(shelf, bring_up_to_date, embedded):
    twins = [record(n, "On Twins", "Two papers of one text.", f"Author {n}") for n in (21, 22)]
    store(twins, now=MORNING)
    bring_up_to_date()
    assert embedded.count("On Twins Two papers of one text.") == 1
    assert status.read().embedded == status.read().papers


def test_a_rebuild_embeds_nothing_and_gives_back_what_is_of_no_use(shelf, bring_up_to_date, embedded, data):
    bring_up_to_date()
    size = (data / "index" / files(data)[0]).stat().st_size
    store([record(9, "Cooking for Robots", "A robot arm bakes a cake.", "Ivan Petrov")], now=MORNING)
    bring_up_to_date()
    embedded.clear()
    assert status.read().dead == 1
    indexing.rebuild(progress=lambda *_: None)
    bring_up_to_date()
    assert embedded == []
    assert (status.read().dead, status.read().embedded) == (0, 9)
    assert (data / "index" / files(data)[0]).stat().st_size == size


def test_what_a_killed_compaction_left_behind_goes(shelf, bring_up_to_date, data):
    bring_up_to_date()
    (data / "index" / "vectors-68807e3ff2ab-384.new").write_bytes(b"half")
    indexing.mend()
    assert files(data) == [f"vectors-{DEFAULT.identity}"]
