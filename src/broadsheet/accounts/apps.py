"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People."""

    name = "broadsheet.accounts"
    default_auto_field = "django.db.models.BigAutoField"
