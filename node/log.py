"""Every event is one line, for people or for machines, with the ids of what it belongs to."""

import json
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final, TextIO

LEVELS: Final = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}

# The packages that write no text of people's into a line.
OURS: Final = ("federation", "node", "storage")

# What every record has; the rest came as `extra`.
OWN_FIELDS: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

# One mapping per task tree; it is replaced, never changed.
CONTEXT: Final[ContextVar[Mapping[str, str]]] = ContextVar("log_context")


@contextmanager
def context(**ids: str) -> Iterator[None]:
    """Write these ids (request, activity, delivery) on every line from inside this block."""
    token = CONTEXT.set({**CONTEXT.get({}), **ids})
    try:
        yield
    finally:
        CONTEXT.reset(token)


def set_up(style: str, level: str, *, stream: TextIO | None = None) -> None:
    """Send every line of the process to one place in one form.

    Args:
        style: "console", a line for people, or "json".
        level: A key of `LEVELS`.
        stream: Where to; standard error if absent.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLine() if style == "json" else ConsoleLine())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # SECURITY: what libraries say at the level "debug" is what they handle, such as each statement
    # with the text of a message in it; tests/network/test_outsider_places.py.
    root.setLevel(max(LEVELS[level], logging.INFO))
    for name in OURS:
        logging.getLogger(name).setLevel(LEVELS[level])


class JsonLine(logging.Formatter):
    """A JSON object: time, level, logger, message, then the fields of the event."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record on one line."""
        line = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class ConsoleLine(logging.Formatter):
    """Time, level, message, then `field=value`; a traceback follows on lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record for a person."""
        fields = "".join(f" {key}={_quoted(value)}" for key, value in _fields(record).items())
        line = f"{_time(record)} {record.levelname:<7} {_one_line(record.getMessage())}{fields}"
        if record.exc_info:
            line = f"{line}\n{self.formatException(record.exc_info)}"
        return line


def _fields(record: logging.LogRecord) -> dict[str, object]:
    extra = {key: value for key, value in vars(record).items() if key not in OWN_FIELDS}
    return {**extra, **CONTEXT.get({})}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _one_line(text: str) -> str:
    """SECURITY: what a peer sent must not begin a line of its own; test_log.py tries it."""
    return text if text.isprintable() else json.dumps(text, ensure_ascii=True)[1:-1]


def _quoted(value: object) -> str:
    text = str(value)
    is_plain = text.isprintable() and " " not in text and '"' not in text and bool(text)
    return text if is_plain else json.dumps(text, ensure_ascii=not text.isprintable())
