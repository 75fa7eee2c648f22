"""What clients took lately, over all processes and their restarts."""

from __future__ import annotations

from django.db import models


class Taken(models.Model):
    """How much the clients of a network took, of one kind, in a window of `seconds` until that time."""

    kind = models.CharField(max_length=16)
    network = models.CharField(max_length=64)
    seconds = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)
    amount = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "kind", "seconds", "ends_at"], name="taken_once_a_window"
            )
        ]

    def __str__(self) -> str:
        return f"{self.network} took {self.amount:g} of {self.kind} until {self.ends_at}"
