"""Names of TeX that are one character or one word, from pylatexenc's and latex2mathml's tables."""

from __future__ import annotations

import re
from functools import lru_cache

from latex2mathml.symbols_parser import SYMBOLS
from pylatexenc.latex2text import LatexNodes2Text, get_default_latex_context_db

# `\'e`, `\"{o}`, `\v{c}`, `\c c`, `\'{\i}`: an accent and the letter that it is for. A letter command
# and a bare letter need the blank between them, or it would be another command.
ACCENT = (
    r"""\\(?:["'`^~=.]\s?|[bcdHkrtuv](?=\s*\{)|[cHkruv]\s)\s?"""
    r"(?:\{\s*(?:\\[ij]|[^\W\d_])\s*\}|\\[ij](?![A-Za-z])|[^\W\d_])"
)

# In no table of pylatexenc, yet common in abstracts.
_MORE = {
    "S": "§",
    "arcmin": "′",
    "arcsec": "″",
    "checkmark": "✓",
    "colon": ":",
    "copyright": "©",
    "deg": "°",
    "degr": "°",
    "degree": "°",
    "eg": "e.g.",
    "farcs": "″.",
    "etal": "et al.",
    "etc": "etc.",
    "ie": "i.e.",
    "prime": "′",
    "slash": "/",
    "textasciicircum": "^",
    "textgreater": ">",
    "textless": "<",
}
_NAMES = (
    "arccos arcsin arctan arg cos cosh det dim exp gcd inf ker lg lim ln log max min sin sinh sup tan tanh"
)
_FUNCTIONS = frozenset(_NAMES.split())

_macros = get_default_latex_context_db()
_decoder = LatexNodes2Text()


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
    letter: str = _decoder.latex_to_text(re.sub(r"\s+(?=[A-Za-z{]$|\{)", " ", source))
    return letter if len(letter) == 1 else None
