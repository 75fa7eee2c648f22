"""What has changed at arXiv, by its OAI-PMH repository (https://info.arxiv.org/help/oa/index.html).

A harvest goes by the days of change, set by set, in windows of a month at most. Each window is read twice:
for the names of authors, which are kept until, in the other format, the rest of their paper comes. A token
for the next page is good until midnight; after that a window goes on from the last day it had come to, never
from its beginning. Records may move to another day meanwhile, and so the next window begins a day early.

Days that somebody asks for are days of change, too. What has changed again since then is on a later day, and
came with the run of that day, or comes with a back-fill up to now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import orjson
from django.db import connection, transaction

from broadsheet.papers.models import SourceRecord
from broadsheet.papers.record import AuthorName, RecordError, record_from_json
from broadsheet.papers.taxonomy import ALIASES, GROUPS, NAMES
from broadsheet.sources.files.readings import Reading, Refusal, record_or_refusal
from broadsheet.sources.live.arxiv import metadata
from broadsheet.sources.live.arxiv.oai_protocol import OaiError, OaiItem, OaiPage, parse
from broadsheet.sources.live.arxiv.records import SOURCE, Told
from broadsheet.sources.live.fetching.fetcher import Answer, Fetcher
from broadsheet.sources.live.source import Asked, Batch, LiveSource, Position
from broadsheet.sources.models import HarvestedAuthors
from broadsheet.sources.settings import source_settings

NAME = "arxiv-oai"
FIRST_DAYS = timedelta(days=14)
OVERLAP = timedelta(days=1)
LONGEST_WINDOW = timedelta(days=31)
EARLIEST = date(2005, 9, 16)
# arXiv updates its repository at about 22:30 in New York, and wants no harvest in the hour after midnight.
DUE = time(4, 15)
TRIES = 3
NAMES_FORMAT, RECORDS_FORMAT = "arXiv", "arXivRaw"
DELETED = "Deleted at arXiv."
_DAY = timedelta(days=1)
_KEY_LENGTH = 255
_IDENTIFIER = "oai:arXiv.org:"
# A page at once: one object for each row would take four times as long.
_KEEP = (
    "INSERT INTO sources_harvestedauthors (harvest, key, authors) VALUES (%s, %s, %s)"
    " ON CONFLICT (harvest, key) DO UPDATE SET authors = excluded.authors"
)


@dataclass(frozen=True, slots=True)
class _Window:
    """Days of a set being read in one of the two formats, and how far that is; days as ISO 8601 has them.

    `until` is empty for the newest days. `came_to` is the last day of change seen in this format, `tries`
    counts useless answers to one request, `restarts` tokens refused since that day. Without a format the
    window has been read.
    """

    scope: str
    since: str
    until: str
    format: str = NAMES_FORMAT
    token: str = ""
    expires: str = ""
    came_to: str = ""
    tries: int = 0
    restarts: int = 0

    @property
    def is_fresh(self) -> bool:
        """True before the first answer."""
        return self == _Window(self.scope, self.since, self.until)

    def request(self) -> dict[str, str]:
        """The arguments that ask for the next page."""
        if self.token:
            return {"verb": "ListRecords", "resumptionToken": self.token}
        first = {"metadataPrefix": self.format, "set": self.scope, "from": self.came_to or self.since}
        return {"verb": "ListRecords"} | first | ({"until": self.until} if self.until else {})

    def without_token(self) -> _Window:
        """The window, to be gone on with from the last day seen."""
        return replace(self, token="", expires="", tries=0)

    def at_end(self) -> _Window:
        """The window in its next format, or read."""
        left = RECORDS_FORMAT if self.format == NAMES_FORMAT else ""
        return _Window(self.scope, self.since, self.until, left)


def scope_of(category: str) -> str:
    """The set of a category of arXiv: `cs:cs:LG`, `physics:hep-th`. Raises ValueError for an unknown one."""
    code = ALIASES.get(category, category)
    if code not in NAMES:
        raise ValueError(f"{category!r} is no category of arXiv")
    group = "physics" if code in GROUPS["Physics"] else code.partition(".")[0]
    return ":".join((group, *code.split(".")))


def step(position: Position, asked: Asked, fetcher: Fetcher) -> Batch:
    """Ask for one page. Raises FetchError."""
    run = _run(position, asked)
    window = _window(run, asked)
    harvest = f"{NAME} again" if asked.since else NAME
    # Only now is the step stored that used the last of them.
    if window is None or window.is_fresh:
        HarvestedAuthors.objects.filter(harvest=harvest).delete()
    if window is None:
        return Batch(position={"done": run["done"]}, is_done=True)
    if window.token and window.expires <= asked.now.isoformat():
        window = window.without_token()
    answer = fetcher.get(source_settings().address("arxiv_oai_url"), window.request())
    page = _page(answer, window, fetcher)
    after = _after(window, page, asked.now)
    if max(after.tries, after.restarts) > TRIES:
        raise fetcher.unusable(answer, f"gives no more of {window.scope}, but does not say that this is all")
    if window.format == NAMES_FORMAT:
        _keep_authors(harvest, page.items)
        return Batch(position=_moved(run, after), is_done=False)
    return Batch(position=_moved(run, after), is_done=False, readings=(*_readings(harvest, page, asked),))


def next_due(moment: datetime) -> datetime:
    """The next DUE after the moment."""
    due = datetime.combine(moment.astimezone(UTC), DUE, UTC)
    return due if due > moment else due + _DAY


OAI = LiveSource(NAME, "arxiv", "arXiv, what has changed", step, next_due)


def _run(position: Position, asked: Asked) -> Position:
    """The run under way, or a new one; one of a day to come was begun when the clock ran ahead."""
    is_under_way = "sets" in position and position["day"] <= str(asked.now.date())
    return position if is_under_way else _begun(position, asked)


def _begun(position: Position, asked: Asked) -> Position:
    """A run at its beginning: its day, where it ends if not there, its sets, how far each was ever read.

    A set that was read to a day to come, by a clock that ran ahead, is read as if for the first time.
    """
    today = asked.now.date()
    done = {scope: day for scope, day in position.get("done", {}).items() if day <= str(today)}
    return {
        "day": today.isoformat(),
        "until": max(asked.until, EARLIEST).isoformat() if asked.until and asked.until < today else "",
        "sets": list(dict.fromkeys(map(scope_of, asked.categories))),
        "done": done,
    }


def _window(run: Position, asked: Asked) -> _Window | None:
    """The window that the run is in, or the next one of its first set; None where no set is left."""
    if "window" in run:
        return _Window(**run["window"])
    if not run["sets"]:
        return None
    scope = run["sets"][0]
    if scope in run["done"]:
        since = date.fromisoformat(run["done"][scope]) - OVERLAP
    else:
        since = asked.since or date.fromisoformat(run["day"]) - FIRST_DAYS
    since = max(since, EARLIEST)
    until = (since + LONGEST_WINDOW - _DAY).isoformat()
    return _Window(scope, since.isoformat(), until if until < (run["until"] or run["day"]) else run["until"])


def _moved(run: Position, window: _Window) -> Position:
    """The run with the window where it is now, or without it once it has been read."""
    if window.format:
        return run | {"window": asdict(window)}
    sets = run["sets"][1:] if window.until == run["until"] else run["sets"]
    done = run["done"] | {window.scope: window.until or run["day"]}
    return {"day": run["day"], "until": run["until"], "sets": sets, "done": done}


def _page(answer: Answer, window: _Window, fetcher: Fetcher) -> OaiPage:
    try:
        page = parse(answer.body)
    except OaiError as problem:
        raise fetcher.unusable(answer, f"gave an answer that {problem}") from problem
    if page.error and page.error != "noRecordsMatch" and not (_is_refused(page) and window.token):
        raise fetcher.unusable(answer, f"refused the request: {page.error} ({page.message})")
    return page


def _is_refused(page: OaiPage) -> bool:
    return page.error == "badResumptionToken"


def _after(window: _Window, page: OaiPage, now: datetime) -> _Window:
    """Where the harvest stands after a page. Pure."""
    if _is_refused(page):
        return replace(window.without_token(), restarts=window.restarts + 1)
    if page.error:
        return window.at_end()
    if not page.items or (page.token and page.token == window.token):
        # Such pages came in the middle of lists: asked again, the repository knew more.
        return replace(window, tries=window.tries + 1)
    if not page.token:
        return window.at_end()
    latest = page.latest.isoformat() if page.latest else ""
    came_to = max(window.came_to, min(latest, window.until or now.date().isoformat()))
    return replace(
        window,
        token=page.token,
        expires=_expires(page, now),
        came_to=came_to,
        tries=0,
        restarts=window.restarts if came_to == window.came_to else 0,
    )


def _expires(page: OaiPage, now: datetime) -> str:
    """Until when the token is good: as the repository says, or until the next midnight."""
    if page.expires and page.expires > now:
        return page.expires.astimezone(UTC).isoformat()
    return datetime.combine(now + _DAY, time(), UTC).isoformat()


def _keep_authors(harvest: str, items: Sequence[OaiItem]) -> None:
    """Keep the authors until the rest of their papers comes; one that cannot be read is refused only then."""
    rows = []
    for item in items:
        with suppress(RecordError):
            authors = [(one.name, one.family, one.given) for one in metadata.authors(item.metadata)]
            rows.append((harvest, item.identifier[:_KEY_LENGTH], orjson.dumps(authors).decode()))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_KEEP, rows)


def _readings(harvest: str, page: OaiPage, asked: Asked) -> Iterator[Reading]:
    yield from _deletions([item for item in page.items if item.is_deleted], asked.now)
    items = [item for item in page.items if not item.is_deleted]
    kept = HarvestedAuthors.objects.filter(harvest=harvest, key__in=[one.identifier for one in items])
    authors = dict(kept.values_list("key", "authors"))
    for number, item in enumerate(items, start=1):
        names = tuple(AuthorName(*parts) for parts in authors.get(item.identifier, ()))
        told = Told(authors=names, observed_at=asked.now, holidays=asked.holidays)
        place = item.identifier or f"record {number} of a page"
        yield record_or_refusal(place, metadata.record, item.metadata, told)


def _deletions(items: Sequence[OaiItem], now: datetime) -> Iterator[Reading]:
    """So far nothing is ever deleted at arXiv. If it is, a paper that we have becomes a withdrawn one."""
    by_key = {item.identifier.removeprefix(_IDENTIFIER): item.identifier for item in items}
    held = SourceRecord.objects.filter(source=SOURCE, key__in=by_key)
    for key, content in held.values_list("key", "content"):
        del by_key[key]
        record = record_from_json(orjson.loads(content))
        yield replace(record, withdrawn=True, notice=record.notice or DELETED, observed_at=now)
    for identifier in by_key.values():
        yield Refusal(identifier, "arXiv has deleted it, and it was never here")
