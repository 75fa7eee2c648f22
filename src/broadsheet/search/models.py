"""The work that search has left: which papers are due for an embedding."""

from __future__ import annotations

from django.db import models


class EmbeddingDue(models.Model):
    """The paper's text has changed since it was embedded, or it never was.

    `paper_id` is no foreign key: writing a paper must not wait for the index.
    """

    paper_id = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return f"paper {self.paper_id}"
