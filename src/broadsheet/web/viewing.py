"""The two views of every list of papers: to scan it, a row a paper, or to read it as a newspaper.

A reader chooses a view once: it is remembered with the person, and of whoever is not signed in by a cookie.
An address may name a view, too. A page is kept once for each view and once for no choice, so that it stays
the same for everybody; whoever chose none is shown long lists to scan and short ones to read.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.cache import never_cache

from broadsheet.accounts import viewing
from broadsheet.accounts.viewing import READ, SCAN, VIEWS
from broadsheet.daily import contents
from broadsheet.http.keeping import Arguments, View, kept
from broadsheet.http.posting import see_other
from broadsheet.http.private import is_personal
from broadsheet.http.viewers import viewer_of
from broadsheet.library.ignoring import leaves_out
from broadsheet.web import counts
from broadsheet.web.acting import came_from, to_sign_in, with_parameter
from broadsheet.web.forms import only_posted

VIEW = "view"
# A list of more papers is long: nobody reads it from one end to the other.
SHORT = 30
A_YEAR = 365 * 24 * 60 * 60


def in_view(request: HttpRequest, papers: int) -> str:
    """The view of a list of so many papers: the chosen one, or by its length."""
    chosen = request.GET.get(VIEW, "")
    if chosen in VIEWS:
        return chosen
    return SCAN if papers > SHORT else READ


def kept_list(
    *, seconds: float, reads: Collection[str] = (), shows: Callable[..., object] | None = None
) -> Callable[[View[Arguments]], View[Arguments]]:
    """Keep the page of a list of papers (see `http.keeping`), in each view that readers choose."""
    keep = kept(
        seconds=seconds,
        reads=(*reads, VIEW),
        shows=shows,
        fill=counts.of_papers,
        differs=leaves_out,
        is_own=asks_for_own,
    )

    def decorate(view: View[Arguments]) -> View[Arguments]:
        keeping = keep(view)

        @functools.wraps(view)
        def answer(
            request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponse:
            if asks_for_own(request) and viewer_of(request).pk is None:
                return to_sign_in(request.get_full_path())
            choose_for(request)
            return keeping(request, *args, **kwargs)

        return answer

    return decorate


def asks_for_own(request: HttpRequest) -> bool:
    """Whether a part of a list is asked for that is another one for each reader."""
    return request.GET.get("only") in contents.OF_READER


def choose_for(request: HttpRequest) -> None:
    """Have the address name the view that its reader chose, or none."""
    asked, chosen = request.GET.get(VIEW), _chosen(request)
    if asked == chosen or (asked is None and not chosen):
        return
    query: QueryDict = request.GET.copy()
    query.pop(VIEW, None)
    if chosen:
        query[VIEW] = chosen
    query._mutable = False  # noqa: SLF001, as Django's own request has it
    request.GET = query  # type: ignore[assignment]


def _chosen(request: HttpRequest) -> str:
    asked = request.GET.get(VIEW, "")
    if asked in VIEWS:
        return asked
    if not is_personal(request):
        return ""
    person = viewer_of(request).person
    chosen = person.view if person else request.COOKIES.get(VIEW, "")
    return chosen if chosen in VIEWS else ""


@never_cache
@only_posted
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the view that the form names, and go back to the list.

    Who is not signed in and takes no cookies is shown it by the address.
    """
    asked = request.POST.get(VIEW, "")
    chosen = asked if asked in VIEWS else READ
    back = came_from(request) or reverse("front")
    if viewing.choose(viewer_of(request), chosen):
        return see_other(with_parameter(back, VIEW, ""))
    response = see_other(with_parameter(back, VIEW, chosen))
    response.set_cookie(
        VIEW, chosen, max_age=A_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
    )
    return response
