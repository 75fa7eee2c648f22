"""What was worked out for the last questions: their other pages, senses and numbers ask no engine again.

It is kept while nothing changes that it depends on, and only where the engines could do all that was asked.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import NamedTuple

from broadsheet.papers import reading
from broadsheet.search.engines import Engines, Rankings
from broadsheet.search.question import Question
from broadsheet.search.senses import Sense
from broadsheet.search.suggesting import Help
from broadsheet.search.word_index.facets import Facet

# Each has some hundred kB; who goes on reading a search does so soon.
MOST = 64


class Worked(NamedTuple):
    """Of a question: the ranking, the senses of its best results, what else to ask, and how its matches are
    spread.
    """

    ranked: Rankings
    senses: tuple[Sense, ...]
    help: Help
    facets: tuple[Facet, ...]


class _Last:
    """The answers to the last questions; safe for threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: OrderedDict[Hashable, Worked] = OrderedDict()

    def find(self, key: Hashable) -> Worked | None:
        with self._lock:
            if found := self._answers.get(key):
                self._answers.move_to_end(key)
            return found

    def keep(self, key: Hashable, worked: Worked) -> None:
        with self._lock:
            self._answers[key] = worked
            if len(self._answers) > MOST:
                self._answers.popitem(last=False)


_last = _Last()


def of(question: Question, engines: Engines, make: Callable[[], Worked]) -> Worked:
    """What `make` works out for the question, or did before."""
    state = engines.state(question.asked.condition)
    # Texts are read for the senses, and names of organizations for what is asked.
    key = (question, state, reading.revision())
    if state is not None and (known := _last.find(key)):
        return known
    notes = len(engines.notes)
    worked = make()
    # What could not be done is said in a note, and damage that was met leaves no state.
    if state is not None and len(engines.notes) == notes and engines.state(question.asked.condition) == state:
        _last.keep(key, worked)
    return worked
