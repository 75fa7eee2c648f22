"""The form of a vote: it says that the vote shall stand or not, and goes back to where it was pressed."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from broadsheet.accounts.access import NobodyError, NotAllowedError
from broadsheet.accounts.limits import TakenTooMuchError
from broadsheet.community import voting
from broadsheet.http.posting import see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.papers.identifiers import with_scheme
from broadsheet.web import errors
from broadsheet.web.addresses import address
from broadsheet.web.papers import find_or_404

NO = "no"


@never_cache
def vote(request: HttpRequest, name: str) -> HttpResponse:
    """Cast or withdraw the reader's vote for a paper; whoever is a stranger is shown the way in."""
    if request.method != "POST":
        return errors.only_posted(request)
    paper, public_id = find_or_404(name)
    viewer, now = viewer_of(request), timezone.now()
    try:
        if request.POST.get("stands") == NO:
            voting.withdraw(viewer, paper, now=now)
        else:
            voting.cast(viewer, paper, with_scheme(public_id), now=now)
    except NobodyError:
        return to_sign_in(request, public_id)
    except (NotAllowedError, voting.NoVoteError) as problem:
        return errors.refused(request, status=HTTPStatus.FORBIDDEN, title="Not counted", said=str(problem))
    except TakenTooMuchError as problem:
        return errors.too_soon(request, str(problem), retry_after=problem.retry_after)
    return see_other(came_from(request, public_id))


def to_sign_in(request: HttpRequest, public_id: str) -> HttpResponse:
    """To where one signs in, and then back to the paper."""
    back = urlencode({"next": came_from(request, public_id)})
    return HttpResponseRedirect(f"{reverse('account_login')}?{back}", status=HTTPStatus.SEE_OTHER)


def came_from(request: HttpRequest, public_id: str) -> str:
    """The page of this site that the form stood on, else that of the paper."""
    return came_from_page(request) or address("paper", public_id)


def came_from_page(request: HttpRequest) -> str:
    """The page of this site that the form stood on; empty where the browser does not say it."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host() or not page.path.startswith("/") or page.path.startswith("//"):
        return ""
    return f"{page.path}?{page.query}" if page.query else page.path
