"""A site on which Bea has one thing of each kind, and every form that a page of it may send."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.test import Client
from django.utils import timezone
from tests.web.press import SUNDAY, paper, publish

from broadsheet.accounts import joining, tokens
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Invitation, Person
from broadsheet.community import claiming, commenting, moderating, notices, submitting, voting
from broadsheet.community.models import Notice
from broadsheet.daily import own_feeds, topics
from broadsheet.daily.entries import ListName
from broadsheet.digests import channels
from broadsheet.digests.wishes import Wish
from broadsheet.library import following, ignoring, notes, tagging, uploads
from broadsheet.library.brought import Wish as LibraryWish
from broadsheet.papers.identifiers import with_scheme
from broadsheet.papers.reading import resolve

OURS = {"Sec-Fetch-Site": "same-origin"}
# What a request counts or asks for, and no deed of a person.
COUNTED = {"Taken", "Counted", "Attempt"}


@dataclass(frozen=True)
class Form:
    """An address and what is sent to it. `own` says that it names a thing which is there for Bea alone;
    `anyway` that who is suspended may send it, too.
    """

    address: str
    fields: dict[str, Any] = field(default_factory=dict)
    own: bool = False
    anyway: bool = False

    def __str__(self) -> str:
        return self.address + ("?" + "&".join(f"{name}={said}" for name, said in self.fields.items()))


TALK = "/papers/2611.00001/discussion"
FORMS = [
    Form("/settings", {"name": "Bea B", "handle": "bea-b"}),
    Form("/settings/view", {"view": "scan"}, anyway=True),
    Form("/settings/leave", {"typed": "bea"}, anyway=True),
    Form("/settings/stay", anyway=True),
    Form("/settings/export", anyway=True),
    Form("/settings/channels", {"kind": "webhook", "target": "https://93.184.215.14/x", "topic": "trending"}),
    Form("/settings/channels/{channel}", {"do": "delete"}, own=True),
    Form("/settings/invitations", {"email": "c@lab.example"}),
    Form("/settings/invitations/end", {"invitation": "{invitation}"}, own=True),
    Form("/settings/left-out", {"kind": "word", "name": "soup"}),
    Form("/settings/left-out", {"kind": "word", "name": "stew", "stands": "no"}),
    Form("/settings/feeds", {"of": "/categories/cs.LG"}),
    Form("/settings/feeds/end", {"feed": "{feed}"}, own=True, anyway=True),
    Form("/settings/tokens", {"name": "a program", "scope": "read"}),
    Form("/settings/tokens/revoke", {"token": "{token}"}, own=True, anyway=True),
    Form("/notices/read", {"until": "{notice}"}, anyway=True),
    Form("/notices/mute", {"thread": "{root}"}, anyway=True),
    Form("/notices/feed", anyway=True),
    Form("/papers/ask", {"id": "2408.00714"}, anyway=True),
    Form("/papers/2611.00002/vote", {"stands": "yes"}),
    Form("/papers/2611.00001/vote", {"stands": "no"}),
    Form("/papers/2611.00002/save", {"state": "read"}),
    Form("/papers/2611.00001/save", {"state": ""}),
    Form("/papers/2611.00002/hide", {"stands": "yes"}),
    Form("/papers/2611.00002/seen", {"stands": "yes"}),
    Form("/papers/2611.00002/tags", {"tag": "survey"}),
    Form("/papers/2611.00001/tags", {"tag": "mine", "stands": "no"}),
    Form("/papers/2611.00002/notes", {"text": "To look up."}),
    Form("/papers/2611.00001/notes/{note}", {"text": "Looked up."}, own=True),
    Form("/library/change", {"q": "state:to_read", "do": "tag", "tag": "all"}),
    Form("/library/tags", {"tag": "mine", "to": "ours"}, own=True),
    Form("/library/seen", {"papers": "{paper}", "list": "/"}),
    Form("/library/undo"),
    Form("/library/import", {"text": "2611.00002", "state": "read", "adds": "yes"}),
    Form("/library/import/take"),
    Form("/papers/2611.00001/claim", {"chosen": "author-b-of-1"}),
    Form("/papers/2611.00001/curate", {"kind": "code", "url": "https://code.example/x"}),
    Form(TALK, {"text": "More."}),
    Form(TALK, {"text": "An answer.", "answers": "{root}"}),
    Form(TALK + "/{comment}/edit", {"text": "Other words."}, own=True),
    Form(TALK + "/{comment}/note", {"text": "A note."}, own=True),
    Form(TALK + "/{comment}/withdraw", own=True),
    Form(TALK + "/{held}/confirm", own=True),
    Form(TALK + "/{root}/helpful", {"stands": "yes"}),
    Form(TALK + "/{root}/report", {"reason": "spam"}),
    Form("/submit", {"paper": "2611.00009"}),
    Form("/submit/withdraw", {"submission": "{submission}"}, own=True),
    Form("/curate", {"submission": "{submission}", "do": "decline", "reason": "No."}),
    Form("/curate/claims", {"claim": "{verified}", "do": "refuse", "reason": "No."}),
    Form("/claims/withdraw", {"claim": "{claim}"}, own=True),
    Form("/claims/dispute", {"claim": "{verified}", "reason": "No."}),
    Form("/follow", {"kind": "category", "name": "cs.CL"}),
    Form(
        "/topics/new",
        {"kind": "category", "name": "cs.LG", "title": "X", "size": "5", "visibility": "public"},
    ),
    Form("/topics/{topic}/change", {"title": "Other", "size": "5", "visibility": "private"}, own=True),
    Form("/topics/{topic}/look", {"number": "1"}, own=True, anyway=True),
    Form("/topics/trending/follow"),
    Form("/organizations/mira/claim", {"evidence": "Ask them."}),
    Form("/authors/author-c-of-1/claim", {"chosen": "2611.00001"}),
    Form("/authors/author-d-of-1/names", {"do": "merge", "keep": "other", "with": "author-e-of-1"}),
    Form("/organizations/mira/names", {"do": "show", "name": "Mira"}),
    Form("/people/ada/report", {"reason": "spam"}),
    Form("/submissions/{of_ada}/report", {"reason": "spam"}),
    Form("/topics/of-ada/report", {"reason": "spam"}),
    Form("/moderation/overlaps", {"paper": "2611.00001", "reason": "So."}),
    Form("/moderation/act", {"verb": "hide", "kind": "comment", "target": "{root}", "reason": "So."}),
    Form("/moderation/undo", {"deed": "{deed}", "reason": "So."}),
    Form("/admin/accounts/person/{ada}/change/", {"role": "curator"}),
]


def world() -> dict[str, Any]:
    """The keys of what there is: things of Bea, who may do everything, and of Ada, who is a reader."""
    publish(*(paper(number) for number in range(1, 3)), *(paper(number, listed=None) for number in (7, 8, 9)))
    bea, ada = (
        Viewer(Person.objects.create(handle=handle, role=role, vouched_at=SUNDAY, joined_at=SUNDAY))
        for handle, role in (("bea", "operator"), ("ada", "reader"))
    )
    Person.objects.create(handle="op", role="operator", vouched_at=SUNDAY, joined_at=SUNDAY)
    pk, name = resolve("2611.00001")
    named = with_scheme(name)
    talk = {"root": (ada, "A root."), "other": (ada, "To be hidden."), "comment": (bea, "Mine.")}
    keys: dict[str, Any] = {
        key: commenting.write(who, pk, named, said, now=SUNDAY).pk for key, (who, said) in talk.items()
    }
    agent = Viewer(bea.person, scopes={"comment"}, via="mcp", is_agent=True)
    keys["held"] = commenting.write(agent, pk, named, "By a program.", now=SUNDAY).pk
    voting.cast(bea, pk, named, now=SUNDAY)
    keys["paper"] = resolve("2611.00002")[0]
    tagging.tag(bea, {pk: named}, ["mine"], now=SUNDAY)
    keys["note"] = notes.write(bea, pk, named, "Mine.", now=SUNDAY).pk
    uploads.look(bea, b"2611.00002", LibraryWish(), name="mine", now=timezone.now())
    keys["submission"] = submitting.submit(bea, "2611.00008", now=SUNDAY).pk
    keys["of_ada"] = submitting.submit(ada, "2611.00007", now=SUNDAY).pk
    keys["claim"] = claiming.ask_author(bea, pk, named, "author-a-of-1", now=SUNDAY).pk
    keys["verified"] = claiming.ask_author(ada, pk, named, "author-d-of-1", now=SUNDAY).pk
    claiming.verify(bea, keys["verified"], now=SUNDAY)
    joining.invite(bea.person, now=SUNDAY)
    keys["invitation"] = Invitation.objects.get().pk
    keys["token"] = tokens.make(bea.person, name="mine", scopes=["read"], now=SUNDAY)[0].pk
    following.follow(bea, "category", "cs.LG", now=SUNDAY)
    ignoring.ignore(bea, "word", "stew", now=SUNDAY)
    keys["feed"] = own_feeds.make(bea, ListName("trending"), now=SUNDAY)[0].pk
    category, private = ListName("category", "cs.LG"), topics.Visibility.PRIVATE
    keys["topic"] = topics.save(bea, category, name="Mine", visibility=private, now=SUNDAY).slug
    wanted = Wish(topics=(topics.trending(SUNDAY).pk,))
    target = "https://93.184.215.14/x"
    keys["channel"] = channels.add(bea, "webhook", target, wanted, now=SUNDAY).channel.pk
    topics.save(ada, ListName("category", "cs.LG"), name="Of Ada", now=SUNDAY)
    hidden = moderating.act(bea, "hide", "comment", keys["other"], reason="So.", now=SUNDAY)
    notices.note([bea.pk], notices.CLAIM, target=1, paper=pk, named=named, said="x", now=SUNDAY)
    return keys | {
        "deed": hidden.pk,
        "ada": ada.pk,
        "bea": bea.pk,
        "notice": Notice.objects.filter(person=bea.pk).latest("pk").pk,
    }


def send(client: Client, form: Form, keys: dict[str, Any], **headers: str) -> Any:
    """Send the form as that browser does."""
    fields = {name: str(said).format(**keys) for name, said in form.fields.items()}
    return client.post(form.address.format(**keys), fields, headers=headers)


def signed_in(handle: str, **headers: str) -> Client:
    """A browser in which that person signed in; its forms come from our pages unless it is told otherwise."""
    client = Client(headers=headers)
    client.force_login(Person.objects.get(handle=handle))
    return client


def stored() -> dict[str, list[dict[str, Any]]]:
    """All that people did and have, as it is stored."""
    tables = [
        table
        for table in apps.get_models()
        if table._meta.app_label in {"community", "accounts", "library", "sources", "daily", "digests"}
        and table.__name__ not in COUNTED
    ]
    return {
        table.__name__: [
            {name: said for name, said in row.items() if name != "last_login"}
            for row in table.objects.order_by("pk").values()
        ]
        for table in tables
    }
