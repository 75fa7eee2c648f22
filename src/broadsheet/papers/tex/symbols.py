"""Names of TeX that are one character or one word, from pylatexenc's and latex2mathml's tables."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import permutations

from latex2mathml.symbols_parser import SYMBOLS
from pylatexenc.latex2text import get_default_latex_context_db

# The accents, by what follows the backslash, and the sign of Unicode that goes with the letter.
_ACCENTS = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "b": "\u0331",
    "c": "\u0327",
    "cb": "\u0326",
    "d": "\u0323",
    "f": "\u0311",
    "G": "\u030f",
    "H": "\u030b",
    "h": "\u0309",
    "k": "\u0328",
    "r": "\u030a",
    "t": "\u0361",
    "U": "\u030e",
    "u": "\u0306",
    "v": "\u030c",
    "cedilla": "\u0327",
    "lfhook": "\u0326",
    "ocirc": "\u030a",
    "polhk": "\u0328",
    "soft": "\u030c",
    "textcommabelow": "\u0326",
    "textcommaabove": "\u0327",
    "textogonekcentered": "\u0328",
}
# TS1 encodes the accents of capitals by themselves.
_ACCENTS |= {
    f"capital{name}": _ACCENTS[accent]
    for name, accent in (
        *(("acute", "'"), ("breve", "u"), ("caron", "v"), ("cedilla", "c"), ("circumflex", "^")),
        *(("dieresis", '"'), ("dotaccent", "."), ("grave", "`"), ("hungarumlaut", "H"), ("macron", "=")),
        *(("ogonek", "k"), ("ring", "r"), ("tilde", "~")),
    )
}
_LONG = "|".join(name for name in _ACCENTS if len(name) > 1)
_SIGNS = "[\"'`^~=.]"
# Commands that are letters, which an accent can stand on; the blank after `\o` belongs to it.
_LETTER_NAMES = (
    "AA|AE|DH|DJ|L|NG|OE|OHORN|Ohorn|O|TH|UHORN|Uhorn|aa|ae|dh|dj|ij|i|j|l|ng|oe|ohorn|o|ss|th|uhorn"
)
_LETTER = rf"(?:\\(?:{_LETTER_NAMES})(?![A-Za-z])(?:\{{\}})?|[^\W\d_][\u0300-\u036f]*)"
# What an accent stands on may have an accent of its own: `\'{\^e}`, `\'\^e`.
_BASE = (
    rf"(?:\\{_SIGNS}\s?(?:\{{\s*{_LETTER}\s*\}}|{_LETTER})|\\[cdGHhkrUuv]\s?\{{\s*{_LETTER}\s*\}}|{_LETTER})"
)
# `\'e`, `\"{o}`, `\v{c}`, `\c c`, `\'{\i}`: an accent and the letter that it is for. A letter command
# and a bare letter need the blank between them, or it would be another command.
ACCENT = (
    rf"\\(?:{_SIGNS}\s?|(?:[bcdGHhkrtuUv]|{_LONG})(?=\s*\{{)|(?:[cHkruv]|{_LONG})\s|[bd]\s(?=\s?[^\W\d_]\s?\}}))\s?"
    rf"(?:\{{\s*(?:{_BASE}|\{{\s*{_BASE}\s*\}})\s*\}}|{_BASE})"
)
# The same in names of people, where nothing else can be meant by it: an accent with what is under it done.
_INNERMOST = re.compile(
    rf"\\(?:(?P<sign>{_SIGNS})\s*|(?P<name>[bcdfGHhkrtuUv]|{_LONG})(?:\s+|(?=[\\{{])))"
    rf"(?:\{{\s*(?P<pair>{_LETTER}{_LETTER}?)\s*\}}|\{{\s*\{{\s*(?P<inner>{_LETTER})\s*\}}\s*\}}|(?P<bare>{_LETTER}))"
)
_DEEPEST = 4

# In no table of pylatexenc, yet common in abstracts.
_MORE = {
    "apostrophe": "’",
    "arcmin": "′",
    "arcsec": "″",
    "BibTeX": "BibTeX",
    "cdprime": "ʺ",
    "checkmark": "✓",
    "colon": ":",
    "copyright": "©",
    "cprime": "ʹ",
    "ddag": "‡",
    "deg": "°",
    "degr": "°",
    "degree": "°",
    "eg": "e.g.",
    "etal": "et al.",
    "etc": "etc.",
    "euro": "€",
    "farcs": "″.",
    "fg": "\u00a0»",
    "flq": "‹",
    "flqq": "«",
    "frq": "›",
    "frqq": "»",
    "glq": "‚",
    "glqq": "„",
    "grq": "‘",
    "grqq": "“",
    "hyphen": "-",
    "ie": "i.e.",
    "lasp": "ʿ",
    "LaTeX": "LaTeX",
    "LaTeXe": "LaTeX2e",
    "lbrack": "[",
    "lq": "‘",
    "nobreakdash": "",
    "nobreakspace": "\u00a0",
    "og": "«\u00a0",
    "P": "¶",
    "pounds": "£",
    "prime": "′",
    "rasp": "ʾ",
    "rbrack": "]",
    "rq": "’",
    "S": "§",
    "slash": "/",
    "qquad": " ",
    "quad": " ",
    "space": " ",
    "SS": "SS",
    "TeX": "TeX",
    "thinspace": "\u00a0",
    "textampersand": "&",
    "textapostrophe": "’",
    "textasciicircum": "^",
    "textbar": "|",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textgreater": ">",
    "textless": "<",
    "textminus": "−",
    "textpercent": "%",
    "textquotedbl": '"',
    "textunderscore": "_",
    "textvisiblespace": "␣",
}
_NAMES = (
    "arccos arcsin arctan arg cos cosh det dim exp gcd inf ker lg lim ln log max min sin sinh sup tan tanh"
)
_FUNCTIONS = frozenset(_NAMES.split())
LETTERS = frozenset(_LETTER_NAMES.split("|"))
# Letters that only some encodings have: `\textHbar`, `\Hwithstroke`, `\textcrh`, `\ohorn`, `\textalpha`.
_LETTER_WITH = re.compile(
    r"text(?P<before>cr|bar|ht)?(?P<letter>[A-Za-z])(?P<behind>bar|stroke|slash|hook|tail|horn)?"
    r"|(?P<plain>[A-Za-z])(?P<sign>withstroke|horn|HORN)"
)
_GREEK_IN_TEXT = re.compile(
    "text((?i:alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon"
    "|phi|chi|psi|omega)|varsigma)"
)
_PARTS_OF_LETTERS = {
    **dict.fromkeys(("cr", "bar", "stroke", "withstroke", "slash"), "STROKE"),
    **dict.fromkeys(("ht", "hook"), "HOOK"),
    "horn": "HORN",
    "tail": "TAIL",
}

_macros = get_default_latex_context_db()


@lru_cache(maxsize=4096)
def symbol(name: str) -> str | None:
    r"""What the command `name` (without its backslash) prints: `alpha` is α, `ss` is ß, `log` is log.

    None for commands with arguments and for unknown ones, such as a paper's private `\model`.
    """
    if name in _MORE:
        return _MORE[name]
    if name in _FUNCTIONS:
        return name
    macro = _macros.get_macro_spec(name)
    prints = macro and macro.simplify_repl
    if isinstance(prints, str) and len(prints) == 1 and prints.isprintable():
        return prints
    return _letter_with(name)


def _letter_with(name: str) -> str | None:
    """A letter with a stroke or its like, by the rule that its commands are named by; a letter of Greek."""
    if greek := _GREEK_IN_TEXT.fullmatch(name):
        return symbol(greek[1])
    found = _LETTER_WITH.fullmatch(name)
    part = found and (found["before"] or found["behind"] or found["sign"].lower())
    if not found or not part:
        return None
    letter = found["letter"] or found["plain"]
    start = f"LATIN {'CAPITAL' if letter.isupper() else 'SMALL'} LETTER {letter}"
    mark = _PARTS_OF_LETTERS[part]
    names = (f"{start} BAR", f"{start} WITH {mark}") if mark == "STROKE" else (f"{start} WITH {mark}",)
    return next(filter(None, map(_character, names)), None)


def _character(name: str) -> str | None:
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return None


def sign(name: str) -> str | None:
    """What the command `name` prints in maths, where many more are known."""
    code = SYMBOLS.get(f"\\{name}")
    return symbol(name) or (chr(int(code, 16)) if code else None)


def names_of_signs() -> dict[str, str]:
    """The shortest command that prints a character in maths, by the character."""
    longest_first = sorted(SYMBOLS, key=lambda command: (-len(command), command))
    return {chr(int(SYMBOLS[one], 16)): one[1:] for one in longest_first if one[1:].isalpha()}


@lru_cache(maxsize=4096)
def accented(source: str) -> str | None:
    r"""The letter that an ACCENT spells: `\"o` is ö; None where Unicode has no such letter."""
    # arXiv writes a pasted β as `\b{eta}`; that is handled as a command, not as an accent.
    letter = letters(source)
    return letter if len(letter) == 1 else None


def letters(text: str) -> str:
    r"""`text` with its accents on their letters, also `\'{\^e}`, `\'{\ae}` and `\t{oo}`."""
    for _ in range(_DEEPEST):
        text, count = _INNERMOST.subn(_composed, text)
        if not count:
            break
    return text


def _composed(found: re.Match[str]) -> str:
    name = found["sign"] or found["name"]
    first, *more = re.findall(_LETTER, found["pair"] or found["inner"] or found["bare"])
    base = symbol(first[1:].removesuffix("{}")) or first if first.startswith("\\") else first
    if (name, base) in ((".", "i"), (".", "ı")):
        return "".join(["i", *more])
    base = {"ı": "i", "ȷ": "j"}.get(base, base)
    letter = _together(base, _ACCENTS[name])
    if name in "'`" and len(letter) > 1 and not more and base.isascii():  # `Gerard {\'t} Hooft`
        return f"'{base}"
    return "".join([letter, *more])


def _together(base: str, mark: str) -> str:
    """A letter with one mark more, in the order of marks that Unicode has a letter for, if it has any."""
    apart = unicodedata.normalize("NFD", base)
    letter, marks = apart[0], [*apart[1:]]
    if mark in marks:
        return base
    if len(marks) >= _DEEPEST:
        return base + mark
    orders = permutations([*marks, mark])
    return min((unicodedata.normalize("NFC", letter + "".join(order)) for order in orders), key=len)
