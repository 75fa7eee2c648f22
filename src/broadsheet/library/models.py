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


class IgnoredKind(models.TextChoices):
    """What can be left out of every list."""

    WORD = "word"
    AUTHOR = "author"
    CATEGORY = "category"
    ORGANIZATION = "organization"


class Ignored(models.Model):
    """That a person wants to see no papers with a word, of an author or organization, or in a category."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="ignored")
    kind = models.CharField(max_length=16, choices=IgnoredKind.choices)
    value = models.CharField(max_length=NAME_LENGTH)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "value"], name="ignored_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class ListFeed(models.Model):
    """The secret address at which a person has a list as a feed, kept as a digest.

    `wanted` is the name of the list as JSON.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="list_feeds")
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=NAME_LENGTH)
    wanted = models.JSONField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"feed {self.pk}"
