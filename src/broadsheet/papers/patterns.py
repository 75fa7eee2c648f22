"""Patterns that are compiled when they are first asked for.

To compile all that the rooms have takes a tenth of a second; a command that starts needs few of them.
"""

from __future__ import annotations

import re
from typing import Any, cast

_WAYS = ("search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")


class _Compiled:
    """Has what a pattern has, each found as fast as there."""


class _Uncompiled(_Compiled):
    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern, self.flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self.flags)
        vars(self).update({way: getattr(compiled, way) for way in _WAYS})
        self.__class__ = _Compiled  # type: ignore[assignment]
        return getattr(compiled, name)


def lazy_pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern as `re.compile` would give it, once it is searched for the first time."""
    return cast("re.Pattern[str]", _Uncompiled(text, flags))
