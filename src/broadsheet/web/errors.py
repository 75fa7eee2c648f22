"""Pages for what went wrong. None of them needs the database."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from broadsheet.web.templating import page


def bad_request(request: HttpRequest) -> HttpResponse:
    """400: the request makes no sense."""
    return refused(request, status=400, title="That request makes no sense", said="")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with what the view said about it."""
    said = exception.args[0] if isinstance(exception, Http404) and exception.args else ""
    # Django's own Http404 carries what it tried; only a sentence of ours is for readers.
    return page(
        request,
        "error.html",
        status=404,
        title="Not in this paper",
        said=said if isinstance(said, str) else "",
    )


def only_posted(request: HttpRequest) -> HttpResponse:
    """405: the address of a form, which holds nothing to read."""
    said = "This address takes what a form sends; there is nothing to read here."
    response = refused(request, status=405, title="Nothing to read", said=said)
    response["Allow"] = "POST"
    return response


def from_elsewhere(request: HttpRequest) -> HttpResponse:
    """403: a form that stood on another site."""
    said = "What you sent did not come from a page of this site, so nothing was done."
    return refused(request, status=403, title="Not from here", said=said)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: not for this reader."""
    del exception
    return refused(request, status=403, title="Not for you", said="You may not do that.")


def too_many(request: HttpRequest) -> HttpResponse:
    """429, as allauth counts what a person who signed in changes."""
    said = "That was tried too often in the last minute; wait for one, then try again."
    return too_soon(request, said, retry_after=timedelta(minutes=1))


def too_soon(request: HttpRequest, said: str, *, retry_after: timedelta) -> HttpResponse:
    """429: it may be asked for again after that time."""
    response = refused(request, status=429, title="Not so fast", said=said)
    response["Retry-After"] = str(retry_after // timedelta(seconds=1))
    return response


def refused(request: HttpRequest, *, status: int, title: str, said: str) -> HttpResponse:
    """What was asked for is not done, and this is why."""
    return page(request, "error.html", status=status, title=title, said=said)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault, and logged."""
    return page(request, "error.html", status=500, title="Stop the presses", said="")


def unreadable(request: HttpRequest) -> HttpResponse:
    """An address that no database would take."""
    del request
    raise Http404("There is no such page.")


def without_slash(request: HttpRequest, path: str) -> HttpResponse:
    """Addresses here end without a slash; one typed by habit leads on."""
    # Slashes at the start would make the address that of another host.
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect("/" + quote(path.strip("/")) + (f"?{query}" if query else ""))
