"""Logs: one event per operation with named fields; plain on a terminal, JSON elsewhere."""

from __future__ import annotations

import logging
import logging.config
import re
import sys
import time

import structlog

# What follows in an address is a secret: whoever has it is let in, reads, or changes what comes by mail.
_SECRET = re.compile(r"/(enter|join|feeds|confirm|manage|unsubscribe|save)/[^\s?#\"'<>]+")
# Of requests for a host that is not ours, and the like.
SUSPICIONS, MOST_CHARACTERS = "django.security", 200


class Events(logging.Filter):
    """Of what Django logs lets through what is an event: an exception of ours, not every answer that refuses.

    Of requests that make no sense one line a minute is an event, for an operator who has forgotten to name a
    host: bots send thousands.
    """

    def __init__(self) -> None:
        super().__init__(SUSPICIONS)
        self._minute = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written."""
        if record.name.startswith("django."):
            record.msg, record.args = _SECRET.sub(r"/\1/***", record.getMessage()), ()
        if not super().filter(record):
            return record.name != "django.request" or bool(record.exc_info)
        record.msg, record.args, record.exc_info = record.getMessage()[:MOST_CHARACTERS], (), None
        before, self._minute = self._minute, int(time.time() // 60)
        return self._minute != before


def configure_logs(level: str) -> None:
    """Send structlog and the standard library's logging through one handler to standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    on_terminal = sys.stderr.isatty()
    last = structlog.dev.ConsoleRenderer() if on_terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "events": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
                }
            },
            "filters": {"events": {"()": Events}},
            "handlers": {
                "stderr": {"class": "logging.StreamHandler", "formatter": "events", "filters": ["events"]}
            },
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                "huey": {"level": "WARNING"},
                "httpx2": {"level": "WARNING"},
                # What an agent did wrong is in its answer.
                "mcp": {"level": "ERROR"},
                "django.db.backends": {"level": "INFO"},
                # A page that does not exist is an answer, not an event; the metrics count it.
                "django.request": {"level": "ERROR"},
            },
        }
    )
