"""What reference managers say about a paper, whatever format they say it in.

BibTeX, RIS and CSL JSON name their fields differently and mean the same: each fills a `Reference`, and here
it becomes a record.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from urllib.parse import urlsplit

from broadsheet.papers.degrees import SUFFIX, is_degree, parts_without_degrees, without_degrees
from broadsheet.papers.identifiers import Identifier, best, is_its_address, parse
from broadsheet.papers.merging import key_of_letters, local_key
from broadsheet.papers.names import is_group, without_others
from broadsheet.papers.partial_dates import PartialDate
from broadsheet.papers.record import IN_A_WHOLE, AuthorName, Link, Publication, Record, check_names
from broadsheet.papers.text import title_key
from broadsheet.sources.files.bibtex_texts import SEMICOLON
from broadsheet.sources.files.dates import day_in, fullest
from broadsheet.sources.files.fields import is_web_address, squeeze
from broadsheet.sources.files.markup import without_tags
from broadsheet.sources.files.tex_names import person_text, without_marks

_EMPTY_LINES = re.compile(r"\n\s*\n")
_NO_JOURNAL = re.compile(r"arXiv\b.*|CoRR", re.IGNORECASE)
_DASHES = re.compile(r"\s*(?:-+|[\u2010-\u2015\u2212])\s*")
# What stands behind a comma in the name of a company.
COMPANY = re.compile(r"(?:inc|incorporated|llc|llp|ltd|limited|corp|gmbh|plc)\.?", re.IGNORECASE)
# What says more than a name: signs and numbers of affiliations and footnotes, the affiliation itself, years.
_SIGN = "[*†‡§¶‖∗⁎✉⁰¹²³⁴⁵⁶⁷⁸⁹]+"
_SIGNS = re.compile(rf"(?:\s*,)?\s*{_SIGN}(?:\s*,?\s*(?:{_SIGN}|\d{{1,2}}(?!\w)))*(?:,\Z)?")
# A number apart belongs to some names, and to none that begin with the family's.
_NUMBERS = re.compile(
    r"(?:(?<=[^\W\d_A-Z]{2})\^?|(?P<apart>(?<=[^\W\d_.])\s))\d{1,2}(?:\s*,\s*\d{1,2})*\Z|,\s*\d{4}-(?:\d{4})?\.?\Z"
)
# Numbers of affiliations as people raise them: `Vale$^{1,2}$`, `Vale^1`.
_RAISED = re.compile(r"\^\{?[\d,*\s]*\d\}?")
_MAIL = re.compile(r"(?<=\S)\s{1,9}[<(]?[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+[>)]?")
_ASIDE = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>)\Z")
# More of these behind a name nobody has.
_MOST_PARTS = 6
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_AND = re.compile(r",?\s+(?:and|&)\s+")
# A bare number of a volume or a report can look like an arXiv id: only words or signs make it certain.
_IS_CERTAIN = re.compile(r"[/:]|%2f|[^\W\d_]{3}", re.IGNORECASE)
_ARTICLE_NUMBER = re.compile(r"[A-Za-z]{0,4}[-.]?\d{1,9}[A-Za-z]?", re.ASCII)
_BEHIND_GIVEN = re.compile(r"(?:(?P<given>.*\S)\s)?(?P<suffix>(?:Jr|Sr|JR|SR)\.?|I{2,3}|IV)")
_INITIALS = re.compile(r"\s*[^\W\d_](?:[.\s-]{1,3}[^\W\d_]){0,3}\.?\s*")
_FAMILY_FIRST = re.compile(r"\s*[^\W\d_][\w'’-]+(?:\s[\w'’-]{2,}){0,3}\s(?:[^\W\d_]\.[\s-]?){1,4}\s*")
_GIVEN_FIRST = re.compile(
    r"\s*(?:[^\W\d_][\w'’-]+\s)*(?:[^\W\d_]\.[\s-]?)+\s?[^\W\d_][\w'’-]+(?:\s[\w'’-]{2,}\.?)*\s*"
)
_ORCID = re.compile(
    r"(?<![\s(\[])[\s(\[]*(?:orcid:?\s*)?(?:https?://orcid\.org/|(?<=[\s(\[:]))(?:\d{4}-){3}\d{3}[\dX][)\]]?",
    re.IGNORECASE,
)
# Before the title, where no other word of it is meant, and behind it in brackets.
_OF_A_PAPER = r"(?:\s(?i:article|chapter|paper|preprint|publication))?"
_RETRACTED = re.compile(
    rf"[\[(](?:RETRACTED|Retracted|WITHDRAWN|Withdrawn){_OF_A_PAPER}[:\])]"
    rf"|(?:RETRACTED|Retracted|WITHDRAWN){_OF_A_PAPER}\s*(?::|[-\u2013\u2014]\s|\u2014)|Withdrawn{_OF_A_PAPER}:\s"
)
_RETRACTED_BEHIND = re.compile(
    rf"\S\s*[\[(](?:RETRACTED|[Rr]etracted|WITHDRAWN|[Ww]ithdrawn){_OF_A_PAPER}(?:[.,;]?\s[Ss]ee\s[^()\[\]]{{0,200}})?[\])]\.?\Z"
)
# The source of what notices say of the papers that they retract.
RETRACTION = "retraction"
_RETRACTIONS = frozenset({"retracted", "retracted article", "retracted publication"})
_RETRACTS = re.compile(
    r"\A(?:retraction|withdrawal|removal)(?:\s(?:note|notice|statement))?(?:\s(?:of|to|for))?"
    r"(?:\s*:\s*|\s*[-\u2013\u2014]\s+|\s+(?=[\"'\u2018\u201c]))",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"'\u2018\u201c](?P<title>.+?)[.,]?[\"'\u2019\u201d](?:\s*[\[(].*)?\.?")
_CODE_HOSTS = frozenset({"github.com", "gitlab.com", "codeberg.org"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A paper as its entry says. `names` are texts that may be identifiers, the most trusted ones first.

    Title and abstract may have HTML in them, and an abstract empty lines between paragraphs. `kind` is one
    of `record.KINDS`, or empty.
    """

    title: str
    kind: str = ""
    abstract: str = ""
    authors: tuple[AuthorName, ...] = ()
    names: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    published_on: PartialDate | None = None
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    keywords: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


def to_record(reference: Reference, *, source: str, observed_at: datetime) -> Record:
    """The record of a reference, the same whatever its citation key and file. Raises RecordError."""
    title, known = squeeze(without_tags(reference.title)), reference.published_on
    identifiers = tuple(
        _identifiers((*reference.names, *reference.urls, reference.journal, reference.volume))
    )
    links = tuple(dict.fromkeys(_links(reference.urls)))
    return Record(
        source=source,
        key=best(identifiers).public_id if identifiers else _key_by_text(title, reference, links),
        title=title,
        abstract=_paragraphs(without_tags(reference.abstract)),
        authors=reference.authors,
        identifiers=identifiers,
        published_at=known.begins_at if known else None,
        published_precision=known.precision if known else None,
        links=links,
        categories=reference.categories,
        journal_ref=_published_in(reference),
        publication=_publication(reference),
        keywords=tuple(dict.fromkeys(filter(None, map(squeeze, reference.keywords)))),
        retracted=is_retracted(title, reference.keywords),
        observed_at=observed_at,
    )


def is_retracted(title: str, marks: Iterable[str] = ()) -> bool:
    """True where it stands before the title or behind it, as publishers write it, or among marks."""
    return bool(_RETRACTED.match(title) or _RETRACTED_BEHIND.search(title)) or not _RETRACTIONS.isdisjoint(
        mark.strip().lower() for mark in marks
    )


def retraction(notice: Record, identifier: Identifier) -> Record:
    """What a notice says of the paper that it retracts, whether that paper has been read or not."""
    return Record(
        source=RETRACTION,
        key=identifier.value,
        title=retracted_by(notice.title) or notice.title,
        identifiers=(identifier,),
        retracted=True,
        notice=notice.title,
        observed_at=notice.observed_at,
    )


def retracted_by(title: str) -> str:
    """What a notice of retraction with this title retracts, or what is marked as retracted before its title;
    empty for any other title.
    """
    begins = _RETRACTS.match(title) or _RETRACTED.match(title)
    named = title[begins.end() :].strip() if begins else ""
    quoted = _QUOTED.fullmatch(named)
    return quoted["title"] if quoted else named


def author_name(family: str, given: str = "", suffix: str = "") -> AuthorName:
    """An author, the given name written first; a name that has no parts is all `family`."""
    family, given = (squeeze(_SIGNS.sub("", squeeze(part))) for part in (family, given))
    if not suffix and (behind := _BEHIND_GIVEN.fullmatch(given)):
        given, suffix = behind["given"] or "", behind["suffix"]
    return AuthorName(squeeze(f"{given} {family} {suffix}"), family, given)


def without_footnotes(names: str) -> str:
    """Names without the signs and raised numbers of footnotes and affiliations."""
    return _SIGNS.sub("", _RAISED.sub("", without_marks(names)))


def without_contacts(names: str) -> str:
    """Names without the ORCID iDs and mail addresses behind them."""
    return _MAIL.sub("", _ORCID.sub("", names))


@lru_cache(maxsize=8192)  # authors have several papers
def without_affiliation(name: str) -> str:
    """A name without what tells of affiliations: signs, and numbers and brackets behind it but of groups."""
    name = _SIGNS.sub("", without_contacts(" ".join(name.split())))
    for _ in range(_MOST_PARTS):
        name = _without_last_part(name)
    return name


def _without_last_part(name: str) -> str:
    number = _NUMBERS.search(name)
    if number and (not number["apart"] or "," in name[: number.start()]):
        shorter = name[: number.start()]
    else:
        shorter = _ASIDE.sub("", name)
    return name if is_group(shorter) else shorter or name


def between_semicolons(text: str) -> list[str]:
    """What stands between semicolons, but for those within brackets."""
    guarded = _IN_BRACKETS.sub(lambda found: found[0].replace(";", SEMICOLON), text)
    return [part.replace(SEMICOLON, ";") for part in guarded.split(";")]


def names_between(written: Iterable[str]) -> Iterator[str]:
    """The names in texts that hold one or several, between semicolons; entities have one of their own.

    "and" parts names where each is a person's for certain: `Vale, Ada and Fisk, Bo`, not `Tides and Waves`.
    """
    for text in written:
        check_names(text)
        for part in map(squeeze, between_semicolons(html.unescape(text))):
            names = _AND.split(without_affiliation(part))
            for name in names if all(map(_is_a_person, names)) else [part]:
                yield from between_commas(name)


def between_commas(text: str) -> list[str]:
    """The names of a list with only commas between, such as `Vale, A., Fisk, B.` and `Vale A., Fisk B.`.

    `A. Vale, Bo Fisk` are two, for no family name has an initial; `Ada Vale, Bo Fisk` may be one person.
    """
    parts = text.rstrip(", ").split(",")
    initials, whole = parts[1::2], len(parts) > 1 and all(map(_FAMILY_FIRST.fullmatch, parts))
    if len(parts) > 1 and _GIVEN_FIRST.fullmatch(parts[0]):
        whole = all(len(part.split()) > 1 and not is_group(part) for part in parts)
    if initials[1:] and len(parts) % 2 == 0 and all(map(_INITIALS.fullmatch, initials)):
        return [",".join(pair) for pair in zip(parts[::2], initials, strict=True)]
    return parts if whole else [text]


def _is_a_person(written: str) -> bool:
    written = without_affiliation(written)
    words = written.split()
    return not is_group(written) and ("," in written or (len(words) > 1 and all(map(str.istitle, words))))


def listed_name(written: str) -> AuthorName:
    """An author written `Family, Given, Suffix`, or with the suffix before the given name; a name without a
    comma, and that of a company, or of an organization and a part of it, is taken whole.
    """
    check_names(written)
    text = without_affiliation(without_others(without_tags(written)))
    text = without_degrees(person_text(text) if "\\" in text else text)
    family, given, suffix = (part.strip() for part in [*text.split(",", 2), "", ""][:3])
    if COMPANY.fullmatch(given) or is_organization(family):
        return author_name(text.rstrip(" ,"))
    if suffix and SUFFIX.fullmatch(given):
        given, suffix = suffix, given
    return author_name(family, given, "" if is_group(suffix) else suffix)


def is_organization(family: str) -> bool:
    """Whether what stands before a comma is no family name: `University of Tides, Department of Waves`."""
    return len(family.split()) > 1 and is_group(family)


def typed_name(family: str, given: str, suffix: str) -> AuthorName:
    """An author in parts, to any of which somebody may have typed a degree."""
    check_names(f"{family}{given}{suffix}")
    suffix = "" if is_degree(suffix) else suffix
    if not given:
        return author_name(without_degrees(family), given, suffix)
    return author_name(*parts_without_degrees(family, given), suffix)


def published(texts: Iterable[str]) -> PartialDate | None:
    """The date of publication, of what is said about it in the order of trust: the first that says most.

    Some give a day without its year, which the first one then has. A date of another time, such as that of an
    export, is none.
    """
    given = [*filter(None, texts)]
    years = [known.year for known in map(day_in, given) if known]
    dates = [day_in(text) or day_in(f"{years[0]} {text}") for text in given] if years else []
    return fullest(known for known in dates if known and abs(known.year - years[0]) <= 1)


def article_number(text: str) -> str:
    """What journals without pages give a paper instead: `104321`, `e1234`; empty for any other text."""
    return text if _ARTICLE_NUMBER.fullmatch(text) else ""


def journal_ref(journal: str, *, volume: str = "", issue: str = "", pages: str = "") -> str:
    """Where a paper was published, on one line: `Tidal Letters 12(3), pages 4–9`; empty without a journal."""
    number = f"{volume}({issue})" if volume and issue else volume or issue
    place = " ".join(filter(None, (journal, number)))
    return f"{place}, pages {_DASHES.sub('–', pages)}" if journal and pages else place if journal else ""


def separated(keywords: str) -> tuple[str, ...]:
    """Keywords written in one text, between semicolons or else commas."""
    return tuple(keywords.split(";" if ";" in keywords else ","))


def _identifiers(texts: Iterable[str]) -> Iterator[Identifier]:
    """The identifiers that are texts of their own, one of each kind: the first."""
    found: dict[str, Identifier] = {}
    for name in filter(None, map(_identifier, filter(None, texts))):
        if name.scheme != "local":
            found.setdefault(name.scheme, name)
    yield from found.values()


@lru_cache(maxsize=8192)  # names of journals come again and again
def _identifier(text: str) -> Identifier | None:
    return parse(text) if _IS_CERTAIN.search(text) else None


def _key_by_text(title: str, reference: Reference, links: Sequence[Link]) -> str:
    """The key of what has no identifier: all that tells it from another paper of its title goes in."""
    year = reference.published_on.year if reference.published_on else None
    numbers = (reference.volume, reference.issue, reference.pages)
    # Each in its place: volume 1 is not page 1.
    place = _published_in(reference) or ("\t".join(numbers) if any(numbers) else "")
    told = " ".join(filter(None, (place, *sorted(link.url for link in links))))
    key = partial(key_of_letters, title_key(title))
    plain = key(_named(reference.authors, year))
    return key(f"{plain} {told}") if told else plain


def earlier_keys(record: Record) -> tuple[str, ...]:
    """The keys that earlier releases gave a record without an identifier: these say less of it."""
    year = record.published_at.year if record.published_at else None
    plain = local_key(record.title, _named(record.authors, year))
    return plain, local_key(record.title, f"{plain} {record.journal_ref}")


def _named(authors: Sequence[AuthorName], year: int | None) -> str:
    first = authors[0] if authors else AuthorName("")
    return f"{first.family or first.name} {year or ''}"


def _links(urls: Iterable[str]) -> Iterator[Link]:
    """The addresses that are more than another way to write an identifier."""
    for url in map(str.strip, urls):
        if is_web_address(url) and not is_its_address(url):
            yield Link(_kind(url), url)


def _kind(url: str) -> str:
    address = urlsplit(url)
    if address.hostname in _CODE_HOSTS:
        return "code"
    return "pdf" if address.path.lower().endswith(".pdf") else "page"


def _published_in(reference: Reference) -> str:
    journal = squeeze(without_tags(reference.journal))
    if _NO_JOURNAL.fullmatch(journal):
        return ""
    volume, issue, pages = map(squeeze, (reference.volume, reference.issue, reference.pages))
    return journal_ref(journal, volume=volume, issue=issue, pages=pages)


def _publication(reference: Reference) -> Publication | None:
    """Where it came out, in parts; nowhere if it is a part of nothing, or if arXiv is called a journal."""
    journal = squeeze(without_tags(reference.journal))
    if _NO_JOURNAL.fullmatch(journal) or (not journal and reference.kind in ("", *IN_A_WHOLE)):
        return None
    volume, issue, pages = map(squeeze, (reference.volume, reference.issue, reference.pages))
    return Publication(reference.kind, journal, volume, issue, _DASHES.sub("–", pages))


def _paragraphs(text: str) -> str:
    """The text with only empty lines between its paragraphs: where a line is wrapped means nothing."""
    return "\n\n".join(filter(None, map(squeeze, _EMPTY_LINES.split(text))))
