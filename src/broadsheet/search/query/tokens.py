"""The first step of reading a query: text cut into words, phrases, parentheses and operators.

Nothing here depends on what stands further left or right than the same word, so that the canonical form of
a query can be put together from that of its parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from broadsheet.papers import identifiers
from broadsheet.search.query import fields

# Parentheses further in are passed over.
DEEPEST = 8
OPERATORS = ("AND", "OR", "NOT")
OPERANDS = ("word", "phrase", "(")
# Of what was typed, as much as a note repeats.
LONGEST_QUOTATION = 60

_SIGNS = {
    **dict.fromkeys(map(ord, "“”„‟«»″"), '"'),
    ord("："): ":",
    # What comes along with text from PDFs and web pages and cannot be seen.
    **dict.fromkeys((0xAD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF), None),
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " "),
}
# As pandoc tells maths from prices.
_DOLLARS = re.compile(r'(\$[^\s"$](?:[^"$]{0,200}[^\s"$])?\$(?![0-9]))|\$')
# "f(x)" and "(1+x)-approximate" are words, "(x)" is a word in parentheses.
_ENCLOSED = r'\([^()\s"]*(?:\([^()\s"]*\)[^()\s"]*)*\)'
_LETTERS = r'\$[^$]*\$|[^\s"$()]'
_ALPHANUMERIC = re.compile(r"[^\W_]+")
_NEGATABLE = re.compile(r'[^\W_]|[\\$"(]')
_TOKEN = re.compile(
    rf"""
    (?P<minus>[-−‐](?={_NEGATABLE.pattern}))?
    (?:(?P<field>[A-Za-z]{{2,}}):(?!//)(?=[^\s:])(?P<exact>=(?="))?)?
    (?:
        "(?P<phrase>[^"]*)"
      | (?P<word>(?:{_ENCLOSED}(?=[^\s"(),;.])|{_LETTERS})(?:{_LETTERS}|{_ENCLOSED})*)"?
      | (?P<open>\()
    )
    | (?P<close>\))
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    """A piece of a query: `kind` is "word", "phrase", "(", ")" or one of OPERATORS."""

    kind: str
    text: str = ""
    field: str = ""
    negated: bool = False

    @property
    def is_negatable(self) -> bool:
        """True where a "-" before it makes it an exclusion."""
        return not self.negated and (self.kind != "word" or bool(self.field) or negatable(self.text))


def clean(typed: str) -> str:
    """The query with one kind of quotes, single blanks, and dollar signs around maths only."""
    # Halves of characters come from a command line that is not UTF-8.
    text = typed.encode("utf-8", "replace").decode().translate(_SIGNS)
    if "``" in text:
        text = text.replace("``", '"').replace("''", '"')
    text = " ".join(text.split())
    return " ".join(_DOLLARS.sub(lambda found: found[1] or " ", text).split())


def tokens(text: str, notes: list[str], *, own: bool) -> Iterator[Token]:
    """The tokens of a cleaned text; what closes has been opened, and none is deeper than DEEPEST."""
    depth = 0
    for token in _cut(text, notes, own=own):
        depth += token.kind == "("
        if token.kind not in ("(", ")") or 0 < depth <= DEEPEST:
            yield token
        elif depth:
            notes.append(f"Parentheses are read {DEEPEST} deep; those further in were passed over.")
        depth -= token.kind == ")" and depth > 0


def negatable(text: str) -> bool:
    """True where a "-" before the text is an exclusion."""
    return bool(_NEGATABLE.match(text))


def plain_words(text: str) -> list[str]:
    """The words of any text, such that each is read as a word."""
    return [word.lower() if word in OPERATORS else word for word in _ALPHANUMERIC.findall(text)]


def quotation(text: str) -> str:
    """What was typed, as a note repeats it."""
    return text if len(text) <= LONGEST_QUOTATION else f"{text[:LONGEST_QUOTATION]}…"


def _cut(text: str, notes: list[str], *, own: bool) -> Iterator[Token]:
    for found in _TOKEN.finditer(text):
        name, word, phrase = found["field"] or "", found["word"], found["phrase"]
        field, negated = fields.field_name(name, own=own), bool(found["minus"])
        if name and not field:
            _note_unknown(name, word, notes, own=own)
            word = word and f"{name}:{word}"
        if phrase is not None:
            if field or _says_something(phrase):
                yield Token("phrase", (found["exact"] or "") + phrase.strip(), field, negated)
        elif word is None:
            yield Token(found["open"] or found["close"], "", field, negated)
        elif field:
            yield Token("word", word.rstrip(",;"), field, negated)
        elif word in OPERATORS and not negated:
            yield Token(word)
        elif _says_something(word):
            _note_unfilled(word, notes, own=own)
            yield Token("word", word, "", negated)


def _says_something(text: str) -> bool:
    return any(map(str.isalnum, text))


def _note_unknown(name: str, word: str | None, notes: list[str], *, own: bool) -> None:
    # "arXiv:2408.00714" and "doi:10.1145/1" look like fields.
    if not (word and identifiers.parse(f"{name}:{word.rstrip(',;.')}")):
        known = ", ".join(f"{field}:" for field in fields.examples(own=own))
        what = "and was searched as a word" if word else "and was left out"
        notes.append(f"“{quotation(name)}:” is not a field {what}; the fields are {known}.")


def _note_unfilled(word: str, notes: list[str], *, own: bool) -> None:
    if word.endswith(":") and (field := fields.field_name(word[:-1], own=own)):
        example = fields.examples(own=own)[field]
        notes.append(f"Nothing stands right after “{word}”, so it is a word; a field is typed {example}.")
