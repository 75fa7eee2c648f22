"""What indexing words costs, as a ratio to the least that tantivy needs for the same texts, in the same run.

    python bench/indexing.py DATA [PAPERS]

DATA is a data folder with a catalogue. The peer is one stemmed field (`en_stem`, with places) that holds
title and abstract, made without reading a database while it is timed. Prints seconds of the processor for
10,000 papers, by part, and their ratio; then how many papers a second one, two, four and eight processors
index, as far as there are so many, and how many times two are four. Every figure is the best of some rounds,
which alternate, each in a process of its own that has indexed nothing before and may use so many processors.
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
from typing import NamedTuple

PAPERS, SHOWN = 10_000, 10_000
ROUNDS = 3
CORES = (1, 2, 4, 8)
HEAP = 64_000_000


class Used(NamedTuple):
    """Seconds of all processors, and on the clock."""

    processor: float
    clock: float


class Job(NamedTuple):
    """What is measured, and how many processors it may use."""

    name: str
    cores: int


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


def prepared(papers: int) -> Callable[[], None]:
    """Read the papers and make of each what tantivy takes."""
    from broadsheet.papers.models import Paper
    from broadsheet.search.documents import read
    from broadsheet.search.word_index.entries import entry

    keys = list(Paper.objects.order_by("pk").values_list("pk", flat=True)[:papers])

    def work() -> None:
        for document in read(keys):
            entry(document)

    return work


def reading(papers: int) -> Callable[[], None]:
    """Only read the papers."""
    from broadsheet.papers.models import Paper
    from broadsheet.search.documents import read

    keys = list(Paper.objects.order_by("pk").values_list("pk", flat=True)[:papers])

    def work() -> None:
        for _ in read(keys):
            pass

    return work


KINDS = {"bare": bare, "reading": reading, "prepared": prepared, "whole": whole}


def measured(name: str, papers: int) -> Used:
    """What one round uses in this process."""
    import django

    django.setup()
    work = KINDS[name](papers)
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return Used(time.process_time() - processor, time.perf_counter() - clock)


def apart(data: Path, job: Job, papers: int) -> Used:
    """The same in a process that may use so many processors."""
    environment = {
        **os.environ,
        "BROADSHEET_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings",
    }
    allowed = set(sorted(os.sched_getaffinity(0))[: job.cores])
    done = subprocess.run(
        [sys.executable, __file__, str(data), str(papers), job.name],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: os.sched_setaffinity(0, allowed),
    )
    return Used(*json.loads(done.stdout.splitlines()[-1]))


def best(data: Path, jobs: list[Job], papers: int) -> dict[Job, Used]:
    """The least that each of the jobs used in some rounds, which alternate."""
    rounds = [{job: apart(data, job, papers) for job in jobs} for _ in range(ROUNDS)]
    return {job: Used(*map(min, zip(*(one[job] for one in rounds), strict=True))) for job in jobs}


def costs(data: Path, papers: int, cores: int) -> None:
    """Print what the parts cost, and what all cost beside one bare field."""
    used = best(data, [Job(name, cores) for name in KINDS], papers)
    bare, read, prepared, whole = (one.processor * SHOWN / papers for one in used.values())
    parts = {"bare": bare, "whole": whole, " reading": read, " preparing": prepared - read}
    for name, seconds in {**parts, " tantivy": whole - prepared}.items():
        print(f"{name:10} {seconds:6.2f} s of the processor for {SHOWN:,} papers")
    print(f"ratio      {whole / bare:6.2f}")


def speeds(data: Path, papers: int, there: int) -> None:
    """Print how many papers a second few and many processors index."""
    used = best(data, [Job("whole", cores) for cores in CORES if cores <= there], papers)
    clock = {job.cores: one.clock for job, one in used.items()}
    for job, one in used.items():
        print(
            f"{job.cores} processors: {papers / one.clock:,.0f} papers a second,"
            f" {one.processor:.2f} s of the processor, {one.clock:.2f} s on the clock"
        )
    if 4 in clock:
        print(f"4 processors are {clock[2] / clock[4]:.2f} times 2")


def main() -> None:
    """Compare all fields with one, then few processors with many."""
    data, papers = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else PAPERS
    if len(sys.argv) > 3:
        print(json.dumps(measured(sys.argv[3], papers)))
        return
    there = len(os.sched_getaffinity(0))
    costs(data, papers, min(2, there))
    speeds(data, papers, there)


if __name__ == "__main__":
    main()
