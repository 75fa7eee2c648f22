"""A comment as HTML: CommonMark with maths, without HTML of its own, without images, and never much longer.

The renderer has a number, stored with what it made: a comment made by an older one is made anew.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import quote

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.dollarmath import dollarmath_plugin

from broadsheet.papers.identifiers import parse
from broadsheet.papers.pages import PAPERS
from broadsheet.papers.tex.mathml import mathml
from broadsheet.papers.text import unpiled, visible

RENDERER = 2
# HTML that is so many times as long as its source is not worth it: the source is shown as it is.
MOST_TIMES, SHORT = 8, 2000
# No comment that is meant to be read has so many signs that mark something; to read such takes seconds.
MARKS, MOST_MARKS = "[]$*_`|#>-!:\n", 5000
_TAGS = {
    "p", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a", "br", "hr",
    "h3", "h4", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_MATHS = {
    "math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "msup", "msub", "msubsup", "mfrac", "msqrt",
    "mroot", "mover", "munder", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom",
    "mmultiscripts",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "math": {"display", "xmlns"},
    "mi": {"mathvariant"},
    "mo": {"stretchy", "fence", "form", "movablelimits", "lspace", "rspace", "minsize", "maxsize", "accent"},
    "mspace": {"width"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mfrac": {"linethickness"},
    "mtable": {"columnalign"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "ol": {"start"},
}
# An identifier of arXiv, of the ACL or a DOI that stands in the text as a word of its own.
_NAMED = re.compile(
    r"(?<![\w/.:-])(?:arxiv:\s?)?(?:\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}"
    r"|acl:[\w.-]+|doi:10\.\d{4,9}/\S*[\w])(?![\w/-]|\.\d)",
    re.IGNORECASE,
)
# Signs that turn the text around them.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\ufeff]")


def render(source: str) -> str:
    """The comment as HTML that is safe to be put into a page. It takes no longer than its length says."""
    source = unpiled(_TURNING.sub("", source.replace("\0", "")))
    if sum(map(source.count, MARKS)) > MOST_MARKS:
        return _plain(source)
    made = nh3.clean(
        _markdown().render(source),
        tags=_TAGS | _MATHS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    if len(made) > max(SHORT, MOST_TIMES * len(source)):
        return _plain(source)
    return made


def _plain(source: str) -> str:
    return f"<pre>{html.escape(source, quote=False)}</pre>"


def current(made: str, renderer: int, source: str) -> str:
    """What was made of the comment, made anew where an older renderer made it."""
    return made if renderer == RENDERER else render(source)


def has_links(rendered: str) -> bool:
    """Whether the comment leads to other sites."""
    return 'href="http' in rendered


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    made = (
        MarkdownIt("commonmark", {"html": False, "linkify": True})
        .disable("image")
        .enable(["linkify", "table"])
    )
    made.use(dollarmath_plugin, allow_space=False, allow_digits=False)
    made.core.ruler.push("papers", _link_papers)
    made.add_render_rule("math_inline", _maths)
    made.add_render_rule("math_block", _maths)
    made.add_render_rule("heading_open", _heading)
    made.add_render_rule("heading_close", _heading)
    return made


def _maths(
    self: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType
) -> str:
    """Maths as MathML; what is none is shown as it was typed."""
    del self, options, env
    token = tokens[place]
    found = mathml(token.content)
    typed = f"<code>{html.escape(token.content)}</code>"
    block = token.type == "math_block"
    return f"<p>{found or typed}</p>" if block else str(found or typed)


def _heading(
    self: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType
) -> str:
    """Headings of a comment stand below those of the page."""
    del self, options, env
    return "<h4>" if tokens[place].nesting > 0 else "</h4>"


def _link_papers(state: object) -> None:
    """Let identifiers of papers lead to their pages."""
    for block in getattr(state, "tokens", []):
        if block.type == "inline" and block.children:
            block.children = [part for token in _outside_links(block.children) for part in token]


def _outside_links(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens with their papers linked, but for those within a link."""
    depth = 0
    for token in tokens:
        depth += token.nesting if token.type.startswith("link_") else 0
        yield _linked(token) if token.type == "text" and not depth else [token]


def _linked(token: Token) -> list[Token]:
    parts: list[Token] = []
    end = 0
    for found in _NAMED.finditer(token.content):
        identifier = parse(found[0])
        if identifier is None:
            continue
        parts += [_text(token.content[end : found.start()]), *_link(found[0], identifier.public_id)]
        end = found.end()
    return [*parts, _text(token.content[end:])] if parts else [token]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _link(said: str, public_id: str) -> list[Token]:
    return [
        Token("link_open", "a", 1, attrs={"href": PAPERS + quote(public_id)}),
        _text(visible(said)),
        Token("link_close", "a", -1),
    ]
