"""Academic titles and degrees beside the names of people, which are no part of them.

`Vale, MD` may be a person with two initials, `Ada Vale, MD` hardly; so what can be initials is taken for a
degree only where a given name is known.
"""

from __future__ import annotations

import re

from broadsheet.papers.names import are_plain, is_group

# What no initials look like, what may be some, and which of these are meant behind a whole name.
_CERTAIN = (
    r"(?:(?i:Ph\.?\s?D)|D\.?\s?Phil|M\.?\s?Phil|[BDM]\.?\s?Sc|[BM]\.?\s?Eng|Sc\.?\s?D|Ed\.?\s?D|Pharm\.?\s?D"
    r"|Psy\.?\s?D|LL\.?\s?[BDM]|Dipl\.?-Ing|MBBS|FRCPC?|FRCS|FACS|FIEEE|(?i:Prof|Dr)(?![A-Za-z]))\.?"
)
_POSSIBLE = r"(?:M\.?D|MBA|MPH|M\.?A|M\.?S|B\.?A|B\.?S|RN|DDS|DMD|DVM|J\.?D|DO)\.?"
_MEANT = "(?:MD|MBA|MPH|DDS|DMD|DVM)"
_IS_CERTAIN = re.compile(rf"(?:{_CERTAIN}|{_POSSIBLE})(?:\s+(?:{_CERTAIN}|{_POSSIBLE}))*")
_IS_POSSIBLE = re.compile(rf"{_POSSIBLE}(?:\s+{_POSSIBLE})*")
_IS_MEANT = re.compile(rf"{_MEANT}(?:\s+{_MEANT})*")
_IS_MEANT_ALONE = re.compile(rf"(?:{_MEANT}|M\.D\.?)(?:\s+(?:{_MEANT}|M\.D\.?|{_CERTAIN}))*")
_BEFORE = re.compile(
    r"\A(?:(?:m(?:rs?|s)|drs)\.\s+"
    r"|(?:(?:apl\.|assoc\.|associate|ass\.|asst\.|assistant|adjunct|univ\.-)\s?)?"
    r"(?:prof(?:essor|\.)?|dr\.?(?:-ing\.)?)"
    r"(?:\s?(?:em\.|h\.\s?c\.|habil\.|med\.|phil\.|rer\.\s?(?:nat|pol)\.))*(?:\s+|(?<=\.)))+(?=[^\W\d_])",
    re.IGNORECASE,
)
_BRACKETED = re.compile(rf"\s[(\[](?:{_CERTAIN}|{_POSSIBLE})(?:,?\s+(?:{_CERTAIN}|{_POSSIBLE}))*[)\]]")
_BEHIND = re.compile(rf"(?<=\S)(?:\s+{_CERTAIN}){{1,6}}$")
_BEHIND_TWO_WORDS = re.compile(rf"(?<=\S\s)(?P<name>\S+)(?:\s+(?:{_MEANT}|M\.D\.)){{1,6}}$")
SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|\d[a-z]{2})\.?", re.IGNORECASE)
# DBLP numbers people of one name: `Ada Vale 0001`, or `0001, Ada Vale` once a program took it apart.
_NUMBER = re.compile(r"^00\d\d,\s*(?=\S)|(?<=\S)\s+00\d\d(?=\s*(?:,|$))")
_PARTICLE = re.compile(r"(?:[^\W\d_]{1,2}|del|den|der|dos|los|mac|ten|ter|van|von)['’]?", re.IGNORECASE)

# A name of whole words and single initials, as most are.
_WORD = r"(?:[A-Z](?:\.|[A-Za-z'-]*)|d[aeiou]|de[lnrs]|l[ae]|van|von|bin)"
_IS_OF_WORDS = re.compile(rf"{_WORD}(?: {_WORD})*")
# What begins or is a title, a degree or "et al." written as one word.
_DEGREES = """
    ba bs bsc dipl-ing dmd dds do dphil dvm ed edd eng etal etaliae etalia etalii facs fieee frcp frcpc frcs
    jd ll llb lld llm ma mba mbbs md meng mph mphil ms msc pharm pharmd ph phd phil psy psyd rn sc scd
"""
_UNCLEAR = frozenset(_DEGREES.split())


def is_clear(name: str) -> bool:
    """True for a name in ASCII that nothing here and in `names` would change, for certain; so for most."""
    return (
        _IS_OF_WORDS.fullmatch(name) is not None
        and _UNCLEAR.isdisjoint(name.lower().replace(".", "").split())
        and are_plain((name,))
    )


def without_degrees(written: str) -> str:
    """A name as it is written, in any order and with commas, without titles, degrees and numbers."""
    family, *others = (part.strip() for part in _BRACKETED.sub("", _NUMBER.sub("", written)).split(","))
    family = _BEFORE.sub("", family)
    is_whole = _is_whole(family)
    has_given = any(not is_degree(part) and not SUFFIX.fullmatch(part) for part in others)
    # Nobody has initials twice.
    has_given = has_given or (is_whole and len(others) > 1 and all(map(is_degree, others)))
    kept = [part for part in others if not _is_meant(part, is_whole=is_whole, has_given=has_given)]
    if is_whole and not is_group(family):  # `Ada Vale, Tide University`
        kept = [part for part in kept if " " not in part or not is_group(part)]
    if not kept:
        return _BEHIND_TWO_WORDS.sub(r"\g<name>", _BEHIND.sub("", family))
    return ", ".join((family, _BEHIND.sub("", _BEFORE.sub("", kept[0])), *kept[1:]))


def untitled(name: str, family: str, given: str) -> tuple[str, str, str]:
    """An author as it is printed and in parts, without titles and degrees."""
    if not given.strip():
        plain = without_degrees(name).rstrip(" ,")
        return (name, family, "") if plain == name else (plain, plain if family else "", "")
    parts = parts_without_degrees(family, given)
    suffix = name.removeprefix(f"{given} {family}").strip(" ,")
    if parts == (family, given) and not is_degree(suffix):
        return name, family, given
    return " ".join(filter(None, (parts[1], parts[0], "" if is_degree(suffix) else suffix))), *parts


def parts_without_degrees(family: str, given: str) -> tuple[str, str]:
    """The parts of a name, to any of which somebody may have typed a title or a degree."""
    if is_group(family):
        return family, given
    family = _BEHIND.sub("", family).rstrip(" ,")
    first, *others = without_degrees(f"{family}, {given}").split(", ")
    if "," in family and others[1:] and SUFFIX.fullmatch(others[0]):
        first = f"{first}, {others.pop(0)}"
    return first, ", ".join(others)


def is_degree(text: str) -> bool:
    """True for degrees alone, and for what may be initials like them."""
    return all(_IS_CERTAIN.fullmatch(part.strip()) for part in text.split(","))


def is_degree_behind(text: str) -> bool:
    """True for a degree that stands alone behind a whole name in a list: no initials without a name do."""
    return is_degree(text) or _IS_MEANT_ALONE.fullmatch(text) is not None


def _is_meant(text: str, *, is_whole: bool, has_given: bool) -> bool:
    if _IS_POSSIBLE.fullmatch(text):
        return has_given or (is_whole and _IS_MEANT.fullmatch(text) is not None)
    return is_degree(text)


def _is_whole(family: str) -> bool:
    """True for a given name and a family name, and not for `van Dam` alone."""
    first, *others = family.split() or [""]
    return bool(others) and not _PARTICLE.fullmatch(first)
