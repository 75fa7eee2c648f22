"""Names of people and groups: their part of an address, the spelling that is shown, what is no name at all.

Pure: texts in, texts out. What a catalogue shows is in `spellings`, how names are cited in `citing`.
The rules are in docs/decisions/0019-names.md.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from broadsheet.papers.patterns import lazy_pattern
from broadsheet.papers.text import LETTERS, unpiled

SLUG_LENGTH = 120
# What a curator may call somebody.
LONGEST_NAME = 200
_DIGEST_SIZE = 8

_NO_WORD = lazy_pattern(r"[\W_]+")
_HYPHENS = lazy_pattern(r"-+")
# All that people write for an apostrophe, and what transliterations write for a letter that Latin has not.
# One that stands alone may be a letter itself.
_APOSTROPHE = lazy_pattern(r"(?<=\w)['’‘ʹʻʼʽʾʿ′]|['’‘ʹʻʼʽʾʿ′](?=\w)|(?<=l)·(?=l)")
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_CYRILLIC = "\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f"
# A mark is an accent on a Latin or Greek letter. On a Cyrillic one it may make another letter: й is no и.
_ACCENTS = lazy_pattern(rf"(^|[^{_CYRILLIC}{_MARKS}])[{_MARKS}]+")
_LOOSE = lazy_pattern(f"[{_MARKS}]+")
_STRESSED = str.maketrans("ёѐѝ", "ееи")
_SPELLED = str.maketrans(LETTERS)

_CJK = (
    "\u1100-\u11ff\u3005-\u3007\u3041-\u30fa\u30fc-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_IS_CJK = lazy_pattern(f"[{_CJK}]+")
# A person's name, as no group's and no transliterated one is: two to four characters with a blank between.
_HAN_OR_HANGUL = "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_SPACED = lazy_pattern(f"[{_HAN_OR_HANGUL}]{{1,2}} [{_HAN_OR_HANGUL}]{{1,2}}")
_BETWEEN_CJK = lazy_pattern(f"(?<=[{_CJK}])-(?=[{_CJK}])")

# Words of groups that are nobody's family name: wherever they stand in a name, or only at its end.
_ANYWHERE = """
    collaboration collaborations consortia consortium department group groups initiative institut institute
    institutes instituto istituto lab laboratoire laboratorio laboratories laboratory labs project projects
    team teams universidad universidade universita università universitat universitaet universität universite
    université universiteit universitet universities university workshop
"""
_AT_THE_END = """
    academy agency alliance association authority authors center centers centre centres college commission
    committee community company contributors corp corporation council developers division editors employees
    experiment experiments federation force forum foundation gmbh hospital inc institution intelligence
    investigators llc ltd ministry museum network observatory office organisation organization participants
    partnership program programme research researchers robotics school services society studio studios
    technologies unit
"""
_OF_GROUPS, _ENDING_GROUPS = frozenset(_ANYWHERE.split()), frozenset(_AT_THE_END.split())
# A family name may be Ai, but hardly AI; a word such as DeepLab has a capital inside.
_ENDING = lazy_pattern(r"(?:\bAG?I|\bNLP|[a-z](?:AI|Group|Labs?|Mind|Team))[.,]*$")
# "Centre for Tides", "Editors of Tidal Letters": no person has such a word, in small letters, in the name.
_OF_SOMETHING = lazy_pattern(r"\w\s(?:for|of)\s\w")
_SEVERAL = frozenset({"collaborations", "consortia", "experiments", "groups", "teams"})

# What only odd names have. Most lists of names have none of it, which is seen at once.
_HINTS = """
    & ai agi al alii altri and andere anderen andra anon anonymous appendix ark author authors autres
    behalf by co-authors coauthors coll collaborators co-workers cols coworkers colleagues deceased diğ e.a
    editor eds et.al etc fl for from in kol m.fl members more n/a nlp nobody none of og others otros outros
    ph.d phd representing rest the u u.a unknown unnamed vd with др ін ほか 他 外
"""
_TITLES = """
    associate assistant adjunct b.sc bsc d.phil dds dmd dphil dr dr.-ing drs dvm ed.d edd facs fieee
    frcp frcpc frcs ll.m llm m.d m.eng m.phil m.sc mba mbbs md meng mph mphil mr mrs ms msc ph
    pharm.d pharmd prof prof.dr professor psyd sc.d scd univ.-prof
"""
_ODD_WORDS = frozenset(
    f"{before}{word}{after}"
    for word in (*_OF_GROUPS, *_ENDING_GROUPS, *_HINTS.split(), *_TITLES.split())
    for before in ("", "(", "[")
    for after in ("", ".", ",", ")", ".,", ".)", "]")
)
_ODD_PARTS = (",", ":", "AI", "Group", "Lab", "Mind", "Team", "等")
_FULL_STOPS = str.maketrans(".,()", "    ")

_COUNT = (
    r"(?:\d+|a\sfew|all|dozens\sof|hundreds\sof|many|numerous|our|several|some|the|their|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred)"
)
_WHO = (
    r"(?:authors?|co-?authors?|co-?workers|collaborators|colleagues|contributors|members|people|scientists)"
)
_OTHERS = lazy_pattern(
    r"(?:^|(?<![\s,;+])[\s,;+]++)[(\[]?(?:(?:and|&|\+)\s)?"
    r"(?:(?i:et\.?\s?al(?:\.|ii|iae|ia)?)|u\.\s?a\.|e\.\s?a\.|m\.\s?fl\."
    r"|(?:und\s)?andere|(?:en\s)?anderen|(?:y\s)?(?:otros|cols)|(?:e\s)?(?:outros|altri)|(?:et\s)?autres"
    rf"|(?:{_COUNT}\s){{0,3}}(?i:others)|(?:{_COUNT}\s){{1,3}}more(?:\s{_WHO})?"
    rf"|(?:{_COUNT}\s){{1,3}}(?:additional|further|more|other)\s{_WHO}|\d+\s{_WHO}"
    rf"|(?:{_COUNT}\s){{0,3}}(?:co-?authors|co-?workers|colleagues|collaborators)"
    r"|etc|(?:et\s)?coll\.|och\sandra|og\sandre|i\sin\.|a\skol\.|ve\s(?:ark|diğ)\.|vd\.|[іт]а?\sін\."
    r"|и\sдр\.?|ほか|他|외)\.?(?:\snot\sshown)?[)\]]?\.?$"
    r"|(?:^|\s|(?<=[\u4e00-\u9fff]))等$|(?:^|\s?&\s?)al\.?$"
)
# What stands for people whom nobody names: "the rest of the team", "n/a".
_UNKNOWN = r"(?:anonymous|anon|unknown|unnamed|n/a|nobody|none)"
_NOBODY = lazy_pattern(
    rf"[\[(]?(?:{_UNKNOWN}|ph\.?d|deceased|eds|editors?|(?:{_UNKNOWN}|no)\s(?:authors?|names?)(?:\s(?:given|listed|named))?|authors?\s{_UNKNOWN})\.?[\])]?\.?|"
    r"(?:and\s)?(?:(?:all|our|the|their|its)\s)*(?:(?:remainder|rest|(?:other\s)?members)\sof\b.*"
    r"|(?:(?:entire|extended|full|larger|whole)\s)?(?:author\slist|authors?|collaborations?|consorti(?:a|um)|group|team|team\smembers))\.?",
    re.IGNORECASE,
)
_HELPED = (
    r"(?:an?\s|the\s|some\s)?(?:[a-z]+\s){0,3}?(?:(?i:appendi(?:x|ces))|assistance|collaboration|comments"
    r"|contributions?|cooperation|foreword|help|input|notes?|participation|preface|supplement|support)"
)
_BEFORE = lazy_pattern(rf"^(?:(?:and|&|with)\s+)*(?:{_HELPED}\s+(?:by|from|of|with)\s+|by\s+)?")
_HELP = lazy_pattern(rf"(?<![\s,.(])[\s,.(]++(?i:with)\s+(?={_HELPED}\s+(?:by|from|of)\s)")
_COLON = lazy_pattern(r"(?:(?<!\s)\s++)?:(?!//)\s*")
_FOR_A_GROUP = lazy_pattern(r"(?:(?<![\s(])[\s(]++)?\b(?:on behalf of|representing)\s+", re.IGNORECASE)
_FOR_THE_GROUP = lazy_pattern(
    r"(?:(?<![\s(])[\s(]++)?\bfor\s+(?=the\b|[^,]{0,80}\b(?:collaborations?|consorti(?:a|um)|teams?)\b[.)]*$)",
    re.IGNORECASE,
)


@lru_cache(maxsize=65536)
def name_slug(name: str) -> str:
    """The address part for an author or organization; spellings that differ in case, accents or
    punctuation share it.

    No letter of any script is lost: what has no spelling in ASCII stays as it is. At most SLUG_LENGTH
    characters; a longer one ends with a digest of all of it. The slug of a slug is that slug.
    """
    if name.isascii():
        slug = _NO_WORD.sub("-", name.replace("'", "").lower()).strip("-")
    else:
        slug = _words(_folded(name))
    if len(slug) > SLUG_LENGTH:
        slug = f"{slug[: SLUG_LENGTH - 2 * _DIGEST_SIZE - 1].rstrip('-')}-{_digest(slug)}"
    return slug or _digest(name)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST_SIZE).hexdigest()


def _folded(name: str) -> str:
    """The name in small letters, without accents, as near to ASCII as it comes without losing a letter."""
    taken_apart = unicodedata.normalize("NFKD", name.replace("´", "'")).casefold().translate(_SPELLED)
    plain = _ACCENTS.sub(r"\1", unicodedata.normalize("NFKD", _APOSTROPHE.sub("", taken_apart)))
    return _LOOSE.sub("", unicodedata.normalize("NFC", plain).translate(_STRESSED))


def _words(text: str) -> str:
    """The letters, marks and digits of a text, with a hyphen for whatever else is between them.

    The vowels of Indic scripts are marks, and so is much of Thai. Signs that are not seen part no word, and
    a character that this Python does not know may be a letter. Chinese, Japanese and Korean names are
    written with and without a blank.
    """
    if text.isascii():
        return _NO_WORD.sub("-", text).strip("-")
    signs = []
    for sign in text:
        category = unicodedata.category(sign)
        if category[0] in "LMN" or category in {"Cn", "Co"}:
            signs.append(sign)
        elif category != "Cf":
            signs.append("-")
    return _BETWEEN_CJK.sub("", _HYPHENS.sub("-", "".join(signs)).strip("-"))


def chosen(spellings: Mapping[str, int]) -> tuple[str, int]:
    """Of the spellings of one name, each with how often it is printed, that which is shown, and how many
    times more it is printed than any other.

    The most frequent, of these that with most accents, then that with the fewest capitals.
    """
    first, *others = sorted(spellings, key=lambda name: (-spellings[name], *_plainness(name)))
    return first, spellings[first] - max((spellings[name] for name in others), default=0)


def _plainness(name: str) -> tuple[int, int, str]:
    apart = unicodedata.normalize("NFD", name)
    accents = sum(unicodedata.combining(sign) > 0 or sign.lower() in LETTERS for sign in apart)
    return -accents, sum(map(str.isupper, apart)), name


def is_group(name: str) -> bool:
    """True for the name of a lab, a team, a collaboration or any other organization."""
    return name.startswith("the ") or _OF_SOMETHING.search(name) is not None or ends_a_group(name)


def ends_a_group(name: str) -> bool:
    """True for a name with the words of a group: "Wave Collaboration", but not "the Tide"."""
    words = name.casefold().translate(_FULL_STOPS).split()
    return (
        not _OF_GROUPS.isdisjoint(words)
        or not _ENDING_GROUPS.isdisjoint(words[-1:])
        or _ENDING.search(name) is not None
    )


def are_groups(name: str) -> bool:
    """True for a name that stands for several groups, such as "the Tide and Wave Collaborations"."""
    return not _SEVERAL.isdisjoint(name.casefold().translate(_FULL_STOPS).split()[-1:])


def is_cjk(*parts: str) -> bool:
    """True where all parts of a name are written in Chinese, Japanese or Korean: the family's comes first."""
    return all(map(_IS_CJK.fullmatch, parts))


def closed_up(name: str) -> str:
    """The name without the blank that a Chinese or Korean one of a person may be written with."""
    return name.replace(" ", "") if _SPACED.fullmatch(name) else name


def are_plain(names: Sequence[str]) -> bool:
    """True where nothing hints at a group or at what is no name; `told_apart` looks closer at the others."""
    together = " ".join(names)
    words = together.casefold().split()
    # Lists, since a generator costs more than all the looking.
    return (
        _ODD_WORDS.isdisjoint(words)
        and not any([part in together for part in _ODD_PARTS])  # noqa: C419
        and all([name[:1].isalpha() for name in names])  # noqa: C419
    )


def without_others(name: str) -> str:
    """The name without "et al.", "and others", "[and 20 more]" behind it."""
    return _OTHERS.sub("", name)


def told_apart(name: str) -> tuple[str, ...]:
    """The names in what a source gives as one name: a group and its member, before and behind a colon or
    "on behalf of", without "et al.". None where no letter is left.
    """
    pieces = [part for piece in _COLON.split(name) for part in _HELP.split(piece)]
    pieces = [part for piece in pieces for part in _FOR_A_GROUP.split(piece)]
    pieces = [part for piece in pieces for part in _for_the_group(piece)]
    if len(pieces) > 1:
        pieces = [piece.strip(" ,;()") for piece in pieces]
    names = [without_others(_BEFORE.sub("", piece)) for piece in pieces]
    return tuple(name for name in names if any(map(str.isalpha, name)) and not _NOBODY.fullmatch(name))


def _for_the_group(piece: str) -> list[str]:
    """An "Institute for the Tides" is one; "Ada Vale for the Tides" is two."""
    before, *_ = pieces = _FOR_THE_GROUP.split(piece)
    return [piece] if is_group(before) or (before.istitle() and " " not in before) else pieces


def name_of_page(text: str) -> str:
    """The text as what a curator calls a page; empty where nothing can be called so."""
    line = unpiled(" ".join(text.split()))
    is_name = len(line) <= LONGEST_NAME and line.isprintable() and any(map(str.isalpha, line))
    return line if is_name else ""


# Of whom a curator's word about a name can be, and what it can do.
WORD_KINDS, WORD_ACTS = ("author", "organization"), ("join", "move", "show")


@dataclass(frozen=True, slots=True)
class NameWord:
    """What a curator said of a name, as `Attribution` has it, and when it was said and taken back."""

    kind: str
    act: str
    slug: str
    page: str
    named: str
    name: str
    at: datetime
    withdrawn_at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """The word as an export has it, without what is empty."""
        return {name: value for name, value in asdict(self).items() if value}
