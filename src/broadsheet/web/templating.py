"""The Jinja2 environment of our pages: strict, escaped, with the few filters the templates use."""

from __future__ import annotations

import functools
from collections.abc import MutableMapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from broadsheet.community.models import SOURCE_LENGTH
from broadsheet.configured import instance
from broadsheet.daily.periods import WEEKDAYS
from broadsheet.http.addresses import canonical, in_form, whole
from broadsheet.http.holes import READER, hole
from broadsheet.http.viewers import viewer_of
from broadsheet.papers import text
from broadsheet.papers.taxonomy import category_name
from broadsheet.web import assets, counts, entry_parts, wording
from broadsheet.web.addresses import address
from broadsheet.web.entry import entry


class _Environment(Environment):
    """No template of ours has globals of its own: Jinja would look through a chain of two for each name."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The environment's own globals, unless a template brings others along."""
        return super().make_globals(d) if d else self.globals


def environment(**options: Any) -> Environment:
    """A strict environment: a misspelt variable is an error, not an empty place."""
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    made = _Environment(**options)
    made.globals.update(
        asset=assets.address,
        badge=entry_parts.badge,
        byline=entry_parts.byline,
        canonical=canonical,
        category=entry_parts.category,
        category_name=category_name,
        entry=entry,
        hidden=hidden,
        hole=hole,
        in_form=in_form,
        kicker=entry_parts.kicker,
        longest_comment=SOURCE_LENGTH,
        reader=reader,
        shares=entry_parts.shares,
        site_name=instance().site_name,
        url=address,
        weekdays=WEEKDAYS,
    )
    made.filters.update(linked=entry_parts.linked, inline=text.inline, **wording.FILTERS)
    return made


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """The answer that the template makes of the context."""
    # An answer to who asks for another host has no address of ours.
    context |= {"status": status, "site": functools.cache(lambda: whole(request))}
    return HttpResponse(get_template(template).render(context, request), status=status)


@pass_context
def hidden(context: Context) -> int:
    """How many papers of the list on this page its reader does not see."""
    return int(getattr(context["request"], "hidden", 0))


@pass_context
def reader(context: Context) -> Markup:
    """What the page says of its reader, or the hole for that where it is made for everybody."""
    request: HttpRequest = context["request"]
    if getattr(request, "has_holes", False):
        return hole(READER)
    html = counts.reader(viewer_of(request))
    return Markup(html)  # noqa: S704 (of a template)
