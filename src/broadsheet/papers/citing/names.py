"""Names of authors in the parts by which they are cited."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from broadsheet.papers.likeness import NAME_SUFFIXES
from broadsheet.papers.names import is_cjk, is_group, name_slug
from broadsheet.papers.reading import PaperDetail
from broadsheet.papers.record import AuthorName
from broadsheet.papers.text import plain

# Most names: letters and initials, of which nothing is to be read as TeX.
_IS_PLAIN = re.compile(r"[A-Za-z]+\.?(?:[ -][A-Za-z]+\.?)*")


@dataclass(frozen=True, slots=True)
class Person:
    """An author in Unicode. A group, and a person with one name, is all `family`."""

    family: str
    given: str = ""
    suffix: str = ""

    @property
    def inverted(self) -> str:
        """Such as `Vale, Ada, Jr.`: a comma ends the family name, so the name of a group has none."""
        if not self.given:
            return self.family.replace(",", "")
        return ", ".join(filter(None, (self.family, self.given, self.suffix)))


def people(detail: PaperDetail) -> tuple[Person, ...]:
    """The authors of a paper, in parts as their source has them, or else as they are printed; whoever is one
    of its organizations is whole.
    """
    known = {name_slug(one.name) for one in detail.row.organizations}
    names = detail.author_names or [AuthorName(one.name) for one in detail.row.authors]
    return _people(
        Person(plain(one.name)) if known and name_slug(one.name) in known else person(one) for one in names
    )


def people_in_a_list(authors: Iterable[str]) -> tuple[Person, ...]:
    """The authors of a paper by the names that a list has of them."""
    return _people(map(printed, authors))


def person(author: AuthorName) -> Person:
    """The parts that the source told apart; of a bare name what they most likely are."""
    if not author.family:
        return printed(author.name)
    if not author.given or is_group(author.name):
        return Person(plain(author.family if not author.given else author.name))
    suffix = author.name.removeprefix(f"{author.given} {author.family}").strip()
    is_suffix = author.given and suffix.rstrip(".").lower() in NAME_SUFFIXES
    return Person(plain(author.family), plain(author.given), plain(suffix) if is_suffix else "")


@lru_cache(maxsize=8192)
def printed(name: str) -> Person:
    """The parts of a name as it is printed: the last word is the family's, with the particles before it; in
    Chinese, Japanese and Korean it is the first.
    """
    name = name if _IS_PLAIN.fullmatch(name) else plain(name)
    words = name.split()
    if len(words) > 1 and is_cjk(*words):
        return Person(words[0], "".join(words[1:]))
    suffix = words.pop() if words[2:] and words[-1].rstrip(".").lower() in NAME_SUFFIXES else ""
    if len(words) < 2 or is_group(name):  # noqa: PLR2004 (a given name and a family's)
        return Person(name)
    start = len(words) - 1
    while start > 1 and words[start - 1].islower():
        start -= 1
    return Person(" ".join(words[start:]).rstrip(","), " ".join(words[:start]), suffix)


def _people(found: Iterable[Person]) -> tuple[Person, ...]:
    """A source may have a name that is none: the colon after a group, signs that are never shown."""
    return tuple(one for one in found if any(map(str.isalnum, one.family)))
