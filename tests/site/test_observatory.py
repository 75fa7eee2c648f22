"""The headers that Mozilla's HTTP Observatory looks at, and its rules for them: A+ is 100 points or more."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

# A site behind a proxy that ends TLS, asked by a process of its own: headers depend on the settings of a start.
PROGRAM = """
import json, os
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
client = Client(headers={"x-forwarded-proto": "https", "host": "papers.example"})
for address in ("/", "/status", "/papers?q=x", "/nowhere", "/api/v1/categories"):
    print(json.dumps({"address": address, **client.get(address).headers}))
"""
HALF_A_YEAR = 15_768_000


def answers(tmp_path, **settings: str) -> list[dict[str, str]]:
    import json

    environment = os.environ | {
        "BROADSHEET_DATA": str(tmp_path),
        "BROADSHEET_SITE_URL": "https://papers.example",
    }
    environment |= {f"BROADSHEET_{name}": value for name, value in settings.items()}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def points(headers: dict[str, str]) -> int:
    """What the Observatory gives for an answer over https: 100, less what is missing, and more for what is strict."""
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    scripts = policy.get("script-src", policy["default-src"])
    transport = dict(
        part.strip().partition("=")[::2] for part in headers.get("Strict-Transport-Security", "").split(";")
    )
    strict = not any(
        word in " ".join(policy.values()) for word in ("unsafe-inline", "unsafe-eval", "data:", "*")
    )
    return sum(
        [
            100,
            10 if strict and policy["default-src"] == "'none'" else 5 if strict else -20,
            0 if "http:" not in scripts else -20,
            0 if int(transport.get("max-age", 0)) >= HALF_A_YEAR else -20,
            0 if headers.get("X-Content-Type-Options") == "nosniff" else -5,
            5 if policy.get("frame-ancestors") == "'none'" else -20,
            5 if headers.get("Referrer-Policy") in {"same-origin", "no-referrer", "strict-origin"} else 0,
            10 if headers.get("Cross-Origin-Resource-Policy") == "same-origin" else 0,
            -5 if "Set-Cookie" in headers else 0,
        ]
    )


@pytest.mark.thorough
def test_every_kind_of_answer_gets_an_a_plus(tmp_path):
    found = {headers["address"]: points(headers) for headers in answers(tmp_path, PROXIES="1")}
    assert len(found) == 5
    assert min(found.values()) >= 100, found


@pytest.mark.thorough
def test_without_a_declared_proxy_nobody_can_say_that_they_came_by_https(tmp_path):
    for headers in answers(tmp_path, PROXIES="0"):
        assert "Strict-Transport-Security" not in headers


@pytest.mark.django_db
def test_browsers_are_told_what_our_pages_never_use(client):
    policy = client.get("/").headers["Permissions-Policy"]
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(policy.split(", "))
