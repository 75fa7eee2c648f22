"""The room as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Registers the check that each table which points at papers survives a merge."""

    name = "broadsheet.papers"

    def ready(self) -> None:
        """Import what registers itself; it needs the models."""
        for module in ("lookups", "merges"):
            import_module(f"broadsheet.papers.{module}")
