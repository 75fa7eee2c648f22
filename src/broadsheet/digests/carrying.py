"""What carries the digests of each kind of channel."""

from __future__ import annotations

from broadsheet.digests import services, webhooks
from broadsheet.digests.models import Channel
from broadsheet.digests.ways import MAIL, Way

ways: dict[str, Way] = {
    Channel.Kind.MAIL: MAIL,
    Channel.Kind.SERVICE: services.way(),
    Channel.Kind.WEBHOOK: webhooks.way(),
}
