"""Whether what is set is enough for mail to arrive."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from broadsheet.accounts.settings import access_settings
from broadsheet.configured import instance
from broadsheet.digests import sealing
from broadsheet.digests.letters.headers import sender_address
from broadsheet.digests.models import Channel


def warnings() -> Iterator[str]:
    """A sentence for each thing that keeps mail from being sent, or from being believed."""
    host, url = urlsplit(instance().site_url).hostname or "", access_settings().smtp_url.get_secret_value()
    if not url and (host or Channel.objects.exists()):
        yield "BROADSHEET_SMTP_URL is empty, so nobody gets mail; name a relay, such as smtp://localhost:25."
    if url and not host:
        yield "BROADSHEET_SITE_URL is empty, so no mail is sent: its links would lead nowhere."
    if lost := sealing.unopenable():
        yield (
            f"{lost} services and webhooks are sealed with another secret key: give that one as"
            " BROADSHEET_OLD_SECRET_KEY, and run `broadsheet digest rotate`."
        )
    domain = sender_address().rpartition("@")[2].lower()
    if url and host and not _are_of_one(host, domain):
        yield (
            f"BROADSHEET_MAIL_FROM is an address of {domain}, and the site is at {host}: mail of another"
            " domain is often taken for spam; use an address of the site's own."
        )


def _are_of_one(host: str, domain: str) -> bool:
    """Whether a site and an address are of one domain: the same, or one below the other."""
    return host == domain or host.endswith(f".{domain}") or domain.endswith(f".{host}")
