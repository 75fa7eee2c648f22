"""What an operator may set about sending."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from broadsheet.configured import configured


class SendingSettings(BaseModel):
    """How digests are sent; where mail goes is a setting of `accounts`."""

    doubt: Literal["resend", "hold"] = Field(
        "resend",
        description="What becomes of a mail where the relay was lost before it said that it has it: resend"
        " the same bytes, or hold it until you say.",
    )
    mail_rate: int = Field(
        20, ge=0, le=10_000, description="How many mails a second go to one domain; 0 for no limit."
    )
    mail_relay_rate: int = Field(
        0, ge=0, le=10_000, description="How many mails a second the relay is given in all; 0 for no limit."
    )
    mail_connections: int = Field(
        4, ge=1, le=50, description="How many connections to the relay a worker has at once, at most."
    )


def sending_settings() -> SendingSettings:
    """What is set about sending."""
    return configured(SendingSettings)
