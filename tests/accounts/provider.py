"""A provider of OpenID Connect on this machine, in a process of its own, and somebody who signs in there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from tests.accounts.visiting import Visitor
from tests.ports import free_port

START = "/accounts/oidc/oidc/login/"


@contextmanager
def providing(*people: dict[str, Any]) -> Iterator[str]:
    """The address of a provider that knows these people, each by a `sub`."""
    port = free_port()
    claims = [part for person in people for part in ("--user-claims", json.dumps(person))]
    command = [Path(sys.executable).with_name("oidc-provider-mock"), "--port", str(port), *claims]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(f"{address}/.well-known/openid-configuration")
            yield address
        finally:
            server.terminate()


def _wait_for(address: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(address, timeout=60).close()
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(address)


def go_there_and_back(visitor: Visitor, sub: str, start: str = START) -> Any:
    """Press the button, say at the provider who one is, and come back."""
    gone = visitor.post(start, follow=False)
    there = gone.headers["Location"]
    with httpx2.Client(trust_env=False) as other:
        answer = other.post(there, data={"sub": sub})
    back = urlsplit(answer.headers["Location"])
    assert parse_qs(back.query).get("code"), answer.text
    assert re.search(r"code_challenge=[\w-]{43}", there)
    return visitor.get(f"{back.path}?{back.query}", follow=True)
