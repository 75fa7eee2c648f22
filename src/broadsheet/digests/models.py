"""The tables of digests: who gets them by which channel and when, each one on its way, and what was told."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q

from broadsheet.accounts.models import Person
from broadsheet.daily.models import Topic

ADDRESS_LENGTH, ZONE_LENGTH, WINDOW_LENGTH, REPLY_LENGTH = 254, 64, 64, 500
EVERY_DAY = 0b1111111


def new_secret() -> bytes:
    """Sixteen random bytes that all links of a recipient hang on: new ones end all links before."""
    return secrets.token_bytes(16)


class Recipient(models.Model):
    """An address whose reader has said that mail may come; or a person, for their other channels.

    `key` is the address as it is compared, empty where a person has no address.
    """

    class State(models.TextChoices):
        """Whether anything is sent."""

        ACTIVE = "active"
        PAUSED = "paused"
        SUPPRESSED = "suppressed"

    key = models.CharField(max_length=ADDRESS_LENGTH, null=True, unique=True)  # noqa: DJ001 (many have none)
    address = models.CharField(max_length=ADDRESS_LENGTH, blank=True, default="")
    person = models.OneToOneField(Person, models.CASCADE, null=True, related_name="recipient")
    zone = models.CharField(max_length=ZONE_LENGTH, default="UTC")
    state = models.CharField(max_length=16, choices=State.choices, default=State.ACTIVE)
    paused_until = models.DateTimeField(null=True)
    # Why it is paused or suppressed, in a sentence for the page that manages it.
    reason = models.CharField(max_length=REPLY_LENGTH, blank=True, default="")
    secret = models.BinaryField(max_length=16, default=new_secret)
    confirmed_at = models.DateTimeField(null=True)
    # Which words were confirmed, and from which network.
    wording = models.PositiveSmallIntegerField(default=0)
    network = models.CharField(max_length=64, blank=True, default="")
    # Refusals for good in a row.
    refusals = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"recipient {self.pk}"


class Confirmation(models.Model):
    """That somebody asked for mail to an address, and nobody has confirmed it yet; kept for 48 hours.

    The token in the mail is kept as a digest. `wanted` is what was asked for, as JSON.
    """

    key = models.CharField(max_length=ADDRESS_LENGTH)
    address = models.CharField(max_length=ADDRESS_LENGTH)
    digest = models.CharField(max_length=64, unique=True)
    wanted = models.JSONField()
    asked_at = models.DateTimeField()
    network = models.CharField(max_length=64, blank=True, default="")
    # Whether the mail with the link is still to be sent.
    is_mail_due = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["key", "asked_at"], name="asked_for_an_address"),
            models.Index(fields=["id"], name="links_to_be_mailed", condition=Q(is_mail_due=True)),
        ]

    def __str__(self) -> str:
        return f"confirmation {self.pk}"


class Channel(models.Model):
    """A way to a recipient with its own times: their mail, a service, or a webhook.

    A window is a date in the zone of the recipient. `due_at` is when the next one opens; `window` is the last
    that was planned. Times count minutes of the day; `days` has a bit a weekday, Monday first.
    """

    class Kind(models.TextChoices):
        """What carries it."""

        MAIL = "mail"
        SERVICE = "service"
        WEBHOOK = "webhook"

    class Cadence(models.TextChoices):
        """How often."""

        DAILY = "daily"
        WEEKLY = "weekly"
        MONTHLY = "monthly"
        WHEN_MANY = "when_many"

    class State(models.TextChoices):
        """Whether anything goes this way."""

        ACTIVE = "active"
        PAUSED = "paused"
        ENDED = "ended"

    recipient = models.ForeignKey(Recipient, models.CASCADE, related_name="channels")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    # Where a service or webhook is, and the key that signs, both encrypted; and what of it may be shown.
    target = models.BinaryField(default=b"")
    key = models.BinaryField(default=b"")
    shown = models.CharField(max_length=120, blank=True, default="")
    cadence = models.CharField(max_length=16, choices=Cadence.choices, default=Cadence.DAILY)
    many = models.PositiveSmallIntegerField(default=10)
    days = models.PositiveSmallIntegerField(default=EVERY_DAY)
    minute = models.PositiveSmallIntegerField(default=7 * 60)
    state = models.CharField(max_length=16, choices=State.choices, default=State.ACTIVE)
    reason = models.CharField(max_length=REPLY_LENGTH, blank=True, default="")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    window = models.CharField(max_length=WINDOW_LENGTH, blank=True, default="")
    # When something was sent last, for "when there are so many" and for catching up.
    sent_at = models.DateTimeField(null=True)
    refusals = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient"], name="one_mail_each", condition=Q(kind="mail"))
        ]
        indexes = [models.Index(fields=["due_at"], name="channels_due", condition=Q(state="active"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def weekdays(self) -> list[int]:
        """The numbers of its weekdays, Monday being 0."""
        return [day for day in range(7) if self.days >> day & 1]


class Subscription(models.Model):
    """That a channel tells what is new in a topic, after the number `told` there; topics by their places."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="subscriptions")
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="subscriptions")
    place = models.PositiveSmallIntegerField(default=0)
    told = models.PositiveBigIntegerField(default=0)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "topic"], name="subscribed_once")]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.topic_id}"


class Digest(models.Model):
    """What a channel has to tell for a window, and how far it is.

    It is due, claimed by a worker with a token, handing while it is handed over, and then sent; or it was
    empty, bounced, failed, or is held for an operator, who decides what became of it in a doubt. What it
    says, its date and its Message-ID are frozen before it is handed over, so that a second attempt sends the
    same bytes; `content` goes when it was sent.
    """

    class State(models.TextChoices):
        """How far it is."""

        DUE = "due"
        CLAIMED = "claimed"
        HANDING = "handing"
        SENT = "sent"
        EMPTY = "empty"
        BOUNCED = "bounced"
        FAILED = "failed"
        HELD = "held"

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="digests")
    window = models.CharField(max_length=WINDOW_LENGTH)
    state = models.CharField(max_length=16, choices=State.choices, default=State.DUE)
    due_at = models.DateTimeField()
    token = models.CharField(max_length=32, blank=True, default="")
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # Not before that it is tried again.
    retry_at = models.DateTimeField(null=True)
    # The papers it tells, as `told.packed`.
    papers = models.BinaryField(default=b"")
    content = models.BinaryField(null=True)
    message_id = models.CharField(max_length=200, blank=True, default="")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "window"], name="one_digest_a_window")]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="digests_on_their_way",
                condition=Q(state__in=["due", "claimed", "handing"]),
            ),
            models.Index(fields=["state", "due_at"], name="digests_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.window}"


class Told(models.Model):
    """The papers that a channel has told, as `told.packed`: read through all merges of papers ever made."""

    channel = models.OneToOneField(Channel, models.CASCADE, primary_key=True, related_name="told")
    papers = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return f"told {self.pk}"


class Suppression(models.Model):
    """An address, as a keyed digest, to which nothing is sent any more, whatever is imported or restored."""

    digest = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=REPLY_LENGTH)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"suppression {self.pk}"


class Delivery(models.Model):
    """An attempt to hand a digest over, and what the other side said; kept for 90 days."""

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="deliveries")
    at = models.DateTimeField()
    host = models.CharField(max_length=255, blank=True, default="")
    code = models.IntegerField()
    text = models.CharField(max_length=REPLY_LENGTH, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["at"], name="deliveries_by_time")]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class Sending(models.Model):
    """Whether digests are sent at all; the only row says since when they are not and why.

    `round` counts how often this database has sent; the mark beside it counts, too, so that an older copy of
    the database is found out.
    """

    paused_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=REPLY_LENGTH, blank=True, default="")
    round = models.PositiveBigIntegerField(default=0)
    # What the relay said last that was about this site, and when.
    trouble = models.CharField(max_length=REPLY_LENGTH, blank=True, default="")
    trouble_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.reason or "sending"
