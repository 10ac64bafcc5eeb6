"""Structured logs: one line an event, no secrets, no positions."""

import logging
import sys
from typing import Any

import structlog

SECRET = frozenset({"password", "token", "cookie", "authorization", "lat", "lon", "position", "text", "note"})


def hide(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Removes what a log must never keep, whoever logged it."""
    for key in SECRET & event.keys():
        event[key] = "…"
    return event


def set_up(level: str = "INFO", form: str = "text") -> None:
    """Routes structlog and the standard library's loggers to stderr."""
    line: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            hide,
            *([structlog.processors.format_exc_info] if form == "json" else []),
            line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("uvicorn.access").disabled = True
