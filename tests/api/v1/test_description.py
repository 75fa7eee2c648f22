"""The OpenAPI document is true: whatever it allows is answered, as it says."""

from __future__ import annotations

from types import ModuleType

import pytest
from tests.people import bearer, person, said
from tests.web.press import SUNDAY

from broadsheet.accounts.access import Viewer
from broadsheet.community import submitting

pytestmark = pytest.mark.django_db


@pytest.fixture
def openapi(db) -> ModuleType:
    """Reading the document takes a second, also where none of these tests runs: it is not read before."""
    from tests.api.v1 import openapi

    return openapi


# What is not answered by 200: created, withdrawn; and the paper of the examples was taken back.
OTHERWISE = {
    "cast_vote": 409,
    "write_comment": 201,
    "withdraw_comment": 204,
    "submit": 201,
    "read_notices": 204,
}
OTHERWISE |= {"withdraw_submission": 204, "unfollow": 204}
TEXT = {"text": "Is it $O(n)$?"}
BODIES = {"batch": ["2408.00714"], "write_comment": TEXT, "edit_comment": TEXT}
BODIES |= {"submit": {"paper": "2611.00007"}, "read_notices": {"until": 1}}


def test_the_examples_of_every_route_are_answered(openapi, filled):
    mira = person()
    token, comment = bearer(mira), said("Mira's.", by=mira)
    another = said("Tom's.", by=person("tom"))
    submission = submitting.submit(Viewer(mira, is_agent=True), "2611.00008", now=SUNDAY)
    for path, method in openapi.OPERATIONS:
        operation = openapi.document["paths"][path][method]
        path_parameters = {
            parameter["name"]: parameter["schema"]["examples"][0]
            for parameter in operation["parameters"]
            if parameter["in"] == "path"
        }
        if "comment" in path_parameters:
            path_parameters["comment"] = another.pk if path.endswith("helpful") else comment.pk
        if "submission" in path_parameters:
            path_parameters["submission"] = submission.pk
        name = operation["operationId"]
        body = {"body": BODIES[name]} if name in BODIES else {}
        case = openapi.described[path][method].Case(path_parameters=path_parameters, **body)
        headers = {"Accept-Encoding": "identity"} | (token if "security" in operation else {})
        answer = case.call_and_validate(checks=openapi.EVERY_CHECK, headers=headers)
        assert answer.status_code == OTHERWISE.get(name, 200), (name, answer.text)


def test_the_document_is_openapi(openapi):
    openapi.described.validate()


def test_every_limit_is_stated(openapi):
    for path, method in openapi.OPERATIONS:
        for parameter in openapi.document["paths"][path][method]["parameters"]:
            assert parameter["description"]
            most = parameter["schema"].get("maximum")
            assert most is None or f"{most:,}" in parameter["description"], (path, parameter["name"])
