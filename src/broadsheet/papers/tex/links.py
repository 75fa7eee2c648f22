"""Web addresses in running text, without the full stop that sticks to them."""

from __future__ import annotations

import re

from broadsheet.papers.tex.marks import PLACE, Address, Marked

_URL = r"https?://[A-Za-z0-9](?:[\w-]*\.)+[A-Za-z]{2,}(?::\d+)?(?:[/?#][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]{0,1000})?"
_HOST = r"(?:github\.com|hf\.co|huggingface\.co|[\w-]+\.github\.io)(?:/[A-Za-z0-9._~:/?#@&()+,;=%-]{0,1000})"
_LINKS = re.compile(
    rf"(?P<url>{_URL})|(?<![\w./@:-])(?:(?P<host>{_HOST})|arXiv:\s?(?P<arxiv>\d{{4}}\.\d{{4,5}}(?:v\d+)?)(?!\w))",
    re.ASCII,
)
_BRACKETS = {")": "(", "]": "["}
_GLUED = ".,:;!?'*"
# What is left of `\href{url}{words}` when its command was stripped.
_LABELLED = re.compile(rf"({_URL})\{{([^{{}}{PLACE}]{{1,300}})\}}", re.ASCII)
# What sources that write Markdown leave of a link.
_IN_MARKDOWN = re.compile(
    rf"\[([^\[\]{PLACE}]{{1,300}})\]\((https?://[A-Za-z0-9](?:[\w-]*\.)+[A-Za-z]{{2,}}(?:[/?#][^\s()<>]{{0,1000}})?)\)",
    re.ASCII,
)


def address(text: str) -> str | None:
    """The web address that `text` is, with its scheme; None if it is none."""
    if re.fullmatch(_URL, text, re.ASCII):
        return text
    return f"https://{text}" if re.fullmatch(_HOST, text, re.ASCII) else None


def link(marked: Marked) -> None:
    """Make a mark of every http(s) address, known host and arXiv identifier."""
    if "://" in marked.text:
        marked.change(_IN_MARKDOWN, lambda found: marked.put(Address(found[2], found[1])))
        marked.change(_LABELLED, lambda found: marked.put(Address(found[1], found[2])))
    elif not any(sign in marked.text for sign in ("github", "hf.co", "huggingface.co", "rXiv:")):
        return
    marked.change(_LINKS, lambda found: _linked(marked, found))


def _linked(marked: Marked, found: re.Match[str]) -> str:
    if found["arxiv"]:
        return marked.put(Address(f"https://arxiv.org/abs/{found['arxiv']}", found[0]))
    shown = _without_glue(found[0])
    url = shown if found["url"] else f"https://{shown}"
    return marked.put(Address(url, shown)) + found[0][len(shown) :]


def _without_glue(url: str) -> str:
    """`url` without the punctuation of the sentence around it; brackets that it opened are its own."""
    while url and (url[-1] in _GLUED or (url[-1] in _BRACKETS and _is_too_many(url))):
        url = url[:-1]
    return url


def _is_too_many(url: str) -> bool:
    return url.count(url[-1]) > url.count(_BRACKETS[url[-1]])
