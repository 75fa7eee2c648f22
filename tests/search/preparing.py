"""A program that fills a data folder: an indexed catalogue, changes that wait for the index, another model.

python -m tests.search.preparing
"""

from __future__ import annotations

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from tests.search import tiny  # noqa: E402
from tests.search.shelf import MORNING, record, records  # noqa: E402

from broadsheet.papers.catalogue import store  # noqa: E402
from broadsheet.papers.models import Change, Paper  # noqa: E402
from broadsheet.search import indexing  # noqa: E402
from broadsheet.search.embedding_models.model_folder import described  # noqa: E402


def main() -> None:
    call_command("migrate", verbosity=0)
    store(records(), now=MORNING)
    # Small, so that there is time for many kills.
    for seed, name in enumerate(("model", "other")):
        tiny.save(settings.BROADSHEET.data / name, seed=seed)
    indexing.change_model(described(settings.BROADSHEET.data / "model", name="model"))
    while indexing.is_work_left():
        if not indexing.catch_up():
            indexing.embed_due()
    gone = Paper.objects.get(public_id="2603.00004").pk
    Paper.objects.filter(pk=gone).delete()
    Change.objects.create(paper_id=gone)
    changes = [
        record(9, "Cooking for Robots", "A robot arm bakes a cake."),
        record(11, "Correcting Quantum Errors", "A code for many qubits."),
        record(12, "Soup as a Complex Fluid", "We stir soup and measure its flow."),
    ]
    store(changes, now=MORNING)


if __name__ == "__main__":
    main()
