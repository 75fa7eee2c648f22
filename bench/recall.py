"""What the quantised scan misses: the share of the true ten closest papers that it finds, and its time.

    python bench/recall.py DATA [--questions FILE] [--sample 500]

DATA is a data folder with an index. The truth is brute force: all embeddings in single precision, compared by
numpy. What is asked is sampled from the catalogue: papers (which others are similar?) and their titles (as
somebody might type them); and the lines of FILE, if it is given.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

TOP = 10
# Equal but for the order in which products are added up.
ROUNDING = 1e-5


def timed(action: Callable[[], list[float]]) -> tuple[list[float], float]:
    """The cosines that the action finds, best first, and its milliseconds."""
    started = time.perf_counter()
    found = action()
    return found, (time.perf_counter() - started) * 1000


def brute_force(matrix: Floats, vector: Floats) -> list[float]:
    """The cosines of the true closest."""
    cosines = matrix @ vector
    best = cosines[np.argpartition(-cosines, TOP)[:TOP]]
    return np.sort(best)[::-1].tolist()


def compare(name: str, asked: Floats, matrix: Floats, scan: Callable[[Floats], list[float]]) -> None:
    """Print how many of the true closest the scan finds; of equally close ones any will do."""
    found, times = 0, []
    for vector in asked:
        truth, by_force = timed(lambda vector=vector: brute_force(matrix, vector))
        answer, by_scan = timed(lambda vector=vector: scan(vector))
        found += sum(cosine >= truth[-1] - ROUNDING for cosine in answer)
        times.append((by_scan, by_force))
    ours, peer = np.median(times, axis=0)
    print(f"| {name} | {len(asked)} | {found / len(asked) / TOP:.4f}", end="")
    print(f" | {ours:.2f} ms | {peer:.2f} ms | {peer / ours:.1f} |", flush=True)


def main() -> None:
    """Compare the scan with brute force on the embeddings of a data folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--sample", type=int, default=500)
    wanted = parser.parse_args()
    os.environ |= {"BROADSHEET_DATA": str(wanted.data), "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings"}
    import django

    django.setup()
    from broadsheet.papers.models import Paper
    from broadsheet.search.embedding_models.runtimes import runtime
    from broadsheet.search.folder import index_folder, model_in_use
    from broadsheet.search.vectors import vectors_of

    model = model_in_use(index_folder())
    known = vectors_of(index_folder(), model)
    papers, matrix = known.of(known.papers())
    sample = np.random.default_rng(0).choice(papers, min(wanted.sample, len(papers)), replace=False)
    titles = Paper.objects.filter(pk__in=sample.tolist()).order_by("pk").values_list("title", flat=True)
    questions = wanted.questions.read_text(encoding="utf-8").splitlines() if wanted.questions else []

    def scan(vector: Floats) -> list[float]:
        return [cosine for _, cosine in known.nearest(vector, limit=TOP)]

    print(f"{len(papers)} papers, {model.dimension} dimensions; load {os.getloadavg()[0]:.1f}\n")
    print(f"| asked | how often | recall of the true {TOP} | scan, p50 | brute force, p50 | ratio |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    compare("papers", known.of(sample)[1], matrix, scan)
    for name, texts in (("titles", titles), ("questions", questions)):
        if texts:
            embedded = np.stack([runtime(model).embed_query(text) for text in texts])
            compare(name, embedded, matrix, scan)


if __name__ == "__main__":
    main()
