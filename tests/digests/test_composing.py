"""What a digest looks like as bytes, and how it is read."""

from __future__ import annotations

import quopri
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from django.conf import settings as django_settings
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.daily.models import Topic
from broadsheet.digests.choosing import Choice, ChosenPaper, ChosenTopic
from broadsheet.digests.composing import Composed, NothingLeftError, compose
from broadsheet.digests.letters import short
from broadsheet.digests.letters.digests import forget
from broadsheet.digests.letters.frames import encoded
from broadsheet.digests.letters.wording import isolated, preheader, subject
from broadsheet.digests.models import Channel, Recipient
from broadsheet.papers.catalogue import store
from broadsheet.papers.models import Paper, SourceRecord
from broadsheet.papers.record import AuthorName, Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
NOW = datetime(2026, 11, 20, 7, tzinfo=UTC)
LATER = datetime(2026, 11, 21, 7, tzinfo=UTC)


@pytest.fixture
def site(settings):
    settings.BROADSHEET = django_settings.BROADSHEET.model_copy(
        update={"site_url": "https://papers.example.org"}
    )
    settings.DEFAULT_FROM_EMAIL = "digests@papers.example.org"


def papers(*titles: str) -> list[int]:
    records = [
        Record(
            source="arxiv",
            key=f"demo-{number}-{title[:40]}",
            title=title,
            abstract=f"Much is known. We propose method number {number} and show that it works. More follows.",
            authors=tuple(AuthorName(f"Author {letter}") for letter in "ABCDE"),
            published_at=NOW,
        )
        for number, title in enumerate(titles)
    ]
    store(records, now=NOW)
    known = dict(SourceRecord.objects.values_list("key", "paper"))
    return [known[record.key] for record in records]


def topic(
    name: str, *pks: int, kind: str = "search", wanted: str = "wide networks", new: int = 0
) -> ChosenTopic:
    made = Topic.objects.create(
        slug=f"topic-{Topic.objects.count()}", name=name, wanted={"kind": kind, "name": wanted}, made_at=NOW
    )
    chosen = tuple(ChosenPaper(pk, number) for number, pk in enumerate(pks, 1))
    return ChosenTopic(made.pk, made.slug, made.name, chosen, new or len(pks))


def subscriber(address: str = "ada@example.org", **more) -> Channel:
    said = {"address": address, "confirmed_at": NOW} | more
    recipient, _ = Recipient.objects.get_or_create(key=address, defaults=said)
    return Channel.objects.get_or_create(recipient=recipient, kind="mail", defaults={"made_at": NOW})[0]


def sent(choice: Choice, channel: Channel | None = None, at: datetime = NOW) -> bytes:
    return composed(choice, channel, at).content


def composed(choice: Choice, channel: Channel | None = None, at: datetime = NOW) -> Composed:
    channel = channel or subscriber()
    return compose(
        channel.recipient,
        channel,
        choice,
        at=at,
        message_id="<0123@papers.example.org>",
        window="2026-11-20",
        next_at=LATER,
    )


def read(mail: bytes):
    return message_from_bytes(mail, policy=policy.default)


def contents(mail) -> list[str]:
    """The text and the HTML of a mail."""
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    return [part.get_content().replace("\r\n", "\n") for part in mail.iter_parts()]


def one(*titles: str, name: str = "Wide networks", left: int = 0) -> Choice:
    """A choice of papers with these titles in one topic."""
    return Choice((topic(name, *papers(*titles)),), left)


def test_a_mail_says_of_each_paper_what_it_does_who_wrote_it_and_why_it_is_there():
    mail = read(sent(one("Bounds for wide networks", "Deep ones")))
    text, html = contents(mail)
    assert mail["Subject"] == "2 new in Wide networks: Bounds for wide networks"
    assert (
        " 1. Bounds for wide networks\n"
        "    Author A, Author B, Author C and 2 more · 20 Nov 2026\n"
        "    We propose method number 0 and show that it works.\n"
        "    Why: it matches “wide networks”.\n"
        "    https://papers.example.org/papers/local:"
    ) in text
    for said in (
        ">Bounds for wide networks</a>",
        "Author C and 2 more",
        "method number 0",
        "it matches “wide",
    ):
        assert said in html
    for foot in ("you confirmed it on 20 Nov 2026", "Saturday, 21 November 2026 at 07:00"):
        assert foot in " ".join(text.split())
        assert foot in html
    # The link that saves a paper has a code of 32 letters in it.
    assert max(map(len, text.split("\n"))) <= 90
    assert all(len(line) <= 66 or line.lstrip().startswith("https://") for line in text.split("\n"))


def test_the_headers_are_those_that_programs_and_relays_look_for():
    mail = sent(one("Bounds"))
    head = mail.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert b"From: Broadsheet <digests@papers.example.org>" in head
    assert b"To: ada@example.org" in head
    assert b"Date: Fri, 20 Nov 2026 07:00:00 +0000" in head
    assert b"Message-ID: <0123@papers.example.org>" in head
    assert b"List-Id: Broadsheet <digests.papers.example.org>" in head
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head
    (leave,) = (line for line in head if line.startswith(b"List-Unsubscribe:"))
    assert re.fullmatch(rb"List-Unsubscribe: <https://papers\.example\.org/unsubscribe/[\w-]{32}>", leave)
    for line in (
        b"Auto-Submitted: auto-generated",
        b"Precedence: bulk",
        b"List-Post: NO",
        b"MIME-Version: 1.0",
    ):
        assert line in head
    assert b"ada@example.org" not in mail.partition(b"\r\n\r\n")[2]


def test_the_same_mail_is_the_same_bytes():
    channel, choice = subscriber(), one("Bounds", "More bounds")
    first = sent(choice, channel)
    forget()
    assert sent(choice, channel) == first
    assert set(first) <= set(range(128))
    assert b"\n" not in first.replace(b"\r\n", b"")
    assert max(map(len, first.split(b"\r\n"))) <= 200


@given(st.lists(st.text(st.characters(exclude_characters="\r", codec="utf-8"))))
def test_pieces_that_were_encoded_apart_are_read_as_one_text(pieces):
    joined = b"".join(map(encoded, pieces))
    assert quopri.decodestring(joined).replace(b"\r\n", b"\n").decode() == "".join(pieces)
    assert all(len(line) <= 76 for line in joined.split(b"\r\n"))


HOSTILE = (
    "Wide\r\nBcc: eve@example.org\r\n\r\nnetworks",
    '<script>alert(1)</script> & "quotes" {{ slot.save }} <!-- part foot -->',
    "\u202egnp.exe \u2066isolated \u200bunseen",
    "Sätze über 深層学習 und =?utf-8?q?words?= 😀",
    "Word " * 200,
    "W" * 900,
    ".",
)


@pytest.mark.parametrize("said", HOSTILE)
def test_no_title_name_or_topic_breaks_a_mail(said, settings):
    channel = subscriber()
    usual = sorted(read(sent(one("Bounds", "Depth"), channel)).keys())
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"site_name": said[:60]})
    mail = read(sent(one(said, "Depth", name=said[:120]), channel))
    text, html = contents(mail)
    assert sorted(mail.keys()) == usual
    assert not mail.defects
    assert len(mail["Subject"]) <= 70
    assert mail["From"].addresses[0].addr_spec == "digests@papers.example.org"
    assert html.count("<script") == 0
    assert html.count("</html>") == html.count(">Unsubscribe</a>") == text.count("Unsubscribe:") == 1
    assert not set(text + html + mail["Subject"]) & set("\u202e\u2066\u200b")
    kept = read(sent(one("Depth"), channel))
    assert kept["List-Unsubscribe"] == mail["List-Unsubscribe"]


@pytest.mark.parametrize(
    ("titles", "topics", "said"),
    [
        (["Deep nets"], ["Nets"], "1 new in Nets: Deep nets"),
        (["Deep nets"], ["Nets " * 20], "1 new in Nets Nets Nets Nets Nets Nets…: Deep nets"),
        (["Deep nets", "b"], ["Nets", "Depth"], "Deep nets and 1 more"),
        (["Deep " * 30, *"abcdefgh"], ["Nets", "Depth"], f"{'Deep ' * 10}Deep… and 8 more"),
    ],
)
def test_a_subject_says_what_is_new_and_fits(titles, topics, said):
    assert subject(titles, topics) == said
    assert len(said) <= 70


def test_the_preheader_names_what_the_subject_does_not():
    assert preheader(["a", "b", "c", "d", "e"], "The point.") == "b · c · d"
    assert preheader(["a"], "The point.") == "The point."


def test_a_paper_of_several_topics_says_where_else_it_is():
    (paper,) = papers("Bounds")
    chosen = topic("Wide networks")
    first = replace(chosen, papers=(ChosenPaper(paper, 1, ("Bounds", "Proofs")),))
    for part in contents(read(sent(Choice((first,), 0)))):
        assert "Why: it matches “wide networks”; also in Bounds, Proofs." in part


def test_what_does_not_fit_is_scanned_from_the_first_paper_on_that_is_not_told(settings):
    titles = [f"{number} " + "<&>" * 90 for number in range(40)]
    new, rest = papers(*titles), papers("Rest")
    large = replace(topic("<" * 120, *new), since=7, rest=(*rest, 98, 99))
    choice = Choice((large,), 3)
    mail, told = composed(choice)
    text, html = contents(read(mail))
    many = len(told)
    assert 20 < many < 40
    assert text.count("Why:") == html.count("Why:") == many
    assert len(html.encode()) <= 90_000
    page = f"https://papers.example.org/topics/{large.slug}?since=7"
    assert f"Scan the other {43 - many}:\n{page}&view=scan#p{new[many]}\n" in text
    assert f"{page}&amp;view=scan#p{new[many]}" in html
    assert f"{many} papers new to you, of 43 that came in" in html


def test_a_paper_that_is_there_no_more_is_not_told():
    there, gone = papers("Bounds", "Depth")
    choice = Choice((topic("Wide networks", gone, there),), 0)
    Paper.objects.filter(pk=gone).delete()
    mail, told = composed(choice)
    assert told == [there]
    assert read(mail)["Subject"] == "1 new in Wide networks: Bounds"
    Paper.objects.filter(pk=there).delete()
    forget()
    with pytest.raises(NothingLeftError):
        sent(choice)


def test_forty_papers_are_read_at_once_and_then_from_memory(count_queries):
    channel, choice = subscriber(), one(*(f"Paper {number}" for number in range(40)))
    assert count_queries(sent, choice, channel) <= 8
    assert count_queries(sent, choice, channel) == 0


def test_days_are_those_of_the_reader():
    channel = subscriber(zone="Pacific/Auckland")
    text, _ = contents(read(sent(one("Bounds"), channel)))
    assert "Friday, 20 November 2026 · 1 paper new to you" in text
    assert "Saturday, 21 November 2026 at 20:00" in " ".join(text.split())


def test_a_confirmation_says_nothing_but_what_it_is_for():
    mail = read(short.confirmation("ada@example.org", "https://papers.example.org/confirm/x", at=NOW))
    text, html = contents(mail)
    assert "\nhttps://papers.example.org/confirm/x\n" in text
    assert 'href="https://papers.example.org/confirm/x"' in html
    assert mail["List-Unsubscribe"] is None


def test_names_from_right_to_left_keep_the_order_of_the_authors():
    names = ["سلمى حداد", "Ada Vale"]
    assert [isolated(name) for name in names] == ["\u2068سلمى حداد\u2069", "Ada Vale"]
