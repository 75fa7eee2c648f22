"""The page of a person."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from broadsheet.community import profiles
from broadsheet.web.templating import page


@never_cache
@require_safe
def someone(request: HttpRequest, handle: str) -> HttpResponse:
    """What a person did here; who left, or was never here, has no page."""
    try:
        shown = profiles.profile(handle)
    except profiles.NobodyThereError as problem:
        raise Http404(str(problem)) from problem
    return page(request, "someone.html", shown=shown, latest=profiles.LATEST)
