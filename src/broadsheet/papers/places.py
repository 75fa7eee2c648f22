"""Where else a paper is: the addresses that its identifiers name, and those it came with."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.reading import PaperDetail

# By scheme of identifier: what is at which address.
PLACES = {
    "arxiv": (("PDF", "https://arxiv.org/pdf/{}"), ("arXiv", "https://arxiv.org/abs/{}")),
    "acl": (("PDF", "https://aclanthology.org/{}.pdf"), ("ACL Anthology", "https://aclanthology.org/{}/")),
    "doi": (("DOI", "https://doi.org/{}"),),
    "openreview": (("OpenReview", "https://openreview.net/forum?id={}"),),
}
LABELS = {
    "code": "Code on {}",
    "project": "Project page",
    "pdf": "PDF at {}",
    "page": "Page at {}",
    "media": "Media",
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
    given = [
        (LABELS[link.kind].format(host(link.url)), link.url)
        for link in detail.row.links
        if link not in media[1:]
    ]
    labels: dict[str, str] = {}
    for label, address in named + given:
        labels.setdefault(address, label)
    return [(label, address) for address, label in labels.items()]


def places(identifier: Identifier) -> list[tuple[str, str]]:
    """Label and address of what the identifier names, best first."""
    value = quote(identifier.value, safe="/:.")
    return [(label, form.format(value)) for label, form in PLACES.get(identifier.scheme, ())]


def host(url: str) -> str:
    """The host of an address, without www; the whole address where it has none."""
    try:
        name = urlsplit(url).hostname
    except ValueError:
        name = None
    return (name or url).removeprefix("www.")
