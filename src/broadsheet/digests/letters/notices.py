"""The mail that tells a person what happened that concerns them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from broadsheet.community.shown_notices import Shown
from broadsheet.configured import instance
from broadsheet.daily.periods import long_day
from broadsheet.daily.wording import counted
from broadsheet.digests.letters import headers
from broadsheet.digests.letters.frames import frame
from broadsheet.digests.letters.wording import SUBJECT, clean, shortened, site_name

MOST, LONGEST = 20, 300
KIND = "notices"
TEMPLATES = ("notices.txt", "notices.html")


def compose(
    address: str, notices: Sequence[Shown], *, unsubscribe: str, at: datetime, message_id: str
) -> bytes:
    """The mail with these notices, the first MOST of them."""
    said = subject(notices)
    mail = {
        "subject": said,
        "dateline": f"{long_day(at.date())} · {counted(len(notices), 'notice')}",
        "notices": [_clean(one) for one in notices[:MOST]],
        "more": f"And {len(notices) - MOST:,} more" if notices[MOST:] else "",
        "because": f"You get this because you have an account at {site_name()}.",
        "unsubscribe": unsubscribe,
        "site": instance().site_url,
        "site_name": site_name(),
    }
    text, html = (frame(template, "head", **mail).first for template in TEMPLATES)
    usual = headers.usual(address, said, at=at, message_id=message_id)
    of_list = headers.of_list(KIND, unsubscribe=unsubscribe, manage=f"{instance().site_url}/settings")
    return headers.written((*usual, *of_list)) + headers.body(text, html)


def subject(notices: Sequence[Shown]) -> str:
    """The subject of a mail with these notices: what the first says, and how many more there are."""
    first = notices[0]
    said = f"{clean(first.said).rstrip(':')}: {clean(first.paper)}" if first.paper else clean(first.said)
    ended = f" and {len(notices) - 1:,} more" if notices[1:] else ""
    return shortened(said, SUBJECT - len(ended)) + ended


def _clean(notice: Shown) -> Shown:
    said, paper = (shortened(clean(text), LONGEST) for text in (notice.said, notice.paper))
    return replace(notice, said=said, paper=paper)
