"""The tables of topics: lists that are saved under a name, and the papers that each of them has had."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from broadsheet.accounts.models import Person
from broadsheet.papers.models import Paper

NAME_LENGTH, SLUG_LENGTH, LIST_LENGTH = 120, 100, 2000
MOST_PAPERS = 40


class Visibility(models.TextChoices):
    """Who may see a topic: everybody, who has its address, or its owner alone."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"


class Topic(models.Model):
    """A list of `daily.lists` under a name. Its papers have numbers that only grow, in the order in which
    they came to it.

    `wanted` is the name of the list as JSON, `size` how many papers of it are looked at, and told in a mail
    at most. `last` is the number of the paper that came last.
    """

    owner = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="topics")
    slug = models.CharField(max_length=SLUG_LENGTH, unique=True)
    name = models.CharField(max_length=NAME_LENGTH)
    wanted = models.JSONField()
    size = models.PositiveSmallIntegerField(
        default=10, validators=[MinValueValidator(1), MaxValueValidator(MOST_PAPERS)]
    )
    visibility = models.CharField(max_length=16, choices=Visibility.choices, default=Visibility.PUBLIC)
    made_at = models.DateTimeField()
    # A topic that was stopped keeps its papers and its address, and nothing new comes to it.
    stopped_at = models.DateTimeField(null=True)
    last = models.PositiveBigIntegerField(default=0)
    # Whether all papers are known that its list had when it was saved; of a long one, the top of it is.
    is_whole = models.BooleanField(default=False)
    # When the list was looked at last, and what the catalogue and the index were then.
    noted_at = models.DateTimeField(null=True)
    noted = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["visibility", "-made_at"], name="topics_to_be_seen"),
            models.Index(fields=["noted_at"], name="topics_to_be_noted", condition=Q(stopped_at=None)),
        ]

    def __str__(self) -> str:
        return self.slug


class TopicEntry(models.Model):
    """A paper of a topic, with its number there. After a split both parts of a paper have its number.

    With the number 0, it is a paper that the list had when it was saved, and that is not told as new.
    """

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="entries")
    number = models.PositiveBigIntegerField()
    paper = models.ForeignKey(Paper, models.RESTRICT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "paper"], name="in_a_topic_once")]
        indexes = [
            models.Index(fields=["topic", "-number"], name="papers_of_a_topic"),
            models.Index(fields=["topic", "since"], name="papers_of_a_topic_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.number}"


class TopicLook(models.Model):
    """The number up to which a person has looked at a topic on its page."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+")
    number = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "topic"], name="looked_at_once")]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.number}"
