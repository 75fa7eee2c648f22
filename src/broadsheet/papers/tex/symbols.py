"""Names of TeX that are one character or one word, from pylatexenc's and latex2mathml's tables."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

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
_LONG = "|".join(name for name in _ACCENTS if len(name) > 1)
_SIGNS = "[\"'`^~=.]"
# Commands that are letters, which an accent can stand on; the blank after `\o` belongs to it.
_LETTER_NAMES = "AA|AE|DH|DJ|L|NG|OE|O|TH|aa|ae|dh|dj|ij|i|j|l|ng|oe|o|ss|th"
_LETTER = rf"(?:\\(?:{_LETTER_NAMES})(?![A-Za-z])|[^\W\d_][\u0300-\u036f]?)"
# What an accent stands on may have an accent of its own: `\'{\^e}`, `\'\^e`.
_BASE = rf"(?:\\{_SIGNS}\s?(?:\{{\s*{_LETTER}\s*\}}|{_LETTER})|\\[cdkruv]\s?\{{\s*{_LETTER}\s*\}}|{_LETTER})"
# `\'e`, `\"{o}`, `\v{c}`, `\c c`, `\'{\i}`: an accent and the letter that it is for. A letter command
# and a bare letter need the blank between them, or it would be another command.
ACCENT = (
    rf"\\(?:{_SIGNS}\s?|(?:[bcdGHkrtuUv]|{_LONG})(?=\s*\{{)|(?:[cHkruv]|{_LONG})\s|[bd]\s(?=\s?[^\W\d_]\s?\}}))\s?"
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
    "deg": "°",
    "degr": "°",
    "degree": "°",
    "eg": "e.g.",
    "etal": "et al.",
    "etc": "etc.",
    "euro": "€",
    "farcs": "″.",
    "hyphen": "-",
    "ie": "i.e.",
    "lasp": "ʿ",
    "LaTeX": "LaTeX",
    "LaTeXe": "LaTeX2e",
    "lbrack": "[",
    "lq": "‘",
    "nobreakdash": "",
    "nobreakspace": "\u00a0",
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
    return prints if isinstance(prints, str) and len(prints) == 1 and prints.isprintable() else None


def sign(name: str) -> str | None:
    """What the command `name` prints in maths, where many more are known."""
    code = SYMBOLS.get(f"\\{name}")
    return symbol(name) or (chr(int(code, 16)) if code else None)


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
    base = symbol(first[1:]) or first if first.startswith("\\") else first
    base = {"ı": "i", "ȷ": "j"}.get(base, base)
    if (name, base) == (".", "i"):
        return "".join([base, *more])
    letter = unicodedata.normalize("NFC", base + _ACCENTS[name])
    if name in "'`" and len(letter) > 1 and not more:  # `Gerard {\'t} Hooft`
        return f"'{base}"
    return "".join([letter, *more])
