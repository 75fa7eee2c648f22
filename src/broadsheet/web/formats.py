"""Papers and lists as files for reference managers, at the address of their page and `.bib` or the like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from broadsheet.accounts.access import NOBODY, Viewer
from broadsheet.daily.entries import Part
from broadsheet.http.addresses import in_form, whole
from broadsheet.http.keeping import LISTS, kept
from broadsheet.http.paging import requested_number
from broadsheet.http.viewers import viewer_of
from broadsheet.papers import marks, reading
from broadsheet.papers.citing.bibtex import bibtex
from broadsheet.papers.citing.csl import csl
from broadsheet.papers.citing.ris import ris
from broadsheet.papers.reading import PaperDetail
from broadsheet.web import asking, errors
from broadsheet.web.listing import for_whom, list_page, read_or_404
from broadsheet.web.naming import named_list
from broadsheet.web.papers import KEPT_FOR, find_or_404

PAPERS = 500
MOST_PAPERS = 1000
FARTHEST = 10_000_000
_UNSAFE = re.compile(r"[^A-Za-z0-9.]+")


@dataclass(frozen=True, slots=True)
class Form:
    """How a format is called and written."""

    content_type: str
    write: Callable[[Iterable[PaperDetail]], str | bytes]


FORMS = {
    "bib": Form("application/x-bibtex; charset=utf-8", bibtex),
    "ris": Form("application/x-research-info-systems; charset=utf-8", ris),
    "csl.json": Form("application/vnd.citationstyles.csl+json", csl),
    # Beside a paper; beside a list it is a JSON Feed.
    "json": Form("application/vnd.citationstyles.csl+json", csl),
}
LIST_FORMS = tuple(form for form in FORMS if form != "json")


def _mark(name: str, form: str) -> object:
    del form
    return marks.of_paper(name)


@require_safe
def paper(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """One paper as a file. An identifier that ends like a file is a paper's name before it is a file's."""
    exact = f"{name}.{form}"
    if reading.resolve(exact):
        return asking.paper(request, exact)
    return _paper(request, name, form)


@kept(seconds=KEPT_FOR, shows=_mark)
def _paper(request: HttpRequest, name: str, form: str) -> HttpResponse:
    del request
    pk, public_id = find_or_404(name)
    if public_id != name:
        return HttpResponsePermanentRedirect(reverse("paper_file", kwargs={"name": public_id, "form": form}))
    return _file(form, name, [reading.detail_of(pk, name)])


@require_safe
def papers(request: HttpRequest, kind: str, form: str, name: str = "") -> HttpResponse:
    """The papers of a list as a file; the list of a search is named by `?q=`.

    They are `?limit=` papers after the first `?offset=`. A header says how many there are in all, and another
    one where the next are.
    """
    return for_whom(_for_everybody, _for_one, kind, name)(request, kind=kind, form=form, name=name)


def _papers(request: HttpRequest, viewer: Viewer, kind: str, form: str, name: str) -> HttpResponse:
    limit = requested_number(request, "limit", PAPERS, within=range(1, MOST_PAPERS + 1))
    offset = requested_number(request, "offset", 0, within=range(FARTHEST + 1))
    if limit is None or offset is None:
        said = (
            f"A file has 1 to {MOST_PAPERS:,} papers (limit), and leaves out {FARTHEST:,} at most (offset)."
        )
        return errors.refused(request, status=HTTPStatus.BAD_REQUEST, title="Not that many", said=said)
    wanted = named_list(request.GET, kind, name)
    found = read_or_404(wanted, Part(limit=limit, offset=offset), viewer)
    response = _file(form, f"{kind}-{wanted.name}", reading.details(found.pks))
    response["X-Total-Count"] = str(found.total)
    if found.next:
        place = in_form(list_page(found.name).partition("?")[0], form)
        parameters = {**request.GET.dict(), "limit": limit, "offset": offset + limit}
        response["Link"] = f'<{whole(request, place)}?{urlencode(parameters)}>; rel="next"'
    return response


@kept(seconds=LISTS, reads=("limit", "offset", "q", "over", "as_of"))
def _for_everybody(request: HttpRequest, /, **named: Any) -> HttpResponse:
    return _papers(request, NOBODY, **named)


def _for_one(request: HttpRequest, **named: Any) -> HttpResponse:
    return _papers(request, viewer_of(request), **named)


def _file(form: str, name: str, details: Iterable[PaperDetail]) -> HttpResponse:
    written = FORMS[form]
    filename = f"{_UNSAFE.sub('-', name)[:80].strip('-.') or 'papers'}.{form}"
    return HttpResponse(
        written.write(details),
        content_type=written.content_type,
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
