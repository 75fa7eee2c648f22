"""People who do the same at once, each in a thread of their own: a process of its own where the database is a file.

`python -m tests.community.rush NAME` does one of `RUSHES` in the data folder of BROADSHEET_DATA and prints what
came of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor


def at_once(several: Sequence[Callable[[], object]]) -> list[str]:
    """Call each in a thread of its own; the state of what it gave, or why it was refused."""
    from django.db import connections

    def call(one: Callable[[], object]) -> str:
        try:
            return str(one().state)
        except (ValueError, LookupError) as problem:
            return str(problem)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(several)) as pool:
        return list(pool.map(call, several))


def reader(handle: str, role: str = "reader") -> object:
    from tests.web.press import SUNDAY

    from broadsheet.accounts.access import Viewer
    from broadsheet.accounts.models import Person

    return Viewer(person=Person.objects.create(handle=handle, role=role, vouched_at=SUNDAY))


def publish() -> None:
    from tests.web.press import SUNDAY, paper

    from broadsheet.papers.catalogue import store

    store([paper(1, listed=None)], now=SUNDAY)


def twenty_submitters() -> dict[str, int]:
    from tests.web.press import SUNDAY

    from broadsheet.community import submitting
    from broadsheet.community.models import Submission

    publish()
    crowd = [reader(f"reader-{number}") for number in range(20)]
    said = at_once([lambda one=one: submitting.submit(one, "2611.00001", now=SUNDAY) for one in crowd])
    return {
        "waiting": said.count("waiting"),
        "refused": sum("waits" in one for one in said),
        "rows": Submission.objects.count(),
        "left": sum(submitting.left_today(one.person, now=SUNDAY) for one in crowd),
    }


def two_curators() -> dict[str, object]:
    from tests.web.press import SUNDAY

    from broadsheet.community import deciding, submitting
    from broadsheet.community.models import Deed, Submission
    from broadsheet.papers.models import PaperListing

    publish()
    sent = submitting.submit(reader("ana"), "2611.00001", now=SUNDAY)
    cleo, dora = reader("cleo", "curator"), reader("dora", "curator")
    said = at_once(
        [
            lambda: deciding.decide(cleo, sent.pk, SUNDAY.date(), now=SUNDAY),
            lambda: deciding.decline(dora, sent.pk, "Not this one.", now=SUNDAY),
        ]
    )
    return {
        "told": sum("decided already" in one for one in said),
        "deeds": Deed.objects.filter(kind="submission").count(),
        "listings": PaperListing.objects.count(),
        "state": Submission.objects.get().state,
    }


def one_thread() -> dict[str, object]:
    """Ten people answer a comment that its author edits and withdraws and a moderator hides, all at once."""
    from tests.web.press import SUNDAY

    from broadsheet.community import commenting, counting, moderating
    from broadsheet.community.models import Comment, CommentEdit
    from broadsheet.papers.models import Paper, Tally

    publish()
    pk, named = Paper.objects.get().pk, "arxiv:2611.00001"
    ana, mo = reader("ana"), reader("mo", "moderator")
    root = commenting.write(ana, pk, named, "As it was.", now=SUNDAY).pk
    crowd = [reader(f"reader-{number}") for number in range(10)]

    def answer(one: object) -> Callable[[], object]:
        return lambda: commenting.write(one, pk, named, "An answer.", answers=root, now=SUNDAY)

    said = at_once(
        [
            *map(answer, crowd),
            lambda: commenting.edit(ana, root, "As it is.", now=SUNDAY),
            lambda: commenting.withdraw(ana, root, now=SUNDAY) or Comment.objects.get(pk=root),
            lambda: moderating.act(mo, "hide", "comment", root, reason="So.", now=SUNDAY) and Comment(),
            *map(answer, crowd),
        ]
    )
    answers = Comment.objects.filter(root=root)
    return {
        "answered": sum(one == "visible" for one in said[:10]),
        "answers": answers.count(),
        "people": answers.values("person").distinct().count(),
        "edits": CommentEdit.objects.filter(comment=root).count(),
        "edited": said[10] in {"visible", "hidden", "withdrawn"},
        "root": Comment.objects.get(pk=root).state,
        "tally": Tally.objects.get(paper=pk).comments_here,
        "wrong": counting.recount_all(),
    }


RUSHES = {one.__name__: one for one in (twenty_submitters, two_curators, one_thread)}


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    print(json.dumps(RUSHES[sys.argv[1]]()))
