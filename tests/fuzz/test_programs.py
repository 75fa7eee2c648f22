"""Whatever programs send, one request after the other, nothing breaks: our own API and Hugging Face's, with a token
that may all, without one, and with one that is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
import time_machine
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from tests.people import bearer, person, said
from tests.web.press import SUNDAY, paper, publish

from broadsheet.accounts.access import Viewer
from broadsheet.community import claiming, submitting
from broadsheet.search import indexing

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
BATCH = "POST /api/v1/papers/batch"
WHO = ("nobody", "unknown", "moderator")
QUICK = settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    deadline=None,
)


def parameter(name: str, *examples: str) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1, "examples": list(examples)}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def posted(**fields: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "properties": fields}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {"requestBody": body, "responses": {"201": {"description": "Done."}}}


TEXT = {"type": "string", "examples": ["Is it $O(n)$?"]}
NAME = parameter("name", "2611.00001", "2611.00007")
READ = {"responses": {"200": {"description": "Found."}}}
IDS = {"type": "string", "pattern": "^[0-9a-f]{24}$"}
# Nothing describes Hugging Face's routes, so they are described here as far as they are to be tried.
HUGGING_FACE = {
    "openapi": "3.1.0",
    "info": {"title": "Hugging Face's routes", "version": "1"},
    "paths": {
        "/api/whoami-v2": {"get": READ},
        "/api/daily_papers": {
            "get": READ
            | {
                "parameters": [
                    {"name": name, "in": "query", "schema": {"type": "string"}}
                    for name in ("date", "week", "month", "submitter", "sort", "p", "limit")
                ]
            }
        },
        "/api/papers/search": {"get": READ | {"parameters": [{"name": "q", "in": "query", "schema": TEXT}]}},
        "/api/papers/{name}": {
            "get": READ
            | {"parameters": [NAME, {"name": "field", "in": "query", "schema": {"enum": ["comments", "x"]}}]}
        },
        "/api/users/{name}/overview": {"get": READ | {"parameters": [parameter("name", "mira")]}},
        "/api/users/{name}/followers": {"get": READ | {"parameters": [parameter("name", "mira")]}},
        "/api/papers/index": {"post": posted(arxivId={"type": "string", "pattern": r"^\d{4}\.\d{4,5}$"})},
        "/api/papers/submit": {"post": posted(paperId=TEXT, comment=TEXT, mediaUrls={"type": "array"})},
        "/api/papers/{name}/comment": {"post": posted(comment=TEXT) | {"parameters": [NAME]}},
        "/api/papers/{name}/comment/{to}/reply": {
            "post": posted(comment=TEXT)
            | {"parameters": [NAME, parameter("to", f"{1:024x}", f"{2**62:024x}", f"{2**64:024x}")]}
        },
        "/api/papers/{name}/links": {
            "post": posted(githubRepo=TEXT, projectPage=TEXT, organizationId=IDS)
            | {"parameters": [parameter("name", f"{1:024x}", "2611.00001")]}
        },
        "/api/settings/papers/claim": {"post": posted(paperId=TEXT, claimAuthorId=IDS, targetUserId=IDS)},
    },
}


@pytest.fixture(autouse=True)
def _a_site(db, settings, tmp_path) -> Iterator[None]:
    """Papers, and what people did with them: so that something is found. Limits would refuse all but a few."""
    changed = {"data": tmp_path, "limits": "off", "access": "invitation", "api_quota": 10**9}
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update=changed)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with time_machine.travel(SUNDAY, tick=False):
        publish(paper(1), *(paper(number, listed=None, signals=()) for number in (7, 8)))
        while indexing.catch_up():
            pass
        mira = person("mira")
        said("First.", by=mira, paper="2611.00001")
        said("Held.", by=mira, paper="2611.00001", via=Viewer(mira, is_agent=True))
        submitting.submit(Viewer(mira), "2611.00008", now=SUNDAY)
        claiming.ask_author(Viewer(mira), 1, "arxiv:2611.00001", "author-a-of-1", now=SUNDAY)
        yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def token_of(who: str) -> dict[str, str]:
    if who == "nobody":
        return {}
    if who == "unknown":
        return {"Authorization": "Bearer hf_of_somebody_else"}
    return bearer(person(f"mod-{uuid4().hex[:8]}", role="moderator"))


def of_ours() -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


def of_hugging_face() -> Any:
    described = schemathesis.openapi.from_dict(HUGGING_FACE)
    described.app = get_wsgi_application()
    return described


def both_modes(described: Any) -> Any:
    described.config.generation.update(modes=list(GenerationMode))
    return described


@pytest.mark.parametrize("who", WHO)
def test_requests_to_our_api_that_follow_from_each_other_break_nothing(who):
    answered = walk(both_modes(of_ours()), token_of(who))
    assert len(answered) > 100
    written = {name for name, method, status in answered if method != "GET" and status < 300}
    # Whoever may do nothing reads a batch by POST, and that is all.
    assert written > {BATCH} if who == "moderator" else written <= {BATCH}


@pytest.mark.parametrize("who", WHO)
def test_requests_to_hugging_faces_routes_break_nothing(who):
    described, token = both_modes(of_hugging_face()), token_of(who)
    for result in described.get_all_operations():
        operation = result.ok()

        @QUICK
        @given(operation.as_strategy())
        def tried(case: Any) -> None:
            case.call_and_validate(checks=[not_a_server_error], headers=token)

        tried()


def walk(described: Any, token: dict[str, str]) -> list[tuple[str, str, int]]:
    """Take answers apart for what the next requests may name, and send these. What was asked, how, and answered
    by which status.
    """
    answered: list[tuple[str, str, int]] = []

    class Walk(described.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            # What follows is made of what was answered: each walk begins with the same things.
            super().setup()
            self.before = transaction.savepoint()

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.before)
            super().teardown()

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            del case
            return {"headers": token | {"Accept-Encoding": "identity"}}

        def validate_response(self, response: Any, case: Any, *_: Any, **__: Any) -> None:
            answered.append((case.operation.label, case.method, response.status_code))
            case.validate_response(response, checks=[not_a_server_error])

    Walk.run(settings=settings(QUICK, max_examples=30, stateful_step_count=15))
    return answered
