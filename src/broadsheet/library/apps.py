"""The room as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """What is a person's own."""

    name = "broadsheet.library"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself; it needs the models."""
        import_module("broadsheet.library.leaving")
        import_module("broadsheet.library.moving")
