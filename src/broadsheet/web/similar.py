"""The papers most like one, or like several and unlike others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from broadsheet.daily.entries import ListName
from broadsheet.http.keeping import LISTS
from broadsheet.papers import reading
from broadsheet.search.finding import MOST_EXAMPLES
from broadsheet.web.listing import read_page
from broadsheet.web.templating import page
from broadsheet.web.viewing import in_view, kept_list

# Fewer than on other lists: the farther down, the less alike.
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Examples:
    """The papers by which others are looked for: one, more like it, and some unlike."""

    paper: str
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """The other examples, as the address of the papers that they find has them."""
        return urlencode({"and": self.more, "not": self.less}, doseq=True)

    @property
    def address(self) -> str:
        """The address of the papers that they find."""
        return reverse("similar", args=[self.paper]) + (f"?{self.query}" if self.query else "")

    @property
    def can_have_more(self) -> bool:
        """Whether another paper may be added to those that are liked."""
        return len(self.more) < MOST_EXAMPLES

    @property
    def can_have_less(self) -> bool:
        """Whether another paper may be added to those that are not."""
        return len(self.less) < MOST_EXAMPLES

    def like(self, paper: str) -> Examples:
        return replace(self.without(paper), more=(*self.more, paper))

    def unlike(self, paper: str) -> Examples:
        return replace(self.without(paper), less=(*self.less, paper))

    def without(self, paper: str) -> Examples:
        def others(examples: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(one for one in examples if one != paper)

        return replace(self, more=others(self.more), less=others(self.less))


@require_safe
@kept_list(seconds=LISTS, reads=("and", "not", "page"))
def similar(request: HttpRequest, name: str) -> HttpResponse:
    """The papers most like one; `?and=` and `?not=` add papers they shall be like and unlike."""
    more, less = (tuple(request.GET.getlist(one)) for one in ("and", "not"))
    found, pages = read_page(request, ListName("similar", name, like=more, unlike=less), size=SHOWN)
    examples = Examples(found.name.name, found.name.like, found.name.unlike)
    if found.name.name != name:
        return HttpResponsePermanentRedirect(examples.address)
    papers = {row.pk: row for row in reading.rows([*found.liked, *found.disliked, *found.pks], counted=False)}
    return page(
        request,
        "similar.html",
        examples=examples,
        paper=papers[found.liked[0]],
        liked=[papers[one] for one in found.liked[1:]],
        disliked=[papers[one] for one in found.disliked],
        papers=[papers[one] for one in found.pks if one in papers],
        pages=pages,
        view=in_view(request, len(found.entries)),
    )
