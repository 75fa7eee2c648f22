"""Categories: all of them with how many papers each has, and the papers of one, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from broadsheet.daily.entries import ListName
from broadsheet.http.keeping import LISTS, kept
from broadsheet.papers import categories as known
from broadsheet.papers.taxonomy import GROUPS
from broadsheet.sources.settings import source_settings
from broadsheet.web.listing import show
from broadsheet.web.templating import page
from broadsheet.web.viewing import kept_list

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
@kept_list(seconds=LISTS, reads=("page",))
def category(request: HttpRequest, code: str) -> HttpResponse:
    """The papers of a category; another name of it leads on."""
    return show(request, ListName("category", code), "category.html")


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
