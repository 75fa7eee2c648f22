"""The papers most like one, or like several and unlike others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from broadsheet.daily.lists import SIMILAR_LISTED
from broadsheet.http.keeping import LISTS, kept
from broadsheet.papers import reading
from broadsheet.search import finding
from broadsheet.search.finding import MOST_EXAMPLES
from broadsheet.web import counts
from broadsheet.web.papers import find_or_404, unknown
from broadsheet.web.templating import page


@dataclass(frozen=True, slots=True)
class Examples:
    """The papers by which others are looked for: one, more like it, and some unlike."""

    paper: str
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The address of the papers that they find."""
        parameters = urlencode({"and": self.more, "not": self.less}, doseq=True)
        return reverse("similar", args=[self.paper]) + (f"?{parameters}" if parameters else "")

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
@kept(seconds=LISTS, reads=("and", "not"), fill=counts.of_papers)
def similar(request: HttpRequest, name: str) -> HttpResponse:
    """The papers most like one; `?and=` and `?not=` add papers they shall be like and unlike."""
    pk, public_id = find_or_404(name)
    examples = _examples(request, public_id)
    if public_id != name:
        return HttpResponsePermanentRedirect(examples.address)
    known = _known(examples.more + examples.less)
    liked, disliked = [pk, *(known[one] for one in examples.more)], [known[one] for one in examples.less]
    found = [hit.paper_pk for hit in finding.similar(liked, unlike=disliked, limit=SIMILAR_LISTED)]
    papers = {row.pk: row for row in reading.rows([*liked, *disliked, *found])}
    return page(
        request,
        "similar.html",
        examples=examples,
        paper=papers[pk],
        liked=[papers[one] for one in liked[1:]],
        disliked=[papers[one] for one in disliked],
        papers=[papers[one] for one in found if one in papers],
    )


def _examples(request: HttpRequest, public_id: str) -> Examples:
    """The examples in the address, each once. Raises Http404 for too many, and for contradictions."""
    # A database may refuse to look for what no text of its own can hold.
    given = {name: [one.replace("\0", "") for one in request.GET.getlist(name)] for name in ("and", "not")}
    more, less = dict.fromkeys(given["and"]), dict.fromkeys(given["not"])
    more.pop(public_id, None)
    if len(more) > MOST_EXAMPLES or len(less) > MOST_EXAMPLES:
        raise Http404(f"No more than {MOST_EXAMPLES} papers of each kind can be examples.")
    if public_id in less or more.keys() & less.keys():
        raise Http404("A paper cannot be an example for and against the same thing.")
    return Examples(public_id, tuple(more), tuple(less))


def _known(public_ids: tuple[str, ...]) -> dict[str, int]:
    known = reading.known(public_ids)
    for one in public_ids:
        if one not in known:
            raise unknown(one)
    return known
