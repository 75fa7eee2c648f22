"""What the search page offers beside its results: other orders, senses, filters to add and to take away.

Every offer is an address of the same page: the query itself with a part more or less, or another choice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote_plus, urlencode

from django.http import Http404, HttpRequest

from broadsheet.papers import reading
from broadsheet.papers.taxonomy import category_name
from broadsheet.search.finding import Order, SearchResult
from broadsheet.search.query import fields
from broadsheet.search.query.conditions import Term
from broadsheet.search.senses import Sense
from broadsheet.search.suggesting import Help
from broadsheet.search.word_index.facets import Facet
from broadsheet.web.addresses import address
from broadsheet.web.wording import LINKS, source_name

ORDERS: dict[Order, str] = {
    "relevance": "Best first",
    "date": "Newest first",
    "votes": "Most upvotes",
    "comments": "Most comments",
}
# A longer question is a text that somebody pasted: repeated in dozens of links, it would fill the page.
LONGEST_TO_NARROW = 2_000
HEADINGS = {"year": "Year", "cat": "Category", "org": "Organization", "source": "Source", "has": "With"}
EXAMPLES = (
    ("in your own words", ("teaching robots to grasp",)),
    ("words in this order", ('"language models"',)),
    ("words that begin so", ("transf*",)),
    ("without, and one or the other", ("transformer -vision", "mamba OR transformer")),
    ("in the title, in the abstract", ("title:attention", "abstract:entropy")),
    ("by somebody, from somewhere", ('author:"Kaiming He"', "org:OpenAI")),
    ("of a category, or of all in an archive", ("cat:cs.CV", "cat:stat")),
    ("of a time", ("year:2024..2026", "date:2025-06", "date:>2025-10-01")),
    ("with votes, with comments elsewhere", ("votes:>10", "comments:>2")),
    ("with code, from a source", ("has:code", "source:arxiv")),
    ("one paper, by its identifier or address", ("1706.03762", "id:1706.03762")),
)


@dataclass(frozen=True, slots=True)
class Question:
    """What the address of a search page asks for.

    `sense` is the name of one of the senses of the query, "" for all; `explain` adds the numbers behind
    each place.
    """

    query: str
    sort: Order = "relevance"
    sense: str = ""
    explain: bool = False

    @property
    def parameters(self) -> str:
        """The part of the address after the question mark, without what goes without saying."""
        given = {
            "q": self.query,
            "sort": self.sort if self.sort != "relevance" else "",
            "sense": self.sense,
            "explain": int(self.explain),
        }
        return urlencode({name: value for name, value in given.items() if value})

    @property
    def address(self) -> str:
        """The address of the first page of results."""
        return f"{address('search')}?{self.parameters}".removesuffix("?")

    @property
    def canonical(self) -> str:
        """The one address that the first page of results is known by, with numbers or without."""
        return replace(self, explain=False).address

    @property
    def other_way(self) -> Question:
        """The same with the numbers, if they are not shown, and without, if they are."""
        return replace(self, explain=not self.explain)

    @property
    def alone(self) -> Question:
        """The same without what is only close in meaning."""
        return replace(self, sort="date", explain=False)

    @property
    def best(self) -> Question:
        """The same with what is close in meaning."""
        return replace(self, sort="relevance")


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that leads to other results: `count` papers, where that is known; the one `chosen` leads back.

    `code` tells apart what has the same label.
    """

    label: str
    address: str
    chosen: bool = False
    count: int | None = None
    code: str = ""


def question(request: HttpRequest) -> Question:
    """What the request asks for. Raises Http404 where its order is none of ours."""
    given = request.GET
    asked = given.get("sort") or "relevance"
    sort = next((order for order in ORDERS if order == asked), None)
    if sort is None:
        raise Http404(f"Results can be in the order of {', '.join(ORDERS)}.")
    query = " ".join(given.get("q", "").replace("\0", " ").split())
    return Question(query, sort, given.get("sense", ""), given.get("explain", "") not in {"", "0"})


def orders(asked: Question, found: SearchResult) -> list[Choice]:
    """The orders that results can have; without a question nothing is best."""
    names = [name for name in ORDERS if name != "relevance" or found.asked.text]
    chosen = asked.sort if asked.sort in names else names[0]
    return [
        Choice(
            ORDERS[name],
            replace(asked, sort="relevance" if name == names[0] else name).address,
            name == chosen,
        )
        for name in names
    ]


def conditions(asked: Question, found: SearchResult) -> list[Choice]:
    """What the results must satisfy, each with the address of the results without it."""
    return [
        Choice(part.typed, _asking(asked, found.asked.without(part).typed), chosen=True)
        for part in found.asked.parts
        if part.condition
    ]


def senses(asked: Question, offered: Sequence[Sense]) -> list[Choice]:
    """The senses of the question; the chosen one leads back to all."""
    return [
        Choice(
            sense.name,
            replace(asked, sense="" if sense.name == asked.sense else sense.name).address,
            sense.name == asked.sense,
            len(sense.papers),
        )
        for sense in offered
    ]


def spelled(asked: Question, help_: Help) -> Choice | None:
    """The question with its words as they may have been meant."""
    return Choice(help_.spelled, _asking(asked, help_.spelled)) if help_.spelled else None


def loosened(asked: Question, help_: Help) -> list[Choice]:
    """Questions that ask for less, and how much they find."""
    return [Choice(one.query, _asking(asked, one.query), count=one.total) for one in help_.loosened]


def facets(asked: Question, found: SearchResult) -> Iterator[tuple[str, list[Choice]]]:
    """What the results can be narrowed by: headings and values, without those that would change nothing."""
    if len(asked.query) > LONGEST_TO_NARROW:
        return
    names = reading.organization_names(
        [each.value for facet in found.facets if facet.field == "org" for each in facet.values]
    )
    for facet in found.facets:
        if choices := list(_values(asked, found, facet, names)):
            yield HEADINGS[facet.field], choices


def _values(
    question: Question, found: SearchResult, facet: Facet, names: Mapping[str, str]
) -> Iterator[Choice]:
    asked = found.asked
    labelled = [_labelled(facet.field, each.value, names) for each in facet.values]
    times = Counter(label for label, _ in labelled)
    # What `with_part` would write, without reading it first; fifty such addresses begin and end alike.
    start, rest = _around(question, f"{asked.typed} " if asked.typed else "")
    for each, (label, typed) in zip(facet.values, labelled, strict=True):
        known = next((part for part in asked.parts if part.typed == typed), None)
        if each.count >= found.total and not known:
            continue
        code = each.value if facet.field == "cat" or times[label] > 1 else ""
        address = (
            _asking(question, asked.without(known).typed) if known else f"{start}{quote_plus(typed)}{rest}"
        )
        yield Choice(label, address, known is not None, each.count, code)


def _labelled(field: str, value: str, names: Mapping[str, str]) -> tuple[str, str]:
    """The value as readers know it, and as it is typed."""
    match field:
        case "year":
            return value, f"year:{value}"
        case "org":
            name = names.get(value, value)
            return name, fields.write(fields.exactly("org", value))
        case "cat":
            return category_name(value), fields.write(fields.exactly("cat", value))
        case "source":
            return source_name(value).removeprefix("the "), fields.write(fields.exactly("source", value))
    return LINKS.get(value, value), fields.write(Term(field, value))


def _asking(question: Question, query: str) -> str:
    # The senses of another question are others.
    if not query:
        return replace(question, query="", sense="").address
    return "".join(_around(question, query))


def _around(question: Question, query: str) -> tuple[str, str]:
    """The address of a search for that query, in two parts: further words of it may stand between them."""
    sort = "" if question.sort == "relevance" else f"&sort={question.sort}"
    return f"{address('search')}?q={quote_plus(query)}", f"{sort}{'&explain=1' if question.explain else ''}"
