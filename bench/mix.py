"""What a request costs the server on an ordinary morning: pages, papers, searches, feeds, programs.

The mix, in parts of a hundred, is MIX. Papers are asked for as people ask, a few of them often (the rank of a
paper is its chance, as Zipf has it); half of the searches were asked before, the others never; readers of
feeds have seen most of what they ask for, and say so.
"""

from __future__ import annotations

import http.client
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

from server import cpu_seconds, serving

MIX = {
    "the front page": 18,
    "a day, a week or a month": 12,
    "what trends": 6,
    "a paper": 32,
    "a search": 12,
    "an author, an organization or a category": 6,
    "a feed": 6,
    "a paper as BibTeX or Markdown": 2,
    "Hugging Face's list of a day": 3,
    "a search by a program": 1,
    "the style sheet": 2,
}
REQUESTS = 3000
PEER = 500
SEED = 20261130
FEEDS = ("/feed.atom", "/papers/trending.atom", "/feed.json")


class Morning:
    """The addresses that are asked for, of what a catalogue has."""

    def __init__(self) -> None:
        from broadsheet.papers.models import Affiliation, Authorship, Paper, PaperCategory
        from broadsheet.web import assets

        self.random = random.Random(SEED)
        newest = Paper.objects.order_by("-published_at", "-pk")
        self.papers = list(newest.values_list("public_id", flat=True)[:5000])
        titles = list(newest.values_list("title", flat=True)[:20_000])
        self.words = sorted({word for title in titles for word in title.lower().split() if word.isalpha()})
        self.asked_before = [self._words() for _ in range(40)]
        last = Paper.objects.exclude(day=None).order_by("-day").values_list("day", flat=True).first()
        self.days = [(last or datetime.now(UTC).date()) - timedelta(days=back) for back in range(10)]
        self.authors = list(Authorship.objects.values_list("author_id", flat=True)[:3000])
        self.organizations = list(Affiliation.objects.values_list("organization_id", flat=True)[:3000])
        self.categories = list(PaperCategory.objects.values_list("code", flat=True)[:3000])
        self.style = assets.address("broadsheet.css")

    def requests(self, count: int) -> Iterator[tuple[str, str]]:
        """Kinds and addresses."""
        kinds = self.random.choices([*MIX], [*MIX.values()], k=count)
        return ((kind, self._address(kind)) for kind in kinds)

    def _address(self, kind: str) -> str:
        day = self.random.choice(self.days)
        year, week, _ = day.isocalendar()
        places: dict[str, Callable[[], str]] = {
            "the front page": lambda: "/",
            "a day, a week or a month": lambda: self.random.choice(
                [f"/papers/date/{day}"] * 8
                + [f"/papers/week/{year}-W{week:02}", f"/papers/month/{day:%Y-%m}"]
            ),
            "what trends": lambda: "/papers/trending",
            "a paper": lambda: f"/papers/{quote(self._paper())}",
            "a search": lambda: f"/papers?{urlencode({'q': self._question()})}",
            "an author, an organization or a category": self._list,
            "a feed": lambda: self.random.choice(FEEDS),
            "a paper as BibTeX or Markdown": lambda: (
                f"/papers/{quote(self._paper())}.{self.random.choice(['bib', 'md'])}"
            ),
            "Hugging Face's list of a day": lambda: f"/api/daily_papers?date={day}",
            "a search by a program": lambda: f"/api/v1/search?{urlencode({'q': self._question()})}",
            "the style sheet": lambda: self.style,
        }
        return places[kind]()

    def _paper(self) -> str:
        return self.papers[min(int(self.random.paretovariate(0.6)) - 1, len(self.papers) - 1)]

    def _words(self) -> str:
        return " ".join(self.random.sample(self.words, self.random.choice([1, 2, 2, 3])))

    def _question(self) -> str:
        return self.random.choice(self.asked_before) if self.random.random() < 0.5 else self._words()

    def _list(self) -> str:
        lists = {"authors": self.authors, "organizations": self.organizations, "categories": self.categories}
        kind = self.random.choice([kind for kind, names in lists.items() if names])
        return f"/{kind}/{quote(self.random.choice(lists[kind]))}"


def ask(port: int, addresses: Iterator[tuple[str, str]]) -> Counter[tuple[str, int]]:
    """Ask for all of them over one kept connection; gives how many of each kind had which status."""
    link = http.client.HTTPConnection("127.0.0.1", port)
    seen: dict[str, str] = {}
    said: Counter[tuple[str, int]] = Counter()
    for kind, address in addresses:
        headers = {"Accept-Encoding": "gzip"}
        if kind == "a feed" and address in seen:
            headers["If-None-Match"] = seen[address]
        link.request("GET", address, headers=headers)
        answer = link.getresponse()
        answer.read()
        seen[address] = answer.headers.get("ETag", "")
        said[kind, answer.status] += 1
    return said


def main() -> None:
    """Serve the data folder, and print what a request of the mix costs beside one for `/healthz`."""
    data = Path(sys.argv[1])
    os.environ |= {"BROADSHEET_DATA": str(data), "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings"}
    import django

    django.setup()
    morning = Morning()
    with serving(data, "--no-worker") as (pid, port):
        ask(port, morning.requests(PEER))
        ask(port, iter([("health", "/healthz")] * PEER))
        began = cpu_seconds(pid)
        ask(port, iter([("health", "/healthz")] * PEER))
        health = (cpu_seconds(pid) - began) * 1000 / PEER
        began = cpu_seconds(pid)
        said = ask(port, morning.requests(REQUESTS))
        spent = (cpu_seconds(pid) - began) * 1000 / REQUESTS
    for (kind, status), times in sorted(said.items()):
        print(f"{times:5} times {status}: {kind}")
    print(f"CPU a request: {spent:.2f} ms, ratio to /healthz ({health:.2f} ms) {spent / health:.1f}")


if __name__ == "__main__":
    main()
