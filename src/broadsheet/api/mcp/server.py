"""The server that agents talk to: its tools, resources and prompts, whichever way the messages come."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from importlib.metadata import version
from typing import Any, ParamSpec, TypeVar

from django.db import close_old_connections, connection
from mcp.server import MCPServer
from mcp.server.mcpserver.context import Context
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError, UnexpectedToolError
from mcp.server.mcpserver.resources import ResourceSecurity
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolResult,
    GetPromptResult,
    InputRequiredResult,
    Tool,
    ToolAnnotations,
)
from pydantic import ValidationError

from broadsheet.api.mcp import asking, completing, mine, prompts, resources, tools, writing
from broadsheet.api.mcp.tools import QUOTED, RefusalError
from broadsheet.configured import instance

P = ParamSpec("P")
R = TypeVar("R")

ABOUT = (
    "Scientific papers, day by day: a catalogue that can be searched by words and by meaning, the papers of"
    " each day, week and month, and what is talked about now. Without a token everything is read-only; with"
    " one, there are tools that write for its person. There are titles, abstracts and facts, no full texts."
    f" {QUOTED}"
)
READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
# What is written can be taken back, and others read it.
WRITES = ToolAnnotations(
    read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
WRITING = writing.WRITES | mine.WRITES
SCOPES = {tool.__name__: scope for tool, (scope, _) in (WRITING | mine.READS).items()}
TOOLS: dict[Callable[..., Any], str] = {
    tools.search_papers: "Search papers",
    tools.read_paper: "Read a paper",
    tools.edition: "The papers of a day, week or month",
    tools.trending: "Trending papers",
    tools.similar_papers: "Similar papers",
    tools.topic: "What is new in a topic",
    tools.list_topics: "Topics",
    tools.list_sources: "Where the papers come from",
}
MARKDOWN = "text/markdown"
# Where the rooms are asked: over HTTP in the thread of the request, else in one that keeps a connection.
tools_run_in: ContextVar[Executor | None] = ContextVar("tools_run_in", default=None)
_one_thread = ThreadPoolExecutor(1)


class Server(MCPServer[Any]):
    """The SDK's server, but tools that write are there for those alone whose token was made for that. What is
    wrong with a call is said in one sentence.
    """

    async def list_tools(self) -> list[Tool]:
        """The tools for who asks."""
        tools = await super().list_tools()
        return [tool for tool in tools if tool.name not in SCOPES or asking.has(SCOPES[tool.name])]

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool. Raises ToolError with what the agent can do better."""
        takes = {tool.name: tool.input_schema["properties"] for tool in await self.list_tools()}
        if name not in takes and name in SCOPES:
            raise ToolError(f"{name} takes a token with the scope {SCOPES[name]!r} (Authorization: Bearer).")
        if name not in takes:
            raise ToolError(f"No tool has that name; there are {', '.join(takes)}.")
        if not set(arguments) <= set(takes[name]):
            raise ToolError(f"{name} takes {', '.join(takes[name]) or 'no arguments'}, and nothing else.")
        try:
            return await super().call_tool(name, arguments, context)
        except UnexpectedToolError:
            raise
        except ToolError as problem:
            cause = problem.__cause__
            if isinstance(cause, ValidationError):
                raise ToolError(_sentence(cause)) from cause
            raise ToolError(str(cause or problem)) from cause

    async def get_prompt(
        self,
        name: str,
        arguments: dict[str, Any] | None = None,
        context: Context[Any, Any] | None = None,
    ) -> GetPromptResult | InputRequiredResult:
        """Begin a conversation. Raises MCPError with what the client can do better."""
        prompts = {one.name: one.arguments or [] for one in await self.list_prompts()}
        if name not in prompts:
            raise MCPError(INVALID_PARAMS, f"No prompt has that name; there are {', '.join(prompts)}.")
        takes = {one.name: "" if one.required else " (optional)" for one in prompts[name]}
        given, needed = set(arguments or {}), {one.name for one in prompts[name] if one.required}
        if not needed <= given <= set(takes):
            said = ", ".join(argument + note for argument, note in takes.items())
            raise MCPError(INVALID_PARAMS, f"{name} takes {said}.")
        return await super().get_prompt(name, arguments, context)


def _sentence(problem: ValidationError) -> str:
    first = problem.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}."


def _where_the_database_is(
    verb: Callable[P, R], refused: Callable[[str], Exception]
) -> Callable[P, Awaitable[R]]:
    """The verb for the SDK; what the verb refuses is raised as the SDK wants it."""

    def on_a_live_connection(*arguments: P.args, **options: P.kwargs) -> R:
        # No request begins or ends on standard input, so nobody else looks for a connection that broke.
        if not connection.in_atomic_block:
            close_old_connections()
        try:
            return verb(*arguments, **options)
        except RefusalError as problem:
            raise refused(str(problem)) from problem

    @functools.wraps(verb)
    async def answer(*arguments: P.args, **options: P.kwargs) -> R:
        # Another thread has a context of its own, which knows nothing of who asks.
        run = functools.partial(copy_context().run, on_a_live_connection, *arguments, **options)
        return await asyncio.get_running_loop().run_in_executor(tools_run_in.get() or _one_thread, run)

    return answer


def _described(verb: Callable[..., Any]) -> str:
    return f"{inspect.getdoc(verb)}\n\n{QUOTED}"


def _make() -> Server:
    server = Server(
        "broadsheet",
        title=instance().site_name,
        instructions=ABOUT,
        website_url=instance().site_url or None,
        version=version("broadsheet"),
        # What names a paper is looked up and never opened, so that ".." and "/" do no harm.
        resource_security=ResourceSecurity(
            reject_path_traversal=False, reject_absolute_paths=False, reject_null_bytes=False
        ),
        # A subscription would hold a thread of the web server for good.
        subscriptions=False,
    )
    for tool, title in (TOOLS | {tool: title for tool, (_, title) in mine.READS.items()}).items():
        server.add_tool(
            _where_the_database_is(tool, ToolError),
            title=title,
            description=_described(tool),
            annotations=READS,
        )
    for tool, (_, title) in WRITING.items():
        server.add_tool(
            _where_the_database_is(tool, ToolError),
            title=title,
            description=_described(tool),
            annotations=WRITES,
        )
    for resource, (title, address) in resources.RESOURCES.items():
        server.resource(address, title=title, description=_described(resource), mime_type=MARKDOWN)(
            _where_the_database_is(resource, ResourceNotFoundError)
        )
    for prompt, title in prompts.PROMPTS.items():
        server.prompt(title=title, description=inspect.getdoc(prompt))(
            _where_the_database_is(prompt, functools.partial(MCPError, INVALID_PARAMS))
        )
    completion = server.completion()  # type: ignore[no-untyped-call]
    completion(_where_the_database_is(completing.complete, functools.partial(MCPError, INVALID_PARAMS)))
    return server


server = _make()
