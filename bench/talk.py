"""What a discussion of 1,000 comments costs, and writing a comment with maths; in one process.

The comments are made-up sentences, one in five with maths, seven in ten of them answers. The peer of the page
is the same text alone, read by one query; of the comment, the same without maths.
"""

from __future__ import annotations

import gzip
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

COMMENTS, PEOPLE, TIMES = 1000, 100, 15
NAME = "2611.00001"
SAID = (
    "the bound holds for wide networks but not where training blows up beyond what we measured in table three"
    " and its proof needs a stronger assumption on data which nobody who works with real measurements would"
    " accept without asking how noise enters each step or why larger batches seem to help only while rates"
    " stay small"
)
PLAIN = "The bound holds for wide networks, but where does the proof use that the data are bounded at all?"
MATHS = (
    r"The bound $\frac{1}{n} \sum_{i=1}^{n} x_i^2 \le C$ holds: where does $$\|f - g\|_2 < \epsilon$$ enter?"
)


def fill() -> int:
    """A paper with its discussion; gives the key of the paper."""
    from broadsheet.accounts.access import Viewer
    from broadsheet.accounts.models import Person
    from broadsheet.community import commenting
    from broadsheet.papers.models import Paper, PaperIdentifier

    now, chosen, words = datetime.now(UTC), random.Random(1), SAID.split()
    paper = Paper.objects.create(public_id=NAME, title="Wide Bounds", added_at=now, revised_at=now)
    PaperIdentifier.objects.create(paper=paper, scheme="arxiv", value=NAME)
    people = [
        Viewer(person=Person.objects.create(handle=f"reader-{n:03}", name=f"Reader {n}", vouched_at=now))
        for n in range(PEOPLE)
    ]
    written: list[int] = []
    for number in range(COMMENTS):
        text = " ".join(chosen.choice(words) for _ in range(chosen.randint(10, 60)))
        text += " with $x^2+y_i$." if number % 5 == 0 else "."
        answers = chosen.choice(written) if written and chosen.random() < 0.7 else None
        moment = now - timedelta(minutes=COMMENTS - number)
        viewer = chosen.choice(people)
        comment = commenting.write(viewer, paper.pk, f"arxiv:{NAME}", text, now=moment, answers=answers)
        written.append(comment.pk)
    return paper.pk


def lowest(call: Callable[[], object], times: int = TIMES) -> float:
    """Milliseconds of CPU of the cheapest of several calls."""
    spent = []
    for _ in range(times):
        begun = time.process_time()
        call()
        spent.append(time.process_time() - begun)
    return 1000 * min(spent)


def page(client: Client, address: str) -> None:
    """Print what a page costs that is not kept."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from broadsheet.http.shelf import shelf

    def ask() -> bytes:
        shelf.clear()
        answer = client.get(address, headers={"host": "localhost", "accept-encoding": "gzip"})
        assert answer.status_code == 200, answer.status_code
        return answer.content

    with CaptureQueriesContext(connection) as captured:
        sent = ask()
    queries, html = len(captured), gzip.decompress(sent)
    comments = html.count(b'class="comment"')
    print(
        f"  {address:36} {lowest(ask):6.1f} ms of CPU, {queries} queries, {len(sent) / 1000:.1f} kB of"
        f" {len(html) / 1000:.0f} kB, {comments} comments"
    )


def text_alone(paper: int) -> int:
    """The peer: the text of all comments, compressed."""
    from broadsheet.community.models import Comment

    texts = Comment.objects.filter(paper=paper).order_by("pk").values_list("html", flat=True)
    return len(gzip.compress("".join(texts).encode(), 4))


def main() -> None:
    """Fill a folder of its own, then ask for the pages, and write."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "BROADSHEET_DATA": folder,
            "BROADSHEET_LIMITS": "off",
            "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        paper = fill()
        measure(paper)


def measure(paper: int) -> None:
    """Print the figures."""
    from django.test import Client

    from broadsheet.accounts.access import Viewer
    from broadsheet.accounts.models import Person
    from broadsheet.community import commenting, rendering

    reader = Client()
    person = Person.objects.order_by("pk").first()
    reader.force_login(person, backend="broadsheet.accounts.sessions.SignIn")
    here = f"/papers/{NAME}/discussion"
    for name, client in (("signed in", reader), ("for everybody", Client())):
        print(f"a discussion of {COMMENTS:,} comments, {name}")
        for address in (here, f"{here}?page=3", f"{here}?page=5"):
            page(client, address)
    print(
        f"peer: the text alone, {lowest(lambda: text_alone(paper)):.1f} ms, {text_alone(paper) / 1000:.1f} kB"
    )
    for name, text in (("with maths", MATHS), ("without", PLAIN)):
        rendered = lowest(lambda: rendering.render(text), 50)  # noqa: B023 - it is called at once
        viewer, spent = Viewer(person=person), []
        for number in range(30):
            begun = time.process_time()
            commenting.write(viewer, paper, f"arxiv:{NAME}", f"{text} {number}", now=datetime.now(UTC))
            spent.append(1000 * (time.process_time() - begun))
        print(f"a comment {name}: written {statistics.median(spent):.1f} ms, of it rendered {rendered:.1f}")


if __name__ == "__main__":
    main()
