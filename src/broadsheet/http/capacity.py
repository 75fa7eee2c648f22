"""How many connections a process that serves may have."""

from __future__ import annotations

import resource

MOST = 4096
# Descriptors that are no connections: the database, the index, files that are sent.
KEPT_FREE = 256


def room() -> int:
    """How many connections this process may have, after it took what descriptors the system gives."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + KEPT_FREE
    soft = wanted if most == resource.RLIM_INFINITY else min(most, wanted)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, most))
    return max(soft - KEPT_FREE, KEPT_FREE)
