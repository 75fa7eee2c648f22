"""Where else a paper is: the addresses that its identifiers name, and those it came with."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

from broadsheet.papers.arxiv_ids import is_plain
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.reading import PaperDetail
from broadsheet.papers.record import Link

# By scheme of identifier: what is at which address.
PLACES = {
    "arxiv": (("PDF", "https://arxiv.org/pdf/{}"), ("arXiv", "https://arxiv.org/abs/{}")),
    "acl": (("PDF", "https://aclanthology.org/{}.pdf"), ("ACL Anthology", "https://aclanthology.org/{}/")),
    "doi": (("DOI", "https://doi.org/{}"),),
    "openreview": (("OpenReview", "https://openreview.net/forum?id={}"),),
}
FILMS = frozenset({".mp4", ".webm", ".mov", ".m4v", ".ogv"})
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif"})
SEARCHES = (
    ("Find it on arXiv", "https://arxiv.org/search/?searchtype=title&query="),
    ("Find it on Google Scholar", "https://scholar.google.com/scholar?q="),
)
LABELS = {
    "code": "Code on {}",
    "project": "Project page",
    "pdf": "PDF at {}",
    "page": "Page at {}",
    "media": "Video or figure",
}


def links(detail: PaperDetail) -> list[tuple[str, str]]:
    """Label and address of each place, best first: those its identifiers name, then those it came with."""
    named = [place for identifier in detail.identifiers for place in places(identifier)]
    if "huggingface" in detail.sources:
        named += [
            ("Discussion on Hugging Face", f"https://huggingface.co/papers/{one.value}")
            for one in detail.identifiers
            if one.scheme == "arxiv"
        ]
    # One picture or film is enough, and sources often give the same one in several sizes.
    media = [link for link in detail.row.links if link.kind == "media"]
    given = [(_label(link), link.url) for link in detail.row.links if link not in media[1:]]
    labels: dict[str, str] = {}
    for label, address in named + given or _searches(detail.row.text.title):
        labels.setdefault(address, label)
    return [(label, address) for address, label in labels.items()]


def _searches(title: str) -> list[tuple[str, str]]:
    """Where a paper may be found of which nothing but its title is known."""
    exact = quote(f'"{title}"')
    return [(label, f"{address}{exact}") for label, address in SEARCHES]


def _label(link: Link) -> str:
    if link.kind == "media":
        ending = PurePosixPath(urlsplit(link.url).path).suffix.lower()
        return "Video" if ending in FILMS else "Figure" if ending in PICTURES else LABELS["media"]
    return LABELS[link.kind].format(host(link.url))


def places(identifier: Identifier) -> list[tuple[str, str]]:
    """Label and address of what the identifier names, best first."""
    value = quote(identifier.value, safe="/:.")
    return [(label, form.format(value)) for label, form in PLACES.get(identifier.scheme, ())]


def discussion_elsewhere(source: str, public_id: str) -> str:
    """Where the source has people's words about the paper; empty where its address is not known."""
    if source == "huggingface" and is_plain(public_id):
        return f"https://huggingface.co/papers/{public_id}"
    return ""


def host(url: str) -> str:
    """The host of an address, without www; the whole address where it has none."""
    try:
        name = urlsplit(url).hostname
    except ValueError:
        name = None
    return (name or url).removeprefix("www.")
