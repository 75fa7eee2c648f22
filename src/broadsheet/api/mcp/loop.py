"""The event loop that the SDK needs, in the thread of the request.

The loop stands still while a tool runs. To hand it to another thread and back took longer than most do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import ParamSpec, TypeVar

import httpx2
from mcp.server.transport_security import TransportSecuritySettings

from broadsheet.accounts.access import Viewer
from broadsheet.api.mcp import asking
from broadsheet.api.mcp.server import server, tools_run_in

P = ParamSpec("P")
R = TypeVar("R")


class BetweenTurns(Executor):
    """Runs what it is given in the thread of a loop, each time that has stopped."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: list[Callable[[], None]] = []

    def submit(self, verb: Callable[P, R], /, *arguments: P.args, **options: P.kwargs) -> Future[R]:
        """Stop the loop, and promise what the verb gives."""
        promise = Future[R]()

        def keep() -> None:
            if not promise.set_running_or_notify_cancel():
                return
            try:
                promise.set_result(verb(*arguments, **options))
            except BaseException as problem:  # noqa: BLE001 - it is raised where it is waited for
                promise.set_exception(problem)

        self._waiting.append(keep)
        self._loop.stop()
        return promise

    def run_until(self, is_done: Callable[[], bool]) -> None:
        """Let the loop and the verbs take turns."""
        while not is_done():
            self._loop.run_forever()
            while self._waiting:
                self._waiting.pop()()


def exchange(message: httpx2.Request, viewer: Viewer) -> tuple[httpx2.Response, bytes]:
    """What the SDK answers to who asks."""
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        turns = BetweenTurns(loop)
        answered = loop.create_task(_exchange(message, viewer, turns))
        answered.add_done_callback(lambda _: loop.stop())
        turns.run_until(answered.done)
        return answered.result()


async def _exchange(
    message: httpx2.Request, viewer: Viewer, turns: BetweenTurns
) -> tuple[httpx2.Response, bytes]:
    # In the context of this task, which ends with it.
    tools_run_in.set(turns)
    asking.viewer.set(viewer)
    app = server.streamable_http_app(
        streamable_http_path=message.url.path,
        json_response=True,
        stateless_http=True,
        # Who may ask is decided before, by the site's own names.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    async with app.router.lifespan_context(app):
        answer = await httpx2.ASGITransport(app).handle_async_request(message)
        return answer, await answer.aread()
