"""arXiv's query language, read into our own conditions.

Fields, operators and dates are those of https://info.arxiv.org/help/api/user-manual.html#query_details. A
paper must have every word; AND and ANDNOT, and words side by side, bind closer than OR. A field before a
parenthesis holds for all in it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from broadsheet.papers import identifiers
from broadsheet.search.query import fields
from broadsheet.search.query.conditions import (
    BEGINNING_COUNTS,
    AllOf,
    AnyOf,
    Condition,
    Not,
    Phrase,
    Range,
    Term,
    Words,
    is_beginning,
)
from broadsheet.search.query.language import Part, Query

MOST_CHARACTERS = 10_000
# Words and phrases are looked for in several fields each, so these are what a query costs.
MOST_TERMS = 100
DEEPEST = 16

# What arXiv calls the texts, and what we do.
TEXTS = {"ti": "title", "abs": "abstract", "co": "comment", "jr": "journal"}
DATES = {"submitteddate": "submitted", "lastupdateddate": "updated"}
FIELDS = ("ti", "au", "abs", "co", "jr", "cat", "rn", "id", "all", "submittedDate", "lastUpdatedDate")
OPERATORS = ("AND", "OR", "ANDNOT", "NOT")
# Everywhere but in the text itself, for "all".
ELSEWHERE = ("author", "comment", "journal")

# Who encodes a query twice asks for "ti:a+AND+ti:b".
_PLUS = re.compile(r"\+(AND|OR|ANDNOT)\+")
_FIELD = rf"(?i:{'|'.join(FIELDS)}):\s*"
# "tit:" is a wrong field, and "Scaling:" was a word of a title.
_TOKEN = re.compile(
    rf"""
    (?>(?:(?P<field>{_FIELD})|(?P<unknown>[a-z]{{2,}}:(?!//)(?=[^\s):])))?)
    (?: "(?P<phrase>[^"]*)" | (?P<range>\[[^]]*\]) | (?P<word>[^\s()"[][^\s()"]*) | (?P<open>\() )
    | (?P<close>\))
    | (?P<broken>{_FIELD}|["[])
    """,
    re.VERBOSE,
)
_RANGE = re.compile(r"\[\s*(\S+)\s+(?i:TO)\s+(\S+)\s*\]")
_TIME = re.compile(r"[0-9]{4}(?:[0-9]{2}){0,5}")


class QueryError(ValueError):
    """What is asked for makes no sense; the message says why, in one sentence."""


class _Token(NamedTuple):
    """A piece of a query: `kind` is "word", "phrase", "range", "(", ")" or one of OPERATORS."""

    kind: str
    text: str = ""
    field: str = ""


def parse(typed: str) -> Query:
    """The query as one condition, and the words of titles and abstracts to rank by. Raises QueryError."""
    if len(typed) > MOST_CHARACTERS:
        raise QueryError(f"search_query is longer than {MOST_CHARACTERS} characters")
    found = list(_tokens(_PLUS.sub(r" \1 ", typed)))
    if not found:
        raise QueryError("search_query holds nothing to search for")
    if sum(_worth(token) for token in found) > MOST_TERMS:
        said = f"more than {MOST_TERMS} terms, the beginning of a word counting as {BEGINNING_COUNTS}"
        raise QueryError(f"search_query has {said}")
    reader = _Reader(found)
    condition = reader.all()
    return Query((Part(typed, " ".join(reader.asked), condition),))


def _worth(token: _Token) -> int:
    if token.kind == "word" and is_beginning(token.text):
        return BEGINNING_COUNTS
    return token.kind in {"word", "phrase", "range"}


def _tokens(typed: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(typed):
        if broken := found["broken"]:
            raise QueryError(
                f"search_query breaks off at {broken.strip()} (quotes must close, and a field needs a value)"
            )
        if found["unknown"]:
            raise QueryError(f"{found['unknown']} is no field; the fields are {', '.join(FIELDS)}")
        field = (found["field"] or "").strip().rstrip(":").lower()
        word, phrase = found["word"], found["phrase"]
        if word is not None and not (field or _says_something(word)):
            continue  # the "&" or the dash of a title
        if word is not None:
            yield _Token(word if word in OPERATORS and not field else "word", word, field)
        elif phrase is not None:
            yield _Token("phrase", phrase.strip(), field)
        elif found["range"]:
            yield _Token("range", found["range"], field)
        else:
            yield _Token(found["open"] or found["close"], "", field)


def _says_something(text: str) -> bool:
    return any(map(str.isalnum, text))


class _Reader:
    """Reads tokens by recursive descent; `asked` are the texts that were asked for."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = [*tokens, _Token("")]
        self._at = 0
        self._depth = 0
        self._is_excluded = False
        self.asked: list[str] = []

    def all(self) -> Condition:
        """The whole query."""
        found = self._either("all")
        if self._next.kind:
            raise QueryError(f"search_query has a {self._next.kind} that nothing opens")
        return found

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _either(self, field: str) -> Condition:
        sides = [self._together(field)]
        while self._takes("OR"):
            sides.append(self._together(field))
        return AnyOf(tuple(sides)) if len(sides) > 1 else sides[0]

    def _together(self, field: str) -> Condition:
        sides = [self._one(field)]
        while self._next.kind not in {"OR", ")", ""}:
            self._takes("AND")
            sides.append(self._one(field))
        return AllOf(tuple(sides)) if len(sides) > 1 else sides[0]

    def _one(self, field: str) -> Condition:
        if not (self._takes("ANDNOT") or self._takes("NOT")):
            return self._operand(field)
        outside, self._is_excluded = self._is_excluded, True
        found = self._operand(field)
        self._is_excluded = outside
        return Not(found)

    def _operand(self, field: str) -> Condition:
        token = self._next
        if token.kind in {*OPERATORS, ")", ""}:
            raise QueryError(
                f"search_query lacks a term {f'before {token.kind}' if token.kind else 'at its end'}"
            )
        self._at += 1
        if token.kind == "(":
            return self._group(token.field or field)
        return self._term(token, token.field or field)

    def _group(self, field: str) -> Condition:
        self._depth += 1
        if self._depth > DEEPEST:
            raise QueryError(f"search_query has parentheses more than {DEEPEST} deep")
        found = self._either(field)
        if not self._takes(")"):
            raise QueryError("what ( opens in search_query does not close")
        self._depth -= 1
        return found

    def _term(self, token: _Token, field: str) -> Condition:
        if not _says_something(token.text):
            raise QueryError(f"{field}:{token.text} in search_query says nothing")
        if field in {"ti", "abs", "all"} and not self._is_excluded:
            self.asked.append(token.text)
        return _READERS[field](token, field)

    def _takes(self, kind: str) -> bool:
        is_there = self._next.kind == kind
        self._at += is_there
        return is_there


def _text(token: _Token, field: str) -> Condition:
    return _in(TEXTS[field], token)


def _in(field: str, token: _Token) -> Condition:
    return Phrase(field, token.text) if token.kind == "phrase" else Words(field, token.text)


def _author(token: _Token, field: str) -> Condition:
    """Somebody with all these names; "del_maestro" is how two words are typed as one."""
    del field
    return Words("author", token.text.replace("_", " "))


def _anywhere(token: _Token, field: str) -> Condition:
    del field
    # What looks like a code or an identifier may be one, and "math" is a word.
    named = ("cat", "id") if "." in token.text else ()
    return AnyOf(
        (
            _in("text", token),
            *(_in(name, token) for name in ELSEWHERE),
            *(term for name in named if (term := _term(name, token.text))),
        )
    )


def _term(field: str, value: str) -> Condition | None:
    try:
        return fields.read(field, value)
    except ValueError:
        return None


def _category(token: _Token, field: str) -> Condition:
    try:
        return fields.read("cat", token.text, quoted=True)
    except ValueError as problem:
        raise QueryError(f"{field}:{token.text} is no category") from problem


def _identifier(token: _Token, field: str) -> Condition:
    identifier = identifiers.arxiv_id(token.text)
    if identifier is None:
        raise QueryError(f"incorrect id format for {token.text}")
    return Term(field, identifier.public_id)


def _report_number(token: _Token, field: str) -> Condition:
    raise QueryError(f"{field}:{token.text} cannot be answered: this site has no report numbers")


def _between(token: _Token, field: str) -> Condition:
    ends = _RANGE.fullmatch(token.text)
    if token.kind != "range" or ends is None:
        raise QueryError(f"{token.text} is no range of times; one is [202401010600 TO 202401312359]")
    low, high = (None if end == "*" else _ends(end) for end in ends.groups())
    first, last = low and low[0], high and high[1]
    if first is not None and last is not None and first > last:
        raise QueryError(f"{token.text} ends before it begins")
    return Range(DATES[field], first, last)


def _ends(typed: str) -> tuple[int, int]:
    """The first and the last second of a minute, or of the hour, day, month or year that is typed."""
    no_time = QueryError(f"{typed} is no time; one is typed YYYYMMDDHHMM")
    if not _TIME.fullmatch(typed):
        raise no_time
    after_year = len(typed) - len("YYYY")
    try:
        first = datetime.strptime(f"{typed}{'0101000000'[after_year:]}Z", "%Y%m%d%H%M%S%z")
        days = monthrange(first.year, first.month)[1]
        last = datetime.strptime(f"{typed}{f'12{days}235959'[after_year:]}Z", "%Y%m%d%H%M%S%z")
    except ValueError as problem:
        raise no_time from problem
    return max(int(first.timestamp()), 0), max(int(last.timestamp()), 0)


_READERS: dict[str, Callable[[_Token, str], Condition]] = {
    **dict.fromkeys(TEXTS, _text),
    **dict.fromkeys(DATES, _between),
    "au": _author,
    "all": _anywhere,
    "cat": _category,
    "id": _identifier,
    "rn": _report_number,
}
