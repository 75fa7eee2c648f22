"""Composes the mails that tests look at, of the papers of a data folder, into files: `python -m tests.browser.mailing FOLDER`."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

NOW = datetime(2026, 11, 20, 7, tzinfo=UTC)
AT = {"at": NOW, "message_id": "1@papers.example.org"}


def main() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.site.settings"
    django.setup()
    for name, mail in {"digest": digest(), "notices": notices(), "confirmation": confirmation()}.items():
        (Path(sys.argv[1]) / f"{name}.eml").write_bytes(mail)


def digest() -> bytes:
    from broadsheet.digests.choosing import Choice, ChosenPaper, ChosenTopic
    from broadsheet.digests.composing import compose
    from broadsheet.digests.models import Channel, Recipient
    from broadsheet.papers.models import Paper

    recipient = Recipient(pk=1, address="ada@lab.example", secret=b"0" * 16, confirmed_at=NOW)
    papers = iter(Paper.objects.order_by("pk").values_list("pk", flat=True)[:8])
    topics = tuple(
        ChosenTopic(
            pk,
            f"t{pk}",
            name,
            tuple(ChosenPaper(next(papers), 1, ("W" * 80,)) for _ in range(many)),
            many + 1,
        )
        for pk, (name, many) in enumerate(
            (("Training at scale", 4), ("W" * 120, 2), ("<b>Robots</b> & hands", 2))
        )
    )
    channel, choice = Channel(recipient=recipient, kind="mail"), Choice(topics, 55)
    mail = compose(recipient, channel, choice, window="2026-11-20", next_at=NOW + timedelta(days=1), **AT)
    return mail.content


def notices() -> bytes:
    from broadsheet.community.shown_notices import Shown
    from broadsheet.digests.letters.notices import compose

    answer = Shown(
        1, NOW, False, "Ben Example answered you:", "Wide " * 40, "/papers/2611.00001/discussion/4", 4
    )
    word = Shown(2, NOW, False, "Your submission was accepted.", "", "/notices", None)
    return compose(
        "ada@lab.example", [answer, word] * 12, unsubscribe="https://papers.example.org/unsubscribe/x", **AT
    )


def confirmation() -> bytes:
    from broadsheet.digests.letters import short

    return short.confirmation("ada@lab.example", f"https://papers.example.org/confirm/{'x' * 32}", at=NOW)


if __name__ == "__main__":
    main()
