"""The OpenAPI document is true: whatever it allows is answered, as it says."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from tests.api.v1.openapi import EVERY_CHECK, described

pytestmark = pytest.mark.django_db


@pytest.mark.thorough
@described.parametrize()
@settings(max_examples=3, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
def test_every_route_answers_as_it_says(case, filled):
    case.call_and_validate(checks=EVERY_CHECK, headers={"Accept-Encoding": "identity"})
