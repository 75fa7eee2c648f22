"""How long Broadsheet's search takes, in this process and as a page of a running server; and its memory.

    python bench/search_room.py DATA

DATA is the data folder that search_data.py built. Prints, as JSON, megabytes, and milliseconds for each
question, on the clock and of the processor. Each is asked once, after others have warmed up what is read
from disk. The processor's time of pages is that of the server.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from search_texts import FILTERS, QUESTIONS, WARMING
from search_times import Times, timed
from server import children, precise_cpu_seconds, serving

LIMIT = 50
CANDIDATES = 300
CHUNK = 1 << 24
SIMILAR_TO = range(7, 1_000, 17)
REPEATED = [question.upper() for question in QUESTIONS]
FILTERED = [f"{question.title()} {FILTERS[i % len(FILTERS)]}" for i, question in enumerate(QUESTIONS)]


def asked(
    questions: Sequence[Any], action: Callable[[Any], object], used: Callable[[], float] = time.process_time
) -> Times:
    """Milliseconds of the action for each question; it is called for some others before."""
    for warming in WARMING if isinstance(questions[0], str) else questions[:4]:
        action(warming)
    return [timed(action, question, used) for question in questions]


def room() -> Iterator[tuple[str, Times]]:
    """What is measured in this process, and its times."""
    import django

    django.setup()
    from broadsheet.search.embedding_models.runtimes import runtime
    from broadsheet.search.engines import Engines
    from broadsheet.search.finding import find, similar
    from broadsheet.search.folder import index_folder, model_in_use
    from broadsheet.search.query.language import parse
    from broadsheet.search.question import Question
    from broadsheet.search.vectors import Vectors, vectors_of
    from broadsheet.search.word_index.lexical import word_index

    model = model_in_use(index_folder())
    words = word_index(index_folder())
    meaning = vectors_of(index_folder(), model)
    yield "opening the vectors", [timed(Vectors.count, meaning)]
    embed = runtime(model).embed_query
    embedded = [embed(question) for question in QUESTIONS]
    yield "embedding a question", asked(QUESTIONS, embed)
    yield "words", asked(QUESTIONS, lambda text: words.search(parse(text), limit=CANDIDATES))
    yield "scan", asked(embedded, lambda vector: meaning.nearest(vector, limit=CANDIDATES))
    yield "meaning", asked(QUESTIONS, lambda text: meaning.nearest(embed(text), limit=CANDIDATES))
    yield "fused", asked(QUESTIONS, lambda text: Engines.of(index_folder()).rank(Question.of(parse(text))))
    # Other words for the same: the embeddings of questions are kept.
    yield "fused, with facets and senses", asked(REPEATED, lambda text: find(text, limit=LIMIT))
    yield "filtered", asked(FILTERED, lambda text: find(text, limit=LIMIT))
    yield "similar", asked(SIMILAR_TO, lambda paper: similar([paper], limit=LIMIT))


def pages(data: Path) -> Iterator[tuple[str, Times]]:
    """The same questions to a server, over one kept connection; then the memory of all its processes."""
    with serving(data, "--no-worker") as (pid, port):
        link = http.client.HTTPConnection("127.0.0.1", port)

        def fetch(path: str) -> None:
            link.request("GET", path)
            answer = link.getresponse()
            answer.read()
            if answer.status != http.client.OK:
                sys.exit(f"{path} was answered with {answer.status}")

        used = partial(precise_cpu_seconds, pid)
        yield "search page", asked(QUESTIONS, lambda text: fetch(f"/papers?q={quote(text)}"), used)
        yield "similar page", asked(SIMILAR_TO, lambda paper: fetch(f"/papers/2501.{paper:05}/similar"), used)
        for kind in ("VmRSS", "RssFile"):
            yield kind, [(sum(memory(pid, kind)), 0.0)]


def memory(pid: int, kind: str) -> Iterator[float]:
    """Megabytes of that kind, of the process and of each below it (Linux only)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    yield int(status.partition(f"{kind}:")[2].split()[0]) / 1024
    for child in children(pid):
        yield from memory(child, kind)


def read_once(data: Path) -> None:
    """Have the system keep the files in its memory: what is measured is a site that is in use."""
    for path in data.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                while file.read(CHUNK):
                    pass


def main() -> None:
    """Measure the room, then the pages."""
    data = Path(sys.argv[1])
    read_once(data)
    os.environ |= {"BROADSHEET_DATA": str(data), "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings"}
    print(json.dumps({name: times for part in (room(), pages(data)) for name, times in part}))


if __name__ == "__main__":
    main()
