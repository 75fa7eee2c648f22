"""The table of answers that are given again when a request is sent again."""

from __future__ import annotations

from django.db import models

from broadsheet.accounts.models import Person


class Answered(models.Model):
    """The answer to a request that a program named with a key, until that time."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    # Of the request, so that another one cannot get its answer.
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    # Sealed, as it may show a secret.
    content = models.BinaryField(default=b"")
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="a_key_is_used_once")]

    def __str__(self) -> str:
        return f"answer {self.status} to {self.key}"
