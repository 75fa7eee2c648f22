"""The discussion of a paper as a feed: what everybody reads of it, the newest comment first."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from broadsheet.community import counting, threads
from broadsheet.community.threads import Place, Writer
from broadsheet.configured import instance
from broadsheet.http.addresses import in_form, whole
from broadsheet.http.keeping import LISTS, kept
from broadsheet.papers import text
from broadsheet.papers.models import Paper
from broadsheet.web.addresses import address
from broadsheet.web.feed_formats import Form, begun
from broadsheet.web.feeds import sent
from broadsheet.web.papers import find_or_404

ITEMS = 100


def _mark(name: str, form: Form) -> object:
    del form
    return counting.mark_of_talk(name)


@require_safe
@kept(seconds=LISTS, shows=_mark)
def feed(request: HttpRequest, name: str, form: Form) -> HttpResponse:
    """The last comments on a paper; what is hidden, held or withdrawn is not there. Another name leads on."""
    paper, public_id = find_or_404(name)
    here = address("discussion", public_id)
    if public_id != name:
        return HttpResponsePermanentRedirect(in_form(here, form))
    return sent(request, _written(request, paper, here, form), form)


def _written(request: HttpRequest, paper: int, here: str, form: Form) -> str:
    title = text.plain(Paper.objects.values_list("title", flat=True).get(pk=paper))
    said = f"discussion of {title}"
    about, at = f"{instance().site_name}: {said}", whole(request, in_form(here, form))
    written = begun(form, said, about=about, link=whole(request, here), address=at)
    for place in threads.newest(paper, ITEMS):
        written.add_item(
            title=text.for_xml(_title(place.writer)),
            link=whole(request, f"{here}/{place.pk}"),
            description=text.for_xml(str(place.html)),
            unique_id=_lasting_id(place),
            unique_id_is_permalink=False,
            pubdate=place.written_at,
            updateddate=place.edited_at or place.written_at,
            categories=[],
            authors=[(text.for_xml(place.writer.shown), _page_of(request, place.writer))],
        )
    return written.writeString("utf-8")


def _title(writer: Writer) -> str:
    """Who wrote it, and what a reader should know of them: that an agent did, for one."""
    badges = f" ({', '.join(writer.badges)})" if writer.badges else ""
    return f"{writer.shown}{badges} wrote"


def _page_of(request: HttpRequest, writer: Writer) -> str:
    return whole(request, address("someone", writer.handle)) if writer.handle else ""


def _lasting_id(place: Place) -> str:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"comment {place.pk} {place.written_at.isoformat()}").urn
