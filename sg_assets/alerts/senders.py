"""Senders of notices: to a file, to the terminal, and to any service that apprise has a URL for."""

import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from sg_assets.alerts.incidents import Notice

_BETWEEN = r"[/?&=@:,#]+"
_SHORTEST_SECRET = 4
_MARKS = {"opened": "!", "recovered": "✓", "held_back": "…"}


class UndeliveredError(Exception):
    """A notice did not arrive. The message says why and holds no part of a URL."""


def append_to_file(path: Path, notice: Notice, *, again: bool) -> None:
    """Append a notice to a file of JSON lines, once: an earlier attempt may have written the line and died."""
    try:
        with path.open("a+b") as file:
            file.seek(0)
            written = file.read() if again else b""
            if again and f'"id":"{notice.id}"'.encode() in written:
                return
            file.seek(0, os.SEEK_END)
            torn = file.tell() > 0 and not _ends_with_line(path)
            file.write(b"\n" * torn + notice.model_dump_json().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UndeliveredError(f"{path.name} cannot be written: {error.strerror}") from error


def _ends_with_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def print_in_terminal(print_line: Callable[[str], None], notice: Notice) -> None:
    """Print a notice."""
    print_line(f"{_MARKS[notice.kind]} alert  {notice.title}")
    for line in notice.body.splitlines():
        print_line(f"    {line}")


def send_by_apprise(url: str | None, variable: str, notice: Notice) -> None:
    """Send a notice to the URL in an environment variable.

    Raises:
        UndeliveredError: the variable is not set, holds no URL that apprise knows, or the service refused the notice.
    """
    if not url:
        raise UndeliveredError(f"{variable} is not set here")
    import apprise

    service = apprise.Apprise()
    captured = apprise.LogCapture(level=logging.WARNING, fmt="%(message)s")  # type: ignore[no-untyped-call]
    with _quiet_loggers(), captured as log:
        if not service.add(url) or len(service) != 1:
            raise UndeliveredError(f"{variable} holds no URL that apprise knows, or more than one")
        if not service.notify(title=notice.title, body=notice.body, notify_type=_type(notice), body_format="text"):
            raise UndeliveredError(_redacted(url, log.getvalue()) or f"{variable}: not accepted")


@contextmanager
def _quiet_loggers() -> Iterator[None]:
    """Raise the log level of libraries that log URLs, and keep their other messages from other handlers."""
    loggers = [logging.getLogger(name) for name in ("apprise", "urllib3")]
    before = [(logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.WARNING)
        logger.propagate = False
    try:
        yield
    finally:
        for logger, (level, propagate) in zip(loggers, before, strict=True):
            logger.setLevel(level)
            logger.propagate = propagate


def _type(notice: Notice) -> Literal["info", "success", "warning", "failure"]:
    if notice.kind == "opened":
        return "warning" if notice.severity == "warning" else "failure"
    return "success" if notice.kind == "recovered" else "info"


def _redacted(url: str, log: str) -> str:
    """The last line of apprise's log, without any part of the URL but its scheme."""
    lines = [line for line in log.splitlines() if line.strip()]
    last = lines[-1] if lines else ""
    parts = {*re.split(_BETWEEN, url.partition("://")[2]), *re.split(_BETWEEN, unquote(url.partition("://")[2]))}
    for part in sorted(parts, key=len, reverse=True):
        last = last.replace(part, "***") if len(part) >= _SHORTEST_SECRET else last
    return last[:200]
