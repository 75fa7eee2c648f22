"""Two papers that an import makes one bring along all that people did, and take it with them when they part."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.community.people import NOW, people, person, record

from broadsheet.accounts.access import NOBODY, Viewer
from broadsheet.community import claiming, commenting, counting, threads, voting
from broadsheet.papers import reading, verdicts
from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Paper, Tally
from broadsheet.papers.record import AuthorName

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
DOI, ACL = Identifier("doi", "10.1000/m"), Identifier("acl", "2026.acl-main.1")
NAMES = ("arxiv:2611.00001", f"acl:{ACL.value}")
AUTHOR = (AuthorName("Ada North"),)


def of(name: str) -> int:
    return reading.resolve(name)[0]


def numbers(name: str) -> tuple[int, int, int]:
    return Tally.objects.values_list("counted_here", "comments_here", "talkers").get(paper=of(name))


def said(name: str) -> list[list[str]]:
    """The words of each thread of the discussion of that paper."""
    found = threads.of_paper(of(name), NOBODY, now=LATER).threads()
    return sorted([one.html.striptags() for one in (thread.first, *thread.answers)] for thread in found)


def claimed(name: str) -> list[str]:
    return [claim.state for claim in claiming.of_papers([of(name)]).get(of(name), [])]


def test_votes_threads_and_a_claim_of_two_papers_that_an_import_makes_one_are_all_there_and_part_with_them():
    preprint = replace(record(1, 1), authors=AUTHOR)
    preprint = replace(preprint, identifiers=(*preprint.identifiers, DOI))
    article = replace(
        record(2, 2), source="acl", key=ACL.value, title="Other", identifiers=(ACL,), authors=AUTHOR
    )
    for one in (preprint, article):
        store([one], now=NOW)
    voters, curator = people(*range(50)), Viewer(person(90, role="curator"))
    for name, those in zip(NAMES, (voters[:30], voters[20:]), strict=True):
        for voter in those:
            voting.cast(voter, of(name), name, now=NOW)
        root = commenting.write(those[0], of(name), name, f"About {name}.", now=NOW)
        commenting.write(those[1], of(name), name, f"Answer on {name}.", answers=root.pk, now=NOW)
    claim = claiming.ask_author(voters[49], of(NAMES[1]), NAMES[1], "ada-north", now=NOW)
    claiming.verify(curator, claim.pk, now=NOW)
    before = [(numbers(name), said(name), claimed(name)) for name in NAMES]
    assert [one[0] for one in before] == [(30, 2, 2), (29, 2, 2)]  # an author's vote stands apart
    store([replace(article, identifiers=(ACL, DOI), observed_at=LATER)], now=LATER)
    assert of(NAMES[0]) == of(NAMES[1])
    assert Paper.objects.count() == 1
    assert numbers(NAMES[0]) == (49, 4, 4)
    assert said(NAMES[0]) == sorted(thread for _, those, _ in before for thread in those)
    assert claimed(NAMES[0]) == ["verified"]
    answered = commenting.Comment.objects.filter(named=NAMES[1], root=None).get()
    commenting.write(voters[5], of(NAMES[0]), NAMES[0], "Later.", answers=answered.pk, now=LATER)
    verdicts.split(NAMES[0], [NAMES[1]], by="Mira", because="", now=LATER)
    assert [(numbers(NAMES[0]), said(NAMES[0]), claimed(NAMES[0]))] == before[:1]
    assert numbers(NAMES[1]) == (29, 3, 3)
    assert said(NAMES[1]) == [[*before[1][1][0], "Later."]]
    assert claimed(NAMES[1]) == ["verified"]
    assert counting.recount_all() == 0
