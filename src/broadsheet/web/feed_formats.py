"""The three forms of a feed: Atom (RFC 4287), RSS 2.0 with Dublin Core, JSON Feed 1.1.

An item takes, beyond what Django's feeds know, `authors`: pairs of a name and an address.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import IO, Any, Literal, TypeAlias
from xml.sax.xmlreader import AttributesImpl

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, Stylesheet, SyndicationFeed, rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator

from broadsheet.configured import instance
from broadsheet.papers import text
from broadsheet.papers.taxonomy import category_name
from broadsheet.web import assets

View: TypeAlias = Callable[..., HttpResponse]
Form = Literal["atom", "rss", "json"]
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Lasting(SyndicationFeed):
    """A feed that stays as it is while it is empty; Django would say that it changed just now."""

    def latest_post_date(self) -> datetime:
        """When the newest item was updated."""
        return super().latest_post_date() if self.items else NEVER


class Atom(Lasting, Atom1Feed):
    """Atom, with all authors of an entry and its text as its content."""

    def write(self, outfile: Any, encoding: str) -> None:
        """Write what Django writes, with what browsers show a feed by, which it writes into RSS alone."""
        handler = SimplerXMLGenerator(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        for stylesheet in self.feed["stylesheets"]:
            handler.processingInstruction("xml-stylesheet", str(stylesheet))
        handler.startElement("feed", AttributesImpl(self.root_attributes()))
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Write what Django writes, but for what it writes otherwise."""
        super().add_item_elements(handler, item | {"description": None, "categories": ()})
        for name, address in item["authors"]:
            handler.startElement("author", AttributesImpl({}))
            handler.addQuickElement("name", name)
            if address:
                handler.addQuickElement("uri", address)
            handler.endElement("author")
        for code in item["categories"]:
            handler.addQuickElement("category", "", {"term": code, "label": category_name(code)})
        handler.addQuickElement("content", item["description"], {"type": "html"})


class Rss(Lasting, Rss201rev2Feed):
    """RSS 2.0, with a `dc:creator` for each author."""

    def rss_attributes(self) -> dict[str, str]:
        """Name the space of Dublin Core, too."""
        return super().rss_attributes() | {"xmlns:dc": "http://purl.org/dc/elements/1.1/"}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Write what Django writes, when the item changed, and the authors."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))
        for name, _ in item["authors"]:
            handler.addQuickElement("dc:creator", name)


class Json(SyndicationFeed):
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: IO[str], encoding: str) -> None:
        """Write the feed."""
        del encoding
        written = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "description": self.feed["description"],
            "language": self.feed["language"],
            "authors": [{"name": self.feed["author_name"]}],
            "items": [_json_item(item) for item in self.items],
        }
        outfile.write(orjson.dumps(written).decode())


def _json_item(item: dict[str, Any]) -> dict[str, Any]:
    written = {
        "id": item["unique_id"],
        "url": item["link"],
        "title": item["title"],
        "content_html": item["description"],
        "date_published": item["pubdate"] and rfc3339_date(item["pubdate"]),
        "date_modified": rfc3339_date(item["updateddate"]),
        "authors": [{"name": name} | ({"url": url} if url else {}) for name, url in item["authors"]],
        "tags": list(item["categories"]),
    }
    return {name: value for name, value in written.items() if value}


FORMS: dict[Form, type[Atom | Rss | Json]] = {"atom": Atom, "rss": Rss, "json": Json}


def begun(
    form: Form, title: str, *, about: str, link: str, address: str, subtitle: str = ""
) -> SyndicationFeed:
    """A feed of this site without items yet: of what is `about` and has the page `link`, at that address."""
    name = instance().site_name
    return FORMS[form](
        title=text.for_xml(f"{name}: {title}"),
        link=link,
        description=text.for_xml(about),
        subtitle=text.for_xml(subtitle) or None,
        language="en",
        author_name=text.for_xml(name),
        feed_url=address,
        stylesheets=[Stylesheet(assets.address("feed.css"), mimetype="text/css", media="all")],
    )


def readable(view: View) -> View:
    """The feed that the view gives, to browsers as plain XML: only then they show its style.

    Programs that read feeds are given it as what it is. What a browser prefers is HTML, and it names no feed.
    """

    @wraps(view)
    def answer(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.get("Content-Type", "").startswith(("application/atom+xml", "application/rss+xml")):
            patch_vary_headers(response, ["Accept"])
            accepts = request.headers.get("Accept", "")
            if accepts.startswith("text/html") and "rss" not in accepts and "atom" not in accepts:
                response["Content-Type"] = "application/xml; charset=utf-8"
        return response

    return answer
