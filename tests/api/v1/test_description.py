"""The OpenAPI document is true: whatever it allows is answered, as it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from tests.web.press import SUNDAY, paper, publish

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, OrganizationName, Version

pytestmark = pytest.mark.django_db
load_all_checks()
EVERY_CHECK = CHECKS.get_all()
described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
described.config.generation.update(modes=list(GenerationMode))
document = described.raw_schema
OPERATIONS = [(path, method) for path, methods in document["paths"].items() for method in methods]


@pytest.fixture(autouse=True)
def _the_connection_of_the_test_stays_open() -> Iterator[None]:
    """A server closes what it finds in a transaction when a request ends; here that is the test's own."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def filled(edition, settings) -> None:
    """Papers, of which one has what the examples name, and about everything that a paper can have."""
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": "arxiv,huggingface"})
    rich = paper(
        11,
        authors=(AuthorName("Ines Vale", "Vale", "Ines"),),
        organizations=(OrganizationName("northlab", "North Lab"),),
        categories=("cs.CL",),
        versions=(Version(1, SUNDAY), Version(2)),
        keywords=("soup",),
        withdrawn=True,
        notice="Wrong.",
        updated_at=SUNDAY,
    )
    rich = replace(
        rich, identifiers=(Identifier("arxiv", "2408.00714"), Identifier("acl", "2024.acl-long.1"))
    )
    publish(rich, replace(paper(12), identifiers=(Identifier("arxiv", "2103.00020"),)))
    publish(replace(rich, title="Renamed", observed_at=SUNDAY + timedelta(hours=1)))


@pytest.mark.thorough
@described.parametrize()
@settings(max_examples=3, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
def test_every_route_answers_as_it_says(case, filled):
    case.call_and_validate(checks=EVERY_CHECK, headers={"Accept-Encoding": "identity"})


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
