"""Pages that are rendered once and kept."""

from broadsheet.papers.keeping import kept

__all__ = ["kept"]
