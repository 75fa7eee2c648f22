"""arXiv's new-listing feeds and its export API, on loopback: answers in the form of the real ones, of made-up
papers, and what the real ones do wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape

from tests.sources.local_server import LocalServer, Reply, Request, serving

from broadsheet.sources.live.arxiv.calendar import NEW_YORK
from broadsheet.sources.live.fetching.clock import Clock
from broadsheet.sources.live.fetching.fetcher import Fetcher
from broadsheet.sources.live.source import Asked, Batch, LiveSource, Position

ATOM = 'xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"'
DUBLIN_CORE = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
LICENSE = "http://creativecommons.org/licenses/by/4.0/"
BOMB = b"""<?xml version="1.0"?><!DOCTYPE bomb [<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><rss><channel>&d;</channel></rss>"""
WEB_PAGE = b"<!DOCTYPE html><html><body>Down for maintenance</body></html>"


@dataclass(frozen=True)
class Paper:
    """A made-up paper, with what its announcement and the API say of it."""

    arxiv_id: str = "2611.04242"
    version: int = 1
    kind: str = "new"
    title: str = "Tide Tables for Schedulers"
    abstract: str = "A sum of eight harmonics predicts queues."
    authors: str = "Ines Vale, Tomas Birk"
    categories: tuple[str, ...] = ("cs.LG", "stat.ML")
    license: str = LICENSE
    more: str = ""
    published: datetime = datetime(2026, 11, 18, 17, 42, 10, tzinfo=UTC)
    updated: datetime = datetime(2026, 11, 19, 9, 0, 0, tzinfo=UTC)


def papers(count: int, **said: Any) -> list[Paper]:
    return [Paper(arxiv_id=f"2611.{number:05}", **said) for number in range(1, count + 1)]


def rss(category: str, day: date, listed: Sequence[Paper], *, items_day: date | None = None) -> bytes:
    """A feed as https://rss.arxiv.org/rss has it; `items_day` is for one with old items under a new head."""
    midnight = at_midnight(day)
    built = format_datetime(midnight.astimezone(UTC) + timedelta(seconds=4))
    sent = format_datetime(at_midnight(items_day or day))
    items = "".join(rss_item(paper, sent) for paper in listed)
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" {DUBLIN_CORE} version="2.0">
  <channel>
    <title>{category} updates on arXiv.org</title>
    <link>http://rss.arxiv.org/rss/{category}</link>
    <description>{category} updates on the arXiv.org e-print archive.</description>
    <language>en-us</language>
    <lastBuildDate>{built}</lastBuildDate>
    <pubDate>{format_datetime(midnight)}</pubDate>
    <skipDays><day>Sunday</day><day>Saturday</day></skipDays>
{items}  </channel>
</rss>""".encode()


def rss_item(paper: Paper, sent: str) -> str:
    full_id = f"{paper.arxiv_id}v{paper.version}"
    categories = "".join(f"<category>{name}</category>" for name in paper.categories)
    return f"""    <item>
      <title>{escape(paper.title)}</title>
      <link>https://arxiv.org/abs/{paper.arxiv_id}</link>
      <description>arXiv:{full_id} Announce Type: {paper.kind} \nAbstract: {escape(paper.abstract)}</description>
      <guid isPermaLink="false">oai:arXiv.org:{full_id}</guid>
      {categories}
      <pubDate>{sent}</pubDate>
      <arxiv:announce_type>{paper.kind}</arxiv:announce_type>
      <dc:rights>{paper.license}</dc:rights>
      <dc:creator>{escape(paper.authors)}</dc:creator>{paper.more}
    </item>
"""


def atom(category: str, day: date, listed: Sequence[Paper]) -> bytes:
    """A feed as https://rss.arxiv.org/atom has it."""
    midnight = at_midnight(day)
    built = (midnight + timedelta(seconds=4)).astimezone(UTC).isoformat()
    entries = "".join(atom_entry(paper, midnight.isoformat(), built) for paper in listed)
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed {ATOM} {DUBLIN_CORE}>
  <id>http://rss.arxiv.org/atom/{category}</id>
  <title>{category} updates on arXiv.org</title>
  <updated>{built}</updated>
  <subtitle>{category} updates on the arXiv.org e-print archive.</subtitle>
{entries}</feed>""".encode()


def atom_entry(paper: Paper, sent: str, built: str) -> str:
    full_id = f"{paper.arxiv_id}v{paper.version}"
    categories = "".join(f'<category term="{name}"/>' for name in paper.categories)
    return f"""  <entry>
    <id>oai:arXiv.org:{full_id}</id>
    <title>{escape(paper.title)}</title>
    <updated>{built}</updated>
    <link href="https://arxiv.org/abs/{paper.arxiv_id}" rel="alternate" type="text/html"/>
    <summary>arXiv:{full_id} Announce Type: {paper.kind} \nAbstract: {escape(paper.abstract)}</summary>
    {categories}
    <published>{sent}</published>
    <arxiv:announce_type>{paper.kind}</arxiv:announce_type>
    <dc:rights>{paper.license}</dc:rights>
    <dc:creator>{escape(paper.authors)}</dc:creator>
  </entry>
"""


def refusal(category: str) -> Reply:
    """What the feeds answer to a category that they do not know."""
    body = rss(category, date(2026, 11, 20), [])
    for old, new in (
        (f"{category} updates on arXiv.org", f"Feed error for query: {category}"),
        (f"{category} updates on the arXiv.org e-print archive.", "Bad subject class 'XX'."),
    ):
        body = body.replace(old.encode(), new.encode())
    return Reply(body, status=400)


def query_answer(listed: Sequence[Paper], *, total: int | None = None) -> bytes:
    """An answer of https://export.arxiv.org/api/query; `total` may claim more than it has."""
    entries = "".join(map(query_entry, listed))
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" {ATOM}>
  <id>https://arxiv.org/api/cHxbiOdZaP56ODnBPIenZhzg5f8</id>
  <title>arXiv Query: search_query=&amp;id_list=2611.04242&amp;start=0&amp;max_results=100</title>
  <updated>2026-11-20T09:00:00Z</updated>
  <opensearch:itemsPerPage>100</opensearch:itemsPerPage>
  <opensearch:totalResults>{len(listed) if total is None else total}</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>
{entries}</feed>""".encode()


def query_entry(paper: Paper) -> str:
    authors = "".join(
        f"<author><name>{escape(name)}</name><arxiv:affiliation>North Lab</arxiv:affiliation></author>"
        for name in paper.authors.split(", ")
    )
    categories = "".join(f'<category term="{escape(name)}"/>' for name in paper.categories)
    title = escape(paper.title).replace(" for ", "\n  for ")
    return f"""  <entry>
    <id>http://arxiv.org/abs/{paper.arxiv_id}v{paper.version}</id>
    <title>{title}</title>
    <updated>{paper.updated:%Y-%m-%dT%H:%M:%SZ}</updated>
    <link href="https://arxiv.org/abs/{paper.arxiv_id}v{paper.version}" rel="alternate" type="text/html"/>
    <summary>  {escape(paper.abstract)}
</summary>
    {categories}
    <published>{paper.published:%Y-%m-%dT%H:%M:%SZ}</published>
    <arxiv:primary_category term="{paper.categories[0]}"/>
    {authors}{paper.more}
  </entry>
"""


def query_error(culprit: str) -> Reply:
    """What the API answers where an id is malformed."""
    url = f"https://arxiv.org/api/errors#incorrect_id_format_for_{culprit}"
    body = f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" {ATOM}>
  <title>arXiv Query: search_query=&amp;id_list={culprit}</title>
  <opensearch:totalResults>1</opensearch:totalResults>
  <entry><id>{url}</id><title>Error</title><summary>incorrect id format for {culprit}</summary></entry>
</feed>"""
    return Reply(body.encode(), status=400)


def at_midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=NEW_YORK)


Answer = Reply | bytes


@dataclass
class Feeds:
    """What each category's feed answers; one that did not change since it was last asked says so."""

    answers: dict[str, Answer] = field(default_factory=dict)

    def __call__(self, request: Request) -> Reply:
        answer = self.answers[request.path.removeprefix("/rss/")]
        if isinstance(answer, Reply):
            return answer
        etag = f'"{hashlib.sha256(answer).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == etag:
            return Reply(status=304)
        return Reply(answer, headers={"ETag": etag}, content_type="application/rss+xml")


@dataclass
class Api:
    """The API with these papers: unknown ids are left out, a malformed one spoils the whole answer.

    `before` are answers that it gives first, whatever it is asked.
    """

    known: Sequence[Paper] = ()
    malformed: Sequence[str] = ()
    before: list[Reply] = field(default_factory=list)

    def __call__(self, request: Request) -> Reply:
        if self.before:
            return self.before.pop(0)
        ids = request.query["id_list"].split(",")
        assert int(request.query["max_results"]) == len(ids) <= 100
        if bad := [one for one in ids if one in self.malformed]:
            return query_error(bad[0])
        by_id = {paper.arxiv_id: paper for paper in self.known}
        return Reply(query_answer([by_id[one] for one in ids if one in by_id]))


@dataclass
class Asking:
    """Takes a source's steps against a server, at a time of the test's."""

    server: LocalServer
    now: datetime

    def __post_init__(self) -> None:
        clock = Clock(now=lambda: self.now, sleep=self.pass_time)
        self.fetcher = Fetcher(clock=clock, patience=timedelta(hours=2))

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def round(
        self, source: LiveSource, position: Position | None = None, **asked: Any
    ) -> tuple[Position, list[Batch]]:
        """Take steps until one says that it is done: the position then, and what each step learnt."""
        position, batches = position or {}, []
        while not batches or not batches[-1].is_done:
            before = len(self.server.requests)
            batches.append(source.step(position, self.asked(**asked), self.fetcher))
            assert len(self.server.requests) <= before + 1
            position = batches[-1].position
        return position, batches

    def asked(self, **what: Any) -> Asked:
        return Asked(now=self.now, **what)

    @property
    def queries(self) -> list[Mapping[str, str]]:
        return [request.query for request in self.server.requests]

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.server.requests]


@contextmanager
def asking(respond: Callable[[Request], Reply], *, now: datetime) -> Iterator[Asking]:
    """A server that answers so, and something to ask it with."""
    with serving(respond) as server:
        this = Asking(server, now)
        with this.fetcher:
            yield this
