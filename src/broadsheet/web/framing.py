"""A tag for Django's templates: what stands within is put into the layout of our own pages."""

from __future__ import annotations

import re

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import mark_safe
from markupsafe import Markup

from broadsheet.accounts import joining
from broadsheet.accounts.mail import why_no_mail
from broadsheet.web.templating import page

register = template.Library()
_HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)


class Framed(template.Node):
    """Puts the nodes within into `account.html`."""

    def __init__(self, nodes: NodeList) -> None:
        self.nodes = nodes

    def render(self, context: Context) -> str:
        """The whole page; its title is its first heading."""
        with context.push(why_no_mail=why_no_mail()):
            content = self.nodes.render(context)
        found = _HEADING.search(content)
        title = " ".join(found[1].split()) if found else "Account"
        # Both are what a template made: escaped already.
        inner, heading = Markup(content), Markup(title)  # noqa: S704
        framed = page(context["request"], "account.html", content=inner, heading=heading, why=why_no_mail())
        return mark_safe(framed.content.decode())  # noqa: S308


@register.tag
def framed(parser: Parser, token: Token) -> Framed:
    """`{% framed %}…{% endframed %}`."""
    del token
    nodes = parser.parse(("endframed",))
    parser.delete_first_token()
    return Framed(nodes)


@register.simple_tag
def rule() -> str:
    """Who may have an account here, in a sentence."""
    return joining.rule()
