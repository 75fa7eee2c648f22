"""Parts of a mail that are encoded once, with slots for what differs from mail to mail.

A template is a whole mail in which comments part the head, an entry of each kind and the foot: its styles are
written into its tags once, and each part is rendered and encoded on its own. What the standard library takes
longest for is to encode a mail; a mail that is joined of such parts was never encoded as a whole.
"""

from __future__ import annotations

import re
import secrets
from binascii import b2a_qp
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from textwrap import TextWrapper
from typing import Any

import css_inline
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

FOLDER = Path(__file__).parent
# The templates of both parts of a digest.
HTML, TEXT = "digest.html", "digest.txt"
COLUMNS = 66
# Nobody outside of the process knows it, so that no title of a paper can look like a slot.
_MARK = secrets.token_hex(8)
_PART = re.compile(r"\n?[ ]*<!-- part (\w+) -->\n?")
# A parser puts what is no cell before its table, unless it stands in a comment.
_TAG_IN_COMMENT = re.compile(r"<!--(\{%.*?%\})-->")
SOFT_BREAK = b"=\r\n"
# So long may a line be in quoted-printable (RFC 2045).
LINE = 76


class _Slots:
    """In a template, `slot.name` is the place for that."""

    def __getattr__(self, name: str) -> Markup:
        return Markup(f"{_MARK}{name}{_MARK}")  # noqa: S704 (letters)


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of a mail, encoded: its first piece, and the names of its slots, each with the piece behind it.
    `size` is how many bytes of text the pieces are.
    """

    first: bytes
    others: tuple[tuple[str, bytes], ...]
    size: int

    def filled(self, slots: Mapping[str, bytes]) -> list[bytes]:
        """The pieces, with the slots between them filled by what `encoded` made."""
        pieces = [self.first]
        for name, piece in self.others:
            pieces += (slots[name], piece)
        return pieces


def encoded(text: str) -> bytes:
    """The text in quoted-printable: it ends at a soft line break, so that anything may be joined to it."""
    made = b2a_qp(text.encode(), istext=True)
    if len(made) - made.rfind(b"\n") > LINE:
        # No room is left for the sign of the break: what was encoded last goes behind another one.
        last = len(made) - (3 if made[-3:-2] == b"=" else 1)
        made = made[:last] + b"=\n" + made[last:]
    return made.replace(b"\n", b"\r\n") + SOFT_BREAK


def framed(rendered: str) -> Frame:
    """The frame of what a template made with slots."""
    pieces = rendered.split(_MARK)
    texts, names = pieces[::2], pieces[1::2]
    first, *others = map(encoded, texts)
    size = sum(len(text.encode()) for text in texts)
    return Frame(first, tuple(zip(names, others, strict=True)), size)


def frame(template: str, part: str, **said: Any) -> Frame:
    """That part of a template with what is said, and its slots open."""
    return framed(parts(template)[part].render(slot=_Slots(), **said))


@lru_cache(maxsize=16)
def parts(template: str) -> Mapping[str, Template]:
    """The parts of a template by their names; that before the first comment is `head`. Styles are inlined."""
    source = (FOLDER / template).read_text()
    environment = _environment(is_html=template.endswith(".html"))
    if template.endswith(".html"):
        source = _TAG_IN_COMMENT.sub(r"\1", _inlined(source))
    head, *others = _PART.split(source)
    named = {"head": head, **dict(zip(others[::2], others[1::2], strict=True))}
    return {name: environment.from_string(f"{text.rstrip()}\n") for name, text in named.items()}


def _inlined(source: str) -> str:
    """The template with the look of our mails in its tags, and in its head what only a head can say."""
    kept = f'<style data-css-inline="keep">\n{(FOLDER / "kept.css").read_text()}</style>'
    look = (FOLDER / "look.css").read_text()
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, minify_css=True, extra_css=look)
    return inliner.inline(source.replace("<!-- styles -->", kept))


def _environment(*, is_html: bool) -> Environment:
    made = Environment(autoescape=is_html, undefined=StrictUndefined)  # noqa: S701 (a text is no HTML)
    made.trim_blocks = made.lstrip_blocks = made.keep_trailing_newline = True
    made.filters["wrapped"] = wrapped
    return made


def wrapped(text: str, indent: str = "", first: str | None = None) -> str:
    """The text in lines of COLUMNS; an address stays whole."""
    wrapper = TextWrapper(
        COLUMNS,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )
    return wrapper.fill(text)
