"""What an operator may set about the pages."""

from __future__ import annotations

from pydantic import BaseModel, Field

from broadsheet.configured import configured


class PageSettings(BaseModel):
    """How much a page shows."""

    page_size: int = Field(
        50, ge=10, le=200, description="Papers on one page of a list; of search results, 25 at most."
    )


def page_settings() -> PageSettings:
    """What is set about the pages."""
    return configured(PageSettings)
