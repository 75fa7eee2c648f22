"""Categories: all of them with how many papers each has, and the papers of one, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from broadsheet.http.keeping import LISTS, kept
from broadsheet.http.paging import pages_or_404, requested_page
from broadsheet.papers import categories as known
from broadsheet.papers import reading
from broadsheet.papers.taxonomy import GROUPS
from broadsheet.sources.settings import source_settings
from broadsheet.web import counts
from broadsheet.web.settings import page_settings
from broadsheet.web.templating import page

# What other sources call a category may be anything: those with the most papers.
OTHERS_LISTED = 100


@dataclass(frozen=True, slots=True)
class Counted:
    """A category, how many papers it has, and whether the site follows it."""

    code: str
    papers: int
    followed: bool


@require_safe
@kept(seconds=LISTS)
def categories(request: HttpRequest) -> HttpResponse:
    """The categories that have papers or are followed, by group."""
    return page(request, "categories.html", groups=by_group())


@require_safe
@kept(seconds=LISTS, reads=("page",), fill=counts.of_papers)
def category(request: HttpRequest, code: str) -> HttpResponse:
    """The papers of a category; another name of it leads on."""
    canonical = known.canonical(code)
    if canonical != code:
        return HttpResponsePermanentRedirect(reverse("category", args=[canonical]))
    if not known.is_known(code):
        raise Http404("There is no category at this address.")
    number, size = requested_page(request), page_settings().page_size
    papers, total = known.papers_of_category(code)
    pages = pages_or_404(number, size=size, total=total)
    pks = papers.values_list("pk", flat=True)[(number - 1) * size : number * size]
    return page(request, "category.html", code=code, papers=reading.rows(list(pks)), pages=pages)


def by_group() -> dict[str, list[Counted]]:
    """The categories that have papers or are followed, those of arXiv by its groups and then the others."""
    papers, followed = known.counts(now=timezone.now()), source_settings().followed
    groups = {
        group: [Counted(code, papers.pop(code, 0), code in followed) for code in sorted(names)]
        for group, names in GROUPS.items()
    }
    most = sorted(papers, key=lambda code: (-papers[code], code))[:OTHERS_LISTED]
    groups["Others"] = [Counted(code, papers[code], followed=False) for code in most]
    shown = {group: [one for one in all_ if one.papers or one.followed] for group, all_ in groups.items()}
    return {group: some for group, some in shown.items() if some}
