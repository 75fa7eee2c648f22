"""What an operator may set about what people do."""

from __future__ import annotations

from pydantic import BaseModel, Field

from broadsheet.configured import configured


class SubmissionSettings(BaseModel):
    """What papers may be submitted."""

    submission_days: int = Field(
        30, ge=0, description="How many days old a paper may be that a reader submits; 0 for any age."
    )


def submission_days() -> int:
    """How many days old a submitted paper may be; 0 for any age."""
    return configured(SubmissionSettings).submission_days
