"""What the forms of a topic offer."""

from __future__ import annotations

from typing import Any

from broadsheet.daily import lists
from broadsheet.daily.defining import ORDERS
from broadsheet.daily.entries import ListName
from broadsheet.daily.kinds.library import LIBRARY, SAVED
from broadsheet.daily.models import MOST_PAPERS, NAME_LENGTH, Visibility

VISIBILITIES = {
    Visibility.PUBLIC: "everybody, and the list of topics has it",
    Visibility.UNLISTED: "whoever has its address",
    Visibility.PRIVATE: "me alone",
}
# Lists by date have this order without saying so, and what is in a library this one.
_OWN = "date"
_OWN_OF = {LIBRARY: SAVED}


def of(wanted: ListName) -> dict[str, Any]:
    """The choices for a topic of that list."""
    known, own = lists.KINDS[wanted.kind].orders, _OWN_OF.get(wanted.kind, _OWN)
    orders = {"" if one == own else one: words for one, words in ORDERS.items() if one in {own, *known}}
    least = Visibility.PRIVATE if wanted.kind == LIBRARY else Visibility.PUBLIC
    return {
        "orders": orders if known else {},
        "order": "" if wanted.order == own else wanted.order,
        "visibilities": {
            one: said for one, said in VISIBILITIES.items() if least in {one, Visibility.PUBLIC}
        },
        "most": MOST_PAPERS,
        "longest": NAME_LENGTH,
    }
