"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class DigestsConfig(AppConfig):
    """Who gets which mail when."""

    name = "broadsheet.digests"
    default_auto_field = "django.db.models.BigAutoField"
