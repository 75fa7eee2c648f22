"""What indexing words costs, as a ratio to the least that tantivy needs for the same texts, in the same run.

    python bench/indexing.py DATA [PAPERS]

DATA is a data folder with a catalogue. The peer is one stemmed field (`en_stem`, with places) that holds
title and abstract, made without reading a database while it is timed. Prints seconds of the processor for
10,000 papers, their ratio, and how many papers a second one, two and four processors index, as far as there
are so many. Each part runs in a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PAPERS, SHOWN = 10_000, 10_000
ROUNDS = 3
CORES = (1, 2, 4)
HEAP = 64_000_000


def bare(papers: int) -> Callable[[], None]:
    """Index title and abstract in one stemmed field."""
    import tantivy

    from broadsheet.papers.models import Paper

    rows = list(Paper.objects.order_by("pk").values_list("title", "abstract")[:papers])
    schema = tantivy.SchemaBuilder().add_text_field("text", tokenizer_name="en_stem").build()

    def work() -> None:
        with tempfile.TemporaryDirectory() as folder:
            threads = len(os.sched_getaffinity(0))
            writer = tantivy.Index(schema, path=folder).writer(HEAP * threads, threads)
            for title, abstract in rows:
                entry = tantivy.Document()
                entry.add_text("text", title)
                entry.add_text("text", abstract)
                writer.add_document(entry)
            writer.commit()
            writer.wait_merging_threads()

    return work


def whole(papers: int) -> Callable[[], None]:
    """Read the papers and index them by all fields."""
    from broadsheet.papers.models import Paper
    from broadsheet.search.documents import read
    from broadsheet.search.word_index import lexical

    keys = list(Paper.objects.order_by("pk").values_list("pk", flat=True)[:papers])

    def work() -> None:
        with tempfile.TemporaryDirectory() as folder:
            lexical.create(Path(folder))
            lexical.write(Path(folder), keys, read(keys))

    return work


def measured(name: str, papers: int) -> tuple[float, float]:
    """Seconds of the processor and on the clock, the least of some rounds."""
    import django

    django.setup()
    work = {"bare": bare, "whole": whole}[name](papers)
    rounds = []
    for _ in range(ROUNDS):
        clock, processor = time.perf_counter(), time.process_time()
        work()
        rounds.append((time.process_time() - processor, time.perf_counter() - clock))
    return min(one for one, _ in rounds), min(one for _, one in rounds)


def apart(data: Path, name: str, papers: int, cores: int) -> tuple[float, float]:
    """The same in a process that may use so many processors."""
    environment = {
        **os.environ,
        "BROADSHEET_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings",
    }
    allowed = set(sorted(os.sched_getaffinity(0))[:cores])
    command = [sys.executable, __file__, str(data), str(papers), name]
    done = subprocess.run(
        command,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: os.sched_setaffinity(0, allowed),
    )
    processor, clock = json.loads(done.stdout.splitlines()[-1])
    return processor, clock


def main() -> None:
    """Compare all fields with one, then few processors with many."""
    data, papers = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else PAPERS
    if len(sys.argv) > 3:
        print(json.dumps(measured(sys.argv[3], papers)))
        return
    there = len(os.sched_getaffinity(0))
    found = {name: apart(data, name, papers, there)[0] for name in ("bare", "whole")}
    for name, seconds in found.items():
        print(f"{name:6} {seconds * SHOWN / papers:6.2f} s of the processor for {SHOWN:,} papers")
    print(f"ratio  {found['whole'] / found['bare']:6.2f}")
    for cores in (cores for cores in CORES if cores <= there):
        print(f"{cores} processors: {papers / apart(data, 'whole', papers, cores)[1]:,.0f} papers a second")


if __name__ == "__main__":
    main()
