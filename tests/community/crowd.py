"""Many people who vote at once, each in a thread of their own: a process of its own where the database is a file.

`python -m tests.community.crowd NAME` does one of `CROWDS` in the data folder of BROADSHEET_DATA and prints what
came of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


def at_once(several: list[Callable[[], object]]) -> list[object]:
    """Call each in a thread of its own, and give what it gave."""
    from django.db import connections

    def call(one: Callable[[], object]) -> object:
        try:
            return one()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(several)) as pool:
        return list(pool.map(call, several))


def twenty_voters() -> dict[str, int]:
    from tests.community.people import NOW, named, papers, people

    from broadsheet.community import voting

    (pk,), voters = papers(1), people(*range(20))
    at_once([lambda one=one: voting.cast(one, pk, named(1), now=NOW) for one in voters])
    return outcome(pk)


def one_person_twenty_times() -> dict[str, int]:
    from tests.community.people import NOW, named, papers, people

    from broadsheet.community import voting

    (pk,), (voter,) = papers(1), people(1)
    at_once([lambda: voting.cast(voter, pk, named(1), now=NOW)] * 20)
    return outcome(pk)


def votes_and_withdrawals() -> dict[str, int]:
    from tests.community.people import NOW, named, papers, people

    from broadsheet.community import voting

    (pk,), voters = papers(1), people(*range(4))
    moves = [lambda one=one: voting.cast(one, pk, named(1), now=NOW) for one in voters]
    moves += [lambda one=one: voting.withdraw(one, pk, now=NOW) for one in voters]
    at_once(moves * 4)
    return outcome(pk)


def four_who_note_a_topic() -> dict[str, list[int] | int]:
    from tests.community.people import NOW, people
    from tests.web.press import paper

    from broadsheet.daily import noting, topics
    from broadsheet.daily.entries import ListName
    from broadsheet.daily.models import Topic, TopicEntry
    from broadsheet.papers.catalogue import store

    store([paper(1)], now=NOW)
    (owner,) = people(1)
    topics.save(owner, ListName("category", "cs.LG"), name="Learning", now=NOW)
    store([paper(number) for number in range(2, 30)], now=NOW)
    at_once([lambda: noting.note_new(Topic.objects.get(), now=NOW)] * 4)
    numbers = TopicEntry.objects.order_by("number").values_list("number", flat=True)
    return {"numbers": list(numbers), "last": Topic.objects.get().last}


CROWDS = {
    one.__name__: one
    for one in (twenty_voters, one_person_twenty_times, votes_and_withdrawals, four_who_note_a_topic)
}


def outcome(pk: int) -> dict[str, int]:
    """How many votes there are, what the tally and the events say, and how many tallies were wrong."""
    from django.db.models import Sum

    from broadsheet.community import counting
    from broadsheet.community.models import Vote, VoteEvent
    from broadsheet.papers.models import Tally

    return {
        "votes": Vote.objects.filter(paper=pk).count(),
        "tally": Tally.objects.get(paper=pk).counted_here,
        "events": VoteEvent.objects.filter(paper=pk).aggregate(sum=Sum("counted"))["sum"] or 0,
        "wrong": counting.recount_all(),
    }


def keep_voting() -> None:
    """Four people vote for papers, one after the other, and say so, until somebody ends this."""
    from tests.community.people import NOW, named

    from broadsheet.accounts.access import Viewer
    from broadsheet.accounts.models import Person
    from broadsheet.community import voting
    from broadsheet.papers.models import Paper

    numbered = [(pk, int(name[-5:])) for pk, name in Paper.objects.values_list("pk", "public_id")]

    def vote(voter: Viewer) -> None:
        for pk, number in numbered:
            if not voting.standing(voter, [pk]):
                voting.cast(voter, pk, named(number), now=NOW)
                sys.stdout.write(f"{voter.pk} {pk}\n")
                sys.stdout.flush()

    at_once([lambda one=one: vote(Viewer(one)) for one in Person.objects.order_by("pk")[:4]])


def main(name: str) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    if name == "keep_voting":
        keep_voting()
    elif name == "prepare":
        from tests.community.people import papers, people

        papers(*range(1, 400))
        people(*range(4))
    elif name == "look":
        from broadsheet.community import counting
        from broadsheet.community.models import Vote

        votes = [f"{voter} {paper}" for voter, paper in Vote.objects.values_list("person", "paper")]
        json.dump({"votes": votes, "wrong": counting.recount_all()}, sys.stdout)
    else:
        json.dump(CROWDS[name](), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
