"""Django's admin, for operators alone: to look things up, and to say what a person may do."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.db import models
from django.forms import ModelForm
from django.http import Http404, HttpRequest
from django.utils import timezone

from broadsheet.accounts import access
from broadsheet.accounts.models import Person, Role
from broadsheet.community import moderating
from broadsheet.community.models import Claim, Comment, Deed, Report, Submission
from broadsheet.http.viewers import viewer_of

NO_PAGE = "There is no such page."


class Operators(AdminSite):
    """The admin: to everybody but an operator who signed in there is no such page."""

    site_header = site_title = "Operators"
    index_title = "Tables"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether an operator asks, by a session."""
        return access.may(viewer_of(request), "operate", now=timezone.now())

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """The view, for operators. Raises Http404 for others."""
        inner = super().admin_view(view, cacheable)

        def checked(request: HttpRequest, *args: object, **options: object) -> Any:
            if not self.has_permission(request):
                raise Http404(NO_PAGE)
            return inner(request, *args, **options)

        return checked

    def login(self, request: HttpRequest, extra_context: object = None) -> Any:
        """One signs in as everywhere else. Raises Http404."""
        del request, extra_context
        raise Http404(NO_PAGE)


class ReadOnly(ModelAdmin):  # type: ignore[type-arg]
    """A table to look things up in: what is done there would pass the log of moderation by."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        del request
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        del request, obj
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        del request, obj
        return False


class People(ReadOnly):
    """People: what they may do can be changed, but for one's own role. It is a deed."""

    list_display = ("handle", "name", "role", "kind", "joined_at", "suspended_until", "left_at")
    list_filter = ("role", "kind")
    search_fields = ("handle", "name", "email")
    fields = (
        "handle", "name", "email", "role", "kind", "owner", "joined_at", "active_days", "vouched_at",
        "suspended_until", "leaving_at", "left_at",
    )  # fmt: skip
    readonly_fields = tuple(name for name in fields if name != "role")

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Whoever else is here."""
        return obj is None or (isinstance(obj, Person) and obj != request.user and obj.left_at is None)

    def save_model(self, request: HttpRequest, obj: Person, form: ModelForm[Any], change: bool) -> None:
        """Give the person the role, and write that down."""
        del form, change
        moderating.promote(viewer_of(request).person, obj, Role(obj.role), now=timezone.now())


class Comments(ReadOnly):
    """Comments."""

    list_display = ("pk", "named", "person", "state", "written_at", "upheld")
    list_filter = ("state", "is_by_agent")
    list_select_related = ("person",)


class Submissions(ReadOnly):
    """Submissions."""

    list_display = ("pk", "text", "person", "state", "day", "submitted_at")
    list_filter = ("state",)
    list_select_related = ("person",)


class Claims(ReadOnly):
    """Claims."""

    list_display = ("pk", "person", "kind", "slug", "state", "asked_at")
    list_filter = ("state", "kind")
    list_select_related = ("person",)


class Reports(ReadOnly):
    """Reports."""

    list_display = ("pk", "kind", "target", "reason", "at", "is_upheld")
    list_filter = ("kind", "is_upheld")


class Deeds(ReadOnly):
    """The log of moderation."""

    list_display = ("pk", "at", "verb", "kind", "target", "reason")
    list_filter = ("verb",)


site = Operators(name="admin")
site.register(Person, People)
site.register(Comment, Comments)
site.register(Submission, Submissions)
site.register(Claim, Claims)
site.register(Report, Reports)
site.register(Deed, Deeds)
