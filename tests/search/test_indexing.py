"""The index follows the catalogue, does no work twice, and makes good whatever befell it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from filelock import FileLock
from tests.search.shelf import MORNING, record

from broadsheet.papers.catalogue import store
from broadsheet.papers.models import Change, Paper
from broadsheet.search import documents, finding, folder, indexing, status
from broadsheet.search.embedding_models import embedding
from broadsheet.search.models import EmbeddingDue

pytestmark = pytest.mark.django_db


def vectors_file() -> Path:
    return folder.vectors_file(folder.index_folder(), embedding.DEFAULT.identity)


def test_every_paper_is_found_once_its_change_is_indexed(shelf, catch_up, titles):
    assert Change.objects.count() == len(shelf)
    catch_up()
    assert Change.objects.count() == 0
    assert titles("soup") == ["Cooking for Robots"]
    assert status.read().words == len(shelf)
    assert set(EmbeddingDue.objects.values_list("pk", flat=True)) == set(shelf)


def test_a_revised_paper_is_found_by_its_new_words_only_and_embedded_anew(shelf, bring_up_to_date, titles):
    bring_up_to_date()
    size = vectors_file().stat().st_size
    store([record(9, "Cooking for Robots", "A robot arm bakes a cake.", "Ivan Petrov")], now=MORNING)
    assert indexing.catch_up() == 1
    assert titles('"cake"') == ["Cooking for Robots"]
    assert titles('"soup"') == []
    bring_up_to_date()
    assert vectors_file().stat().st_size == size + size // len(shelf)
    assert status.read().embedded == len(shelf)


def test_a_change_that_leaves_the_text_alone_costs_no_new_embedding(shelf, bring_up_to_date):
    bring_up_to_date()
    before = vectors_file().read_bytes()
    store(
        [
            record(
                9, "Cooking for Robots", "A robot arm stirs a pot of soup and does not spill it.", "New Name"
            )
        ],
        now=MORNING,
    )
    assert indexing.catch_up() == 1
    assert not EmbeddingDue.objects.exists()
    assert vectors_file().read_bytes() == before


def test_vectors_made_in_another_way_count_until_the_texts_are_embedded_again(
    shelf, bring_up_to_date, catch_up, monkeypatch
):
    bring_up_to_date()
    monkeypatch.setattr(documents, "EMBEDDING", documents.EMBEDDING + 1)
    Change.objects.bulk_create([Change(paper_id=paper) for paper in shelf])
    catch_up()
    assert (status.read().embedded, status.read().due) == (len(shelf), len(shelf))
    assert finding.similar([shelf[0]], limit=3)
    bring_up_to_date()
    assert (status.read().embedded, status.read().due) == (len(shelf), 0)
    assert status.read().dead == len(shelf)


def test_a_deleted_paper_is_found_neither_by_words_nor_by_meaning(shelf, bring_up_to_date):
    bring_up_to_date()
    Paper.objects.filter(pk=shelf[8]).delete()
    Change.objects.create(paper_id=shelf[8])
    indexing.catch_up()
    found = finding.find("a robot stirs the soup", limit=20)
    assert shelf[8] not in [hit.paper_pk for hit in found.hits]
    assert (status.read().words, status.read().embedded) == (8, 8)


def test_a_paper_deleted_before_it_was_embedded_is_no_longer_due(shelf, catch_up):
    catch_up()
    Paper.objects.all().delete()
    while indexing.embed_due():
        pass
    assert not EmbeddingDue.objects.exists()


def test_a_change_that_comes_while_others_are_indexed_stays_in_the_queue(shelf, monkeypatch):
    monkeypatch.setattr(indexing, "PAPERS_A_COMMIT", 4)
    assert indexing.catch_up() == 4
    assert Change.objects.count() == len(shelf) - 4
    Change.objects.create(paper_id=shelf[0])
    assert [indexing.catch_up(), indexing.catch_up(), indexing.catch_up()] == [4, 2, 0]


def test_indexing_again_from_the_same_queue_changes_nothing(shelf, catch_up, titles):
    """What a kill between the commit of the words and that of the queue leads to."""
    catch_up()
    before = titles("learning model network")
    Change.objects.bulk_create([Change(paper_id=paper) for paper in (*shelf, *shelf)])
    catch_up()
    assert titles("learning model network") == before
    assert status.read().words == len(shelf)


def test_a_second_writer_is_told_that_the_index_is_busy(shelf, data):
    (data / "index").mkdir()
    with FileLock(data / "index" / "lock"), pytest.raises(folder.IndexBusyError, match="another process"):
        indexing.catch_up()
    assert indexing.catch_up() == len(shelf)


def remove_all(index: Path) -> None:
    shutil.rmtree(index)


def remove_words(index: Path) -> None:
    for path in index.glob("words-*"):
        shutil.rmtree(path)


def cut_a_segment(index: Path) -> None:
    segment = max(index.glob("words-*/*.idx"))
    os.truncate(segment, segment.stat().st_size // 2)


def empty_the_words(index: Path) -> None:
    (max(index.glob("words-*")) / "meta.json").write_bytes(b"")


def name_nothing(index: Path) -> None:
    (index / "CURRENT").write_bytes(b"\xff/../../etc")


def name_another_form(index: Path) -> None:
    words = max(index.glob("words-*"))
    words.rename(words.with_name("words-0-000001"))
    (index / "CURRENT").write_text("words-0-000001")


@pytest.mark.parametrize(
    "harm",
    [remove_all, remove_words, cut_a_segment, empty_the_words, name_nothing, name_another_form],
    ids=lambda harm: harm.__name__,
)
def test_whatever_befalls_the_index_search_goes_on_and_mending_makes_it_whole(
    shelf, bring_up_to_date, titles, data, harm
):
    bring_up_to_date()
    before = titles("glowing cells")
    harm(data / "index")
    told = finding.find("glowing cells", limit=5)
    assert told.waiting
    assert told.waiting.note in told.notes
    indexing.mend()
    bring_up_to_date()
    assert titles("glowing cells") == before
    assert len(list((data / "index").glob("words-*"))) == 1


def test_an_index_without_some_papers_is_noticed_and_mended(shelf, bring_up_to_date, titles):
    bring_up_to_date()
    with folder.writing(wait=0) as root:
        indexing.lexical.write(folder.current(root), shelf[:4], [])
    assert titles('"soup"') == ["Cooking for Robots"]
    assert titles('"outbreak"') == []
    indexing.mend()
    bring_up_to_date()
    assert titles('"outbreak"') == ["Epidemics on Graphs"]


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"x" * 5_000)])
def test_lost_embeddings_are_noticed_and_made_again(shelf, bring_up_to_date, harm):
    bring_up_to_date()
    before = finding.similar([shelf[0]], limit=3)
    harm(vectors_file())
    assert status.read().embedded == 0
    indexing.mend()
    bring_up_to_date()
    after = finding.similar([shelf[0]], limit=3)
    assert [hit.paper_pk for hit in after] == [hit.paper_pk for hit in before]


def test_embeddings_of_papers_that_nobody_knows_are_forgotten(shelf, bring_up_to_date):
    bring_up_to_date()
    Paper.objects.filter(pk=shelf[3]).delete()
    indexing.mend()
    assert status.read().embedded == len(shelf) - 1


def test_a_rebuild_takes_over_in_one_step_and_embeds_nothing_again(shelf, bring_up_to_date, titles, data):
    bring_up_to_date()
    old, before = folder.current(data / "index"), vectors_file().read_bytes()
    steps: list[tuple[int, int]] = []

    def look(done: int, total: int) -> None:
        steps.append((done, total))
        assert folder.current(data / "index") == old
        assert titles("soup")[0] == "Cooking for Robots"

    Change.objects.create(paper_id=shelf[0])
    assert indexing.rebuild(progress=look) == len(shelf)
    assert steps == [(len(shelf), len(shelf))]
    assert folder.current(data / "index") not in {None, old}
    assert not old.exists()
    assert not indexing.is_work_left()
    assert vectors_file().read_bytes() == before
    assert titles("soup") == ["Cooking for Robots"]


def test_an_empty_catalogue_is_indexed_too(db):
    indexing.mend()
    assert indexing.catch_up() == 0
    assert indexing.embed_due() == 0
    assert indexing.rebuild(progress=lambda *_: None) == 0
    assert status.read().words == 0
    assert status.read().coverage == 1
