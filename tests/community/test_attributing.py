"""What curators say of names: who may, what the log has, and how claims and follows go with it and come back."""

from __future__ import annotations

import pytest
from tests.community.test_claiming import reader, state_of
from tests.papers.test_attributing import NOW, chosen, papers_of, pk, record

from broadsheet.accounts.access import NOBODY, NobodyError, NotAllowedError, Viewer
from broadsheet.community import attributing, claiming
from broadsheet.community.models import Claim, Deed
from broadsheet.library import following
from broadsheet.papers import attributing as attributing_elsewhere
from broadsheet.papers.attributing import AttributionError
from broadsheet.papers.catalogue import store
from broadsheet.papers.models import Attribution

pytestmark = pytest.mark.django_db
AUTHOR, ORGANIZATION = "author", "organization"


@pytest.fixture(autouse=True)
def _papers() -> None:
    store([record(1, "Ada Vale", "Bo Fisk"), record(2, "A. Vale"), record(3, "A. Vale")], now=NOW)
    store([record(number, "Wei Zhang", at=["MIT"]) for number in (4, 5, 6)], now=NOW)
    store([record(number, "Bo Fisk", at=["Mass Tech"]) for number in (7, 8)], now=NOW)


@pytest.fixture
def curator() -> Viewer:
    return reader("cleo", "curator")


def verified(who: Viewer, number: int, slug: str, curator: Viewer, *, hour: int = 1) -> Claim:
    now = NOW.replace(hour=hour)
    claim = claiming.ask_author(who, pk(number), f"arxiv:2611.{number:05}", slug, now=now)
    return claiming.verify(curator, claim.pk, now=now)


def merge(curator: Viewer, slug: str, page: str, kind: str = AUTHOR) -> Attribution:
    attributing.merge(curator, kind, slug, page, now=NOW)
    return Attribution.objects.latest("pk")


def back(curator: Viewer, *words: Attribution, kind: str = AUTHOR) -> None:
    attributing.take_back(curator, kind, [word.pk for word in words], now=NOW)


def on(slug: str) -> list[str]:
    return [claim.person.handle for claim in claiming.of_author(slug)]


def followed(viewer: Viewer) -> list[str]:
    return [one.name for one in following.mine(viewer)]


@pytest.mark.parametrize("who", ["nobody", "reader"])
def test_only_curators_say_whose_names_are(who):
    viewer, refusal = (NOBODY, NobodyError) if who == "nobody" else (reader("ana"), NotAllowedError)
    for act in (
        lambda: attributing.merge(viewer, AUTHOR, "a-vale", "ada-vale", now=NOW),
        lambda: attributing.split(viewer, AUTHOR, "a-vale", ["2611.00002"], now=NOW),
        lambda: attributing.name(viewer, AUTHOR, "a-vale", "Ada", is_shown=True, now=NOW),
        lambda: attributing.take_back(viewer, AUTHOR, [1], now=NOW),
    ):
        with pytest.raises(refusal):
            act()
    assert not Attribution.objects.exists()
    assert not Deed.objects.exists()


def test_each_deed_is_in_the_log_and_is_undone_by_another(curator):
    word = merge(curator, "a-vale", "ada-vale")
    attributing.split(curator, AUTHOR, "wei-zhang", ["2611.00004", "2611.00005"], reason="Another.", now=NOW)
    moved = list(Attribution.objects.filter(act="move").order_by("pk"))
    attributing.name(curator, AUTHOR, "bo-fisk", "Bosse Fisk", is_shown=True, now=NOW)
    back(curator, word)
    back(curator, moved[0])
    back(curator, moved[1])
    back(curator, *Attribution.objects.filter(withdrawn_at=None))
    assert list(Deed.objects.order_by("pk").values_list("verb", "reason", "undoes__verb")) == [
        ("merge", "a-vale is ada-vale", None),
        ("split", "Another.", None),
        ("show", "A name of bo-fisk", None),
        ("unsay name", "", "merge"),
        ("unsay name", "", None),
        ("unsay name", "", "split"),
        ("unsay name", "", "show"),
    ]
    assert {deed.kind for deed in Deed.objects.all()} == {"name"}


def test_what_is_refused_leaves_no_deed(curator):
    with pytest.raises(AttributionError):
        attributing.merge(curator, AUTHOR, "a-vale", "nobody", now=NOW)
    with pytest.raises(AttributionError, match=r"No paper here is known as 2611\.99999"):
        attributing.split(curator, AUTHOR, "wei-zhang", ["2611.00004", "2611.99999"], now=NOW)
    word = merge(curator, "a-vale", "ada-vale")
    with pytest.raises(AttributionError, match="something else"):
        back(curator, word, kind=ORGANIZATION)
    assert Deed.objects.get().verb == "merge"


def test_the_second_of_two_curators_is_told_what_the_first_decided(curator):
    second = reader("dana", "curator")
    word = merge(curator, "a-vale", "ada-vale")
    with pytest.raises(AttributionError, match="There is no such page any more"):
        merge(second, "a-vale", "bo-fisk")
    back(curator, word)
    with pytest.raises(AttributionError, match="taken back already"):
        back(second, word)


def test_who_follows_either_of_two_pages_follows_the_one_and_both_again_when_it_is_taken_back(curator):
    ana, ben = reader("ana"), reader("ben")
    for viewer, slugs in ((ana, ["a-vale", "ada-vale", "bo-fisk"]), (ben, ["a-vale"])):
        for slug in slugs:
            following.follow(viewer, AUTHOR, slug, now=NOW)
    word = merge(curator, "a-vale", "ada-vale")
    assert (followed(ana), followed(ben)) == (["ada-vale", "bo-fisk"], ["ada-vale"])
    assert following.follows(ben, AUTHOR, "ada-vale")
    back(curator, word)
    assert (followed(ana), followed(ben)) == (["a-vale", "ada-vale", "bo-fisk"], ["a-vale"])
    merge(curator, "a-vale", "ada-vale")
    following.unfollow(ana, AUTHOR, "ada-vale", now=NOW)
    assert followed(ana) == ["bo-fisk"]
    assert not following.follows(ana, AUTHOR, "ada-vale")


def test_a_claim_follows_the_name_in_its_paper_through_merges_splits_and_back(curator):
    ada, wei = reader("ada"), reader("wei")
    first = verified(ada, 2, "a-vale", curator)
    second = verified(wei, 4, "wei-zhang", curator)
    word = merge(curator, "a-vale", "ada-vale")
    goal = attributing.split(curator, AUTHOR, "wei-zhang", ["2611.00004"], now=NOW)
    store(
        [record(number, *names, version=9) for number, names in ((2, ["A. Vale"]), (4, ["Wei Zhang"]))],
        now=NOW,
    )
    assert (on("ada-vale"), on("a-vale"), on(goal), on("wei-zhang")) == (["ada"], [], ["wei"], [])
    later = claiming.ask_author(ada, pk(3), "arxiv:2611.00003", "ada-vale", now=NOW)
    claiming.verify(curator, later.pk, now=NOW)
    back(curator, word, *Attribution.objects.filter(act="move"))
    assert (on("ada-vale"), on("a-vale"), on("wei-zhang")) == ([], ["ada"], ["wei"])
    assert {state_of(claim) for claim in (first, second, later)} == {"verified"}
    store([record(3, "Bo Fisk", version=9)], now=NOW)
    assert state_of(later) == "asked"


def test_of_two_people_who_are_verified_on_pages_that_become_one_the_later_is_disputed(curator):
    early, late = reader("ada"), reader("eve")
    second, first = (
        verified(late, 1, "ada-vale", curator, hour=5),
        verified(early, 2, "a-vale", curator, hour=2),
    )
    bo = verified(reader("bo"), 1, "bo-fisk", curator)
    assert [one.pk for one in attributing.preview(AUTHOR, "a-vale", "ada-vale").disputed] == [second.pk]
    before = Claim.objects.order_by("pk").values_list()
    word, stood = merge(curator, "a-vale", "ada-vale"), list(before)
    assert [state_of(claim) for claim in (first, second, bo)] == ["verified", "disputed", "verified"]
    back(curator, word)
    assert [state_of(claim) for claim in (first, second)] == ["verified", "verified"]
    merge(curator, "a-vale", "ada-vale")
    claiming.refuse(curator, second.pk, "Another Ada.", now=NOW)
    back(curator, Attribution.objects.latest("pk"))
    assert state_of(second) == "refused"
    assert stood != list(before.all())


def test_what_is_taken_back_leaves_every_claim_as_it_was(curator):
    verified(reader("eve"), 1, "ada-vale", curator, hour=5)
    verified(reader("ada"), 2, "a-vale", curator, hour=2)
    before = list(Claim.objects.order_by("pk").values_list())
    back(curator, merge(curator, "a-vale", "ada-vale"))
    assert list(Claim.objects.order_by("pk").values_list()) == before


def test_namesakes_who_shared_a_page_are_put_in_doubt_by_no_merge(curator):
    one = reader("wei")
    verified(one, 4, "wei-zhang", curator, hour=1)
    verified(reader("zoe"), 5, "wei-zhang", curator, hour=2)
    verified(one, 2, "a-vale", curator, hour=3)
    merge(curator, "a-vale", "wei-zhang")
    assert not Claim.objects.filter(state="disputed").exists()


def test_who_speaks_for_an_organization_speaks_for_the_one_that_it_became(curator):
    ann, ben = reader("ann", mail="ann@mit.example"), reader("ben", mail="ben@mit.example")
    claim = claiming.ask_organization(ann, "mit", now=NOW)
    claiming.verify(curator, claim.pk, domain="mit.example", now=NOW)
    word = merge(curator, "mit", "masstech", ORGANIZATION)
    assert [one.person.handle for one in claiming.of_organization("masstech")] == ["ann"]
    assert claiming.ask_organization(ben, "mit", now=NOW).state == "verified"
    assert [one.person.handle for one in claiming.of_organization("masstech")] == ["ann", "ben"]
    back(curator, word, kind=ORGANIZATION)
    assert [one.person.handle for one in claiming.of_organization("mit")] == ["ann"]


def test_a_name_that_is_shown_is_found_by_it_and_both_are_taken_back(curator):
    attributing.name(curator, AUTHOR, "ada-vale", "Ada Brook", is_shown=True, now=NOW)
    store([record(9, "Ada Brook")], now=NOW)
    assert papers_of("ada-vale") == ["2611.00001", "2611.00009"]
    assert [word.act for word, _ in attributing.decisions(AUTHOR, "ada-vale")] == ["show", "join"]
    attributing.name(curator, AUTHOR, "ada-vale", "ADA VALE", is_shown=True, now=NOW)
    assert [word.act for word, _ in attributing.decisions(AUTHOR, "ada-vale")] == ["show", "show", "join"]
    with pytest.raises(AttributionError, match="has a page of its own"):
        attributing.name(curator, AUTHOR, "ada-vale", "Bo Fisk", is_shown=True, now=NOW)


def test_what_was_decided_about_a_page_has_the_titles_of_papers(curator):
    goal = attributing.split(curator, AUTHOR, "wei-zhang", ["2611.00004"], now=NOW)
    for slug in ("wei-zhang", goal):
        ((word, title),) = attributing.decisions(AUTHOR, slug)
        assert (word.page, title) == ("wei-zhang-2", "Tides 4")
    assert chosen(4)[0][0] == pk(4)


def test_what_was_said_at_another_instance_is_taken_back_without_undoing_a_deed_of_ours(curator):
    mine = merge(curator, "a-vale", "ada-vale")
    attributing_elsewhere.join(ORGANIZATION, "masstech", "mit", now=NOW)
    theirs = Attribution.objects.latest("pk")
    back(curator, theirs, kind=ORGANIZATION)
    deed = Deed.objects.latest("pk")
    assert (deed.verb, deed.target, deed.undoes) == ("unsay name", theirs.pk, None)
    assert not Attribution.objects.get(pk=mine.pk).withdrawn_at
