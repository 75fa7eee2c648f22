"""The OpenAPI document is true: whatever it allows is answered, as it says."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

pytestmark = pytest.mark.django_db
load_all_checks()
EVERY_CHECK = CHECKS.get_all()
described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
described.config.generation.update(modes=list(GenerationMode))
document = described.raw_schema
OPERATIONS = [(path, method) for path, methods in document["paths"].items() for method in methods]


def test_the_examples_of_every_route_are_answered(filled):
    for path, method in OPERATIONS:
        path_parameters = {
            parameter["name"]: parameter["schema"]["examples"][0]
            for parameter in document["paths"][path][method]["parameters"]
            if parameter["in"] == "path"
        }
        body = {"body": ["2408.00714"]} if method == "post" else {}
        case = described[path][method].Case(path_parameters=path_parameters, **body)
        answer = case.call_and_validate(checks=EVERY_CHECK, headers={"Accept-Encoding": "identity"})
        assert answer.status_code == 200


def test_the_document_is_openapi():
    described.validate()


def test_every_limit_is_stated():
    for path, method in OPERATIONS:
        for parameter in document["paths"][path][method]["parameters"]:
            assert parameter["description"]
            most = parameter["schema"].get("maximum")
            assert most is None or f"{most:,}" in parameter["description"], (path, parameter["name"])
