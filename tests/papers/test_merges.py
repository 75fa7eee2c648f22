"""What hangs on a paper survives its merges and splits. A table that only this test has stands for votes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.core import checks
from django.db import connection, models
from django.test.utils import isolate_apps

from broadsheet.papers import merges, reading, verdicts
from broadsheet.papers.catalogue import store
from broadsheet.papers.checking import problems
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Change, Merge, Paper, Verdict
from broadsheet.papers.record import AuthorName, Record

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DOI = Identifier("doi", "10.1000/m")
FIRST = Record(
    source="arxiv",
    key="2403.00001",
    title="Masts",
    authors=(AuthorName("Y. Vale"),),
    identifiers=(Identifier("arxiv", "2403.00001"), DOI),
    observed_at=NOW,
)
SECOND = Record(
    source="acl",
    key="2024.acl-main.1",
    title="Other",
    authors=(AuthorName("Y. Vale"),),
    identifiers=(Identifier("acl", "2024.acl-main.1"),),
    observed_at=datetime(2024, 8, 1, tzinfo=UTC),
)
JOINED = replace(SECOND, identifiers=(*SECOND.identifiers, DOI), observed_at=datetime(2024, 9, 1, tzinfo=UTC))
PARTED = replace(SECOND, observed_at=datetime(2024, 10, 1, tzinfo=UTC))
NAMED_FIRST, NAMED_SECOND = "arxiv:2403.00001", "acl:2024.acl-main.1"


@pytest.fixture
def votes(transactional_db: None) -> Iterator[type[models.Model]]:
    """Votes that point at papers; a person may have one for each name of a paper."""
    del transactional_db
    with isolate_apps("broadsheet.papers"):

        class Vote(models.Model):  # noqa: DJ008
            person = models.CharField(max_length=10)
            paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="+")
            named = models.CharField(max_length=300)

            class Meta:
                app_label = "papers"
                db_table = "tests_vote"
                unique_together = (("person", "named"),)

    def merge(kept: int, gone: Sequence[int]) -> None:
        Vote.objects.filter(paper__in=gone).update(paper=kept)

    def split(paper: int, other: int, names: Collection[str]) -> None:
        Vote.objects.filter(paper=paper, named__in=names).update(paper=other)

    with connection.schema_editor() as editor:
        editor.create_model(Vote)
    mover = merges.Mover(Vote, merge=merge, split=split)
    merges.moves.append(mover)
    yield Vote
    merges.moves.remove(mover)
    with connection.schema_editor() as editor:
        editor.delete_model(Vote)


def vote(table: type[models.Model], name: str, *people: str) -> None:
    pk = reading.resolve(name.removeprefix("arxiv:"))[0]
    for person in people:
        table.objects.create(person=person, paper_id=pk, named=name)


def counted(table: type[models.Model]) -> dict[str, list[str]]:
    """The people who voted for each paper, by its public id."""
    found: dict[str, set[str]] = {}
    for pk, person in table.objects.values_list("paper_id", "person"):
        found.setdefault(Paper.objects.get(pk=pk).public_id, set()).add(person)
    return {name: sorted(people) for name, people in found.items()}


def test_five_votes_survive_a_merge_and_the_oldest_row_stays(votes):
    store([FIRST], now=NOW)
    store([SECOND], now=NOW)
    pk = reading.resolve("2403.00001")[0]
    vote(votes, NAMED_FIRST, "ada", "bo", "cy", "di", "ed")
    store([JOINED], now=NOW)
    assert [paper.pk for paper in Paper.objects.all()] == [pk]
    assert reading.resolve(NAMED_SECOND) == (pk, "2403.00001")
    assert counted(votes) == {"2403.00001": ["ada", "bo", "cy", "di", "ed"]}


def test_the_oldest_row_stays_when_the_record_of_the_younger_paper_is_revised(votes):
    del votes
    store([SECOND], now=NOW)
    oldest = reading.resolve(NAMED_SECOND)[0]
    store([FIRST], now=NOW)
    store([replace(JOINED, title="Again")], now=NOW)
    assert reading.resolve("2403.00001") == (oldest, "2403.00001")
    (merge,) = Merge.objects.all()
    assert merge.kept == oldest
    assert "2024.acl-main.1" in merge.because
    assert merge.gone in set(Change.objects.values_list("paper_id", flat=True))


ways = pytest.mark.parametrize("way", ["records", "verdicts"])


def join(way: str, moment: int) -> None:
    if way == "records":
        observed_at = datetime(2024, 9, 1, moment, tzinfo=UTC)
        store([replace(JOINED, observed_at=observed_at)], now=NOW)
    else:
        verdicts.join("2403.00001", NAMED_SECOND, by="Mira", because="", now=NOW)


def part(way: str, moment: int) -> None:
    if way == "records":
        observed_at = datetime(2024, 9, 1, moment, tzinfo=UTC)
        store([replace(PARTED, observed_at=observed_at)], now=NOW)
    else:
        verdicts.split("2403.00001", [NAMED_SECOND], by="Mira", because="", now=NOW)


@ways
@pytest.mark.parametrize("first", [FIRST, SECOND])
def test_merged_split_and_merged_again_each_vote_is_back_where_it_was(votes, way, first):
    store([first], now=NOW)
    store([FIRST, SECOND], now=NOW)
    vote(votes, NAMED_FIRST, "ada", "bo", "cy")
    vote(votes, NAMED_SECOND, "cy", "di")
    before = counted(votes)
    assert before == {"2403.00001": ["ada", "bo", "cy"], NAMED_SECOND: ["cy", "di"]}
    for moment in (1, 3):
        join(way, moment)
        assert counted(votes) == {"2403.00001": ["ada", "bo", "cy", "di"]}
        part(way, moment + 1)
        assert counted(votes) == before
    join(way, 9)
    assert votes.objects.count() == 5
    assert list(problems(now=NOW)) == []


def test_a_vote_follows_the_record_that_moves_to_another_paper(votes):
    masts = replace(FIRST, identifiers=FIRST.identifiers[:1])
    sails = replace(masts, key="2403.00002", title="Sails", identifiers=(Identifier("arxiv", "2403.00002"),))
    loose = Record(
        source="bibtex", key="k", title="x", identifiers=(*masts.identifiers, DOI), observed_at=NOW
    )
    store([masts, sails, loose], now=NOW)
    vote(votes, "doi:10.1000/m", "ada")
    vote(votes, NAMED_FIRST, "bo")
    later = datetime(2026, 11, 23, tzinfo=UTC)
    store([replace(loose, identifiers=(*sails.identifiers, DOI), observed_at=later)], now=NOW)
    assert counted(votes) == {"2403.00001": ["bo"], "2403.00002": ["ada"]}


@pytest.mark.django_db
def test_a_verdict_can_be_undone_and_stays_in_the_log():
    store([FIRST, SECOND], now=NOW)
    verdicts.join("2403.00001", NAMED_SECOND, by="Mira", because="One story.", now=NOW)
    assert Paper.objects.count() == 1
    assert Merge.objects.get().because.startswith("somebody decided")
    verdicts.undo("2403.00001", NAMED_SECOND, same=True, now=NOW)
    assert Paper.objects.count() == 2
    (verdict,) = Verdict.objects.all()
    assert (verdict.by, verdict.because, verdict.withdrawn_at) == ("Mira", "One story.", NOW)
    with pytest.raises(verdicts.VerdictError, match="nobody decided"):
        verdicts.undo("2403.00001", NAMED_SECOND, same=True, now=NOW)


@pytest.mark.django_db
def test_records_that_are_split_off_are_one_paper_and_come_back_when_that_is_undone():
    loose = [replace(FIRST, source=source, key=source) for source in ("bibtex", "ris")]
    store([FIRST, *loose], now=NOW)
    verdicts.split("2403.00001", ["bibtex:bibtex", "ris:ris"], by="Mira", because="", now=NOW)
    members = sorted(sorted(x.source for x in paper.source_records.all()) for paper in Paper.objects.all())
    assert members == [["arxiv"], ["bibtex", "ris"]]
    store([replace(loose[0], title="New", observed_at=datetime(2027, 1, 1, tzinfo=UTC))], now=NOW)
    assert Paper.objects.count() == 2
    for part_ in ("bibtex:bibtex", "ris:ris"):
        verdicts.undo("2403.00001", part_, same=False, now=NOW)
    assert Paper.objects.count() == 1


@pytest.mark.django_db
def test_what_makes_no_sense_as_a_verdict_is_refused_and_changes_nothing():
    store([FIRST, SECOND], now=NOW)
    for wrong in (
        lambda: verdicts.join("2403.00001", "9999.00001", by="", because="", now=NOW),
        lambda: verdicts.join("2403.00001", "2403.00001", by="", because="", now=NOW),
        lambda: verdicts.split("2403.00001", [NAMED_SECOND], by="", because="", now=NOW),
        lambda: verdicts.split("2403.00001", ["arxiv:2403.00001"], by="", because="", now=NOW),
        lambda: verdicts.split("2403.00001", ["bibtex:none"], by="", because="", now=NOW),
    ):
        with pytest.raises(verdicts.VerdictError):
            wrong()
    assert not Verdict.objects.exists()
    assert Paper.objects.count() == 2


def test_every_table_that_points_at_papers_has_a_mover():
    assert list(merges.without_a_mover()) == []


def test_a_table_without_a_mover_fails_the_check():
    class Saved(models.Model):  # noqa: DJ008
        paper = models.ForeignKey(Paper, on_delete=models.CASCADE)

        class Meta:
            app_label = "sources"

    try:
        assert [error.id for error in checks.run_checks(tags=["papers"])] == ["papers.E001"]
    finally:
        del apps.all_models["sources"]["saved"]
        apps.clear_cache()
    assert checks.run_checks(tags=["papers"]) == []
