"""A catalogue of an earlier release has all that this one needs, once its tables are brought up to date."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.db import connection
from tests.papers.releases import LATE, OLD_SLUGS, fill

from broadsheet.daily import lists
from broadsheet.daily.entries import ListName, Part
from broadsheet.papers import authors, changes
from broadsheet.papers.likeness import title_hash
from broadsheet.papers.models import Affiliation, Author, AuthorAlias, Authorship, Paper, SourceRecord
from broadsheet.papers.record import Record


def tables() -> dict[str, object]:
    """Of each table of the catalogue the columns, and what its indexes and constraints hold."""
    with connection.cursor() as cursor:
        inspect = connection.introspection
        names = [name for name in inspect.table_names(cursor) if name.startswith("papers_")]
        return {
            name: (
                sorted(
                    (x.name, inspect.get_field_type(x.type_code, x), x.null_ok)
                    for x in inspect.get_table_description(cursor, name)
                ),
                sorted(
                    (
                        found["columns"] or [],
                        *(str(found.get(key)) for key in ("unique", "orders", "foreign_key")),
                    )
                    for found in inspect.get_constraints(cursor, name).values()
                ),
            )
            for name in names
        }


def test_a_new_catalogue_has_the_tables_of_an_old_one(release, migrate):
    new = tables()
    release("0001_catalogue")
    assert tables() != new
    migrate()
    assert tables() == new


def test_papers_of_the_first_release_get_their_days(release, migrate):
    first_release = release("0001_catalogue")
    old = first_release.get_model("papers", "Paper")
    for name, published_at in (("listed", LATE), ("dated", LATE), ("undated", None)):
        paper = old.objects.create(
            public_id=name, title=name, published_at=published_at, added_at=LATE, revised_at=LATE
        )
        if name == "listed":
            first_release.get_model("papers", "PaperListing").objects.create(
                paper=paper, source="huggingface", day=date(2026, 11, 22), position=1
            )
    migrate()
    days = {paper.public_id: (paper.day, paper.listed) for paper in Paper.objects.all()}
    assert days == {"listed": (LATE.date(), True), "dated": (LATE.date(), False), "undated": (None, False)}
    dated, listed = (
        lists.read(ListName("day", day), None, Part(), today=LATE.date())
        for day in (str(LATE.date()), "2026-11-22")
    )
    assert (dated.total, listed.sections[0].curated) == (1, 1)
    assert not Paper.objects.filter(retracted=True).exists()


@pytest.mark.thorough
def test_papers_of_an_earlier_release_are_read_from_the_beginning_of_the_changes(release, migrate):
    first_release = release("0001_catalogue")
    first_release.get_model("papers", "Revision").objects.update_or_create(pk=1, defaults={"number": 7})
    first_release.get_model("papers", "Paper").objects.create(
        public_id="old", title="old", added_at=LATE, revised_at=LATE
    )
    migrate()
    (change,) = changes.since(changes.Cursor(0), limit=2).items
    assert (change.public_id, change.number) == ("old", 7)


@pytest.mark.thorough
def test_moving_authors_that_was_broken_off_is_finished_by_the_next_start(release, migrate):
    fill(release("0005_changes"), [["Łucja Vale"], ["Łucja Vale", "И. Vale"], ["Γ. Vale"]])
    migrate("0006_names")
    slugs = import_module("broadsheet.papers.migrations.0007_slugs")
    apps = migrate("0006_names")
    slugs.move(apps)
    migrate()
    assert dict(AuthorAlias.objects.values_list("old", "slug")) == {
        "ucja-vale": "lucja-vale",
        "vale": "γ-vale",
    }
    assert not Author.objects.filter(slug__in=["ucja-vale", "vale"]).exists()


@pytest.mark.anywhere
def test_authors_of_an_earlier_release_get_their_letters_and_old_addresses_lead_on(release, migrate):
    old = release("0005_changes")
    fill(old, [["Łucja Vale", "И. Vale", "Ada Vale"], ["ŁUCJA VALE", "Γ. Vale"], ["И. Vale"]])
    old.get_model("papers", "Author").objects.create(slug="nobody", name="Nobody")
    migrate()
    assert dict(Author.objects.values_list("slug", "name")) == {
        "lucja-vale": "Łucja Vale",
        "и-vale": "И. Vale",
        "γ-vale": "Γ. Vale",
        "ada-vale": "Ada Vale",
    }
    assert dict(AuthorAlias.objects.values_list("old", "slug")) == {
        "ucja-vale": "lucja-vale",
        "vale": "и-vale",
    }
    assert authors.author("vale").slug == "и-vale"
    assert Authorship.objects.filter(author="lucja-vale").count() == 2


@pytest.mark.thorough
@pytest.mark.anywhere
def test_an_old_address_that_somebody_still_has_is_theirs(release, migrate):
    fill(release("0005_changes"), [["Ø. Strand", "김철수"], ["Ø. Strand"], ["Strand"]])
    migrate()
    assert (authors.author("strand").name, authors.author("o-strand").name) == ("Strand", "Ø. Strand")
    assert authors.author(OLD_SLUGS["김철수"]).slug == "김철수"


@pytest.mark.thorough
@pytest.mark.anywhere
def test_what_was_taken_for_an_author_and_is_none_goes(release, migrate):
    fill(
        release("0005_changes"),
        [["TideLab", ":", "Ada Vale"], ["Ada Vale et al."], ["Tide Team: Ada Vale", "et al"]],
    )
    migrate()
    printed = [
        list(paper.authorships.order_by("position").values_list("name", flat=True))
        for paper in Paper.objects.order_by("pk")
    ]
    assert printed == [["TideLab", "Ada Vale"], ["Ada Vale"], ["Tide Team", "Ada Vale"]]
    assert [paper.author_count for paper in Paper.objects.order_by("pk")] == [2, 1, 2]
    assert Authorship.objects.filter(author="ada-vale").count() == 3


@pytest.mark.thorough
@pytest.mark.anywhere
def test_organizations_of_an_earlier_release_keep_their_names(release, migrate):
    old = release("0005_changes")
    fill(old, [["Ada Vale"]])
    old.get_model("papers", "Organization").objects.create(slug="northlab", name="North Lab")
    old.get_model("papers", "Affiliation").objects.create(
        paper_id=Paper.objects.values_list("pk", flat=True).get(), organization_id="northlab", position=1
    )
    migrate()
    assert (Affiliation.objects.get().name, authors.organization("northlab").name) == (
        "North Lab",
        "North Lab",
    )


@pytest.mark.thorough
def test_titles_of_an_earlier_release_get_the_keys_of_this_one(release, migrate):
    old = release("0012_titles_of_records")
    paper = old.get_model("papers", "Paper").objects.create(
        public_id="local:000000000001", title="Learning C++", added_at=LATE, revised_at=LATE
    )
    titles = ["Learning C++", r"On \enquote{Tides}", "Tides"]
    for number, title in enumerate(titles):
        record = Record(source="ris", key=str(number), title=title)
        old.get_model("papers", "SourceRecord").objects.create(
            source="ris",
            key=record.key,
            paper=paper,
            digest=record.digest(),
            content=record.to_json().decode(),
            title_key=title_hash(title if title == "Tides" else "as it was"),
        )
    migrate()
    keys = dict(SourceRecord.objects.values_list("key", "title_key"))
    assert keys == {str(number): title_hash(title) for number, title in enumerate(titles)}


@pytest.mark.thorough
def test_papers_keep_the_date_that_feeds_gave_them(release, migrate):
    old = release("0015_texts")
    added, sent = datetime(2026, 11, 20, 9, 30, 1, 5, tzinfo=UTC), datetime(2026, 11, 2, 8, tzinfo=UTC)
    papers = {
        "exact": {"published_at": sent},
        "year": {"published_at": sent, "published_precision": "year"},
        "announced": {
            "published_at": sent,
            "published_precision": "none",
            "announced_on": date(2026, 11, 2),
        },
        "listed": {},
        "unknown": {},
    }
    for name, columns in papers.items():
        paper = old.get_model("papers", "Paper").objects.create(
            public_id=name, title=name, added_at=added, revised_at=added, **columns
        )
        if name in {"listed", "announced"}:
            for day in (9, 5):
                old.get_model("papers", "PaperListing").objects.create(
                    paper=paper, source=f"source{day}", day=date(2026, 11, day), position=1
                )
    migrate()
    assert dict(Paper.objects.values_list("public_id", "first_dated_at")) == {
        "exact": sent,
        "year": None,
        "announced": datetime(2026, 11, 2, tzinfo=UTC),
        "listed": datetime(2026, 11, 5, tzinfo=UTC),
        "unknown": added,
    }


@pytest.mark.thorough
def test_dating_papers_that_was_broken_off_is_finished_and_locks_few_at_once(
    release, migrate, monkeypatch, django_assert_num_queries
):
    dating = import_module("broadsheet.papers.migrations.0017_first_dates_of_papers")
    monkeypatch.setattr(dating, "BATCH", 2)
    apps = release("0016_first_dates")
    papers, before = apps.get_model("papers", "Paper").objects, datetime(2026, 11, 2, tzinfo=UTC)
    for number in range(5):
        papers.create(public_id=f"{number}", title="x", added_at=LATE, revised_at=LATE)
    papers.filter(public_id="3").update(first_dated_at=before)
    with connection.schema_editor() as editor, django_assert_num_queries(4 + 3):
        dating.date_papers(apps, editor)
    migrate()
    dates = [paper.first_dated_at for paper in Paper.objects.order_by("pk")]
    assert dates == [LATE, LATE, LATE, before, LATE]
