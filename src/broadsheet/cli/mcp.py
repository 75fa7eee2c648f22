"""The command `mcp`: the papers for an agent that starts this program and talks to it."""

from __future__ import annotations

import signal

import click
from django.utils.module_loading import import_string


@click.command(epilog="Example: broadsheet mcp")
def mcp() -> None:
    """Answer an agent on standard input and output (Model Context Protocol).

    For a client on this machine, which starts this command; a site that is served answers others at /mcp.
    """
    # Ctrl-C, or that nobody reads what it says, ends it at once: Python would wait for the line that is being
    # read, which may never come.
    for ending in (signal.SIGINT, signal.SIGPIPE):
        signal.signal(ending, signal.SIG_DFL)
    # By its name, as the web server is given the site: no skin imports another.
    import_string("broadsheet.api.mcp.server.server").run("stdio")
