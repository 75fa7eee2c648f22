"""One paper, and the papers like it."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from broadsheet.community import counting, threads
from broadsheet.daily.entries import ListName, Part
from broadsheet.http.addresses import whole
from broadsheet.http.keeping import kept
from broadsheet.library.ignoring import leaves_out
from broadsheet.papers import markdown, marks, reading
from broadsheet.papers.citing import meta
from broadsheet.papers.known_as import why_unknown
from broadsheet.papers.places import links
from broadsheet.papers.reading import PaperRow
from broadsheet.web import walking
from broadsheet.web.listing import read_for
from broadsheet.web.sharing import scholarly_article
from broadsheet.web.templating import page
from broadsheet.web.wording import source_name
from broadsheet.web.writing import Form, of_paper_page

# The index may learn something new about a paper while the catalogue stays as it is.
KEPT_FOR = 60
MARKDOWN = "text/markdown; charset=utf-8"
SIMILAR_BESIDE = 6
# So many comments stand on the page of the paper; all of them on that of its discussion.
NEWEST = 3


@require_safe
@kept(
    seconds=KEPT_FOR,
    shows=counting.mark_of_talk,
    fill=of_paper_page,
    differs=leaves_out,
    beside=walking.beside,
)
def paper(request: HttpRequest, name: str) -> HttpResponse:
    """Everything about one paper; any of its names leads to the address it is known by."""
    pk, public_id = find_or_404(name)
    if public_id != name:
        return HttpResponsePermanentRedirect(reverse("paper", args=[public_id]))
    detail, address = reading.detail_of(pk, name), whole(request, reverse("paper", args=[public_id]))
    like_it = read_for(request, ListName("similar", public_id), Part(limit=2 * SIMILAR_BESIDE))
    said = counting.comments(pk)
    return page(
        request,
        "paper.html",
        detail=detail,
        article=scholarly_article(detail, address),
        citation=meta.tags(detail, address),
        links=links(detail),
        sources=dict.fromkeys(source_name(source) for source in detail.sources),
        similar=_standing(like_it.pks),
        talk=reverse("discussion", args=[public_id]),
        newest=threads.newest(pk, NEWEST) if said else (),
        said=said,
        form=Form(),
    )


def _standing(pks: Sequence[int]) -> list[PaperRow]:
    """The first few of the papers that were not taken back."""
    few, others = pks[:SIMILAR_BESIDE], pks[SIMILAR_BESIDE:]
    shown = [row for row in reading.rows(few, counted=False) if not row.standing]
    if len(shown) < SIMILAR_BESIDE:
        shown += [row for row in reading.rows(others, counted=False) if not row.standing]
    return shown[:SIMILAR_BESIDE]


@require_safe
@kept(seconds=KEPT_FOR, shows=marks.of_paper)
def as_markdown(request: HttpRequest, name: str) -> HttpResponse:
    """The paper for programs that read; they are told in JSON, as by the API, where there is none.

    To search engines it is its page (RFC 6596), under whatever name.
    """
    found = reading.resolve(name)
    if found is None:
        said = "No paper here is known by that name."
        return JsonResponse({"error": said}, status=404, headers={"X-Error-Message": said})
    pk, public_id = found
    link = f'<{whole(request, reverse("paper", args=[public_id]))}>; rel="canonical"'
    text = markdown.paper(reading.detail_of(pk, name))
    return HttpResponse(text, content_type=MARKDOWN, headers={"Link": link})


def find_or_404(name: str) -> tuple[int, str]:
    """The paper's key and the name it is known by. Raises Http404."""
    found = reading.resolve(name)
    if found is None:
        raise Http404(why_unknown(name))
    return found
