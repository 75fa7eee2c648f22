"""The OpenAPI document is true: whatever it allows is answered, as it says."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from tests.api.v1.openapi import EVERY_CHECK, described
from tests.people import bearer, person

pytestmark = pytest.mark.django_db


@pytest.mark.thorough
@described.parametrize()
@settings(max_examples=3, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@pytest.mark.parametrize("who", ["nobody", "somebody"])
def test_every_route_answers_as_it_says(who, case, filled):
    token = bearer(person(f"mira-{uuid4().hex[:8]}")) if who == "somebody" else {}
    case.call_and_validate(checks=EVERY_CHECK, headers={"Accept-Encoding": "identity"} | token)
