"""The log: one line for each thing worth knowing, as JSON or readable text, without secrets.

Redaction looks at the finished line, so it also covers tracebacks and what libraries log.
"""

from __future__ import annotations

import logging
import logging.config
import re
import sys
from typing import Any, Final

import structlog

# Stripe's secret and restricted keys, webhook signing secrets, our own API keys, and the password inside a database address.
_SECRETS: Final = re.compile(
    r"(?P<kind>\b[sr]k_(?:test|live)_|\bwhsec_|\bbs_(?=[0-9a-f]{8})|://[^:/@\s]+:(?=[^/@\s]+@))(?P<secret>[^\s\"'\\,;)}\]@&]+)"
)


# The token of a portal link stands in its path: whoever has it is the customer.
_LINKS: Final = re.compile(r"(?P<path>/portal/(?:return/)?)[^/\s\"'\\,;)}\]?#&]+")


def redact(text: str) -> str:
    """Return a text with every secret cut down to its kind: `sk_test_…`, `whsec_…`, `bs_…`, `/portal/…`."""
    return _LINKS.sub(r"\g<path>…", _SECRETS.sub(r"\g<kind>…", text))


def configure_log(level: str, *, as_json: bool) -> None:
    """Send our own and every library's lines to standard error in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render: list[Any]
    if as_json:
        render = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        # Plain tracebacks: the decorated ones print the values of local variables, which may be secrets.
        render = [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render, _redact_line],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": formatter},
            "handlers": {"standard_error": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["standard_error"], "level": level.upper()},
            # A line for each request of a hot door would cost more than the request; a proxy in front logs them.
            "loggers": {name: {"level": "WARNING"} for name in ("uvicorn.access", "stripe", "alembic")},
        }
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _redact_line(logger: Any, method: str, line: str) -> str:
    del logger, method
    return redact(line)
