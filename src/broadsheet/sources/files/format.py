"""A format, as the module that reads it declares it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import Reading


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name for commands, its title for people, how its files begin, and who reads them.

    `looks_like` is given the first bytes of a file in UTF-8, without blanks before them.
    """

    name: str
    title: str
    looks_like: Callable[[bytes], bool]
    read: Callable[[Source], Iterator[Reading]]
