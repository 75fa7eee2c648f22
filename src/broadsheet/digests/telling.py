"""What a digest tells of its papers, in plain values: for services and webhooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from broadsheet.configured import instance
from broadsheet.daily.kinds.topic import page_of as topic_page
from broadsheet.digests.choosing import Choice, ChosenPaper, ChosenTopic
from broadsheet.digests.letters.papers import point_of
from broadsheet.digests.letters.wording import LONGEST_TITLE, clean, shortened
from broadsheet.papers import reading
from broadsheet.papers.pages import page_of
from broadsheet.papers.reading import PaperRow


@dataclass(frozen=True, slots=True)
class Told:
    """A paper under the topic that tells it."""

    topic: ChosenTopic
    paper: ChosenPaper
    row: PaperRow

    @property
    def title(self) -> str:
        """Its title on one line."""
        return shortened(clean(self.row.text.title), LONGEST_TITLE) or self.row.public_id

    @property
    def url(self) -> str:
        """The address of its page."""
        return instance().site_url + page_of(self.row.public_id)


def told(choice: Choice) -> list[Told]:
    """The papers of the choice that are still there, in its order."""
    rows = {row.pk: row for row in reading.rows(choice.papers)}
    return [
        Told(topic, paper, rows[paper.pk])
        for topic in choice.topics
        for paper in topic.papers
        if paper.pk in rows
    ]


def topic_url(topic: ChosenTopic) -> str:
    """The address of the page of a topic."""
    return instance().site_url + topic_page(topic.slug)


def topics(choice: Choice, papers: Sequence[Told]) -> Iterator[Mapping[str, Any]]:
    """The topics with those of the papers, as JSON says them; without those that have none any more."""
    for topic in choice.topics:
        own = [_paper(one) for one in papers if one.topic.pk == topic.pk]
        if own:
            url = topic_url(topic)
            yield {"slug": topic.slug, "name": topic.name, "url": url, "new": topic.new, "papers": own}


def _paper(one: Told) -> Mapping[str, Any]:
    row = one.row
    return {
        "id": row.public_id,
        "number": one.paper.number,
        "title": one.title,
        "url": one.url,
        "point": point_of(row),
        "authors": [clean(author.name) for author in row.authors],
        "author_count": max(row.author_count or 0, len(row.authors)),
        "published": str(row.published) if row.published else None,
        "also_in": list(one.paper.also),
    }
