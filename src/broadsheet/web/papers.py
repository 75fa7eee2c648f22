"""One paper, and the papers like it."""

from __future__ import annotations

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from broadsheet.papers import reading
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.reading import PaperDetail
from broadsheet.search import finding
from broadsheet.web.caching import kept
from broadsheet.web.templating import page
from broadsheet.web.wording import host, source_name

# The index may learn something new about a paper while the catalogue stays as it is.
KEPT_FOR = 60
# By scheme of identifier: what is at which address.
PLACES = {
    "arxiv": (("PDF", "https://arxiv.org/pdf/{}"), ("arXiv", "https://arxiv.org/abs/{}")),
    "acl": (("PDF", "https://aclanthology.org/{}.pdf"), ("ACL Anthology", "https://aclanthology.org/{}/")),
    "doi": (("DOI", "https://doi.org/{}"),),
    "openreview": (("OpenReview", "https://openreview.net/forum?id={}"),),
}
LABELS = {
    "code": "Code on {}",
    "project": "Project page",
    "pdf": "PDF at {}",
    "page": "Page at {}",
    "media": "Media",
}
LONGEST_NAME = 100
SIMILAR_BESIDE = 6


@require_safe
@kept(seconds=KEPT_FOR)
def paper(request: HttpRequest, name: str) -> HttpResponse:
    """Everything about one paper; any of its names leads to the address it is known by."""
    pk, public_id = find_or_404(name)
    if public_id != name:
        return HttpResponsePermanentRedirect(reverse("paper", args=[public_id]))
    detail = reading.detail(pk)
    like_it = finding.similar([pk], limit=2 * SIMILAR_BESIDE)
    similar = [row for row in reading.rows([hit.paper_pk for hit in like_it]) if not row.standing]
    return page(
        request,
        "paper.html",
        detail=detail,
        links=links(detail),
        sources=dict.fromkeys(source_name(source) for source in detail.sources),
        similar=similar[:SIMILAR_BESIDE],
    )


def links(detail: PaperDetail) -> list[tuple[str, str]]:
    """Where else the paper is, best first: the places its identifiers name, then the links it came with."""
    named = [place for identifier in detail.identifiers for place in places(identifier)]
    if "huggingface" in detail.sources:
        named += [
            ("Discussion on Hugging Face", f"https://huggingface.co/papers/{one.value}")
            for one in detail.identifiers
            if one.scheme == "arxiv"
        ]
    # One picture or film is enough, and sources often give the same one in several sizes.
    media = [link for link in detail.row.links if link.kind == "media"]
    given = [
        (LABELS[link.kind].format(host(link.url)), link.url)
        for link in detail.row.links
        if link not in media[1:]
    ]
    labels: dict[str, str] = {}
    for label, address in named + given:
        labels.setdefault(address, label)
    return [(label, address) for address, label in labels.items()]


def unknown(name: str) -> Http404:
    """What to raise where no paper has that name."""
    return Http404(f"No paper here is known as {Truncator(name).chars(LONGEST_NAME)}.")


def places(identifier: Identifier) -> list[tuple[str, str]]:
    """What is at the addresses that the identifier names, best first."""
    value = quote(identifier.value, safe="/:.")
    return [(label, form.format(value)) for label, form in PLACES.get(identifier.scheme, ())]


def find_or_404(name: str) -> tuple[int, str]:
    """The paper's key and the name it is known by. Raises Http404."""
    found = reading.resolve(name)
    if found is None:
        raise unknown(name)
    return found
