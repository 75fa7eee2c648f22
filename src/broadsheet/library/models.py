"""The tables of what is a person's own."""

from __future__ import annotations

from django.db import models

from broadsheet.accounts.models import Person
from broadsheet.papers.models import Paper

NAME_LENGTH = 300
# The name under which a person acted on a paper, with its scheme: `arxiv:2408.00714`.
NAMED_LENGTH = 300
TAG_LENGTH = 200


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


class State(models.TextChoices):
    """How far a person is with a paper that they saved; `saving.FURTHEST` says which of two is further."""

    TO_READ = "to_read"
    READING = "reading"
    READ = "read"
    SET_ASIDE = "set_aside"


class Saved(models.Model):
    """That a person keeps a paper, in a state that they set by hand, under the name that it had then.

    After a merge of papers one row is left, and `parts` says what each of them was, as `moving` writes it, so
    that a split gives them back.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="saved")
    paper = models.ForeignKey(Paper, models.RESTRICT, related_name="saved_by")
    named = models.CharField(max_length=NAMED_LENGTH)
    state = models.CharField(max_length=16, choices=State.choices, default=State.TO_READ)
    saved_at = models.DateTimeField()
    via = models.CharField(max_length=16, default="web")
    parts = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "paper"], name="saved_once")]
        # All that a page of a library needs to know of ten thousand papers.
        indexes = [models.Index(fields=["person", "-saved_at", "-paper", "state"], name="saved_by_time")]

    def __str__(self) -> str:
        return f"{self.named} {self.state}"


class Hidden(models.Model):
    """That a person wants to see a paper in no list: "not for me". `parts` is as with `Saved`."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="hidden")
    paper = models.ForeignKey(Paper, models.RESTRICT, related_name="hidden_by")
    named = models.CharField(max_length=NAMED_LENGTH)
    at = models.DateTimeField()
    parts = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "paper"], name="hidden_once")]

    def __str__(self) -> str:
        return self.named


class Seen(models.Model):
    """The papers that a person has seen, as `told.packed`, read through all merges and splits of papers.

    `is_left_out` says whether lists leave them out. Whoever changes what is a person's own holds this row.
    """

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="seen")
    papers = models.BinaryField(default=b"")
    is_left_out = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"seen {self.pk}"


class Looked(models.Model):
    """Up to where a person has looked through a list: papers and listings with higher keys are new to them.

    `name` is that of the list as `daily.list_names.key` writes it.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="looked")
    name = models.CharField(max_length=NAME_LENGTH)
    paper = models.BigIntegerField()
    listing = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="looked_through_once")]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A word of a person's own for papers that they saved; it is there as long as a paper has it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=TAG_LENGTH)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="a_tag_once")]

    def __str__(self) -> str:
        return self.name


class Tagged(models.Model):
    """That a saved paper has a tag."""

    saved = models.ForeignKey(Saved, models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="tagged")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["saved", "tag"], name="tagged_once")]

    def __str__(self) -> str:
        return f"{self.saved_id} {self.tag_id}"


class Note(models.Model):
    """What a person wrote for themselves about a paper, in Markdown; a paper may have many."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notes")
    paper = models.ForeignKey(Paper, models.RESTRICT, related_name="private_notes")
    named = models.CharField(max_length=NAMED_LENGTH)
    source = models.TextField()
    written_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "paper"], name="notes_of_a_person")]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Undo(models.Model):
    """What a person did last and how it was before, as `undoing` writes it; the last twenty are kept.

    What a program did by itself stands apart: nobody undoes by a key what they did not do.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    verb = models.CharField(max_length=16)
    at = models.DateTimeField()
    is_by_agent = models.BooleanField(default=False)
    before = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="what_is_undone_next")]

    def __str__(self) -> str:
        return self.verb


class Upload(models.Model):
    """A file that a person looked at and may bring in, and how: kept until that is done, or for a day."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="upload")
    name = models.CharField(max_length=NAME_LENGTH)
    content = models.BinaryField()
    wish = models.JSONField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Parted(models.Model):
    """That a paper was parted: whoever had seen it, or was told it, has so with the `other` part, too.

    Neither is a foreign key, as in `papers.Merge`.
    """

    paper = models.BigIntegerField(db_index=True)
    other = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.other} was part of {self.paper}"
