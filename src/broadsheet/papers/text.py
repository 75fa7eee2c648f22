"""Clean text: titles and abstracts as people read them, and as programs compare them.

The catalogue keeps every text as its source gave it; these functions show it. TeX that is certain
becomes what it means, whole maths becomes MathML, everything else stays as it is and is escaped.
HTML's own five entities and its numbers (`&amp;`, `&#177;`) are read as the character they name.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from markupsafe import Markup, escape

from broadsheet.papers.patterns import lazy_pattern
from broadsheet.papers.tex.links import link
from broadsheet.papers.tex.marks import LONGEST, PLACE, Address, Formula, Mark, Marked
from broadsheet.papers.tex.punctuation import punctuate
from broadsheet.papers.tex.reader import read
from broadsheet.papers.tex.remnants import mend
from broadsheet.papers.tex.symbols import names_of_signs, sign

# Controls, directional overrides, invisible signs, halves of characters, and our own place holders.
_UNSEEN = lazy_pattern(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    rf"\ud800-\udfff\ufeff\ufff9-\ufffb{PLACE}]"
)
# More marks in a row than any language piles on a letter, with what else is neither letter nor digit.
_PILE = lazy_pattern(r"[^\w\s\x00-\x7f]{5,}")
MOST_MARKS = 4
_ENTITY = lazy_pattern(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9A-Fa-f]{1,5});")
# arXiv begins a new paragraph with two blanks, other sources leave an empty line.
_PARAGRAPH = lazy_pattern(r"(?:\r?\n[ \t]*){2,}|(?<=[.:!?)])[ \t]*\r?\n[ \t]{2,}(?=\S)")
# Browsers break a line between a formula and the bracket or comma beside it, whatever Unicode says. An
# entity ends the search, so that none is cut in two.
_BESIDE_MATHS = lazy_pattern(r"([^\s<>&;]{0,12})(<math>.*?</math>)([^\s<>&]{0,12})")

# What XML 1.0 cannot hold, in whatever way it is written (section 2.2).
_NOT_XML = lazy_pattern("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# What means something in Markdown anywhere, and at the start of a paragraph.
_MARKDOWN = lazy_pattern(r"[\\`*_{}\[\]<>~|$&]")
_AT_START = lazy_pattern(r"\A(?:\d+(?=[.)]\s)|(?=[-+=#]))")


@lru_cache(maxsize=2048)
def plain(text: str) -> str:
    """`text` in readable Unicode, on one line: for search, feeds, exports and the title of a page."""
    return plain_of(cleaned(text))


def plain_of(marked: Marked) -> str:
    """What was cleaned in readable Unicode, on one line."""
    return " ".join(marked.filled(marked.text, lambda mark: mark.plain()).split())


def visible(text: str) -> str:
    """`text` on one line, without controls and signs that nobody sees but that turn or part it."""
    return " ".join(_UNSEEN.sub("", text).split())


def unpiled(text: str) -> str:
    """`text` with no more marks on a letter than languages put there: a pile would cover the lines around."""
    return _PILE.sub(lambda found: "".join(_without_pile(found[0])), text)


def _without_pile(signs: str) -> Iterator[str]:
    marks = 0
    for one in signs:
        marks = marks + 1 if unicodedata.category(one) in {"Mn", "Me"} else 0
        if marks <= MOST_MARKS:
            yield one


def for_xml(text: str) -> str:
    """`text` as XML can hold it; whoever writes the XML escapes it."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


@lru_cache(maxsize=4096)
def inline(text: str) -> Markup:
    """`text` as safe HTML on one line, with maths and emphasis and without links: for a title.

    What must stay on the line of a formula is in a `span` of class `unbroken`.
    """
    return inline_of(cleaned(text))


def inline_of(marked: Marked) -> Markup:
    """What was cleaned as safe HTML on one line, without links."""
    return _html(marked, lambda mark: escape(mark.label) if isinstance(mark, Address) else mark.html())


@lru_cache(maxsize=2048)
def block(text: str) -> Markup:
    """`text` as safe HTML paragraphs (`<p>`), with maths, emphasis and links: for an abstract."""
    return block_of(paragraphs(text))


def paragraphs(text: str) -> list[Marked]:
    """The paragraphs of the text, each cleaned."""
    return [cleaned(part) for part in _PARAGRAPH.split(text) if part.strip()]


def block_of(parts: Iterable[Marked]) -> Markup:
    """Paragraphs that were cleaned as safe HTML."""
    return Markup("\n").join(
        Markup("<p>{}</p>").format(_html(part, lambda mark: mark.html())) for part in parts
    )


@lru_cache(maxsize=2048)
def markdown(text: str) -> str:
    """`text` as CommonMark paragraphs without emphasis: maths as TeX between dollars, all else escaped."""
    return "\n\n".join(
        _AT_START.sub(r"\g<0>\\", one.filled(_escaped(one.text), _in_markdown)) for one in paragraphs(text)
    )


def _in_markdown(mark: Mark) -> str:
    match mark:
        case Formula(source):
            return f"${source}$"
        case Address(url, label):
            return f"[{_escaped(label)}](<{url}>)"
    return _escaped(mark.plain())


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", text)


def _html(marked: Marked, show: Callable[[Mark], Markup]) -> Markup:
    shown = marked.filled(str(escape(marked.text)), show)
    if "<math>" in shown:
        shown = _BESIDE_MATHS.sub(_kept_together, shown)
    # The text was escaped above, and every mark writes HTML of its own.
    return Markup(shown)  # noqa: S704


def _kept_together(found: re.Match[str]) -> str:
    before, maths, after = found.groups()
    return f'<span class="unbroken">{found[0]}</span>' if before or after else maths


def cleaned(text: str) -> Marked:
    """`text` on one line in Unicode, its maths and emphasis as marks."""
    # Each step looks first whether it has anything to do; for most texts none has.
    text = " ".join(text.split())
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    if not text.isprintable():
        text = _UNSEEN.sub("", text)
    # A place for each mark is only sure up to here, and no abstract is a tenth as long.
    if len(text) > LONGEST:
        return Marked(text)
    marked = read(text)
    link(marked)
    mend(marked)
    punctuate(marked)
    return marked


# What differs between the spellings of one title: commands that only set a style, with and without
# their backslash, the braces of an accent, and letters that Unicode does not take apart.
_STYLES = (
    lazy_pattern(
        r"\\(?:text|emph|em|bf|it|tt|sc|rm|sf|sl|bm|mbox|operatorname|underline|left|right)(?![A-Za-z])"
    ),
    lazy_pattern(r"math(?:cal|bb|bf|it|rm|sf|tt|frak|scr)(?![A-Za-z])|boldsymbol(?![A-Za-z])"),
    lazy_pattern(r"text(?:bf|it|rm|sf|tt|sc|up|normal|superscript|subscript)(?![A-Za-z])"),
    lazy_pattern(r"\{(?:rm|bf|it)\s"),
    lazy_pattern(r"unicode\{x201[34]\}|x201[34](?<=[a-z]x201[34])(?=[a-z])"),
    lazy_pattern(r"var(?=epsilon|phi|theta|rho|sigma|pi|kappa)"),
    lazy_pattern(r"\\[\"'`^~=.]\s?\{?|\\[bcdHkrtuv](?:\s*\{(?=\\?[A-Za-z]\})|\s(?=[A-Za-z]))"),
)
_COMBINING = lazy_pattern(r"[\u0300-\u036f]+")
_TRACES = ("\\", "{", "x201", "varepsilon", "varphi")
LETTERS = {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ȷ": "j", "ð": "dh", "þ": "th"}
_COMMANDS = (
    "approx cap cdot circ cup dagger ell epsilon equiv exists forall geq gtrsim in infty int langle leq "
    "nabla neq odot oplus otimes partial phi pm propto rangle rightarrow sim simeq "
    "star subset sum times top"
)
_SPELLED = {sign(command) or command: command for command in _COMMANDS.split()} | {"°": "circ"}
# The 24 small letters, by the name that people write out; Unicode spells one of them "lamda".
GREEK = {
    chr(code): unicodedata.name(chr(code)).rsplit(" ", 1)[1].lower().replace("lamda", "lambda")
    for code in (*range(0x3B1, 0x3C2), *range(0x3C3, 0x3CA))
}
_NAMED = str.maketrans(LETTERS | _SPELLED | GREEK)
# Arrows and operators, but for those that are other ways to write a sign of texts.
_OPERATOR = re.compile("[\u2190-\u2211\u221a-\u2222\u2226-\u2235\u2237-\u22ed]")
_OPERATORS = {character: name for character, name in names_of_signs().items() if _OPERATOR.match(character)}
_NAMED_IN_TITLES = str.maketrans(_OPERATORS | LETTERS | _SPELLED | GREEK)
# Vowel signs and what else is written around the letters of Thaana, the scripts of India and of those beside
# them, and the voiced sounds of Japanese: Unicode calls them marks, and without them it is another word.
_SCRIPTS = (
    *((0x7A6, 0x7B1), (0x900, 0x180B), (0x1810, 0x1AB0), (0x1B00, 0x1CD0), (0x3099, 0x309B)),
    *((0xA800, 0xA8E0), (0xA8FF, 0xAC00), (0x11000, 0x12000)),
)
_MARKS = "".join(
    chr(code)
    for first, end in _SCRIPTS
    for code in range(first, end)
    if unicodedata.category(chr(code)).startswith("M")
)
_NEITHER = lazy_pattern(r"[\W_]+")
_NO_LETTER = lazy_pattern(rf"[^\w{_MARKS}]+|_+")
_BETWEEN_WORDS = lazy_pattern(rf"(?:[^\w{_MARKS}]|\d)+")
# The signs that make another name of a name: C, C++ and C#, PointNet and PointNet++.
_NAME_SIGNS = lazy_pattern(r"(?<=[^\W_])\s?(?P<plus>\+\+)(?!\+)|(?<=(?<![^\W_])[a-z])[#\u266f]")
_ASCII = "".join(map(chr, range(128)))
_DROPPED = str.maketrans("", "", "".join(character for character in _ASCII if not character.isalnum()))
_JOINING = r"\{}$^_"
_PARTED = str.maketrans(
    {
        character: "" if character in _JOINING else " "
        for character in _ASCII
        if character in _JOINING or not character.isalpha()
    }
)


def title_key(title: str) -> str:
    r"""The letters and digits of a title, case folded: equal for all spellings of the same title.

    A title with its TeX, as it is shown, and with the dollars and backslashes stripped (`$\ell_1$`, `ℓ₁`,
    `ell_1`) give one key. Never empty for a title that is not blank.
    """
    shown = plain(title) if "\\" in title or "{" in title or "$" in title else title
    folded = _folded(shown, _NAMED_IN_TITLES)
    if "+" in folded or "#" in folded or "\u266f" in folded:
        folded = _NAME_SIGNS.sub(lambda found: "plusplus" if found["plus"] else "sharp", folded)
    key = folded.translate(_DROPPED) if folded.isascii() else _NO_LETTER.sub("", folded)
    return key or title.strip().casefold()


def letters_and_digits(text: str) -> str:
    """The letters and digits of a text, case folded, as `title_key` once gave them.

    Keys that were given out are made of them, so this never changes.
    """
    folded = _folded(text, _NAMED)
    key = folded.translate(_DROPPED) if folded.isascii() else _NEITHER.sub("", folded)
    return key or text.strip().casefold()


def fingerprint_words(text: str) -> frozenset[str]:
    """The words of an abstract, as `title_key` spells them, numbers left out."""
    folded = _folded(text, _NAMED)
    if folded.isascii():
        return frozenset(folded.translate(_PARTED).split())
    return frozenset(_BETWEEN_WORDS.sub(" ", folded.translate(_PARTED)).split())


def _folded(text: str, names: dict[int, str]) -> str:
    if any(trace in text for trace in _TRACES):
        for style in _STYLES:
            text = style.sub("", text)
    if text.isascii():
        return text.lower()
    # Signs such as ℓ first: compatibility forms would make plain letters of them.
    named = text.casefold().translate(names)
    parts = unicodedata.normalize("NFKD", named).casefold().translate(names)
    return _COMBINING.sub("", parts)
