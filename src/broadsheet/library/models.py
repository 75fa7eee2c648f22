"""The tables of what is a person's own."""

from __future__ import annotations

from django.db import models

from broadsheet.accounts.models import Person

NAME_LENGTH = 300


class FollowKind(models.TextChoices):
    """What can be followed."""

    AUTHOR = "author"
    ORGANIZATION = "organization"
    CATEGORY = "category"
    TOPIC = "topic"
    THREAD = "thread"
    PERSON = "person"


class Follow(models.Model):
    """That a person follows something, by its name in its address."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="follows")
    kind = models.CharField(max_length=16, choices=FollowKind.choices)
    name = models.CharField(max_length=NAME_LENGTH)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "name"], name="followed_once")]
        indexes = [models.Index(fields=["kind", "name"], name="followers_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
