"""The OpenAPI document is true: whatever it allows is answered, as it says."""

from __future__ import annotations

from http import HTTPStatus
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Response
from tests.api.v1.openapi import EVERY_CHECK, WHERE_TOLD, described
from tests.people import bearer, person

pytestmark = pytest.mark.django_db


@pytest.mark.thorough
@described.parametrize()
@settings(max_examples=3, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@pytest.mark.parametrize("who", ["nobody", "somebody"])
def test_every_route_answers_as_it_says(who, case, filled):
    token = bearer(person(f"mira-{uuid4().hex[:8]}")) if who == "somebody" else {}
    headers = {"Accept-Encoding": "identity"} | token
    response = case.call(headers=headers)
    case.validate_response(
        response,
        checks=EVERY_CHECK,
        excluded_checks=WHERE_TOLD * is_told(response),
        headers=headers,
        transport_kwargs={"headers": headers},
    )


def is_told(response: Response) -> bool:
    """Whether a room refused what any text may be: what no schema says, and no parameter is wrong by itself."""
    return response.status_code == HTTPStatus.BAD_REQUEST and response.json()["errors"] == []
