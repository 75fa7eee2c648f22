"""The OpenAPI document is true: whatever it allows is answered, as it says."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

pytestmark = pytest.mark.django_db
TRUE = (not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance)

described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@described.parametrize()
@settings(max_examples=10, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
def test_every_route_answers_as_it_says(case, edition):
    case.call_and_validate(checks=TRUE, headers={"Accept-Encoding": "identity"})
