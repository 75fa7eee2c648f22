"""The public dumps: a page that lists them, and their files."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from broadsheet.configured import instance
from broadsheet.sources.outgoing import dumping
from broadsheet.sources.settings import source_settings
from broadsheet.web.templating import page


@never_cache
@require_safe
def dumps(request: HttpRequest) -> HttpResponse:
    """The dumps that there are, the newest first."""
    return page(request, "dumps.html", dumps=_dumps())


@require_safe
def dump_file(_request: HttpRequest, folder: str, name: str) -> FileResponse:
    """A file of a dump, to be kept."""
    for dump in _dumps():
        if dump.path.name == folder and name in dumping.FILES:
            try:
                answer = FileResponse((dump.path / name).open("rb"), as_attachment=name not in SHOWN)
            except FileNotFoundError:
                break
            # What has a name never changes.
            answer["ETag"] = f'"{folder}/{name}"'
            return answer
    raise Http404("There is no such dump any more; the newest ones are listed at /dumps.")


# What people read before they take the rest.
SHOWN = (dumping.README, dumping.SUMS)


def _dumps() -> list[dumping.Dump]:
    """Raises Http404 where this instance hands out none."""
    if not source_settings().dump:
        raise Http404(
            "This site hands out no dumps of its catalogue. Whoever runs it switches them on by"
            " BROADSHEET_DUMP=true."
        )
    return dumping.dumps(instance().data / dumping.FOLDER)
