"""An agent as tests see it: the SDK's client, asked one thing after the other, over either transport."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from tests.ports import free_port

COMMAND = [sys.executable, "-m", "broadsheet.cli.main"]
SITE = "papers.example.org"


@dataclass
class Agent:
    """A client with a connection; what it is asked returns when the answer is there."""

    client: Client
    portal: BlockingPortal

    def call(self, tool: str, **arguments: object) -> dict[str, Any]:
        """The structured answer of a tool, which has to be one, and the same as its text."""
        answer = self.portal.call(self.client.call_tool, tool, arguments)
        assert not answer.is_error, answer.content
        (content,) = answer.content
        assert json.loads(content.text) == answer.structured_content
        return answer.structured_content

    def refusal(self, tool: str, **arguments: object) -> str:
        """What is said about a call that has to fail."""
        answer = self.portal.call(self.client.call_tool, tool, arguments)
        assert answer.is_error
        assert answer.structured_content is None
        (content,) = answer.content
        return content.text

    def read(self, address: str) -> str:
        """The text of a resource, which has to be Markdown."""
        (content,) = self.portal.call(self.client.read_resource, address).contents
        assert (content.uri, content.mime_type) == (address, "text/markdown")
        return content.text

    def begin(self, prompt: str, **arguments: str) -> list[Any]:
        """What the messages of a prompt hold."""
        messages = self.portal.call(self.client.get_prompt, prompt, arguments).messages
        assert {message.role for message in messages} == {"user"}
        return [message.content for message in messages]


@contextmanager
def agent(
    server: str | StdioServerParameters | AbstractAsyncContextManager[Any], mode: str = "auto"
) -> Iterator[Agent]:
    """Connect to a server, and part from it."""
    with start_blocking_portal() as portal:
        client = Client(server, mode=mode, raise_exceptions=True)
        with portal.wrap_async_context_manager(client):
            yield Agent(client, portal)


@contextmanager
def agent_under_a_real_name(url: str, **headers: str) -> Iterator[Agent]:
    """Connect as through a proxy that hands the host's name on."""
    with start_blocking_portal() as portal:
        asking = httpx2.AsyncClient(headers={"Host": SITE} | headers)
        client = Client(streamable_http_client(url, http_client=asking))
        with portal.wrap_async_context_manager(asking), portal.wrap_async_context_manager(client):
            yield Agent(client, portal)


def by_command(data: Path) -> StdioServerParameters:
    """How a client starts `broadsheet mcp`."""
    arguments = [*COMMAND[1:], "--data", str(data), "mcp"]
    return StdioServerParameters(command=COMMAND[0], args=arguments, env=dict(os.environ))


@contextmanager
def served(data: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address of `serve` at /mcp, for as long as it is needed, and its process."""
    command = [*COMMAND, "--data", str(data), "serve", "--no-worker", "--port", str(free_port())]
    environment = os.environ | {"BROADSHEET_SITE_URL": f"https://{SITE}"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        try:
            said = next(line for line in server.stdout if line.startswith("Broadsheet is at "))
            yield f"{said.split()[3]}mcp", server
        finally:
            server.terminate()
            server.communicate(timeout=30)
