"""What an operator may set about what people do."""

from __future__ import annotations

from pydantic import BaseModel, Field

from broadsheet.configured import configured


class SubmissionSettings(BaseModel):
    """What papers may be submitted."""

    submission_days: int = Field(
        30, ge=0, description="How many days old a paper may be that a reader submits; 0 for any age."
    )


class OverlapSettings(BaseModel):
    """What moderators are shown of people who vote together."""

    overlap_days: int = Field(
        90, ge=1, description="How far back moderators see which people vote for the same papers, in days."
    )
    overlap_papers: int = Field(
        4, ge=2, description="From how many papers in common on two people are said to vote together."
    )
    burst_votes: int = Field(
        20, ge=2, description="From how many votes within an hour on a paper is shown to moderators."
    )


def submission_days() -> int:
    """How many days old a submitted paper may be; 0 for any age."""
    return configured(SubmissionSettings).submission_days
