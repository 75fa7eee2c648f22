"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """What is a person's own."""

    name = "broadsheet.library"
    default_auto_field = "django.db.models.BigAutoField"
