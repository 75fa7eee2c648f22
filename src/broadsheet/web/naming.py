"""Which list an address names."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from django.core.exceptions import TooManyFieldsSent
from django.http import Http404, QueryDict
from django.urls import resolve

from broadsheet.daily import lists, periods
from broadsheet.daily.entries import ListName
from broadsheet.daily.kinds.library import LIBRARY
from broadsheet.daily.ranking import WEEK


def named_list(asked: QueryDict, kind: str, name: str) -> ListName:
    """The list of that kind that an address names: a search by its `?q=`, as in a library, a trend by its
    `?over=`.
    """
    if kind in {"search", LIBRARY}:
        return ListName(kind, asked.get("q", ""), asked.get("sort", "") if kind == LIBRARY else "")
    return trend(asked) if kind == "trending" else ListName(kind, name)


def list_at(address: str) -> ListName:
    """The list whose page has that address, whole or without the host. Raises Http404."""
    try:
        parts = urlsplit(address.strip())
        found = resolve(parts.path)
        asked = QueryDict(parts.query)
    except (ValueError, TooManyFieldsSent) as problem:
        raise Http404(str(problem)) from None
    kind = "latest" if found.view_name == "front" else found.view_name
    if kind not in lists.KINDS:
        raise Http404("There is no list at this address.")
    if kind == "similar":
        like, unlike = tuple(asked.getlist("and")), tuple(asked.getlist("not"))
        return ListName(kind, found.kwargs["name"], like=like, unlike=unlike)
    # What names the list has another name than its kind has.
    names = [named for key, named in found.kwargs.items() if key != "kind"]
    wanted = named_list(asked, kind, str(names[0]) if names else "")
    return replace(wanted, only=asked.get("only", "")) if kind in periods.SPANS else wanted


def trend(asked: QueryDict) -> ListName:
    """The trend that is asked for: `?over=` a day, a week or a month, `?as_of=` a past day.

    Raises Http404.
    """
    over, said = asked.get("over", ""), asked.get("as_of", "")
    as_of = periods.parse_period("day", said) if said else None
    if said and as_of is None:
        raise Http404("There is no such day.")
    return ListName("trending", "" if over == WEEK else over, as_of=as_of.first if as_of else None)
