"""What forms of people answer when they are refused: the way in, a sentence, or when to try again."""

from __future__ import annotations

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Concatenate, ParamSpec, TypeAlias

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from broadsheet.accounts.access import NobodyError, NotAllowedError
from broadsheet.accounts.limits import TakenTooMuchError
from broadsheet.http.posting import SAFE_METHODS
from broadsheet.web import errors
from broadsheet.web.voting import came_from_page

Arguments = ParamSpec("Arguments")
View: TypeAlias = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]


def as_allowed(view: View[Arguments]) -> View[Arguments]:
    """Say in a page what the view may not do for who asks; a stranger is shown the way in, and led back."""

    @functools.wraps(view)
    def answer(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NobodyError:
            back = request.get_full_path() if request.method in SAFE_METHODS else came_from_page(request)
            address = f"{reverse('account_login')}?{urlencode({'next': back or reverse('front')})}"
            return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)
        except NotAllowedError as problem:
            return errors.refused(request, status=403, title="Not for you", said=str(problem))
        except TakenTooMuchError as problem:
            return errors.too_soon(request, str(problem), retry_after=problem.retry_after)

    return answer
