"""What stands in the log: one line for each record, as JSON or as plain text.

Our own records are told as they are written, because they are written to name nobody. Records
of libraries are told without their message: many of them quote what people wrote. What remains
is who spoke, how loud, from which line, and the type of the error.
"""

from __future__ import annotations

import logging
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, TextIO

from pythonjsonlogger.json import JsonFormatter

from bot.errors import places

Style = Literal["json", "plain"]

OURS = frozenset({"hearth", "bot", "handlers", "scheduler", "storage"})
FIELDS = ("kind", "number", "reason", "job", "method", "outcome", "seconds", "rows", "told")
"""What may be added to a record with `extra`; anything else is left out."""


def configure(style: Style | None = None, stream: TextIO | None = None) -> None:
    """Send every record of this process to one stream; a second call replaces the first.

    Args:
        style: plain on a terminal and JSON elsewhere, unless given.
        stream: stderr, unless given.
    """
    stream = stream or sys.stderr
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, _Lines)]:
        root.removeHandler(handler)
    handler = _Lines(stream)
    handler.setFormatter(JsonLines() if _is_json(style, stream) else PlainLines())
    root.addHandler(handler)
    # Bolt copies the root's level, and below WARNING it writes whole requests into the log. So
    # only our own loggers speak at INFO.
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


def told(record: logging.LogRecord) -> dict[str, Any]:
    """Return the fields of a record that may be told."""
    line: dict[str, Any] = {
        "time": _utc(record.created),
        "level": record.levelname,
        "logger": record.name,
    }
    error = record.exc_info[1] if record.exc_info else None
    if _is_ours(record):
        line["message"] = record.getMessage()
        fields = {name: getattr(record, name, None) for name in FIELDS}
        line |= {name: value for name, value in fields.items() if _is_plain(value)}
        if error is not None:
            line |= {"kind": type(error).__name__, "places": places(error)}
        return line
    line["message"] = f"at {record.module}:{record.lineno}"
    if error is not None:
        line["kind"] = type(error).__name__
    return line


class JsonLines(JsonFormatter):
    """One JSON object for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        return self.serialize_log_record(told(record))


class PlainLines(logging.Formatter):
    """One line of text for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line = told(record)
        head = " ".join(str(line.pop(name)) for name in ("time", "level", "logger", "message"))
        rest = "".join(f" {name}={value}" for name, value in line.items())
        return (head + rest).replace("\n", " ")


class _Lines(logging.StreamHandler[TextIO]):
    """Never tells of a record that it cannot write, as logging itself would, with its values."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let libraries speak of trouble only, whatever level they gave themselves."""
        return _is_ours(record) or record.levelno >= logging.WARNING

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's name
        with suppress(OSError, ValueError):  # a full disk must not reach whoever logged
            self.stream.write(f"a record of {record.name} could not be written\n")


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in OURS


def _is_json(style: Style | None, stream: TextIO) -> bool:
    return style == "json" if style else not stream.isatty()


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float)


def _utc(seconds: float) -> str:
    at = datetime.fromtimestamp(seconds, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _uncaught(
    kind: type[BaseException], error: BaseException, _traceback: TracebackType | None
) -> None:
    logging.getLogger("hearth").critical(
        "uncaught %s at %s", kind.__name__, places(error), extra={"kind": kind.__name__}
    )


def _uncaught_in_thread(arguments: threading.ExceptHookArgs) -> None:
    error = arguments.exc_value
    if error is not None and not isinstance(error, SystemExit):
        _uncaught(type(error), error, None)


def _unraisable(arguments: sys.UnraisableHookArgs) -> None:
    if arguments.exc_value is not None:
        _uncaught(type(arguments.exc_value), arguments.exc_value, None)
