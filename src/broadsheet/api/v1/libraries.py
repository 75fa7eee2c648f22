"""A library in from a file, and out to one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from broadsheet.api.v1 import answers
from broadsheet.api.v1.identity import Token
from broadsheet.api.v1.library import STATES
from broadsheet.api.v1.parameters import WITHOUT_NUL
from broadsheet.api.v1.search import LONGEST_QUERY
from broadsheet.daily import taking_out
from broadsheet.http.having_fetched import wake_after_import
from broadsheet.http.viewers import viewer_of
from broadsheet.library import bringing, taking
from broadsheet.library.brought import Outcome, Report, Wish
from broadsheet.sources.library_formats import FORMATS, LARGEST

router = Router(tags=["library"])
State = Literal[STATES]  # type: ignore[valid-type]
MOST_LINES = 50_000
FILE = {"type": "string", "format": "binary", "description": f"The library, {LARGEST >> 20} MB at most."}
SENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file as it is, or as the field `file` or `text` of a form.",
        "content": {
            "application/octet-stream": {"schema": FILE},
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": FILE, "text": {"type": "string"}}}
            },
        },
    }
}
SAVED: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The library.",
            "content": {
                kind: {"schema": {} if kind.endswith("json") else {"type": "string"}}
                for kind in (form.content_type.partition(";")[0] for form in taking.FORMS.values())
            },
        }
    }
}


class Asked(Schema):
    """How a file is brought in."""

    dry_run: bool = Field(False, description="Only say what would come of it.")
    state: State = Field("to_read", description="For papers of which the file says none.")
    format: str = Field(
        "",
        pattern=f"^({'|'.join(['', *FORMATS])})$",
        description=f"One of {', '.join(FORMATS)}; without it, what the file looks like.",
    )
    add: bool = Field(True, description="Add papers to the catalogue that it does not have.")
    lines: int = Field(
        1_000,
        ge=0,
        le=MOST_LINES,
        description=f"How many entries are told one by one, {MOST_LINES:,} at most.",
    )


@dataclass(frozen=True, slots=True)
class BroughtEntry:
    """What became of an entry, or would: `outcome` is new, merged, known, asked or refused."""

    place: str
    outcome: str
    paper: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a file, or would: its entries in numbers, and the first of them one by one.

    New are papers that were not in the library, merged those that were and got tags, notes or an earlier date
    or came twice, known those that had all of that; arXiv is asked for the asked. `added` papers are new in
    the catalogue, and `remarks` say what else was left out.
    """

    dry_run: bool
    new: int
    merged: int
    known: int
    asked: int
    refused: int
    added: int
    entries: tuple[BroughtEntry, ...]
    remarks: tuple[str, ...]


@router.post(
    "library/import",
    response=Brought,
    auth=Token("save"),
    summary="Bring a library in",
    openapi_extra=SENT,
)
def import_library(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """To send a file again changes nothing, and one undo takes an import back. Takes the scope `save`."""
    wish = Wish(asked.state, asked.format, asked.add)
    report = bringing.bring(
        viewer_of(request), _sent(request), wish, dry_run=asked.dry_run, now=timezone.now()
    )
    wake_after_import(report)
    return answers.json(request, _told(report, asked.lines))


class Wanted(Schema):
    """Which part of a library goes out, and as what."""

    form: Annotated[
        str,
        Field(
            pattern=f"^({'|'.join(taking.FORMS).replace('.', '[.]')})$",
            description=f"One of {', '.join(taking.FORMS)}.",
        ),
    ] = "json"
    q: str = Field(
        "",
        max_length=LONGEST_QUERY,
        pattern=WITHOUT_NUL,
        description="Only what this search in the library finds.",
        examples=["tag:tides state:read"],
    )


@router.get(
    "library/export",
    response={200: None},
    auth=Token("save"),
    summary="Take a library out",
    openapi_extra=SAVED,
)
def export_library(request: HttpRequest, wanted: Query[Wanted]) -> HttpResponse:
    """All of it as `json` gives an equal library when it is brought in. Takes the scope `save`."""
    content = taking_out.take(viewer_of(request), wanted.form, wanted.q, now=timezone.now())
    return HttpResponse(content, content_type=taking.FORMS[wanted.form].content_type)


def _sent(request: HttpRequest) -> bytes:
    """The file that was sent: as a field of a form, or as it is."""
    if request.content_type == "multipart/form-data":
        file = request.FILES.get("file")
        return file.read() if file else request.POST.get("text", "").encode()
    return request.body


def _told(report: Report, lines: int) -> Brought:
    counts = {outcome.value: report.counts[outcome] for outcome in Outcome}
    return Brought(
        dry_run=report.is_dry,
        added=report.added,
        entries=tuple(BroughtEntry(**asdict(line)) for line in report.lines[:lines]),
        remarks=tuple(report.remarks),
        **counts,
    )
