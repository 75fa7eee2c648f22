"""How tasks are written into the queue: as JSON, since whoever writes a pickle there makes us run code."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from huey.registry import Message
from huey.serializer import Serializer

TIMES = ("eta", "expires", "expires_resolved")


class JsonSerializer(Serializer):  # type: ignore[misc]
    """Messages of huey as JSON objects without the fields that say nothing.

    Huey's own serializer unpickles, and a pickle may call any function.
    """

    def _serialize(self, message: Message) -> bytes:
        values = zip(Message._fields, message, strict=True)  # noqa: SLF001, how a named tuple tells its fields
        fields = {name: value for name, value in values if value}
        return orjson.dumps(fields)

    def _deserialize(self, data: bytes) -> Message:
        fields: dict[str, Any] = orjson.loads(data)
        times = {name: datetime.fromisoformat(fields[name]) for name in TIMES if name in fields}
        return Message(**{"args": (), "kwargs": {}, "retries": 0, "retry_delay": 0} | fields | times)
