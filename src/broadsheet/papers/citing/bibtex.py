r"""BibTeX (https://ctan.org/pkg/bibtex, https://ctan.org/pkg/biblatex section 2), in UTF-8.

Titles and abstracts keep their maths as TeX; all else is Unicode, with TeX's own signs escaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from broadsheet.papers.citing.citation import Citation, Own, cite
from broadsheet.papers.citing.names import Person
from broadsheet.papers.reading import PaperDetail
from broadsheet.papers.tex.marks import PLACE, Formula, Mark
from broadsheet.papers.text import cleaned, plain

TYPES = {"preprint": "misc"}  # all others have the name that BibTeX gives them
VENUES = {"article": "journal", "inproceedings": "booktitle", "incollection": "booktitle"}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_SIGNS = r"\\{}&%$#_~^"
_SPECIAL = re.compile(f"[{_SIGNS}]")
_WRITTEN = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
# In maths: a bare one would hide the rest of its line from TeX, or be an error.
_BARE = re.compile(r"(\\.)|([%#])", re.DOTALL)
# What braces go around in a title: a word with the signs and the formulas that touch it.
_UNIT = re.compile(rf"[\w{_SIGNS}{PLACE}]+")
_WORD = re.compile(r"[^\W_]+")
_PLACES = re.compile(f"[{PLACE}]")
_BRACE = re.compile("[{}]")
_LONG = 4  # letters of a word that headlines write with a capital
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_NAMED = {"{": r"\lbrace{}", "}": r"\rbrace{}"}
_PARTING = re.compile(r",|\band\b", re.IGNORECASE)
_UNSAFE = re.compile(r"[\s\\{}]")


def bibtex(details: Iterable[PaperDetail], own: Own | None = None) -> str:
    """The papers as a bibliography, an entry each, under keys that differ.

    `own` are fields by the key of their paper that stand in place of its own, or behind them.
    """
    return "\n".join(_entry(cite(one), (own or {}).get(one.row.pk, {})) for one in details)


def _entry(paper: Citation, own: Mapping[str, str]) -> str:
    # A month is one of BibTeX's own macros.
    fields = [
        f"{name} = {value if name == 'month' else f'{{{value}}}'}"
        for name, value in {**dict(_fields(paper)), **own}.items()
        if value
    ]
    inside = ",\n  ".join([f"@{TYPES.get(paper.kind, paper.kind)}{{{paper.key}", *fields])
    return f"{inside}\n}}\n"


def _fields(paper: Citation) -> Iterator[tuple[str, str]]:
    day, venue = paper.published_on, paper.venue
    yield "title", title(paper.title)
    yield "author", " and ".join(map(_author, paper.authors))
    yield "year", str(day.year) if day else ""
    yield "month", MONTHS[day.month - 1] if day and day.month else ""
    yield "day", str(day.day) if day and day.day else ""
    yield VENUES.get(paper.kind, "series"), tex(venue.name)
    yield "volume", tex(venue.volume)
    yield "number", tex(venue.issue)
    yield "pages", tex(venue.pages).replace("–", "--")
    if paper.arxiv:
        yield "eprint", paper.arxiv
        yield "archivePrefix", "arXiv"
        yield "eprinttype", "arxiv"  # BibLaTeX and Zotero look here
        yield "primaryClass", paper.category
    # To some programs a backslash takes the meaning from the brace that ends the field; the address has both.
    yield "doi", paper.doi if _is_paired(paper.doi) and "\\" not in paper.doi else ""
    yield "url", _UNSAFE.sub(lambda sign: f"%{ord(sign[0]):02X}", paper.url)
    if not paper.arxiv:  # `@misc` knows no publisher, and of arXiv the eprint says it
        yield "howpublished", tex(paper.publisher)
    yield "note", tex(paper.note)
    yield "keywords", ", ".join(tex(re.sub("[,;]", " ", word)) for word in paper.keywords)
    yield "abstract", tex(paper.abstract)


def tex(text: str) -> str:
    """`text` as TeX on one line, with as many closing braces as opening ones."""
    return _written(text, _escaped)


def title(text: str) -> str:
    """`text` as TeX, with braces around what bibliography styles must not write in small letters.

    That is maths, words with a capital inside, and, where most words begin with a small letter, those that
    do not.
    """
    shown = plain(text)
    words = [word for word in _WORD.findall(shown)[1:] if len(word) >= _LONG]
    is_sentence = sum(word[0].islower() for word in words) * 2 > len(words)

    def protected(unit: re.Match[str]) -> str:
        words = _WORD.findall(unit[0])
        is_name = is_sentence and unit.start() > 0 and any(word[0].isupper() for word in words)
        is_kept = is_name or any(map(_has_capital_inside, words)) or _PLACES.search(unit[0])
        return f"{{{_escaped(unit[0])}}}" if is_kept and unit[0] != "A" else _escaped(unit[0])

    return _written(text, lambda part: _UNIT.sub(protected, part))


def _has_capital_inside(word: str) -> bool:
    return any(letter.isupper() for letter in (word[1:] or word))


def _written(text: str, write: Callable[[str], str]) -> str:
    marked = cleaned(text)

    def shown(mark: Mark) -> str:
        return _maths(mark.source) if isinstance(mark, Formula) else _escaped(mark.plain())

    return _paired(" ".join(marked.filled(write(marked.text), shown).split()))


def _maths(source: str) -> str:
    source = _BARE.sub(lambda sign: sign[1] or f"\\{sign[2]}", source)
    # A backslash at the end has lost the blank behind it.
    return f"${source} $" if source.endswith("\\") else f"${source}$"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda sign: _WRITTEN.get(sign[0], f"\\{sign[0]}"), text)


def _paired(text: str) -> str:
    """BibTeX counts braces with a backslash before them, too: where that fails, they get their names."""
    if _is_paired(text):
        return text
    return _ESCAPED.sub(lambda sign: _NAMED.get(sign[1], sign[0]), text)


def _is_paired(text: str) -> bool:
    depth = 0
    for brace in _BRACE.findall(text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _author(person: Person) -> str:
    """`Family, Jr, Given`; braces keep together what would be taken apart."""
    parts = [_paired(_escaped(part)) for part in (person.family, person.suffix, person.given) if part]
    return ", ".join(f"{{{part}}}" if not person.given or _PARTING.search(part) else part for part in parts)
