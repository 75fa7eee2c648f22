"""Papers as arXiv stores them, and what its OAI-PMH repository makes of them in each of its formats."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property
from xml.sax.saxutils import escape

from broadsheet.papers.taxonomy import ALIASES, GROUPS, category_name

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
YESTERDAY = NOW.date() - DAY
FORMATS = {
    "oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "arXiv": "http://arxiv.org/OAI/arXiv/",
    "arXivRaw": "http://arxiv.org/OAI/arXivRaw/",
}


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """A version: when it was sent in, and its source flags."""

    at: datetime
    flags: str = "D"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper as arXiv stores it. `names` are (family, given, suffix), `authors` is what was typed in."""

    id: str
    changed: date
    versions: tuple[Submitted, ...]
    title: str = "Tide Tables for Schedulers"
    names: tuple[tuple[str, str, str], ...] = (("Vale", "Ines", ""), ("Birk", "Tomas", "Jr"))
    authors: str = "Ines Vale and Tomas Birk Jr"
    abstract: str = "  We forecast the load of shared clusters with eight harmonics.\n"
    categories: str = "cs.LG stat.ML"
    comments: str = ""
    journal_ref: str = ""
    doi: str = ""
    license: str = "http://creativecommons.org/licenses/by/4.0/"
    msc_class: str = ""
    is_deleted: bool = False

    @cached_property
    def sets(self) -> set[str]:
        """All that the paper is in: groups, archives, categories; an alias shows in the other set, too."""
        codes = set(self.categories.split())
        codes |= {other for pair in ALIASES.items() if codes & set(pair) for other in pair}
        return {":".join(spec[:depth]) for spec in map(spec_of, codes) for depth in range(1, len(spec) + 1)}


def spec_of(code: str) -> list[str]:
    group = "physics" if code in GROUPS["Physics"] else code.partition(".")[0]
    return [group, *code.split(".")]


def paper(number: int, *, changed: date = YESTERDAY, **about: object) -> Paper:
    """A made-up paper, sent in two days before it was changed."""
    sent = datetime.combine(changed - 2 * DAY, time(17, 42, 10), UTC)
    values = {"title": f"Tide Tables for Schedulers, Part {number}", "versions": (Submitted(at=sent),)}
    return Paper(id=f"2611.{number:05}", changed=changed, **values | about)


def from_snapshot(line: bytes, *, changed: date) -> Paper:
    """The paper of a line of arXiv's metadata snapshot."""
    item = json.loads(line)
    return Paper(
        id=item["id"],
        changed=changed,
        versions=tuple(Submitted(at=parsedate_to_datetime(one["created"])) for one in item["versions"]),
        title=item["title"],
        names=tuple((*parts[:3],) for parts in item["authors_parsed"]),
        authors=item["authors"],
        abstract=item["abstract"],
        categories=item["categories"],
        comments=item["comments"] or "",
        journal_ref=item["journal-ref"] or "",
        doi=item["doi"] or "",
        license=item["license"] or "",
    )


def elements(pairs: Iterable[tuple[str, str]]) -> str:
    """Elements with text, those without left out."""
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in pairs if text)


def described(one: Paper) -> list[tuple[str, str]]:
    """What both formats of arXiv's own say; the ACM class is filled from the MSC column."""
    return [
        ("categories", one.categories),
        ("comments", one.comments),
        ("msc-class", one.msc_class),
        ("acm-class", one.msc_class),
        ("journal-ref", one.journal_ref),
        ("doi", one.doi),
        ("license", one.license),
        ("abstract", one.abstract),
    ]


def arxiv(one: Paper) -> str:
    """`created` is the day of the current version, whatever the schema says."""
    names = "".join(
        f"<author>{elements([('keyname', family), ('forenames', given), ('suffix', suffix)])}</author>"
        for family, given, suffix in one.names
    )
    dates = elements([("id", one.id), ("created", f"{one.versions[-1].at:%Y-%m-%d}")])
    return (
        f'<arXiv xmlns="{FORMATS["arXiv"]}">{dates}<authors>{names}</authors>'
        f"{elements([('title', one.title), *described(one)])}</arXiv>"
    )


def arxiv_raw(one: Paper) -> str:
    versions = "".join(
        f'<version version="v{number}"><date>{format_datetime(sent.at, usegmt=True)}</date><size>64kb</size>'
        f"<source_type>{sent.flags}</source_type></version>"
        for number, sent in enumerate(one.versions, start=1)
    )
    texts = elements([("title", one.title), ("authors", one.authors), *described(one)])
    submitter = elements([("id", one.id), ("submitter", "Ines Vale")])
    return f'<arXivRaw xmlns="{FORMATS["arXivRaw"]}">{submitter}{versions}{texts}</arXivRaw>'


def dublin_core(one: Paper) -> str:
    days = dict.fromkeys(f"{sent.at:%Y-%m-%d}" for sent in (one.versions[0], one.versions[-1]))
    pairs = [
        ("title", one.title),
        *(("creator", f"{f'{family} {suffix}'.strip()}, {given}") for family, given, suffix in one.names),
        *(("subject", category_name(code)) for code in one.categories.split()),
        ("description", one.abstract),
        ("description", f"Comment: {one.comments}" if one.comments else ""),
        *(("date", day) for day in days),
        ("type", "text"),
        ("identifier", f"http://arxiv.org/abs/{one.id}"),
        ("identifier", one.journal_ref),
        ("identifier", f"doi:{one.doi}" if one.doi else ""),
    ]
    inside = elements((f"dc:{name}", text) for name, text in pairs)
    return f'<oai_dc:dc xmlns:oai_dc="{FORMATS["oai_dc"]}" xmlns:dc="http://purl.org/dc/elements/1.1/">{inside}</oai_dc:dc>'


FORMAT_OF = {"oai_dc": dublin_core, "arXiv": arxiv, "arXivRaw": arxiv_raw}
