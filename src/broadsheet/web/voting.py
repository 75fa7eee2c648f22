"""The form of a vote: it says that the vote shall stand or not, and goes back to where it was pressed."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from broadsheet.accounts.access import NobodyError, NotAllowedError
from broadsheet.accounts.limits import TakenTooMuchError
from broadsheet.community import voting
from broadsheet.http.posting import see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.papers.identifiers import with_scheme
from broadsheet.web import errors
from broadsheet.web.acting import came_from, to_sign_in
from broadsheet.web.addresses import address
from broadsheet.web.forms import only_posted
from broadsheet.web.papers import find_or_404

NO = "no"


@never_cache
@only_posted
def vote(request: HttpRequest, name: str) -> HttpResponse:
    """Cast or withdraw the reader's vote for a paper; whoever is a stranger is shown the way in."""
    paper, public_id = find_or_404(name)
    viewer, now = viewer_of(request), timezone.now()
    back = came_from(request) or address("paper", public_id)
    try:
        if request.POST.get("stands") == NO:
            voting.withdraw(viewer, paper, now=now)
        else:
            voting.cast(viewer, paper, with_scheme(public_id), now=now)
    except NobodyError:
        return to_sign_in(back)
    except (NotAllowedError, voting.NoVoteError) as problem:
        return errors.refused(request, status=HTTPStatus.FORBIDDEN, title="Not counted", said=str(problem))
    except TakenTooMuchError as problem:
        return errors.too_soon(request, str(problem), retry_after=problem.retry_after)
    return see_other(back)
