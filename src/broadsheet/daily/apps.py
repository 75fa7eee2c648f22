"""The room as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class DailyConfig(AppConfig):
    """Registers how the papers of topics follow those that are merged and split, what becomes of the topics
    of whoever leaves, and how moderators make topics private.
    """

    name = "broadsheet.daily"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself; it needs the models."""
        import_module("broadsheet.daily.moving")
        import_module("broadsheet.daily.leaving")
        import_module("broadsheet.daily.moderating")
        import_module("broadsheet.daily.votes")
