"""A program that fills a site with what attackers write, in every field that a person can fill, by the forms.

python -m tests.browser.hostile few|all
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from tests.web.press import paper  # noqa: E402

from broadsheet.accounts.models import Person  # noqa: E402
from broadsheet.community.models import Claim, Comment, Deed, Submission  # noqa: E402
from broadsheet.papers.catalogue import store  # noqa: E402

RAN = "document.documentElement.dataset.ran=1"
LONG = 65_536
# What must stay text, or go.
FEW = [
    f"<script>{RAN}</script><img src=x onerror='{RAN}'><svg onload='{RAN}'>",
    f"[a](javascript:{RAN}) [b](JaVaScRiPt&#58;{RAN}) <javascript:{RAN}> [c](\x01javascript:{RAN})",
    "\u202egnp.exe \u2066turned\u2069 and \u200bno\u200b width\ufeff {{ 7 * 7 }} {% raw %} ${7*7} %00",
    "A pile" + "\u0301" * 10_000 + " and Thai \u0e01" + "\u0e47" * 200 + " stand here",
    "Well" * (LONG // 4),
]
ALL = [
    *FEW,
    f"\"'><script>{RAN}</script></title></textarea></script><style>*{{display:none}}</style><base href=//e>",
    f"[d](data:text/html,<script>{RAN}</script>) [e](vbscript:x) ![f](data:image/svg+xml,<svg/onload={RAN}>)",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror={RAN}>'></math>",
    f"<svg><foreignObject><iframe srcdoc='<script>parent.{RAN}</script>'></iframe></foreignObject></svg>",
    rf"$\href{{javascript:{RAN}}}{{x}}$ $\style{{position:fixed}}{{y}}$ $$\unicode{{x3c}}script>{RAN}$$",
    ("> " * 40 + "deep\n\n") * 90 + "- " * 50 + "`" * 500,
    f"| a | b |\n|---|---|\n| <script>{RAN}</script> | {'wide' * 400} |\n\n" + "#" * 7 + " not a heading",
]
ADDRESSES = [
    f"javascript:{RAN}",
    f'https://film.example/"><script>{RAN}</script>',
    f"https://film.example/{'a' * 1500}",
    f"data:text/html,<script>{RAN}</script>",
]
TALK = "/papers/2611.00001/discussion"


def enter(handle: str, **more: Any) -> Client:
    """A browser in which that person signed in."""
    person = Person.objects.create(handle=handle, vouched_at=timezone.now(), **more)
    client = Client(headers={"Sec-Fetch-Site": "same-origin"}, SERVER_NAME="localhost")
    client.force_login(person)
    return client


def as_said(client: Client, address: str, name: str, text: str, most: int = LONG, **more: Any) -> int:
    """Send the text as it is, and, where it is refused, as much of it as may be said."""
    status = client.post(address, {name: text, **more}).status_code
    assert status < 500, address
    if status >= 400:
        status = client.post(address, {name: text[:most], **more}).status_code
        assert status < 500, address
    return status


def fill(texts: Sequence[str]) -> dict[str, Any]:
    """Fill every field with every text; the browsers of two people and how many comments there are."""
    call_command("migrate", verbosity=0)
    title = f"<script>{RAN}</script> \u202eturned $\\href{{javascript:{RAN}}}{{x}}$ " + "long" * 100
    store(
        [paper(1, title=title), *(paper(number, listed=None) for number in range(10, 10 + len(texts)))],
        now=timezone.now(),
    )
    mo, eve = enter("mo", role="operator"), enter("eve")
    for number, text in enumerate(texts):
        one = enter(f"reader-{number}")
        as_said(one, "/settings", "name", text, 80, votes_public="on")
        as_said(one, TALK, "text", text)
        mine = Comment.objects.latest("pk")
        as_said(one, f"{TALK}/{mine.pk}/edit", "text", f"{text[:60_000]}.")
        as_said(eve, TALK, "text", text, answers=mine.pk)
        one.post("/submit", {"paper": f"https://arxiv.org/abs/2611.{10 + number:05}?x={text[:200]}"})
        as_said(one, "/papers/2611.00001/claim", "evidence", text, 400, chosen="author-a-of-1")
        as_said(one, "/organizations/mira/claim", "evidence", text, 400)
        as_said(one, f"{TALK}/{mine.pk - 1}/report", "note", text, 400, reason="other")
        as_said(eve, f"/people/reader-{number}/report", "note", text, 400, reason="other")
        as_said(mo, "/papers/2611.00001/curate", "organization", text, 190, do="organization")
        as_said(mo, "/settings/tokens", "name", text, 70, scope="read")
        as_said(mo, "/settings/invitations", "email", text, 200)
        as_said(one, "/follow", "name", text, 200, kind="author")
        decide(mo, number, text)
    for url in ADDRESSES:
        mo.post("/papers/2611.00001/curate", {"kind": "media", "url": url})
    return {
        "people": len(texts),
        "moderator": mo.cookies[settings.SESSION_COOKIE_NAME].value,
        "reader": one.cookies[settings.SESSION_COOKIE_NAME].value,
        "comment": Comment.objects.filter(person__handle="reader-0").earliest("pk").pk,
        "filled": [
            Comment.objects.exclude(source="").count(),
            Person.objects.exclude(name="").count(),
            Claim.objects.exclude(evidence="").count(),
            Submission.objects.exclude(reason="").count(),
            Deed.objects.exclude(reason="").count(),
        ],
    }


def decide(mo: Client, number: int, text: str) -> None:
    """Give the text as the reason of each kind of decision."""
    waiting = Submission.objects.filter(state="waiting").values_list("pk", flat=True)
    if number % 2 and waiting:
        as_said(mo, "/curate", "reason", text, 400, submission=waiting[0], do="decline")
    claims = Claim.objects.filter(state="asked").values_list("pk", flat=True)
    if number % 2 and claims:
        as_said(mo, "/curate/claims", "reason", text, 400, claim=claims[0], do="refuse")
    elif claims:
        mo.post("/curate/claims", {"claim": claims[0], "do": "verify"})
        as_said(mo, "/claims/dispute", "reason", text, 400, claim=claims[0])
    last = Comment.objects.filter(state="visible").latest("pk").pk
    act = {"kind": "comment", "target": last, "note": text[:400]}
    as_said(mo, "/moderation/act", "reason", text, 400, verb="hide" if number % 3 == 0 else "lock", **act)


if __name__ == "__main__":
    print(json.dumps(fill(FEW if sys.argv[1] == "few" else ALL)))
