"""A catalogue of an earlier release has all that this one needs, once its tables are brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from broadsheet.daily import lists
from broadsheet.daily.entries import ListName, Part
from broadsheet.papers import authors, changes
from broadsheet.papers.likeness import title_hash
from broadsheet.papers.models import Affiliation, Author, AuthorAlias, Authorship, Paper, SourceRecord
from broadsheet.papers.names import name_slug
from broadsheet.papers.record import Record

LATE = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)


def migrate(name: str | None = None):
    """The models as they were after the migration of that name; None is the last."""
    executor = MigrationExecutor(connection)
    # A new catalogue takes one step for all of these; an old one takes them one by one.
    executor.loader.replace_migrations = False
    executor.loader.build_graph()
    targets = [("papers", name)] if name else executor.loader.graph.leaf_nodes("papers")
    return executor.migrate(targets).apps


@pytest.fixture
def first_release(transactional_db) -> Iterator:
    yield migrate("0001_catalogue")
    migrate()


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


def test_a_new_catalogue_has_the_tables_of_an_old_one(transactional_db):
    new = tables()
    migrate("0001_catalogue")
    assert tables() != new
    migrate()
    assert tables() == new


def test_papers_of_the_first_release_get_their_days(first_release):
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


def test_papers_of_an_earlier_release_are_read_from_the_beginning_of_the_changes(first_release):
    first_release.get_model("papers", "Revision").objects.update_or_create(pk=1, defaults={"number": 7})
    first_release.get_model("papers", "Paper").objects.create(
        public_id="old", title="old", added_at=LATE, revised_at=LATE
    )
    migrate()
    (change,) = changes.since(changes.Cursor(0), limit=2).items
    assert (change.public_id, change.number) == ("old", 7)


@pytest.fixture
def before_names(transactional_db) -> Iterator:
    yield migrate("0005_changes")
    migrate()


# Names as they are printed, and the slugs that releases before gave them.
OLD_SLUGS = {
    "Łucja Vale": "ucja-vale",
    "ŁUCJA VALE": "ucja-vale",
    "И. Vale": "vale",
    "Γ. Vale": "vale",
    "Ø. Strand": "strand",
    "Strand": "strand",
    "김철수": "\u1100\u1175\u11b7\u110e\u1165\u11af\u1109\u116e",
    "Ada Vale": "ada-vale",
}


def fill(models, papers: list[list[str]]) -> None:
    """Papers with authors as earlier releases stored them."""
    author, authorship = models.get_model("papers", "Author"), models.get_model("papers", "Authorship")
    for number, names in enumerate(papers, start=1):
        paper = models.get_model("papers", "Paper").objects.create(
            public_id=str(number), title="t", author_count=len(names), added_at=LATE, revised_at=LATE
        )
        for position, name in enumerate(names, start=1):
            slug = OLD_SLUGS.get(name) or name_slug(name)
            author.objects.get_or_create(slug=slug, defaults={"name": name})
            authorship.objects.create(paper=paper, author_id=slug, position=position, name=name)


def test_authors_of_an_earlier_release_get_their_letters_and_old_addresses_lead_on(before_names):
    fill(before_names, [["Łucja Vale", "И. Vale", "Ada Vale"], ["ŁUCJA VALE", "Γ. Vale"], ["И. Vale"]])
    before_names.get_model("papers", "Author").objects.create(slug="nobody", name="Nobody")
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


def test_an_old_address_that_somebody_still_has_is_theirs(before_names):
    fill(before_names, [["Ø. Strand", "김철수"], ["Ø. Strand"], ["Strand"]])
    migrate()
    assert (authors.author("strand").name, authors.author("o-strand").name) == ("Strand", "Ø. Strand")
    assert authors.author(OLD_SLUGS["김철수"]).slug == "김철수"


def test_what_was_taken_for_an_author_and_is_none_goes(before_names):
    fill(before_names, [["TideLab", ":", "Ada Vale"], ["Ada Vale et al."], ["Tide Team: Ada Vale", "et al"]])
    migrate()
    printed = [
        list(paper.authorships.order_by("position").values_list("name", flat=True))
        for paper in Paper.objects.order_by("pk")
    ]
    assert printed == [["TideLab", "Ada Vale"], ["Ada Vale"], ["Tide Team", "Ada Vale"]]
    assert [paper.author_count for paper in Paper.objects.order_by("pk")] == [2, 1, 2]
    assert Authorship.objects.filter(author="ada-vale").count() == 3


def test_moving_authors_that_was_broken_off_is_finished_by_the_next_start(before_names):
    fill(before_names, [["Łucja Vale"], ["Łucja Vale", "И. Vale"], ["Γ. Vale"]])
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


def test_organizations_of_an_earlier_release_keep_their_names(before_names):
    fill(before_names, [["Ada Vale"]])
    before_names.get_model("papers", "Organization").objects.create(slug="northlab", name="North Lab")
    before_names.get_model("papers", "Affiliation").objects.create(
        paper_id=Paper.objects.values_list("pk", flat=True).get(), organization_id="northlab", position=1
    )
    migrate()
    assert (Affiliation.objects.get().name, authors.organization("northlab").name) == (
        "North Lab",
        "North Lab",
    )


def test_titles_of_an_earlier_release_get_the_keys_of_this_one(transactional_db):
    old = migrate("0012_titles_of_records")
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


def test_papers_keep_the_date_that_feeds_gave_them(transactional_db):
    old = migrate("0015_texts")
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


def test_dating_papers_that_was_broken_off_is_finished_and_locks_few_at_once(
    transactional_db, monkeypatch, django_assert_num_queries
):
    dating = import_module("broadsheet.papers.migrations.0017_first_dates_of_papers")
    monkeypatch.setattr(dating, "BATCH", 2)
    apps = migrate("0016_first_dates")
    papers, before = apps.get_model("papers", "Paper").objects, datetime(2026, 11, 2, tzinfo=UTC)
    for number in range(5):
        papers.create(public_id=f"{number}", title="x", added_at=LATE, revised_at=LATE)
    papers.filter(public_id="3").update(first_dated_at=before)
    with connection.schema_editor() as editor, django_assert_num_queries(4 + 3):
        dating.date_papers(apps, editor)
    migrate()
    dates = [paper.first_dated_at for paper in Paper.objects.order_by("pk")]
    assert dates == [LATE, LATE, LATE, before, LATE]
