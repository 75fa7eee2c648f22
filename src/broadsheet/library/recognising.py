"""Which papers of the catalogue the entries of a file are of, which are to be added, and which nobody knows.

What the catalogue has is found by its identifiers, else as records become one paper. It is never changed by
a file. What it does not have becomes a paper of it, for everybody, where an identifier says what it is; where
its reader is alone here, without one too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain

from broadsheet.accounts.settings import SINGLE
from broadsheet.accounts.settings import access as access_mode
from broadsheet.library.brought import Found, Outcome, Report, Wish, line, names
from broadsheet.papers import placing, tables
from broadsheet.papers.identifiers import SCHEMES, Identifier, with_scheme
from broadsheet.papers.known_as import known_as
from broadsheet.papers.portions import portions
from broadsheet.papers.record import Record
from broadsheet.sources.files.mine import SOURCE, Entry
from broadsheet.sources.live.wanted import TooManyWantedError, is_on_offer, want
from broadsheet.sources.reference_keys import FileKeys

# So many names are asked for at once, and records settled.
PORTION = 2_000


def papers_of(entries: Sequence[Entry], wish: Wish, report: Report, *, now: datetime) -> list[Found]:
    """The papers that the entries are of; entries of no paper are told in the report, and arXiv is asked for
    its own unless that is of a dry run.
    """
    work = _Papers(wish, report, now)
    left = work.by_records(work.by_names(entries))
    work.tell(work.beside_records(left))
    return [*work.known.values(), *work.fresh.values()]


@dataclass(slots=True)
class _Papers:
    """The papers so far: those of the catalogue by their keys, and those to be added."""

    wish: Wish
    report: Report
    now: datetime
    known: dict[int, Found] = field(default_factory=dict)
    fresh: dict[int, Found] = field(default_factory=dict)

    def by_names(self, entries: Sequence[Entry]) -> list[Entry]:
        """Find papers by their names; gives the entries of which no name is known."""
        wanted = [names(entry) for entry in entries]
        known = _known({name for of_entry in wanted for name in of_entry})
        left = []
        for entry, of_entry in zip(entries, wanted, strict=True):
            if paper := next((known[name] for name in of_entry if name in known), None):
                self._take(entry, *paper)
            else:
                left.append(entry)
        return left

    def by_records(self, entries: Sequence[Entry]) -> list[Entry]:
        """Find papers as records become one, and those to be added; gives the entries of neither."""
        is_alone = access_mode() == SINGLE
        telling = [entry for entry in entries if entry.record]
        records, keys = [_as_brought(one.record, is_alone) for one in telling if one.record], FileKeys()
        records = [record for portion in portions(records, PORTION) for record in keys.settled(portion)]
        placed = placing.places(records, now=self.now) if records else []
        public_ids = _public_ids([place.paper for place in placed if place.paper is not None])
        left = [entry for entry in entries if not entry.record]
        for entry, record, place in zip(telling, records, placed, strict=True):
            if place.paper is not None:
                self._take(entry, place.paper, public_ids[place.paper])
            elif place.number in self.fresh:
                self.fresh[place.number].entries.append(entry)
            elif self.wish.adds and (is_alone or record.identifiers):
                self.fresh[place.number] = Found([entry], record=record)
            else:
                left.append(entry)
        return left

    def beside_records(self, entries: Sequence[Entry]) -> list[Entry]:
        """Find papers that other entries of the file say more of; gives the entries of no paper."""
        added = {x: one for one in self.fresh.values() if one.record for x in one.record.identifiers}
        left = []
        for entry in entries:
            if entry.name in added and not entry.record:
                added[entry.name].entries.append(entry)
            else:
                left.append(entry)
        return left

    def tell(self, entries: Sequence[Entry]) -> None:
        """Tell of entries whose papers are not here; ask arXiv for its own."""
        problem = self._ask([entry for entry in entries if self.wish.adds and _arxiv(entry)])
        for entry in entries:
            if problem is not None and _arxiv(entry):
                outcome = Outcome.REFUSED if problem else Outcome.ASKED
                reason = problem or "arXiv is asked for it: bring the file again in a few minutes"
            else:
                outcome, reason = Outcome.REFUSED, _why(entry, self.wish)
            self.report.tell(line(entry, outcome, reason=reason))

    def _ask(self, entries: Sequence[Entry]) -> str | None:
        """Ask arXiv: None where it cannot be asked, else why it is not; empty if it is."""
        if not entries or not is_on_offer(names(entries[0])[0]):
            return None
        try:
            if not self.report.is_dry:
                want(sorted(set(map(_arxiv, entries))), now=self.now)
        except TooManyWantedError as problem:
            return str(problem)
        return ""

    def _take(self, entry: Entry, paper: int, public_id: str) -> None:
        if paper not in self.known:
            self.known[paper] = Found([], paper, _named(public_id))
        self.known[paper].entries.append(entry)


def added(papers: Sequence[Found], *, now: datetime) -> None:
    """Note which papers of the catalogue those are that were added to it."""
    fresh = [one for one in papers if one.record]
    placed = placing.places([one.record for one in fresh if one.record], now=now) if fresh else []
    public_ids = _public_ids([place.paper for place in placed if place.paper is not None])
    for one, place in zip(fresh, placed, strict=True):
        if place.paper is not None:
            one.paper, one.named = place.paper, _named(public_ids[place.paper])


def _known(wanted: Collection[Identifier]) -> dict[Identifier, tuple[int, str]]:
    """The papers of these names, each with its key and public id."""
    found = {
        Identifier(scheme, value): (pk, public_id)
        for portion in portions([name for name in wanted if name.scheme != "local"], PORTION)
        for scheme, value, pk, public_id in tables.by_names(portion, "public_id")
    }
    ours = [name for name in wanted if name.scheme == "local"]
    for portion in portions([name.public_id for name in ours], PORTION):
        for public_id, (pk,) in known_as(portion, "pk").items():
            found[Identifier(*public_id.split(":", 1))] = pk, public_id
    return found


def _named(public_id: str) -> str:
    """The name under which a paper is kept."""
    return public_id if public_id.partition(":")[0] in SCHEMES else with_scheme(public_id)


def _why(entry: Entry, wish: Wish) -> str:
    said = "the catalogue does not have this paper"
    if not wish.adds:
        return said
    if entry.record:
        return f"{said}, and no identifier, such as a DOI, says where others find it"
    return f"{said}, and the file has no title for it"


def _arxiv(entry: Entry) -> str:
    """The identifier of a paper of arXiv, of which the file says no more."""
    name = next(iter(names(entry)), None)
    return name.value if name and name.scheme == "arxiv" and not entry.record else ""


def _as_brought(record: Record, is_alone: bool) -> Record:
    """What becomes a record of the catalogue: what a bibliography has of a paper, and no addresses where
    others see them. Keywords are tags here, the reader's own.
    """
    plain = replace(record, source=SOURCE, keywords=(), retracted=False)
    return plain if is_alone else replace(plain, links=())


def _public_ids(papers: Sequence[int]) -> dict[int, str]:
    found = (tables.papers(portion, ["public_id"]) for portion in portions(papers, PORTION))
    return dict(chain.from_iterable(found))
