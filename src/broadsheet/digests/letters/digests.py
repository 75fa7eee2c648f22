"""A digest as a mail: what it says, and both its parts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache, partial

from markupsafe import escape

from broadsheet.configured import instance
from broadsheet.daily.kinds.topic import page_of
from broadsheet.daily.models import Topic
from broadsheet.daily.periods import long_day
from broadsheet.daily.wording import counted, hidden_words, short_day
from broadsheet.digests.choosing import Choice, ChosenPaper, ChosenTopic
from broadsheet.digests.letters.frames import HTML, TEXT, Frame, encoded, frame, wrapped
from broadsheet.digests.letters.kept import Kept
from broadsheet.digests.letters.papers import INDENT, Encoded, papers
from broadsheet.digests.letters.wording import (
    LONGEST_NAME,
    clean,
    preheader,
    reason,
    shortened,
    site_name,
    subject,
)
from broadsheet.digests.links import Purpose
from broadsheet.digests.models import Channel, Recipient
from broadsheet.digests.windows import at_place

ALSO, LONGEST_TOPIC = 3, 60
# What a link or a number takes that differs from mail to mail, and the markup around the name of a topic and
# around the link to the rest of its papers.
LINK, AROUND_A_NAME = 300, 1600
# In bytes of HTML, in which a sign takes six at most.
LONGEST_WHY = 6 * (LONGEST_NAME + (ALSO + 1) * LONGEST_TOPIC)


def _reasons(topics: Collection[int]) -> dict[int, str]:
    rows = Topic.objects.filter(pk__in=topics).values_list("pk", "wanted")
    return {pk: reason(str(wanted.get("kind", "")), str(wanted.get("name", ""))) for pk, wanted in rows}


# Why papers are in a topic, by the key of the topic.
reasons = Kept(_reasons, most=4096)


def forget() -> None:
    """Make all that mails are joined of anew: the catalogue is another one."""
    papers.forget()
    reasons.forget()


@dataclass(frozen=True, slots=True)
class Letter:
    """What the parts of a mail are made of: `papers` are all that it tells, `day` is that of its window."""

    recipient: Recipient
    channel: Channel
    choice: Choice
    papers: Mapping[int, Encoded]
    reasons: Mapping[int, str]
    links: Mapping[Purpose, str]
    day: date
    next_at: datetime | None

    @property
    def subject(self) -> str:
        """The line that shows in a list of mails."""
        titles = [self.papers[pk].title for pk in self.choice.papers]
        return subject(titles, [clean(topic.name) for topic in self.choice.topics])

    def parts(self) -> tuple[bytes, bytes]:
        """The part for who reads plain text, and the one that most programs show."""
        site, named = instance().site_url, site_name()
        words = self._words(named)
        whys = [why(topic, paper, self.reasons) for topic in self.choice.topics for paper in topic.papers]
        urls = {purpose.name.lower(): encoded(url) for purpose, url in self.links.items()}
        text, html = (
            self._part(partial(_frame, name, site, named), name, words, whys, urls) for name in (TEXT, HTML)
        )
        return text, html

    def _part(
        self,
        frame: Callable[..., Frame],
        name: str,
        words: Mapping[str, str],
        whys: Sequence[str],
        urls: Mapping[str, bytes],
    ) -> bytes:
        slots = {**urls, **{slot: _said(name, text) for slot, text in words.items()}}
        pieces = frame("head").filled(slots)
        numbered = enumerate(whys, 1)
        for topic in self.choice.topics:
            slots["new"] = _said(name, _new(topic))
            pieces += frame("topic", topic.slug, topic.name).filled(slots)
            for paper, (number, said) in zip(topic.papers, numbered, strict=False):
                slots["number"] = _numbered(number)
                slots["why"] = _said(name, said, INDENT)
                pieces += self.papers[paper.pk].frames[name].filled(slots)
        for topic in self.choice.topics:
            if topic.rest:
                address = _scanned(topic)
                slots["scan"] = encoded(escape(address) if name == HTML else address)
                slots["others"] = _said(name, self._others(topic))
                pieces += frame("scan").filled(slots)
        if words["more"]:
            pieces += frame("more").filled(slots)
        pieces += frame("foot").filled(slots)
        return b"".join(pieces)

    def _words(self, named: str) -> Mapping[str, str]:
        return {
            "subject": self.subject,
            "preheader": self._preheader(),
            "dateline": self._dateline(),
            "more": self._more(),
            "because": self._because(named),
            "next": self._next(),
        }

    def _preheader(self) -> str:
        told = [self.papers[pk] for pk in self.choice.papers]
        return preheader([paper.title for paper in told], told[0].point)

    def _dateline(self) -> str:
        many, left = len(self.choice.papers), self.choice.left
        of = f", of {many + left:,} that came in" if left else ""
        return f"{long_day(self.day)} · {counted(many, 'paper')} new to you{of}"

    def _others(self, topic: ChosenTopic) -> str:
        """What the link says that leads to the papers of a topic which are not told here."""
        many = f"{len(topic.rest):,}" if topic.rest[1:] else "paper"
        of = f" of {shortened(clean(topic.name), LONGEST_TOPIC)}" if self.choice.topics[1:] else ""
        return f"Scan the other {many}{of}"

    def _more(self) -> str:
        linked = {pk for topic in self.choice.topics for pk in topic.rest}
        others = self.choice.left - len(linked)
        return f"And {counted(others, 'more paper')} in your other topics." if others > 0 else ""

    def _because(self, named: str) -> str:
        said = f"You get this because {named} was asked for mail to your address"
        if self.recipient.confirmed_at:
            said += f", and you confirmed it on {short_day(self._local(self.recipient.confirmed_at).date())}"
        return f"{said}.{self._hidden()}"

    def _hidden(self) -> str:
        return f" {hidden_words(self.choice.hidden)}" if self.choice.hidden else ""

    def _next(self) -> str:
        if self.channel.cadence == Channel.Cadence.WHEN_MANY:
            many = counted(self.channel.many, "new paper")
            return f"The next one comes when there are {many}, or after 30 days with what there is."
        if self.next_at is None:
            return "The next one comes when there is something new."
        at = self._local(self.next_at)
        return (
            f"The next one comes on {long_day(at.date())} at {at:%H:%M}, if there is something new by then."
        )

    def _local(self, moment: datetime) -> datetime:
        return at_place(moment, self.recipient.zone)


def why(topic: ChosenTopic, paper: ChosenPaper, reasons: Mapping[int, str]) -> str:
    """Why the paper is told under this topic, by the reasons of topics, and which others have it."""
    also = [shortened(clean(name), LONGEST_TOPIC) for name in paper.also[:ALSO]]
    others = f"; also in {', '.join(also)}" if also else ""
    return f"Why: {reasons.get(topic.pk) or reason('', '')}{others}."


def fits(choice: Choice, papers: Mapping[int, Encoded], room: int) -> bool:
    """Whether the whole choice takes no more than that, however much is said of each paper for its reader."""
    sizes = sum(papers[pk].frames[HTML].size for pk in choice.papers if pk in papers)
    names = sum(map(size_of_name, choice.topics))
    return sizes + names + len(choice.papers) * (LONGEST_WHY + LINK) <= room


def size(topic: ChosenTopic, paper: ChosenPaper, encoded: Encoded, reasons: Mapping[int, str]) -> int:
    """How many bytes of HTML the paper takes under this topic at most."""
    return encoded.frames[HTML].size + len(escape(why(topic, paper, reasons)).encode()) + LINK


def size_of_name(topic: ChosenTopic) -> int:
    """How many bytes of HTML the name of the topic and the link to the rest of its papers take at most."""
    return len(escape(topic.name).encode()) + 6 * LONGEST_TOPIC + AROUND_A_NAME


def _scanned(topic: ChosenTopic) -> str:
    """The address where all that is new in the topic is scanned, from the first paper on that is not told."""
    page = f"{instance().site_url}{page_of(topic.slug)}"
    return f"{page}?since={topic.since}&view=scan#p{topic.rest[0]}"


@cache
def _numbered(number: int) -> bytes:
    return encoded(f"{number:>2}. ")


# Reasons, dates and numbers are the same in thousands of mails.
@lru_cache(maxsize=8192)
def _said(part: str, text: str, indent: str = "") -> bytes:
    """The text as that part of a mail shows it, encoded."""
    return encoded(escape(text) if part == HTML else wrapped(text, indent))


def _new(topic: ChosenTopic) -> str:
    told = len(topic.papers)
    return f"{told:,} new" if told >= topic.new else f"{told:,} of {topic.new:,} new"


@lru_cache(maxsize=2048)
def _frame(  # noqa: PLR0917 (it is asked for dozens of times a mail)
    template: str, site: str, named: str, part: str, slug: str = "", name: str = ""
) -> Frame:
    return frame(template, part, site=site, site_name=named, href=site + page_of(slug), name=clean(name))
