"""The tables of people, and of what each of them and each client took lately."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone

HANDLE_LENGTH, NAME_LENGTH, EMAIL_LENGTH = 32, 80, 254


class Role(models.TextChoices):
    """What a person may do for others; each may all that the ones before may."""

    READER = "reader"
    CURATOR = "curator"
    MODERATOR = "moderator"
    OPERATOR = "operator"

    @property
    def rank(self) -> int:
        """Greater for who may more."""
        return list(Role).index(self)


class Kind(models.TextChoices):
    """Whether a person acts, or a program of theirs."""

    PERSON = "person"
    BOT = "bot"


# Whoever may not act for longer than this is not told until when.
FOR_GOOD = timedelta(days=50 * 365)
# What whoever is gone is called.
GONE = "a reader who left"


class People(BaseUserManager["Person"]):
    """Finds people as Django's sign-in asks for them."""

    def seen(self) -> models.QuerySet[Person]:
        """Those whom pages name: without who left, or is about to."""
        return self.filter(left_at=None, leaving_at=None)


def shown(name: str | None, handle: str | None, *, is_gone: bool) -> str:
    """What a person of that name and handle is called on pages."""
    return GONE if is_gone else name or handle or "a reader"


class Person(AbstractBaseUser):
    """Somebody with an account, the owner of an instance for one reader, or a program that belongs to either.

    The handle is chosen or made up with the first public act, and never made from the mail address.
    """

    handle = models.CharField(max_length=HANDLE_LENGTH, unique=True, null=True)  # noqa: DJ001
    name = models.CharField(max_length=NAME_LENGTH, blank=True, default="")
    # Null where there is none. In lower case; the verified addresses themselves are allauth's.
    email = models.EmailField(max_length=EMAIL_LENGTH, unique=True, null=True)  # noqa: DJ001
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.READER)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PERSON)
    owner = models.ForeignKey("self", models.CASCADE, null=True, related_name="bots")
    joined_at = models.DateTimeField(default=timezone.now)
    active_days = models.PositiveIntegerField(default=0)
    last_active_on = models.DateField(null=True)
    vouched_at = models.DateTimeField(null=True)
    vouched_by = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    votes_private = models.BooleanField(default=True)
    # Whether letters do something on pages.
    uses_keys = models.BooleanField(default=True)
    # How lists of papers are shown: one of `viewing.VIEWS`, or empty where none was chosen.
    view = models.CharField(max_length=8, blank=True, default="")
    suspended_until = models.DateTimeField(null=True)
    leaving_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    objects: ClassVar[People] = People()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Kind.PERSON, owner=None) | Q(kind=Kind.BOT, owner__isnull=False),
                name="a_bot_has_an_owner",
            )
        ]

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """What the person is called on pages."""
        return shown(self.name, self.handle, is_gone=self.is_gone)

    @property
    def is_gone(self) -> bool:
        """Whether pages name the person no more: they left, or are about to."""
        return bool(self.left_at or self.leaving_at)

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether the person may sign in: until they left."""
        return self.left_at is None

    @property
    def is_staff(self) -> bool:
        """Whether Django's admin opens for the person."""
        return self.role == Role.OPERATOR

    is_superuser = is_staff

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Whether an operator asks: what else they may is for the admin's own pages to say."""
        del perm, obj
        return self.is_active and self.is_staff

    def has_perms(self, perm_list: object, obj: object = None) -> bool:
        """The same for several."""
        del perm_list, obj
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """The same for a room."""
        del app_label
        return self.is_active and self.is_staff

    def is_suspended(self, *, now: datetime) -> bool:
        """Whether the person may only read for now."""
        return self.suspended_until is not None and now < self.suspended_until

    def suspended_for(self, *, now: datetime) -> str:
        """How long that lasts, in words: "until 27 November 2026", "from now on"."""
        ends = self.suspended_until
        return (
            "from now on" if ends is None or ends - now > FOR_GOOD else f"until {ends:%-d %B %Y, %H:%M} UTC"
        )


class FormerHandle(models.Model):
    """A handle that somebody had: nobody else gets it, who could pass for them. Kept as a digest."""

    digest = models.CharField(max_length=64, unique=True)
    # Who had it, and may have it again; null for who left.
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="former_handles")

    def __str__(self) -> str:
        return f"former handle {self.pk}"


class Departure(models.Model):
    """What a person who is about to leave wants to go with them."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="departure")
    votes_go = models.BooleanField()
    comments_go = models.BooleanField()

    def __str__(self) -> str:
        return f"departure {self.pk}"


class Invitation(models.Model):
    """A way in for one person: it ends when it is used, or with its time. Its code is kept as a digest."""

    digest = models.CharField(max_length=64, unique=True)
    inviter = models.ForeignKey(Person, models.CASCADE, null=True, related_name="invitations")
    # Whom it is for; empty for whoever has it.
    email = models.EmailField(max_length=EMAIL_LENGTH, blank=True, default="")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Token(models.Model):
    """What a program shows to act for a person, kept as a digest: a copy of the table opens nothing."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=NAME_LENGTH)
    start = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    is_agent = models.BooleanField(default=False)
    # Whether what an agent writes by it appears at once, and does not wait for the person to confirm it.
    publishes = models.BooleanField(default=False, db_default=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    # A day, so that a program that asks a thousand times writes once.
    used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.start}…"

    def is_good(self, *, now: datetime) -> bool:
        """Whether the token still says who asks."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def was_used_on(self, today: date) -> bool:
        """Whether that it was used today is written down already."""
        return self.used_on == today


class Taken(models.Model):
    """How much a client or person took, of one kind, in a window of `seconds` until that time."""

    kind = models.CharField(max_length=16)
    who = models.CharField(max_length=64)
    seconds = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)
    amount = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["who", "kind", "seconds", "ends_at"], name="accounts_taken_once_a_window"
            )
        ]

    def __str__(self) -> str:
        return f"{self.who} took {self.amount:g} of {self.kind} until {self.ends_at}"


class Counted(models.Model):
    """What allauth counts: the table of Django's database cache, so that no restart forgives anything."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key
