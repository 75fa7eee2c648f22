"""What the forms of a topic offer."""

from __future__ import annotations

from typing import Any

from broadsheet.daily import lists
from broadsheet.daily.defining import ORDERS
from broadsheet.daily.entries import ListName
from broadsheet.daily.models import MOST_PAPERS, NAME_LENGTH, Visibility

VISIBILITIES = {
    Visibility.PUBLIC: "everybody, and the list of topics has it",
    Visibility.UNLISTED: "whoever has its address",
    Visibility.PRIVATE: "me alone",
}
# Lists by date have this order without saying so.
_OWN = "date"


def of(wanted: ListName) -> dict[str, Any]:
    """The choices for a topic of that list."""
    known = lists.KINDS[wanted.kind].orders
    orders = {"" if one == _OWN else one: words for one, words in ORDERS.items() if one in {_OWN, *known}}
    return {
        "orders": orders if known else {},
        "order": "" if wanted.order == _OWN else wanted.order,
        "visibilities": VISIBILITIES,
        "most": MOST_PAPERS,
        "longest": NAME_LENGTH,
    }
