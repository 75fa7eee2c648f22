"""An OAI-PMH repository on loopback that answers as arXiv's does, with its peculiarities and, if told to, its faults.

with repository(papers) as repository:
    repository.faults[2] = cut_off      # the third answer; the first is 0
    ...                                 # ask repository.url
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from urllib.parse import parse_qsl, urlencode
from xml.sax.saxutils import escape, quoteattr

from tests.sources.live.oai_formats import DAY, FORMAT_OF, FORMATS, NOW, Paper, paper, spec_of
from tests.sources.local_server import Reply, Request, serving

from broadsheet.papers.taxonomy import GROUPS

EARLIEST = date(2005, 9, 16)
ARGUMENTS = {
    "Identify": set(),
    "ListMetadataFormats": {"identifier"},
    "ListSets": set(),
    "GetRecord": {"identifier", "metadataPrefix"},
    "ListRecords": {"metadataPrefix", "set", "from", "until", "resumptionToken"},
    "ListIdentifiers": {"metadataPrefix", "set", "from", "until", "resumptionToken"},
}
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ '
    'http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">'
)


SETS = sorted(
    {
        ":".join(spec[:depth])
        for group in GROUPS.values()
        for spec in map(spec_of, group)
        for depth in range(1, len(spec) + 1)
    }
)


class ProtocolError(Exception):
    """An error of the protocol: its code and message."""


Fault = Callable[[Reply], Reply]


@dataclass
class Repository:
    """`now` is its clock, `faults` what happens to single answers by their number, from 0.

    `before` is called with the number of each request, before it is answered.
    """

    papers: list[Paper]
    page_size: int = 10
    now: Callable[[], datetime] = lambda: NOW
    url: str = ""
    faults: dict[int, Fault] = field(default_factory=dict)
    before: Callable[[int], None] = lambda _: None
    asked: list[dict[str, str]] = field(default_factory=list)

    def respond(self, request: Request) -> Reply:
        number = len(self.asked)
        self.asked.append(request.query)
        self.before(number)
        try:
            content = self._answer(request)
        except ProtocolError as problem:
            code, message = problem.args
            content = f'<error code="{code}">{escape(message)}</error>'
        arguments = "".join(f" {name}={quoteattr(value)}" for name, value in request.query.items())
        body = (
            f"{HEAD}<responseDate>{self.now():%Y-%m-%dT%H:%M:%SZ}</responseDate>"
            f"<request{arguments}>{self.url}</request>{content}</OAI-PMH>"
        )
        reply = Reply(body.encode(), content_type="text/xml; charset=utf-8")
        return self.faults.get(number, lambda same: same)(reply)

    def change(self, number: int, **about: object) -> None:
        """Change a made-up paper today, which moves it to the end of the list."""
        changed = {"changed": self.now().date()} | about
        gone = paper(number).id
        self.papers = [replace(one, **changed) if one.id == gone else one for one in self.papers]

    def _answer(self, request: Request) -> str:
        arguments = dict(request.query)
        verb = arguments.pop("verb", "")
        if verb not in ARGUMENTS:
            raise ProtocolError("badVerb", f"{verb} is no verb")
        if request.repeated or not arguments.keys() <= ARGUMENTS[verb]:
            raise ProtocolError("badArgument", "an argument is repeated or unknown")
        return f"<{verb}>{self._verbs[verb](arguments)}</{verb}>"

    @property
    def _verbs(self) -> dict[str, Callable[[dict[str, str]], str]]:
        return {
            "Identify": self._identify,
            "ListMetadataFormats": metadata_formats,
            "ListSets": set_list,
            "GetRecord": self._record,
            "ListRecords": self._records,
            "ListIdentifiers": self._identifiers,
        }

    def _identify(self, _: dict[str, str]) -> str:
        return (
            f"<repositoryName>arXiv</repositoryName><baseURL>{self.url}</baseURL><protocolVersion>2.0</protocolVersion>"
            f"<adminEmail>help@example.org</adminEmail><earliestDatestamp>{EARLIEST}</earliestDatestamp>"
            "<deletedRecord>persistent</deletedRecord><granularity>YYYY-MM-DD</granularity>"
        )

    def _record(self, arguments: dict[str, str]) -> str:
        for one in self.papers:
            if f"oai:arXiv.org:{one.id}" == arguments["identifier"]:
                return record(one, arguments["metadataPrefix"])
        raise ProtocolError("idDoesNotExist", f"{arguments['identifier']} is not known")

    def _identifiers(self, arguments: dict[str, str]) -> str:
        page, token = self._page(arguments)
        return "".join(header(one) for one in page) + token

    def _records(self, arguments: dict[str, str]) -> str:
        page, token = self._page(arguments)
        prefix = self._query(arguments)["metadataPrefix"]
        return "".join(record(one, prefix) for one in page) + token

    def _page(self, arguments: dict[str, str]) -> tuple[list[Paper], str]:
        """A page of the list, and the element that leads to the next one."""
        query = self._query(arguments)
        listed = [one for one in self._listed(query) if one.changed.isoformat() >= query["from"]]
        rest = listed[int(query["skip"]) :]
        if not rest:
            raise ProtocolError("noRecordsMatch", "the list is empty")
        page, behind = rest[: self.page_size], rest[self.page_size :]
        if not behind:
            return page, "<resumptionToken/>" if "resumptionToken" in arguments else ""
        next_day = behind[0].changed
        skip = sum(one.changed == next_day for one in listed[: listed.index(behind[0])])
        midnight = datetime.combine(self.now() + DAY, time(), UTC)
        token = urlencode(query | {"from": str(next_day), "skip": skip, "expires": midnight.isoformat()})
        return page, (
            f'<resumptionToken expirationDate="{midnight:%Y-%m-%dT%H:%M:%SZ}">{escape(token)}</resumptionToken>'
        )

    def _query(self, arguments: dict[str, str]) -> dict[str, str]:
        token = arguments.get("resumptionToken")
        if token is None:
            return {"skip": "0"} | self._checked(arguments)
        if len(arguments) > 1:
            raise ProtocolError("badArgument", "a token stands alone")
        query = dict(parse_qsl(token, keep_blank_values=True))
        if "expires" not in query or query["expires"] <= self.now().isoformat():
            raise ProtocolError("badResumptionToken", "the token is unknown or has expired")
        return query

    def _checked(self, arguments: dict[str, str]) -> dict[str, str]:
        query = {"set": "", "from": str(EARLIEST), "until": str(self.now().date() + DAY)} | arguments
        if query.get("metadataPrefix") not in FORMATS:
            raise ProtocolError("cannotDisseminateFormat", "there is no such format")
        if query["set"] and query["set"] not in SETS:
            raise ProtocolError("badArgument", "there is no such set")
        days = [date.fromisoformat(query[name]) for name in ("from", "until")]
        if days[0] < EARLIEST or days[1] > self.now().date() + DAY or days[0] > days[1]:
            raise ProtocolError("badArgument", "these days cannot be asked for")
        return query

    def _listed(self, query: dict[str, str]) -> list[Paper]:
        inside = [
            one
            for one in self.papers
            if one.changed.isoformat() <= query["until"] and (not query["set"] or query["set"] in one.sets)
        ]
        return sorted(inside, key=lambda one: (one.changed, one.id))


def metadata_formats(_: dict[str, str]) -> str:
    return "".join(
        f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>{space}schema.xsd</schema>"
        f"<metadataNamespace>{space}</metadataNamespace></metadataFormat>"
        for prefix, space in FORMATS.items()
    )


def set_list(_: dict[str, str]) -> str:
    return "".join(f"<set><setSpec>{spec}</setSpec><setName>{spec}</setName></set>" for spec in SETS)


def header(one: Paper) -> str:
    status = ' status="deleted"' if one.is_deleted else ""
    specs = "".join(f"<setSpec>{spec}</setSpec>" for spec in sorted(one.sets))
    return (
        f"<header{status}><identifier>oai:arXiv.org:{one.id}</identifier>"
        f"<datestamp>{one.changed}</datestamp>{specs}</header>"
    )


def record(one: Paper, prefix: str) -> str:
    if prefix not in FORMATS:
        raise ProtocolError("cannotDisseminateFormat", "there is no such format")
    metadata = "" if one.is_deleted else f"<metadata>{FORMAT_OF[prefix](one)}</metadata>"
    return f"<record>{header(one)}{metadata}</record>"


def cut_off(reply: Reply) -> Reply:
    """The connection is reset in the middle."""
    return replace(reply, cut_after=len(reply.body) // 2)


def cut_short(reply: Reply) -> Reply:
    """Half an answer, as if it were a whole one."""
    return replace(reply, body=reply.body[: len(reply.body) // 2])


def web_page(reply: Reply) -> Reply:
    return replace(reply, body=b"<!DOCTYPE html><html><body><p>Down for maintenance<br></body></html>")


def in_latin_1(reply: Reply) -> Reply:
    """Bytes of another encoding than is declared."""
    return replace(reply, body=reply.body.replace(b"Tide", b"Mar\xe9e"))


def with_entities(reply: Reply) -> Reply:
    """Ten entities, each ten times the one before."""
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))
    kind = f'<!DOCTYPE OAI-PMH [<!ENTITY a0 "tide">{bomb}]>\n<OAI-PMH '.encode()
    return replace(reply, body=reply.body.replace(b"<OAI-PMH ", kind, 1).replace(b"Tide", b"&a10;"))


def empty(reply: Reply) -> Reply:
    """A page without records, whose token leads on."""
    before, inside, after = reply.body.partition(b"<ListRecords>")
    return replace(reply, body=before + inside + after[after.rindex(b"</record>") + len(b"</record>") :])


def repeating(reply: Reply) -> Reply:
    """The token that leads on is the one that led here."""
    before, _, rest = reply.body.rpartition(b"<resumptionToken")
    (token,) = re.findall(rb'<request[^>]* resumptionToken="([^"]*)"', before)
    _, tag, after = rest.partition(b">")
    after = after[after.index(b"<") :]
    return replace(reply, body=before + b"<resumptionToken" + _ + tag + token + after)


def refused(reply: Reply) -> Reply:
    """The token is taken for an expired one."""
    before = reply.body.partition(b"<ListRecords>")[0]
    return replace(reply, body=before + b'<error code="badResumptionToken">it has expired</error></OAI-PMH>')


def too_many(reply: Reply) -> Reply:
    return Reply(b"Rate exceeded.", status=429, content_type="text/plain")


def unavailable(reply: Reply) -> Reply:
    return Reply(b"", status=503, headers={"Retry-After": "120"})


@contextmanager
def repository(papers: Iterable[Paper], **about: object) -> Iterator[Repository]:
    """A repository that is asked at its `url`."""
    made = Repository(list(papers), **about)
    with serving(made.respond) as server:
        made.url = f"{server.url}/oai"
        yield made
