"""The OpenAPI document is true: whatever it allows is answered, as it says."""

from __future__ import annotations

from types import ModuleType

import pytest
from tests.people import bearer, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def openapi(db) -> ModuleType:
    """Reading the document takes a second, also where none of these tests runs: it is not read before."""
    from tests.api.v1 import openapi

    return openapi


def test_the_examples_of_every_route_are_answered(openapi, filled):
    token = bearer(person())
    for path, method in openapi.OPERATIONS:
        path_parameters = {
            parameter["name"]: parameter["schema"]["examples"][0]
            for parameter in openapi.document["paths"][path][method]["parameters"]
            if parameter["in"] == "path"
        }
        body = {"body": ["2408.00714"]} if method == "post" else {}
        case = openapi.described[path][method].Case(path_parameters=path_parameters, **body)
        takes_token = "security" in openapi.document["paths"][path][method]
        headers = {"Accept-Encoding": "identity"} | (token if takes_token else {})
        answer = case.call_and_validate(checks=openapi.EVERY_CHECK, headers=headers)
        # The one that the examples name was withdrawn.
        assert answer.status_code == (409 if path.endswith("/vote") and method == "put" else 200), path


def test_the_document_is_openapi(openapi):
    openapi.described.validate()


def test_every_limit_is_stated(openapi):
    for path, method in openapi.OPERATIONS:
        for parameter in openapi.document["paths"][path][method]["parameters"]:
            assert parameter["description"]
            most = parameter["schema"].get("maximum")
            assert most is None or f"{most:,}" in parameter["description"], (path, parameter["name"])
