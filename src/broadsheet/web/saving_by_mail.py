"""The link *Save* in a mail: a page that asks, since programs that look through mail open each link in it."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from broadsheet.accounts.access import Viewer
from broadsheet.digests import links
from broadsheet.digests.links import Purpose
from broadsheet.library import saving
from broadsheet.papers import reading
from broadsheet.papers.identifiers import with_scheme
from broadsheet.web import errors
from broadsheet.web.acting import as_allowed
from broadsheet.web.papers import find_or_404
from broadsheet.web.subscribing import METHODS, by_link
from broadsheet.web.templating import page


@by_link
@require_http_methods(METHODS)
@as_allowed
def save(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """Ask whether the paper shall be saved for whom the mail came to; by POST save it."""
    recipient = links.recipient_of(Purpose.SAVE, token)
    if recipient is None:
        said = "This link is good no more. Those of the last mail you got are, if any mail comes to you."
        return errors.refused(request, status=HTTPStatus.NOT_FOUND, title="No such link", said=said)
    pk, public_id = find_or_404(name)
    is_saved = request.method == "POST" and recipient.person is not None
    if is_saved:
        viewer = Viewer(person=recipient.person, via="mail")
        saving.save(viewer, pk, with_scheme(public_id), now=timezone.now())
    (row,) = reading.rows([pk], counted=False)
    has_account = recipient.person is not None
    return page(request, "save.html", is_secret=True, paper=row, is_saved=is_saved, has_account=has_account)
