"""What a person types into the search field, taken apart into words and conditions.

Every text is a query; nothing can be wrong with it. What is not understood is searched as words, and a note
says so. `OR` binds its two neighbours, `AND` binds closer, `NOT` and `-` closest; side by side, everything
is asked for. Whatever is read is written in one canonical way, which reads the same again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from broadsheet.search.query import fields
from broadsheet.search.query.conditions import (
    BEGINNING_COUNTS,
    AllOf,
    Among,
    AnyOf,
    Condition,
    Not,
    Phrase,
    Words,
    is_beginning,
)
from broadsheet.search.query.ranges import ReversedRangeError
from broadsheet.search.query.tokens import (
    OPERANDS,
    OPERATORS,
    Token,
    clean,
    negatable,
    plain_words,
    quotation,
    tokens,
)

MOST_CHARACTERS = 10_000
MOST_CONDITIONS = 64
# Places of words are compared for a phrase: that takes so many times as long as looking for a word.
PHRASE_COUNTS = 4
MOST_NOTES = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is asked for.

    `typed` is how it is typed, `text` what it adds to the ranked question (nothing, if it only filters),
    `condition` what each result must satisfy because of it.
    """

    typed: str
    text: str
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A query taken apart. `notes` are sentences about what was not read the way it was typed."""

    parts: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The question that results are ranked by."""
        return " ".join(part.text for part in self.parts if part.text)

    @property
    def condition(self) -> AllOf | None:
        """What all results must satisfy."""
        conditions = tuple(part.condition for part in self.parts if part.condition)
        return AllOf(conditions) if conditions else None

    @property
    def typed(self) -> str:
        """The query as it can be typed again: `parse` makes the same parts of it."""
        return " ".join(part.typed for part in self.parts)

    def without(self, part: Part) -> Query:
        """The query with this part taken away."""
        return replace(self, parts=tuple(one for one in self.parts if one != part))

    def with_part(self, typed: str, *, own: bool = False) -> Query:
        """The query with what is typed added to it, unless it stands there already."""
        added = tuple(part for part in parse(typed, own=own).parts if part not in self.parts)
        return replace(self, parts=self.parts + added)


def plain(text: str) -> Query:
    """The query that asks this text as it stands: nothing in it is a field or an operator."""
    return Query(tuple(Part(word, word) for word in text.split()))


def parse(typed: str, *, own: bool = False) -> Query:
    """Take a query apart. Any text will do; only one of a reader's `own` library has the fields of this."""
    notes: list[str] = []
    if len(typed) > MOST_CHARACTERS:
        notes.append(f"Only the first {MOST_CHARACTERS:,} characters of the query were read.")
    reader = _Reader(tokens(clean(typed[:MOST_CHARACTERS]), notes, own=own), notes)
    parts = tuple(_parts(_limited(reader.sequence(), notes)))
    return Query(parts, tuple(dict.fromkeys(notes))[:MOST_NOTES])


class _Reader:
    """Reads tokens by recursive descent; every method gives what stands there side by side."""

    def __init__(self, found: Iterable[Token], notes: list[str]) -> None:
        self._tokens = [*found, Token("")]
        self._at = 0
        self._field = ""
        self._notes = notes

    def sequence(self) -> list[Condition]:
        """Everything up to the parenthesis that closes, or the end."""
        found: list[Condition] = []
        while self._tokens[self._at].kind not in (")", ""):
            found += self._either()
        return found

    def _either(self) -> list[Condition]:
        return self._joined("OR", AnyOf, self._together)

    def _together(self) -> list[Condition]:
        return self._joined("AND", AllOf, self._one)

    def _joined(
        self, operator: str, kind: type[AllOf | AnyOf], side: Callable[[], list[Condition]]
    ) -> list[Condition]:
        sides = [side()]
        while self._is_joined_by(operator):
            sides.append(side())
        filled = [one for one in sides if one]
        return (
            [_branch(kind, [_branch(AllOf, one) for one in filled])] if len(filled) > 1 else [*chain(*filled)]
        )

    def _one(self) -> list[Condition]:
        negated = self._negates(self._at)
        self._at += negated
        token = self._take()
        if token.kind == "(":
            found = self._group(token.field)
        elif token.kind in OPERATORS:
            self._notes.append(f"“{token.kind}” has nothing to join here, so it was searched as a word.")
            found = [Words("text", token.kind.lower())]
        else:
            found = self._leaf(token)
        return [Not(_branch(AllOf, found))] if found and (negated or token.negated) else found

    def _group(self, field: str) -> list[Condition]:
        outer = self._field
        self._field = field or outer
        found = self.sequence()
        self._field = outer
        if self._tokens[self._at].kind:
            self._take()
        return found

    def _leaf(self, token: Token) -> list[Condition]:
        field, quoted = token.field or self._field, token.kind == "phrase"
        if not field:
            return [Phrase("text", token.text) if quoted else Words("text", token.text)]
        typed = f'{field}:"{token.text}"' if quoted else f"{field}:{token.text}"
        try:
            return [fields.read(field, token.text, quoted=quoted)]
        except ReversedRangeError as reversed_range:
            turned = reversed_range.turned
            self._notes.append(f"{typed} ends before it begins and was read as {fields.write(turned)}.")
            return [turned]
        except ValueError:
            self._notes.append(
                f"{quotation(typed)} was not understood and was searched as words; "
                f"this field is typed {fields.examples(own=True)[field]}."
            )
            words = plain_words(token.text) if quoted else [typed if token.field else token.text]
            return [Words("text", word) for word in words]

    def _is_joined_by(self, operator: str) -> bool:
        """True, and the operator taken, where it stands here with something behind it."""
        joined = self._tokens[self._at].kind == operator and self._begins(self._at + 1)
        self._at += joined
        return joined

    def _begins(self, at: int) -> bool:
        return self._tokens[at].kind in OPERANDS or self._negates(at)

    def _negates(self, at: int) -> bool:
        """True for a NOT that has something to exclude."""
        if self._tokens[at].kind != "NOT":
            return False
        following = self._tokens[at + 1]
        return following.kind in OPERANDS and not following.negated and following.is_negatable

    def _take(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]


def _parts(conditions: Iterable[Condition]) -> Iterator[Part]:
    """What stands side by side, each on its own; the sides of an AND at the top are separate parts."""
    for condition in conditions:
        match condition:
            case Words("text", text):
                yield Part(text, text)
            case AllOf(several):
                yield from map(_required, several)
            case _:
                yield Part(write(condition), _asked(condition), condition)


def _required(condition: Condition) -> Part:
    # A word alone would be ranked, not required; in quotes it is.
    match condition:
        case Words("text", text):
            condition = Phrase("text", text)
    return Part(write(condition), _asked(condition), condition)


def write(condition: Condition) -> str:
    """The condition as it is typed; `parse` makes one part of it."""
    match condition:
        case AnyOf(options):
            return " OR ".join(map(write, options))
        case AllOf(several):
            return " AND ".join(
                f"({write(one)})" if isinstance(one, AnyOf) else write(one) for one in several
            )
        case Not(AllOf() | AnyOf() | Not() as inner):
            several = inner.conditions if isinstance(inner, AllOf) else (inner,)
            return f"-({' '.join(map(write, several))})"
        case Not(inner):
            written = write(inner)
            return f"-{written}" if negatable(written) else f"-({written})"
        case Among():
            return ""  # which nobody types
        case _:
            return fields.write(condition)


def _asked(condition: Condition) -> str:
    """What the condition adds to the question: texts that shall be there, not who wrote them or where."""
    match condition:
        case Words("text" | "title" | "abstract", text) | Phrase("text" | "title" | "abstract", text):
            return text
        case AllOf(several) | AnyOf(several):
            return " ".join(filter(None, map(_asked, several)))
    return ""


def _branch(kind: type[AllOf | AnyOf], conditions: Iterable[Condition]) -> Condition:
    """One condition of at least one, without a branch directly in another of its kind, each once."""
    flat: list[Condition] = []
    for one in conditions:
        flat += one.conditions if isinstance(one, AllOf | AnyOf) and isinstance(one, kind) else (one,)
    once = tuple(dict.fromkeys(flat))
    return kind(once) if len(once) > 1 else once[0]


def _limited(conditions: Sequence[Condition], notes: list[str]) -> list[Condition]:
    """As many of them as are read; plain words are no conditions, but for the beginnings of words."""
    left = iter(range(MOST_CONDITIONS))
    kept = [one if _is_plain(one) else _within(one, left) for one in conditions]
    if kept != list(conditions):
        read = f"Only the first {MOST_CONDITIONS} conditions of the query were read"
        notes.append(f"{read}, a phrase counting as {PHRASE_COUNTS} and a beginning as {BEGINNING_COUNTS}.")
    return [one for one in kept if one]


def _within(condition: Condition, left: Iterator[int]) -> Condition | None:
    match condition:
        case Not(inner):
            return condition if _within(inner, left) == inner else None
        case AllOf() | AnyOf():
            kept = [one for one in (_within(one, left) for one in condition.conditions) if one]
            return _branch(type(condition), kept) if kept else None
    worth = _worth(condition)
    return condition if len(list(islice(left, worth))) == worth else None


def _worth(condition: Condition) -> int:
    match condition:
        case Words(_, text) if is_beginning(text):
            return BEGINNING_COUNTS
        case Phrase(_, text) if len(text.split()) > 1:
            return PHRASE_COUNTS
    return 1


def _is_plain(condition: Condition) -> bool:
    return isinstance(condition, Words) and condition.field == "text" and not is_beginning(condition.text)
