"""The tables of what people do.

`named` is always the name (`scheme:value`) under which a person saw the paper: when a paper is split, what
they did goes to the part that has this name then.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from broadsheet.accounts.models import Person
from broadsheet.papers.models import Paper

NAMED_LENGTH, REASON_LENGTH = 300, 500
SOURCE_LENGTH = 65_536


class WhyNot(models.TextChoices):
    """Why a vote is shown apart and does not count."""

    AGENT = "agent"
    AUTHOR = "author"
    NEW = "new"
    SUSPENDED = "suspended"
    LEFT = "left"
    # The person voted for both of two papers that are one now; if they are split, both count again.
    TWICE = "twice"


class Via(models.TextChoices):
    """By which skin something was written."""

    WEB = "web"
    API = "api"
    MCP = "mcp"


class Vote(models.Model):
    """A person's vote for a paper under a name: it stands or it does not, and is never cast twice.

    Of two votes of a person for papers that were joined, the later stays, too, and is not counted.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="votes")
    paper = models.ForeignKey(Paper, models.RESTRICT, related_name="votes_here")
    named = models.CharField(max_length=NAMED_LENGTH)
    cast_at = models.DateTimeField()
    via = models.CharField(max_length=8, choices=Via.choices, default=Via.WEB)
    is_by_agent = models.BooleanField(default=False)
    # Empty where it counts. Made of what is known of the person and the paper: see `voting.judge`.
    why_not = models.CharField(max_length=16, choices=WhyNot.choices, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "named"], name="a_person_votes_once")]
        indexes = [
            models.Index(fields=["paper", "cast_at"], name="votes_for_a_paper"),
            models.Index(fields=["person", "-cast_at"], name="votes_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"vote {self.pk} for {self.named}"


class VoteEvent(models.Model):
    """A change to the votes for a paper, without the person: what a list of a past day is made of."""

    paper = models.ForeignKey(Paper, models.RESTRICT, related_name="+")
    named = models.CharField(max_length=NAMED_LENGTH)
    at = models.DateTimeField()
    votes = models.SmallIntegerField()
    counted = models.SmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["paper", "at"], name="vote_events_of_a_paper")]

    def __str__(self) -> str:
        return f"{self.votes:+d} for {self.named}"


class CommentState(models.TextChoices):
    """Who sees a comment: everybody; nobody, its place kept; its author and moderators, until confirmed."""

    VISIBLE = "visible"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"
    HELD = "held"


class Comment(models.Model):
    """What a person wrote about a paper, or in answer to another comment."""

    paper = models.ForeignKey(Paper, models.RESTRICT, related_name="comments_here")
    named = models.CharField(max_length=NAMED_LENGTH)
    # The version of the paper that it was written about, where the paper has versions.
    version = models.PositiveIntegerField(null=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="answers")
    root = models.ForeignKey("self", models.CASCADE, null=True, related_name="thread")
    depth = models.PositiveSmallIntegerField(default=0)
    # Null for a reader who left.
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="comments")
    via = models.CharField(max_length=8, choices=Via.choices, default=Via.WEB)
    is_by_agent = models.BooleanField(default=False)
    source = models.TextField()
    html = models.TextField()
    renderer = models.PositiveSmallIntegerField()
    written_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=16, choices=CommentState.choices, default=CommentState.VISIBLE)
    helpful = models.PositiveIntegerField(default=0)
    upheld = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["paper", "id"], name="comments_on_a_paper"),
            models.Index(fields=["person", "-id"], name="comments_of_a_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None, root=None) | Q(parent__isnull=False, root__isnull=False),
                name="an_answer_is_in_a_thread",
            )
        ]

    def __str__(self) -> str:
        return f"comment {self.pk} on {self.named}"


class CommentEdit(models.Model):
    """What a comment said before it was edited."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="edits")
    source = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"comment {self.comment_id} until {self.at}"


class CommentVote(models.Model):
    """That a person found a comment helpful."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="votes")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "comment"], name="helpful_once")]

    def __str__(self) -> str:
        return f"comment {self.comment_id} was helpful"


class SubmissionState(models.TextChoices):
    """What became of a paper that somebody submitted."""

    ASKED = "asked"
    UNKNOWN = "unknown"
    DUPLICATE = "duplicate"
    WAITING = "waiting"
    SCHEDULED = "scheduled"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Submission(models.Model):
    """A paper that a person wants on the list of a day."""

    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="submissions")
    text = models.CharField(max_length=NAMED_LENGTH)
    paper = models.ForeignKey(Paper, models.RESTRICT, null=True, related_name="submissions_here")
    named = models.CharField(max_length=NAMED_LENGTH, blank=True, default="")
    via = models.CharField(max_length=8, choices=Via.choices, default=Via.WEB)
    is_by_agent = models.BooleanField(default=False)
    submitted_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=SubmissionState.choices, default=SubmissionState.ASKED)
    day = models.DateField(null=True)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["state", "submitted_at"], name="submissions_by_state"),
            models.Index(fields=["person", "-id"], name="submissions_of_a_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["paper"],
                name="a_paper_waits_once",
                condition=Q(state__in=[SubmissionState.WAITING, SubmissionState.SCHEDULED]),
            )
        ]

    def __str__(self) -> str:
        return f"submission {self.pk} of {self.text}"


class ClaimKind(models.TextChoices):
    """What a person says they are."""

    AUTHOR = "author"
    ORGANIZATION = "organization"


class ClaimState(models.TextChoices):
    """How far a claim has come."""

    ASKED = "asked"
    VERIFIED = "verified"
    REFUSED = "refused"
    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"


class Claim(models.Model):
    """That a person is an author of a paper by the name printed there, or speaks for an organization.

    It hangs on the name in the paper: the rows of authors are derived, and made anew when a paper changes.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="claims")
    kind = models.CharField(max_length=16, choices=ClaimKind.choices)
    paper = models.ForeignKey(Paper, models.RESTRICT, null=True, related_name="claims_here")
    named = models.CharField(max_length=NAMED_LENGTH, blank=True, default="")
    # Of the author or of the organization.
    slug = models.CharField(max_length=NAMED_LENGTH)
    proof = models.CharField(max_length=16, blank=True, default="")
    evidence = models.CharField(max_length=REASON_LENGTH, blank=True, default="")
    state = models.CharField(max_length=16, choices=ClaimState.choices, default=ClaimState.ASKED)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=REASON_LENGTH, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["state", "asked_at"], name="claims_by_state")]
        constraints = [
            models.UniqueConstraint(
                # Of papers that are one now, each may have its own person until a curator decides.
                fields=["named", "slug"],
                name="an_author_is_one_person",
                condition=Q(state=ClaimState.VERIFIED, kind=ClaimKind.AUTHOR),
            )
        ]

    def __str__(self) -> str:
        return f"claim {self.pk} of {self.slug}"


class Report(models.Model):
    """That a person finds something wrong with what another wrote or did."""

    reporter = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="reports")
    kind = models.CharField(max_length=16)
    target = models.BigIntegerField()
    reason = models.CharField(max_length=32)
    note = models.CharField(max_length=REASON_LENGTH, blank=True, default="")
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    is_upheld = models.BooleanField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "target"], name="reports_on_a_target")]
        constraints = [
            models.UniqueConstraint(fields=["reporter", "kind", "target"], name="a_person_reports_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}: {self.reason}"


class Deed(models.Model):
    """A row of the moderation log: never changed and never deleted, which the database sees to.

    Who acted is a number, so that a person who leaves leaves no name here; null for a rule of the house.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=32)
    kind = models.CharField(max_length=16)
    target = models.BigIntegerField()
    # The person whose thing it was, who is told of it.
    about = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True, default="")
    note = models.CharField(max_length=REASON_LENGTH, blank=True, default="")
    before = models.JSONField(default=dict)
    undoes = models.ForeignKey("self", models.RESTRICT, null=True, related_name="undone_by")

    class Meta:
        indexes = [models.Index(fields=["kind", "target"], name="deeds_to_a_target")]
        constraints = [models.UniqueConstraint(fields=["undoes"], name="a_deed_is_undone_once")]

    def __str__(self) -> str:
        return f"{self.verb} {self.kind} {self.target}"


class Every(models.TextChoices):
    """After how long the notices of a person, from the first one on, are one mail."""

    HALF_HOUR = "half_hour", "half an hour"
    DAY = "day", "a day"
    WEEK = "week", "a week"
    NEVER = "never", "never"


class NoticeMail(models.Model):
    """How often a person is mailed what they are told, if it is not each day."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="notice_mail")
    every = models.CharField(max_length=16, choices=Every.choices)

    def __str__(self) -> str:
        return f"{self.pk} {self.every}"


class Bundle(models.Model):
    """The notices of one mail: it was open from the first of them on, until it was closed."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"bundle {self.pk}"


class Notice(models.Model):
    """That something happened which a person may want to know; once for each kind and target."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=32)
    target = models.BigIntegerField()
    paper = models.ForeignKey(Paper, models.RESTRICT, null=True, related_name="+")
    named = models.CharField(max_length=NAMED_LENGTH, blank=True, default="")
    said = models.CharField(max_length=REASON_LENGTH, blank=True, default="")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # Whether a mail shall say it, and no bundle was closed yet; and the bundle that had it.
    is_mail_due = models.BooleanField(default=False, db_default=False)
    bundle = models.ForeignKey(Bundle, models.SET_NULL, null=True, related_name="notices")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "target"], name="noticed_once")]
        indexes = [
            models.Index(fields=["person", "-id"], name="notices_of_a_person"),
            models.Index(fields=["person"], name="unread_notices", condition=Q(read_at=None)),
            models.Index(
                fields=["person", "kind", "at"], name="notices_to_be_mailed", condition=Q(is_mail_due=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"


class NoticeFeed(models.Model):
    """The secret address at which a person's notices are a feed, kept as a digest; there is one at a time."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="notice_feed")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"feed {self.pk}"


class Mute(models.Model):
    """A thread, paper or kind of notice that a person wants to hear no more of."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=32)
    target = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "target"], name="muted_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"
