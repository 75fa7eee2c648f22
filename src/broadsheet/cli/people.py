"""Commands about people: the owner's way in, accounts, tokens."""

from __future__ import annotations

import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import click

from broadsheet.configured import instance

FOREVER = timedelta(days=36_500)


def _address(path: str) -> str:
    return f"{instance().site_url or 'http://127.0.0.1:8000'}{path}"


@click.command("open", epilog="Example: broadsheet open")
@click.option("--site", metavar="URL", help="Where the site is, if it is not at port 8000 of this machine.")
@click.option("--browser", is_flag=True, help="Open it in the browser, too.")
def open_(site: str | None, browser: bool) -> None:
    """Print a new link that lets the owner in; it works once, and older ones no more."""
    from broadsheet.accounts import owner

    token = owner.make_link_token(instance().data)
    link = f"{site.rstrip('/')}/enter/{token}" if site else _address(f"/enter/{token}")
    click.echo(link)
    if browser:
        webbrowser.open(link)


@click.group()
def user() -> None:
    """Accounts of people: make one, say what they may, make a token."""


@user.command(epilog="Example: broadsheet user create ada --email ada@lab.example --admin")
@click.argument("handle")
@click.option("--email", default="", help="Where codes to sign in go.")
@click.option("--admin", is_flag=True, help="Make the owner this account; it keeps all that is the owner's.")
def create(handle: str, email: str, admin: bool) -> None:
    """Make an account, and print an invitation where it has no mail address."""
    from broadsheet.accounts import handles, managing, owner

    now = datetime.now(UTC)
    try:
        person = managing.create(
            handle, email=email, now=now, instead_of=owner.owner(now=now) if admin else None
        )
    except (handles.HandleError, managing.AddressError) as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(f"{person.handle} has an account ({person.role}).")
    if not email:
        click.echo(
            "It has no mail address: who is to have it uses a token, or the link of `broadsheet open`."
        )


@user.command(epilog="Example: broadsheet user promote ada moderator")
@click.argument("handle")
@click.argument("role", type=click.Choice(["reader", "curator", "moderator", "operator"]))
def promote(handle: str, role: str) -> None:
    """Say what a person may do for others."""
    from broadsheet.accounts import managing
    from broadsheet.accounts.models import Role
    from broadsheet.community import moderating

    with _known():
        moderating.promote(None, managing.find(handle), Role(role), now=datetime.now(UTC))
    click.echo(f"{handle} is a {role}.")


@user.command(epilog="Example: broadsheet user suspend ada --days 7")
@click.argument("handle")
@click.option("--days", type=click.IntRange(0, 36_500), help="For so long; 0 ends it. Without it: for good.")
@click.option(
    "--reason",
    default="Decided by whoever runs the site.",
    show_default=True,
    help="What everybody reads in the log of moderation.",
)
def suspend(handle: str, days: int | None, reason: str) -> None:
    """Let a person read and do nothing else."""
    from broadsheet.accounts import managing
    from broadsheet.community import deeds, moderating

    now = datetime.now(UTC)
    until = now + (FOREVER if days is None else timedelta(days=days))
    ends = until if days != 0 else None
    with _known():
        try:
            moderating.suspend_by_command(managing.find(handle), until=ends, reason=reason, now=now)
        except (deeds.ReasonError, moderating.ModerationError) as problem:
            raise click.ClickException(str(problem)) from problem
    click.echo(f"{handle} may {'do all again' if days == 0 else f'only read until {until.date()}'}.")


@user.command(epilog="Example: broadsheet user token ada --scope vote,comment --days 90")
@click.argument("handle")
@click.option("--scope", required=True, metavar="SCOPE,…", help="What the program may do.")
@click.option("--name", default="command line", show_default=True, help="What it is for.")
@click.option("--days", type=click.IntRange(1, 3650), help="For so long; without it until it is revoked.")
@click.option(
    "--agent", is_flag=True, help="It writes by itself: labelled as such, and its votes do not count."
)
@click.option(
    "--publishes", is_flag=True, help="What it writes by itself appears at once, unconfirmed by the person."
)
def token(handle: str, *, scope: str, name: str, days: int | None, agent: bool, publishes: bool) -> None:
    """Make a token for a program, and print it; it is not shown again."""
    from broadsheet.accounts import managing, tokens

    with _known():
        person = managing.find(handle)
        try:
            scopes = [part.strip() for part in scope.split(",") if part.strip()]
            _, text = tokens.make(
                person,
                name=name,
                scopes=scopes,
                days=days,
                is_agent=agent,
                publishes=publishes,
                now=datetime.now(UTC),
            )
        except tokens.TokenError as problem:
            raise click.ClickException(str(problem)) from problem
    click.echo(text)


@user.command(epilog="Example: broadsheet user invite --email ada@lab.example")
@click.option("--email", default="", help="For this address alone; without it, for whoever has the link.")
def invite(email: str) -> None:
    """Print a link by which one person may make an account."""
    from broadsheet.accounts import joining

    try:
        code = joining.invite(None, email=email, now=datetime.now(UTC))
    except joining.InvitationError as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(_address(f"/join/{code}"))


@contextmanager
def _known() -> Iterator[None]:
    """Say in a sentence that nobody has the handle."""
    from broadsheet.accounts.managing import NoSuchPersonError

    try:
        yield
    except NoSuchPersonError as problem:
        raise click.ClickException(str(problem)) from problem
