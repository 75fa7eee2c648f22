"""A paper's texts are made once and are those of the paper, whatever happens to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.cast import ARXIV, HUGGING_FACE, SAVED_PAGE

from broadsheet.papers import checking, reading, texts, verdicts
from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Paper, PaperText, TextDue
from broadsheet.papers.text import block, inline, plain
from broadsheet.papers.texts import MADE_WITH_THE_PAPER, Original, made

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def many(count: int):
    return [
        replace(
            ARXIV,
            key=f"2503.1{number:04}",
            title=f"Paper {number} on $x_{number}$",
            abstract=f"Sails tear & bend. We propose sail {number} of $x_{number}$.",
            identifiers=(Identifier("arxiv", f"2503.1{number:04}"),),
        )
        for number in range(count)
    ]


def shown() -> list[texts.Texts]:
    return [row.text for row in reading.rows(list(Paper.objects.order_by("pk").values_list("pk", flat=True)))]


def assert_right():
    assert list(checking.problems(now=NOW)) == []
    for paper in Paper.objects.select_related("text"):
        row = paper.text
        of_row = texts.of_row(paper.title, paper.abstract, row)
        assert of_row == made(Original(paper.title, paper.abstract, of_row.summary))


def test_a_small_store_makes_the_texts_with_its_papers():
    store([ARXIV], now=NOW)
    assert not TextDue.objects.exists()
    assert_right()
    (one,) = shown()
    assert one.title == plain(ARXIV.title)
    assert one.title_html == inline(ARXIV.title)
    assert one.abstract == plain(ARXIV.abstract)
    assert one.abstract_html == block(ARXIV.abstract)
    assert one.point.text == plain(ARXIV.abstract)


def test_a_large_import_leaves_most_of_them_due_and_they_are_shown_just_the_same():
    records = many(MADE_WITH_THE_PAPER + 1)
    store(records, now=NOW)
    assert 0 < TextDue.objects.count() <= len(records) - PaperText.objects.count()
    assert list(checking.problems(now=NOW)) == []
    before = shown()
    while texts.make_due():
        pass
    assert not TextDue.objects.exists()
    assert_right()
    assert shown() == before
    assert PaperText.objects.count() == len(records)


def test_a_revision_replaces_the_texts_and_a_new_counter_leaves_them():
    store([ARXIV], now=NOW)
    PaperText.objects.update(version=0)
    store([HUGGING_FACE], now=NOW)
    assert PaperText.objects.get().version == 0
    later = NOW + timedelta(days=1)
    store([replace(ARXIV, abstract="We propose tin.", observed_at=later)], now=later)
    assert PaperText.objects.get().version == texts.VERSION
    assert shown()[0].point.text == "We propose tin."
    assert_right()


def test_papers_that_become_one_or_two_have_texts_of_their_own():
    store([ARXIV, replace(SAVED_PAGE, title="Something Else", abstract="We propose brass.")], now=NOW)
    names = sorted(Paper.objects.values_list("public_id", flat=True))
    verdicts.join(*names, by="test", because="", now=NOW)
    assert Paper.objects.count() == PaperText.objects.count() == 1
    assert_right()
    verdicts.split("2503.00001", ["saved_page:0123456789ab"], by="test", because="", now=NOW)
    assert PaperText.objects.count() == 2
    assert_right()


def test_what_changed_while_its_texts_were_made_has_those_of_the_change(monkeypatch):
    records = many(MADE_WITH_THE_PAPER + 1)
    store(records, now=NOW)
    columns, later = texts.columns, NOW + timedelta(days=1)
    anew = [
        replace(one, abstract=f"We propose brass {one.key}.", observed_at=later)
        for one in records[: MADE_WITH_THE_PAPER // 2]
    ]

    def made_while_another_writes(original):
        monkeypatch.setattr(texts, "columns", columns)
        store(anew, now=later)
        return columns(original)

    monkeypatch.setattr(texts, "columns", made_while_another_writes)
    while texts.make_due():
        pass
    assert_right()
    assert PaperText.objects.filter(point__startswith="We propose brass").count() == len(anew)


def test_a_better_making_is_made_in_the_background_and_the_old_one_is_shown_meanwhile(monkeypatch):
    store(many(3), now=NOW)
    before = shown()
    monkeypatch.setattr(texts, "VERSION", texts.VERSION + 1)
    assert shown() == before
    assert texts.make_due() == 3
    assert texts.make_due() == 0
    assert set(PaperText.objects.values_list("version", flat=True)) == {texts.VERSION}


def test_a_source_s_own_summary_is_kept_with_its_name():
    said = {"paper": {"ai_summary": "Tin sails bend  $x_1$."}}
    store([ARXIV, replace(HUGGING_FACE, said=said)], now=NOW)
    (one,) = shown()
    assert one.summary == texts.Summary("Tin sails bend x₁.", "huggingface")
    PaperText.objects.all().delete()
    TextDue.objects.create(paper_id=Paper.objects.get().pk)
    texts.make_due()
    assert shown() == [one]


def test_texts_are_read_with_their_papers_and_no_tex_is_read_again(monkeypatch, count_queries):
    store(many(5), now=NOW)
    pks = list(Paper.objects.values_list("pk", flat=True))
    monkeypatch.setattr("broadsheet.papers.text.cleaned", None)
    assert count_queries(lambda: [row.text.point for row in reading.bare_rows(pks)]) == 1
    assert len(shown()) == 5
    assert reading.details(pks)[0].row.text.title
