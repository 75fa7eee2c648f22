"""What the database remembers about sources: runs, where each live source stands, what it promised."""

from __future__ import annotations

from django.db import models

from broadsheet.papers.identifiers import Identifier


class Run(models.Model):
    """One import of `files`, or one run of the live source `source`.

    A row without `finished_at` is running, or was interrupted.
    """

    source = models.CharField(max_length=32, blank=True)
    files = models.TextField(blank=True)
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
        return f"run of {self.source}" if self.source else f"import of {self.files}"


class SourceState(models.Model):
    """Where a live source stands: what its next step needs to know, when that is due, how it went.

    `again_since` and `again_until` are days that somebody asked for once more, with a position of their own.
    Whoever takes a step holds the row until `claimed_until`; a killed process loses it then.
    """

    name = models.CharField(max_length=32, primary_key=True)
    position = models.JSONField(default=dict)
    again_since = models.DateField(null=True)
    again_until = models.DateField(null=True)
    again_position = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    last_good_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL)

    def __str__(self) -> str:
        return self.name


class Host(models.Model):
    """A host that we ask: when it may be asked again, and how often it said no, over all processes.

    One request at a time holds the row until `held_until`, or until it is done.
    """

    name = models.CharField(max_length=255, primary_key=True)
    free_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True)
    refusals = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class Visit(models.Model):
    """What the last look at a source's list of `day` gave; `scope` is the category, if it has any."""

    source = models.CharField(max_length=32)
    scope = models.CharField(max_length=32, blank=True)
    day = models.DateField()
    outcome = models.CharField(max_length=16)
    items = models.PositiveIntegerField(default=0)
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "scope", "day"], name="one_visit_per_list_and_day")
        ]
        indexes = [models.Index(fields=["day"], name="visits_of_a_day")]

    def __str__(self) -> str:
        return f"{self.source} {self.scope} {self.day}: {self.outcome}"


class Announcement(models.Model):
    """A source said that a paper, in this version (0: whichever), belongs to its `day`.

    `received_at` is when the catalogue first had it; until then it is missing.
    """

    source = models.CharField(max_length=32)
    day = models.DateField()
    scheme = models.CharField(max_length=16)
    value = models.CharField(max_length=255)
    version = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "day", "scheme", "value", "version"], name="announced_once_a_day"
            )
        ]
        indexes = [
            models.Index(
                fields=["source", "day"],
                name="announcements_missing",
                condition=models.Q(received_at__isnull=True),
            ),
            # All that the counts of a day need: a hundred days of arXiv are read from it alone.
            models.Index(fields=["source", "day", "received_at"], name="announcements_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.day}: {self.identifier.public_id}"

    @property
    def identifier(self) -> Identifier:
        """The paper that was announced."""
        return Identifier(self.scheme, self.value)


class RefusedRecord(models.Model):
    """A record of a live source that could not be used: where it stood, and why, on the day of the run."""

    source = models.CharField(max_length=32)
    day = models.DateField()
    place = models.CharField(max_length=255)
    reason = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "day", "place"], name="refused_once_a_day")]

    def __str__(self) -> str:
        return f"{self.source} {self.day}, {self.place}: {self.reason}"


class WantedPaper(models.Model):
    """A paper that somebody asked for, or that is missing: arXiv is asked for it by its id.

    `found` is None until it has answered.
    """

    arxiv_id = models.CharField(max_length=32, primary_key=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    found = models.BooleanField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["asked_at"], name="wanted_first_asked_first", condition=models.Q(found__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.arxiv_id


class HarvestedAuthors(models.Model):
    """The authors of a paper as one format of a harvest has them, until its other format is read."""

    harvest = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    authors = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["harvest", "key"], name="authors_once_a_harvest")]

    def __str__(self) -> str:
        return self.key
