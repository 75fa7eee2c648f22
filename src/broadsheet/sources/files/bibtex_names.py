"""People in BibTeX and BibLaTeX fields (https://ctan.org/pkg/biblatex, sections 2.3.3 and 3.6).

What braces protect is put away first, then the text is taken apart, then each part becomes Unicode: so a
name that begins with an accent keeps it, and `and` and commas in braces separate nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from broadsheet.papers.degrees import SUFFIX, without_degrees
from broadsheet.papers.names import ends_a_group, is_cjk, is_group, told_apart, without_others
from broadsheet.papers.record import AuthorName, check_name, check_names
from broadsheet.sources.files.bibtex_texts import GROUP, freed, guarded, shown, with_characters
from broadsheet.sources.files.references import (
    COMPANY,
    author_name,
    between_commas,
    between_semicolons,
    is_organization,
    typed_name,
    without_affiliation,
)
from broadsheet.sources.files.tex_names import person_text, without_marks

_AND = re.compile(r"(?:^|\s+)\\?and(?=\s|$)", re.IGNORECASE)
_AMPERSAND = re.compile(r",?\s+\\?&\s+")
# `family=Brook, given=Ada, prefix=van den`, in any order; a value, or a pair, may be in quotes.
_EXTENDED = re.compile(r"\s*\"?\s*[a-z]+(?:-i)?\s*=", re.IGNORECASE)
_PARTS_OF_NAMES = frozenset({"family", "given", "prefix", "suffix"})
_IS_EXTENDED = re.compile(r"(?:family|given|prefix|suffix)(?:-i)?\s*=", re.IGNORECASE)
# A style, a colour or a link around a whole name, as lists of somebody's own papers have it.
_WHOLE = re.compile(
    r"(?P<before>(?:^|\sand)\s*)(?:\\(?:emph|href|textbf|textcolor|textit|uline|underline)(?:\s*\{[^{}]*\}(?=\s*\{))?\s*\{"
    r"|\{\s*\\(?:bf|bfseries|em|it|itshape)(?![A-Za-z])\s*)"
    r"(?P<name>(?:[^{}\s]|\s(?!and\s)|\{[^{}]*\})*)\}(?=\s*$|\s+and\s)",
    re.IGNORECASE,
)
# A person whom somebody put in braces whole: `{Vale, Ada}`, `{Vale, A. B.}`; no company is called so.
_WORDS = r"(?:[^{},\s]|\{[^{},\s]*\}){1,60}(?:\s(?:[^{},\s]|\{[^{},\s]*\}){1,60}){0,2}"
_PERSON = re.compile(
    rf"(?P<before>(?:^|\sand)\s*)\{{\s?(?P<name>{_WORDS},\s?{_WORDS})\s?\}}(?=\s*$|\s+and\s)", re.IGNORECASE
)
_BETWEEN_GROUPS = re.compile(r"\s*[,;]\s*(?:and\s+)?|\s+(?:and|&)\s+", re.IGNORECASE)
_FOR = re.compile(r"^(?:(?:for|on behalf of)\s+)?(?:the\s+)?", re.IGNORECASE)
_SPACES = re.compile(r"(?<!\\)\\[,;:]")
_NOTHING = re.compile(r"(?<!\\)\\[!/]")
_QUOTED = re.compile(r"(?:(?<=[=,\s])|^)\"((?:[^\"\\]|\\.)*)\"(?=\s*(?:,|and\s|$))")


def people(text: str) -> Iterator[AuthorName]:
    """The people and groups in a field, without "others"."""
    check_names(text)
    if "&" in text:
        text = with_characters(text)
    if "\\" in text or "^" in text:
        text = _NOTHING.sub("", _SPACES.sub("~", without_marks(text)))
        text = _WHOLE.sub(r"\g<before>\g<name>", text)
    if _IS_EXTENDED.search(text):
        text = _QUOTED.sub(_in_braces, text)
    if "," in text and "{" in text:
        text = _PERSON.sub(_freed_person, text)
    for written in _AND.split(" ".join(guarded(text).split())):
        yield from _people_between(written)


@lru_cache(maxsize=8192)  # authors have several papers
def _people_between(written: str) -> tuple[AuthorName, ...]:
    """The people and groups between two "and": one, if nothing else parts them."""
    if "," not in written:
        check_name(written)
    parts = (
        part if _EXTENDED.match(part) else without_affiliation(part) for part in between_semicolons(written)
    )
    found = (
        _extended(one) if _EXTENDED.match(one) else _plain(without_degrees(without_others(one)))
        for part in parts
        for member in _members(part)
        for one in _apart(member)
    )
    return tuple(name for name in found if name and without_others(name.name))


def groups(text: str, others: Sequence[AuthorName]) -> Iterator[AuthorName]:
    """The collaborations in the field of RevTeX and INSPIRE, without those among the others."""
    check_names(text)
    known = {_plain_group(one.name) for one in others}
    for written in _BETWEEN_GROUPS.split(_FOR.sub("", shown(text).strip(" ()"))):
        name = _FOR.sub("", written.strip())
        if name and _plain_group(name) not in known:
            yield author_name(name if ends_a_group(name) else f"{name} Collaboration")


def _plain_group(name: str) -> str:
    return name.casefold().removeprefix("the ").removesuffix(" collaboration")


def _members(text: str) -> tuple[str, ...]:
    """A group and its member, who may be written with the family name first: `Tide Team: Vale, Ada`."""
    return (text,) if GROUP in text or _EXTENDED.match(text) or "\\" in text else told_apart(text)


def _apart(text: str) -> list[str]:
    """The people that an ampersand is between, or only commas: `Ada Vale & Bo Fisk`, not `Salt & Sons`."""
    parts = _AMPERSAND.split(text)
    if len(parts) == 1 and len(listed := between_commas(text)) > 1:
        return listed
    if len(parts) == 1:
        parts = text.split(",")
        # Where commas part a family name from given names there are no more than two.
        if len(parts) < 3 or _EXTENDED.match(text):  # noqa: PLR2004 (`King, Jr., Martin`)
            return [text]
    are_people = all(len(part.split()) > 1 and not is_group(part) for part in parts)
    return parts if are_people else [text]


def _freed_person(braced: re.Match[str]) -> str:
    """A person in braces without them; a group, a company, or what is no name of a person, as it is."""
    family, _, given = braced["name"].partition(",")
    words = [person_text(word) for word in given.split()]
    is_a_name = all(word[:1].isupper() and not word[1:2].isupper() for word in words)
    is_other = is_group(family) or is_group(given) or COMPANY.fullmatch(given.strip())
    return braced[0] if is_other or not is_a_name else f"{braced['before']}{braced['name']}"


def _in_braces(quoted: re.Match[str]) -> str:
    """A value in quotes, or a pair such as `"family=Salt, Inc."`, with braces instead."""
    name, sign, value = quoted[1].partition("=")
    return f"{name}={{{value}}}" if sign else f"{{{name}}}"


def _extended(text: str) -> AuthorName | None:
    parts = {}
    for pair in text.split(","):
        name, sign, value = freed(pair).partition("=")
        if sign and name.strip().lower() in _PARTS_OF_NAMES:
            parts[name.strip().lower()] = person_text(value.strip())
    family = " ".join(filter(None, (parts.get("prefix"), parts.get("family"))))
    return typed_name(family, parts.get("given", ""), parts.get("suffix", ""))


def _plain(text: str) -> AuthorName | None:
    parts = [_in_unicode(part) for part in text.split(",")]
    if len(parts) == 1:
        words = parts[0].split()
        is_more = len(words) > 1 and not without_others(freed(words[-1]))  # `Ada Vale \emph{et al.}`
        return _in_order(words[:-1] if is_more else words)
    family, *others = map(freed, parts)
    if is_organization(family) or (family and COMPANY.fullmatch(others[0])):
        return author_name(", ".join(filter(None, (family, *others))))
    others[-1] = without_others(others[-1])
    # `King, Jr., Martin` is the rule; programs write `King, Martin, Jr.`, too.
    if others[1:] and SUFFIX.fullmatch(others[-1]) and not SUFFIX.fullmatch(others[0]):
        others = [others[-1], *others[:-1]]
    if others[0] and not others[1:] and SUFFIX.fullmatch(others[0]) and " " in family:
        return _in_order([*parts[0].split(), others[0]])  # `Ada King, Jr.`
    suffix = others.pop(0) if others[1:] else ""
    return author_name(family, " ".join(others), suffix)


def _in_order(words: Sequence[str]) -> AuthorName | None:
    """A name without a comma: the family name is the last word, with the small ones before it; in Chinese,
    Japanese and Korean it is the first.
    """
    if not words:
        return None
    if len(words) > 1 and is_cjk(*words):
        return author_name(words[0], "".join(words[1:]))
    suffix = words[-1] if words[2:] and SUFFIX.fullmatch(words[-1]) else ""
    words = words[: len(words) - bool(suffix)]
    small = [at for at, word in enumerate(words[:-1]) if _is_small(word)]
    start = small[0] if small else len(words) - 1
    given, family = (freed(" ".join(part)) for part in (words[:start], words[start:]))
    return author_name(family, given, suffix)


def _is_small(word: str) -> bool:
    """Whether a word is a particle such as `von` or `'t`: what stands in braces never is."""
    first = next(filter(str.isalpha, word), "")
    return first.islower() and not word.startswith(GROUP)


def _in_unicode(text: str) -> str:
    return " ".join(person_text(text.strip()).split())
