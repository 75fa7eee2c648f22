"""The room as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """Registers how what people did follows the papers that are merged and split."""

    name = "broadsheet.community"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself; it needs the models."""
        import_module("broadsheet.community.moving")
        import_module("broadsheet.community.leaving")
