"""What a paper's page says of the paper to search engines: JSON-LD in the words of schema.org."""

from __future__ import annotations

from typing import Any

from broadsheet.papers.places import places
from broadsheet.papers.reading import PaperDetail, PaperRow
from broadsheet.papers.taxonomy import category_name

PDF = "PDF"


def scholarly_article(detail: PaperDetail, address: str) -> dict[str, Any]:
    """The paper as a ScholarlyArticle (https://schema.org/ScholarlyArticle); `address` is that of its page.

    What is not known is left out, and a summary of ours is no abstract. Authors have no addresses: a page of
    ours may be shared by namesakes.
    """
    paper = detail.row
    title, licence = paper.text.title, detail.license
    elsewhere = [place for one in detail.identifiers for place in places(one)]
    said = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "@id": address,
        "url": address,
        "name": title,
        "headline": title,
        "description" if paper.is_summary else "abstract": paper.text.abstract,
        "author": [{"@type": "Person", "name": author.name} for author in paper.authors],
        "sourceOrganization": [{"@type": "Organization", "name": one.name} for one in paper.organizations],
        "datePublished": _published(paper),
        "dateModified": detail.updated_at and detail.updated_at.isoformat(),
        "version": detail.versions[-1].number if detail.versions else None,
        "identifier": [
            {"@type": "PropertyValue", "propertyID": one.scheme, "value": one.value}
            for one in detail.identifiers
        ],
        "sameAs": [there for label, there in elsewhere if label != PDF],
        "encoding": [
            {"@type": "MediaObject", "encodingFormat": "application/pdf", "contentUrl": there}
            for label, there in elsewhere
            if label == PDF
        ],
        # Categories of two groups may have one name.
        "about": [
            {"@type": "Thing", "name": name} for name in dict.fromkeys(map(category_name, paper.categories))
        ],
        "keywords": list(detail.keywords),
        "license": licence if licence.startswith(("https://", "http://")) else None,
        "creativeWorkStatus": paper.standing.capitalize(),
    }
    return {name: value for name, value in said.items() if value}


def _published(paper: PaperRow) -> str | None:
    """The time of publication, or what is known of its date."""
    if paper.published_at:
        return paper.published_at.isoformat()
    return str(paper.published) if paper.published else None
