"""Why the value of a setting cannot be used and what to give instead, in words for an operator.

Validators of the rooms say it themselves; this is for what pydantic finds out by the type and its bounds.
"""

from __future__ import annotations

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

# A value that is longer is not repeated.
LONGEST_SHOWN = 60
_NO_NUMBER = "{value} is no whole number; give {number}"
_NO_TEXT = "a value of the type {type} cannot be used; give a text in quotes"
# By the type of the error, as pydantic names it.
_SENTENCES = {
    "bool_parsing": "{value} is neither true nor false; give one of them",
    "bool_type": "{value} is neither true nor false; give one of them",
    "literal_error": "{value} is unknown; give {expected}",
    "string_too_long": "a text of {length} characters is too long; give at most {max_length}",
    "string_type": _NO_TEXT,
    "path_type": _NO_TEXT,
    "greater_than_equal": "{value} is too small; give {number}",
    "less_than_equal": "{value} is too large; give {number}",
    "int_type": _NO_NUMBER,
    "int_parsing": _NO_NUMBER,
    "int_parsing_size": _NO_NUMBER,
    "int_from_float": _NO_NUMBER,
    "finite_number": _NO_NUMBER,
    "value_error": "{error}",
}
_NO_LIST = "a list cannot be used; give one text, its parts separated by commas"


def refused(problem: ErrorDetails, field: FieldInfo) -> str:
    """What is wrong with the value, and what to give; without the value itself where it may be a secret."""
    value = problem["input"]
    if problem["type"] == "string_type" and isinstance(value, list):
        return _NO_LIST
    sentence = _SENTENCES.get(problem["type"])
    if sentence is None:
        return problem["msg"]
    return sentence.format(
        value=_shown(value),
        type=type(value).__name__,
        length=len(str(value)),
        number=_number(field),
        **problem.get("ctx", {}),
    )


def _shown(value: object) -> str:
    text = str(value)
    return "a value this long" if len(text) > LONGEST_SHOWN else repr(text) if text else "an empty value"


def _number(field: FieldInfo) -> str:
    """A whole number within the bounds of the setting, in words."""
    bounds = {
        name: getattr(one, name) for one in field.metadata for name in ("ge", "le") if hasattr(one, name)
    }
    if "le" in bounds:
        return f"a whole number from {bounds['ge']} to {bounds['le']}"
    return f"a whole number of {bounds['ge']} or more" if bounds else "a whole number"
