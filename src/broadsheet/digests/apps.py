"""The room as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class DigestsConfig(AppConfig):
    """Who gets which mail when."""

    name = "broadsheet.digests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself; it needs the models."""
        import_module("broadsheet.digests.leaving")
