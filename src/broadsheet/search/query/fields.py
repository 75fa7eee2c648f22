"""The fields of a query: what `cat:`, `author:` and the like may be followed by, and how that is written."""

from __future__ import annotations

import re
from collections.abc import Mapping

from broadsheet.papers import identifiers
from broadsheet.papers.names import name_slug
from broadsheet.papers.record import LINK_KINDS
from broadsheet.papers.taxonomy import ALIASES, NAMES
from broadsheet.search.query import ranges
from broadsheet.search.query.conditions import Phrase, Range, Term, Words

Leaf = Words | Phrase | Term | Range

# What is right after each field, for the sentence that says so.
EXAMPLES = {
    "title": "title:word",
    "abstract": "abstract:word",
    "author": 'author:"Jane Doe"',
    "org": 'org:"the name of a lab"',
    "cat": "cat:cs.LG, or cat:cs for all of computer science",
    "id": "id:2408.00714",
    "source": "source:arxiv",
    "has": "has:code, has:project, has:pdf, has:page, has:media or has:abstract",
    "year": "year:2024, year:2024..2026 or year:>=2024",
    "date": "date:2026-11-20, date:2026-01..2026-03 or date:>2026-03-01",
    "votes": "votes:>10 or votes:5..10",
    "comments": "comments:>10 or comments:5..10",
}
# What a reader's own library has beside: see `own`.
OWN_EXAMPLES = {
    "state": "state:to_read, state:reading, state:read, state:set_aside, state:voted or state:hidden",
    "tag": 'tag:survey, tag:"a tag of several words" or tag:method* for all that begin so',
    "note": "note:word, or note:* for all with a note",
    "saved": "saved:2026-11-20, saved:2026-01..2026-03 or saved:>2026-03-01",
}
# As other places call them.
OTHER_NAMES = {
    "ti": "title",
    "abs": "abstract",
    "au": "author",
    "organization": "org",
    "category": "cat",
    "published": "date",
}

# What a field takes exactly as papers have it, behind "=": `org:=tidal` is that organization alone, where
# org:tidal has those of longer names too, and `cat:=math` has nothing of math.ST.
EXACT = {"cat": "category", "org": "organization", "source": "source"}
_TYPED = {indexed: field for field, indexed in EXACT.items()}

_TEXTS = ("title", "abstract", "author", "org")
_SOURCES = {"hf": "huggingface", "saved-page": "saved_page"}
_HAS = {kind: kind for kind in (*LINK_KINDS, "abstract")} | {"video": "media"}
_CATEGORIES = (
    {code.partition(".")[0]: code.partition(".")[0] for code in NAMES if "." in code}
    | {code.lower(): code for code in NAMES}
    | {alias.lower(): code for alias, code in ALIASES.items()}
)
# What a library says of a paper by a word; how far one is with it has a few names, and others spell them.
_OWN_TERMS = ("state", "tag", "note")
STATES = ("to_read", "reading", "read", "set_aside", "voted", "hidden")
_STATES = {state.replace("_", ""): state for state in STATES} | {"aside": "set_aside", "unread": "to_read"}
_BARE = re.compile(r"[\w.:/+-]+")


def examples(*, own: bool) -> Mapping[str, str]:
    """What is right after each field: of every search, or of that in one's own library."""
    return EXAMPLES | OWN_EXAMPLES if own else EXAMPLES


def field_name(typed: str, *, own: bool) -> str:
    """The field that goes by this name, in any case; empty if there is none."""
    name = typed.lower()
    name = OTHER_NAMES.get(name, name)
    return name if name in examples(own=own) else ""


def read(field: str, value: str, *, quoted: bool = False) -> Leaf:
    """What `field:value` asks for. Raises ValueError where the value makes no sense."""
    if field in _OWN_TERMS:
        return Term(field, _own_value(field, value))
    if not any(map(str.isalnum, value)):
        raise ValueError(f"{value!r} says nothing")
    if field in EXACT and value.startswith("="):
        return exactly(field, value[1:].strip())
    if field in ranges.SCALES:
        return ranges.read(field, value)
    if field not in _TEXTS:
        return Term(field, _term(field, value, quoted=quoted))
    if not quoted:
        return Words(field, value)
    return Phrase(field, _in_printed_order(value) if field == "author" else value)


def exactly(field: str, value: str) -> Term:
    """What papers satisfy that have just this value of one of EXACT, as the index has it."""
    if field == "org":
        return Term("organization", name_slug(value))
    # The code of an archive with parts stands for all of them.
    is_code = field == "cat" and value in NAMES and _CATEGORIES[value.lower()] == value
    return Term("cat" if is_code else EXACT[field], value)


def write(leaf: Leaf) -> str:
    """The condition as it is typed; read again, it is the same."""
    match leaf:
        case Words("text", text):
            return text
        case Phrase("text", text):
            return f'"{text}"'
        case Words(field, text):
            return f"{field}:{text}"
        case Phrase(field, text):
            return f'{field}:"{text}"'
        case Term():
            return _written(leaf)
        case Range():
            return ranges.write(leaf)


def _own_value(field: str, value: str) -> str:
    value = " ".join(value.split())
    if field == "state":
        value = _STATES.get(re.sub("[-_ ]", "", value.lower()), "")
    if not value:
        raise ValueError(f"a library has no such {field}")
    return value


def _term(field: str, value: str, *, quoted: bool) -> str:
    # Quoted, a source or a code that nothing here knows is taken as it stands: papers may have it.
    as_it_stands = value if quoted and " " not in value else None
    known = value.lower()
    found: str | None
    match field:
        case "cat":
            found = _CATEGORIES.get(known.removesuffix(".*"), as_it_stands)
        case "source":
            found = _SOURCES.get(known, as_it_stands or known)
        case "has":
            found = _HAS.get(known)
        case _:
            identifier = identifiers.parse(value)
            found = identifier.public_id if identifier else None
    if not found:
        raise ValueError(f"{field} has no {value!r}")
    return found


def _in_printed_order(name: str) -> str:
    """Jane Doe, as papers print it, where "Doe, Jane" is typed."""
    family, _, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if given.strip() and "," not in given else name


def _written(term: Term) -> str:
    field, value = _TYPED.get(term.field, term.field), term.value
    for sign in ("", "="):
        if _BARE.fullmatch(value) and _reads_as(term, field, sign + value):
            return f"{field}:{sign}{value}"
        if _reads_as(term, field, sign + value, quoted=True):
            return f'{field}:{sign}"{value}"'
    return f'{field}:"{value}"'


def _reads_as(term: Term, field: str, value: str, *, quoted: bool = False) -> bool:
    try:
        return read(field, value, quoted=quoted) == term
    except ValueError:
        return False
