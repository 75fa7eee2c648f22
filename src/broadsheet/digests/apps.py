"""The room as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class DigestsConfig(AppConfig):
    """Who gets which mail when."""

    name = "broadsheet.digests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Follow papers that are parted."""
        import_module("broadsheet.digests.moving")
        import_module("broadsheet.digests.leaving")
