"""A paper as Markdown: what its page says, for programs that read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from broadsheet.papers import places, text
from broadsheet.papers.reading import PaperDetail, PaperRow
from broadsheet.papers.taxonomy import category_name


def paper(detail: PaperDetail) -> str:
    """The paper in CommonMark (https://spec.commonmark.org): title, facts, abstract, links. Pure."""
    row = detail.row
    title = " ".join(text.markdown(row.title).split())
    abstract = text.markdown(row.abstract) or "There is no abstract."
    links = "\n".join(f"- [{text.markdown(label)}](<{url}>)" for label, url in places.links(detail))
    parts = [
        f"# {title}",
        _standing(detail),
        "\n".join(f"- {name}: {value}" for name, value in _facts(detail) if value),
        f"## {'Summary' if row.is_summary else 'Abstract'}\n\n{abstract}",
        f"## Links\n\n{links}" if links else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _standing(detail: PaperDetail) -> str:
    if not detail.row.standing:
        return ""
    return " ".join(f"**This paper was {detail.row.standing}.** {text.markdown(detail.notice)}".split())


def _facts(detail: PaperDetail) -> Iterator[tuple[str, str]]:
    row = detail.row
    yield "Authors", _authors(row)
    yield "From", _listed(one.name for one in row.organizations)
    yield "Identifiers", _listed(one.public_id for one in detail.identifiers)
    yield "Published", str(row.published or "")
    yield "Updated", _day(detail.updated_at)
    yield "Versions", str(len(detail.versions)) if detail.versions[1:] else ""
    yield "Categories", _listed(_category(code) for code in row.categories)
    yield "Keywords", _listed(detail.keywords)
    yield "Comment", text.markdown(" ".join(detail.comment.split()))
    yield "Published in", text.markdown(" ".join(detail.journal_ref.split()))


def _authors(row: PaperRow) -> str:
    if row.authors:
        return _listed(one.name for one in row.authors)
    return f"{row.author_count}, not named" if row.author_count else ""


def _listed(names: Iterator[str] | tuple[str, ...]) -> str:
    return ", ".join(text.markdown(" ".join(name.split())) for name in names)


def _category(code: str) -> str:
    name = category_name(code)
    return f"{code} ({name})" if name and name != code else code


def _day(at: datetime | None) -> str:
    return at.date().isoformat() if at else ""
