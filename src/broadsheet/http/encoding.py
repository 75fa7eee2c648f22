"""In what content coding a client takes an answer (RFC 9110, section 12.5.3)."""

from __future__ import annotations

from typing import Literal, TypeAlias

Coding: TypeAlias = Literal["gzip", "identity"]
# Another name of the same (section 8.4.1.3).
_NAMES = {"x-gzip": "gzip"}
# What nobody weighs is taken, and anything else is liked more.
_UNSAID = 0.0001


def coding(header: str | None, *, is_worth_it: bool = True) -> Coding | None:
    """The coding for whoever sends this `Accept-Encoding`; None where they refuse both that there are.

    gzip where it is liked as much as no coding and is worth it, or where it alone is taken. A weight that is
    none counts as if its coding were not named.
    """
    if header is None:
        return "identity"
    weights = dict(filter(None, map(_weighed, header.lower().split(","))))
    others = weights.get("*")
    gzip = weights.get("gzip", others or 0.0)
    identity = weights.get("identity", _UNSAID if others is None else others)
    if gzip > 0 and (identity == 0 or (is_worth_it and gzip >= identity)):
        return "gzip"
    return "identity" if identity > 0 else None


def _weighed(element: str) -> tuple[str, float] | None:
    name, *parameters = (part.strip() for part in element.split(";"))
    said = [part.partition("=") for part in parameters]
    try:
        weight = float(next((value for key, _, value in said if key.strip() == "q"), "1"))
    except ValueError:
        return None
    return (_NAMES.get(name, name), weight) if 0 <= weight <= 1 else None
