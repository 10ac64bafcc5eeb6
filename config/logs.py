"""Structured logs: one line an event, no secrets, no positions."""

import logging
import re
import sys
from typing import Any

import structlog

SECRET = frozenset({"password", "token", "cookie", "authorization", "lat", "lon", "position", "text", "note"})


KEY = re.compile(r"(?=[\w-]*[A-Z0-9])[\w-]{43,}", re.ASCII)
"""What a token, a link's key or a hash looks like, wherever it stands: no id of ours is as long."""


def hide(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Removes what a log must never keep, whoever logged it, however deep it lies."""
    return {name: "…" if name in SECRET else _hidden(value) for name, value in event.items()}


def _hidden(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {name: "…" if name in SECRET else _hidden(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [_hidden(one) for one in value]
    return value


def masked(text: str) -> str:
    """Words without the keys in them: a failure may quote an address that is somebody's way in."""
    return KEY.sub("…", text)


def set_up(level: str = "INFO", form: str = "text") -> None:
    """Routes structlog and the standard library's loggers to stderr."""
    line: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            hide,
            line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("uvicorn.access").disabled = True
