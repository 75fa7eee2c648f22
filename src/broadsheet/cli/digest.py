"""Commands about digests: see, send or stop what is due, try whether mail arrives, read what came back."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import click

WAITS = "Nothing is sent"


@click.group()
def digest() -> None:
    """Digests: see what would be sent, send or stop what is due, read a bounce."""


@digest.command(epilog="Example: broadsheet digest preview ada@lab.example")
@click.argument("wanted", metavar="READER|TOPIC")
@click.option("--html", "as_html", is_flag=True, help="Print the HTML part.")
@click.option("--raw", is_flag=True, help="Print the whole message, as it would go over the wire.")
def preview(wanted: str, as_html: bool, raw: bool) -> None:
    """Print what a reader would be sent now, or what a mail of a topic looks like; nobody is sent it."""
    from broadsheet.digests import previewing

    try:
        content = previewing.preview(wanted, now=datetime.now(UTC))
    except previewing.NoPreviewError as problem:
        raise click.ClickException(str(problem)) from problem
    if raw:
        click.echo(content, nl=False)
        return
    message = message_from_bytes(content, policy=policy.default)
    part = message.get_body(("html",) if as_html else ("plain",))
    assert isinstance(part, EmailMessage)
    click.echo(f"Subject: {message['Subject']}\n")
    click.echo(part.get_content().replace("\r\n", "\n"))


@digest.command(epilog="Example: broadsheet digest send --now")
@click.option("--now", "at_once", is_flag=True, help="Also what waits for another try, was held or given up.")
def send(at_once: bool) -> None:
    """Send what is due, as the worker does."""
    from broadsheet.accounts.mail import why_no_mail
    from broadsheet.digests import pace, sending, switch

    if why_no_mail():
        click.echo(why_no_mail(), err=True)
    now = datetime.now(UTC)
    if not switch.may_send(now=now):
        raise click.ClickException(f"{WAITS}: {switch.state().reason}")
    if at_once:
        sending.hurry()
    sent = sending.send_due(pace.usual())
    click.echo(f"{sent} digests were sent.")
    if (trouble := switch.state()).trouble_at and trouble.trouble_at >= now:
        raise click.ClickException(f"What carries them is away: {trouble.trouble}")


@digest.command(epilog="Example: broadsheet digest status --json")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(as_json: bool) -> None:
    """Say what is due, sent, deferred, doubtful and refused."""
    from broadsheet.digests import overview

    stands = overview.read(now=datetime.now(UTC))
    if as_json:
        click.echo(json.dumps(stands.plain(), default=str, indent=2))
        return
    for sentence in stands.sentences():
        click.echo(sentence)
    for error in stands.plain()["errors"]:
        click.echo(error)


@digest.command(epilog='Example: broadsheet digest pause "the relay moves"')
@click.argument("reason", default="an operator paused it")
def pause(reason: str) -> None:
    """Send nothing until `broadsheet digest resume`."""
    from broadsheet.digests import switch

    switch.pause(reason, now=datetime.now(UTC))
    click.echo(f"{WAITS}: {switch.state().reason}")


@digest.command(epilog="Example: broadsheet digest resume")
def resume() -> None:
    """Send again; what was missed comes in one digest for each reader."""
    from broadsheet.digests import switch

    switch.resume()
    click.echo("What is due is sent again.")


@digest.command(epilog="Example: broadsheet digest test you@lab.example")
@click.argument("address")
def test(address: str) -> None:
    """Send a test message, and print what the relay says."""
    from broadsheet.digests import trying

    try:
        click.echo(trying.test(address, now=datetime.now(UTC)))
    except trying.NotTakenError as problem:
        raise click.ClickException(str(problem)) from problem


@digest.command(epilog="Example: broadsheet digest rotate")
def rotate() -> None:
    """Seal the secrets of services and webhooks with the secret key of now, instead of the one before."""
    from broadsheet.digests import sealing

    good, lost = sealing.rotate()
    click.echo(f"{good} channels are sealed with the secret key of now.")
    if lost:
        raise click.ClickException(
            f"{lost} channels are sealed with a key that is not given: give the secret key before as"
            " BROADSHEET_OLD_SECRET_KEY, or let their owners add them again."
        )


@digest.command(epilog="Example: broadsheet digest lift ada@lab.example")
@click.argument("address")
def lift(address: str) -> None:
    """Let mail go again to an address to which nothing is sent since it bounced or complained."""
    from broadsheet.digests import suppressing

    if not suppressing.lift(address, now=datetime.now(UTC)):
        raise click.ClickException(f"{address} is not suppressed.")
    click.echo(f"Mail goes to {address} again.")


@digest.command(epilog="Example: broadsheet digest bounce < message.eml")
def bounce() -> None:
    """Read a bounce or a complaint from standard input, for the pipe of a mail server."""
    from broadsheet.digests import bouncing

    try:
        said = bouncing.record(sys.stdin.buffer.read(bouncing.MOST_BYTES), now=datetime.now(UTC))
    except bouncing.NoBounceError as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(said)
