"""What the database remembers about imports: one row for each, written when it starts."""

from __future__ import annotations

from django.db import models


class Run(models.Model):
    """One import. A row without `finished_at` is running, or was interrupted."""

    files = models.TextField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    read = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    merged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["-started_at", "-id"], name="run_latest_first")]

    def __str__(self) -> str:
        return f"import of {self.files}"
