"""What tests of people begin with."""

from __future__ import annotations

import pytest


@pytest.fixture
def unlimited(settings):
    """Nobody is told to slow down."""
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "off"})
