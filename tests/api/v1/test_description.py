"""The OpenAPI document is true: whatever it allows is answered, as it says."""

from __future__ import annotations

from types import ModuleType

import pytest
from tests.people import bearer, person, said
from tests.web.press import SUNDAY

from broadsheet.accounts import joining
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.community import claiming, here, submitting
from broadsheet.community.models import Deed
from broadsheet.daily import topics
from broadsheet.daily.entries import ListName
from broadsheet.digests import channels
from broadsheet.digests.models import Channel
from broadsheet.digests.wishes import Wish
from broadsheet.library import notes, tagging
from broadsheet.papers.identifiers import with_scheme
from broadsheet.papers.reading import resolve

pytestmark = pytest.mark.django_db


@pytest.fixture
def openapi(db) -> ModuleType:
    """Reading the document takes a second, also where none of these tests runs: it is not read before."""
    from tests.api.v1 import openapi

    return openapi


# What is not answered by 200: created, withdrawn; and the paper of the examples was taken back.
CREATED = "write_comment submit ask_claim report_comment report_submission report_person add_word act undo report_topic"
GONE = "withdraw_comment read_notices withdraw_submission unfollow withdraw_claim take_back_word mute unmute"
OTHERWISE = {"cast_vote": 409} | dict.fromkeys(CREATED.split(), 201) | dict.fromkeys(GONE.split(), 204)
TEXT, WHY = {"text": "Is it $O(n)$?"}, {"reason": "It is about another paper."}
BODIES = {"batch": ["2408.00714"], "write_comment": TEXT, "edit_comment": TEXT, "add_note": TEXT}
BODIES |= {"submit": {"paper": "2611.00007"}, "read_notices": {"until": 1}, "look": WHY, "undo": WHY}
BODIES |= {f"report_{kind}": {"reason": "spam"} for kind in ("comment", "submission", "person", "topic")}
BODIES |= {
    "ask_claim": {"paper": "2611.00001", "author": "author-a-of-1"},
    "dispute_claim": WHY,
    "decide_claim": {"verdict": "verified"},
    "decide": {"verdict": "accepted"},
    "add_word": {"organization": "North Lab"},
}
BODIES |= {"save_topic": {"list": {"kind": "trending"}, "name": "Saved"}, "change_topic": {"size": 5}}
BODIES |= {
    "add_channel": {"kind": "webhook", "target": "https://93.184.215.14/a", "topics": ["trending"]},
    "change_channel": {"topics": ["trending"], "hour": 9},
}
BODIES |= {"import_library": b"2408.00714"}
MEDIA = {"import_library": "application/octet-stream"}
OF_CHANNELS = ["channel", "change_channel", "renew_secret", "try_channel"]
OF_TOPICS = ["topic", "change_topic", "follow_topic", "unfollow_topic", "topic_papers"]
BODIES |= {
    "rename_tag": {"name": "surveys"},
    "change_library": {"q": "tag:surveys", "state": "read"},
    "mark_seen": {"ids": ["2408.00714"]},
    "write_note": {"text": "Ask for the data."},
    "change_note": {"text": "They sent the data."},
    "save_paper": {"state": "reading", "tags": ["survey"]},
}
OTHERWISE |= {"write_note": 201, "delete_note": 204}
BODIES |= {"merge_names": {"into": "ines-vale"}, "split_names": {"papers": ["2408.00714"]}}
BODIES |= {"add_name": {"name": "Inès Strand", "is_shown": True}}
BODIES |= {"invite": {"email": "ada@lab.example"}}
OTHERWISE |= {"add_channel": 201, "delete_channel": 204}
OTHERWISE |= {"save_topic": 201, "delete_topic": 204, "unfollow_topic": 204, "show_again": 204}
# Only one author and one organization of the papers are those of the examples.
OTHERWISE |= {"merge_names": 409, "split_names": 409, "take_name_back": 204}
OTHERWISE |= {"mute_kind": 204, "unmute_kind": 204, "invite": 201, "take_back_invitation": 204}


def a_topic(who: Person, name: str) -> str:
    """The slug of a topic."""
    return topics.save(Viewer(who), ListName("category", "cs.LG"), name=name, now=SUNDAY).slug


def a_channel(who: Person) -> int:
    """The key of a webhook on a server that is never there, since its key is lost."""
    wanted = Wish((topics.trending(SUNDAY).pk,))
    made = channels.add(Viewer(who), "webhook", "https://93.184.215.14/a", wanted, now=SUNDAY).channel
    Channel.objects.filter(pk=made.pk).update(key=b"lost")
    return made.pk


def a_claim(who: Person, number: int) -> int:
    """The key of a claim to be the first author of a paper."""
    pk, name = resolve(f"2611.0000{number}")
    return claiming.ask_author(Viewer(who), pk, with_scheme(name), f"author-a-of-{number}", now=SUNDAY).pk


def named() -> dict[str, dict[str, object]]:
    """What stands in the addresses, by operation."""
    mira, tom = person(role="moderator"), person("tom")
    agent = Viewer(mira, is_agent=True)
    own, another, held = said("Mira's.", by=mira), said("Tom's.", by=tom), said("A.", by=mira, via=agent)
    mine = submitting.submit(agent, "2611.00008", now=SUNDAY).pk
    theirs = {"submission": submitting.submit(Viewer(tom), "2611.00009", now=SUNDAY).pk}
    disputed, decided = a_claim(tom, 2), {"claim": a_claim(tom, 3)}
    claiming.verify(Viewer(mira), disputed, now=SUNDAY)
    others = ("find_helpful", "find_helpful_no_more", "report_comment", "mute", "unmute", "history")
    paper, named = resolve("2408.00714")[0], "arxiv:2408.00714"
    tagging.tag(Viewer(mira), {paper: named}, ["survey", "gone"], now=SUNDAY)
    first, second = (notes.write(Viewer(mira), paper, named, text, now=SUNDAY).pk for text in "ab")
    return {
        "delete_tag": {"tag": "gone"},
        "change_note": {"note": first},
        "delete_note": {"note": second},
        **{name: {"comment": another.pk} for name in others},
        **dict.fromkeys(("decide", "reopen", "report_submission"), theirs),
        **dict.fromkeys(("decide_claim", "reopen_claim"), decided),
        "add_note": {"comment": said("Mira's second.", by=mira).pk},
        "confirm_comment": {"comment": held.pk},
        "withdraw_submission": {"submission": mine},
        "withdraw_claim": {"claim": a_claim(mira, 4)},
        "dispute_claim": {"claim": disputed},
        "report_person": {"handle": "tom"},
        "report_topic": {"slug": a_topic(tom, "Of Tom")},
        "act": {"target": another.pk},
        **{name: {"slug": a_topic(mira, "Learning")} for name in OF_TOPICS},
        **{name: {"channel": a_channel(mira)} for name in OF_CHANNELS},
        "delete_channel": {"channel": a_channel(mira)},
        "delete_topic": {"slug": a_topic(mira, "Deleted")},
        "": {"comment": own.pk},
    }


def test_the_examples_of_every_route_are_answered(openapi, filled, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "off", "access": "invitation"})
    names = named()
    token, act = bearer(Person.objects.get(handle="mira")), {"verb": "hide", "kind": "comment"}
    BODIES["act"] = act | WHY | names.pop("act")
    for path, method in openapi.OPERATIONS:
        operation = openapi.document["paths"][path][method]
        path_parameters = {
            parameter["name"]: parameter["schema"]["examples"][0]
            for parameter in operation["parameters"]
            if parameter["in"] == "path"
        }
        name = operation["operationId"]
        asked = names[""] | names.get(name, {}) | last()
        path_parameters |= {one: asked[one] for one in path_parameters if one in asked}
        body = {"body": BODIES[name]} if name in BODIES else {}
        body |= {"media_type": MEDIA[name]} if name in MEDIA else {}
        case = openapi.described[path][method].Case(path_parameters=path_parameters, **body)
        headers = {"Accept-Encoding": "identity"} | (token if "security" in operation else {})
        answer = case.call_and_validate(checks=openapi.EVERY_CHECK, headers=headers)
        assert answer.status_code == OTHERWISE.get(name, 200), (name, answer.text)


def last() -> dict[str, object]:
    """What the routes before made."""
    deed, (paper, _) = Deed.objects.filter(verb="hide").last(), resolve("2408.00714")
    keys = [word.key for word in here.words(paper)]
    invited = joining.invitations(Person.objects.get(handle="mira")).first()
    made = {"deed": deed.pk if deed else 1, "invitation": invited.pk if invited else 1}
    return made | ({"key": keys[0]} if keys else {})


def test_the_document_is_openapi(openapi):
    openapi.described.validate()


def test_every_limit_is_stated(openapi):
    for path, method in openapi.OPERATIONS:
        for parameter in openapi.document["paths"][path][method]["parameters"]:
            assert parameter["description"]
            most = parameter["schema"].get("maximum")
            assert most is None or f"{most:,}" in parameter["description"], (path, parameter["name"])
