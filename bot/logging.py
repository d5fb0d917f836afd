"""Logs go to stderr: JSON lines, or columns in a terminal. Tokens and people's numbers are masked last."""

import logging
import re
import sys
from typing import TextIO

import structlog
from structlog.typing import ExcInfo

from core.failure import without_words

_MASK = "•••"
_SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<!\d)\d{6,}:[A-Za-z0-9_-]{20,}"), _MASK),
    (re.compile(r"bot\d+:[A-Za-z0-9_-]+"), f"bot{_MASK}"),
    (
        re.compile(r"(authorization\W{1,5})(?:(?:bearer|basic)\s+)?[^\s\"',}]+", re.IGNORECASE),
        rf"\g<1>{_MASK}",
    ),
    # A telephone number as people write it, then a citizen's or an old identity card's.
    (re.compile(r"(?<!\d)(?:\+?84|0)(?:[ .-]?\d){8,10}(?!\d)"), _MASK),
    (re.compile(r"(?<!\d)(?:\d{12}|\d{9})(?!\d)"), _MASK),
)
_QUIET = ("httpx", "httpcore", "telegram", "apscheduler", "alembic", "aiohttp.access", "asyncio")

_SHARED: tuple[structlog.typing.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def set_up(stream: TextIO | None = None) -> None:
    """Send everything the process logs, its libraries included, through one masking handler."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Masked(_formatter(columns=handler.stream.isatty())))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def mask(line: str) -> str:
    """The line without tokens, Authorization headers, telephone and identity numbers."""
    for pattern, replacement in _SECRETS:
        line = pattern.sub(replacement, line)
    return line


class _Masked(logging.Formatter):
    """Masks the finished line, whatever way the words came into it."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        return mask(self._inner.format(record))


def _formatter(*, columns: bool) -> logging.Formatter:
    """An exception shows its type and its places, whoever logs it: its words and locals may be people's."""
    if columns:
        shown: list[structlog.typing.Processor] = [
            structlog.dev.ConsoleRenderer(exception_formatter=_print_places)
        ]
    else:
        shown = [
            structlog.processors.ExceptionRenderer(_places),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shown],
    )


def _places(exc_info: ExcInfo) -> str:
    found = without_words(exc_info[1])
    return f"{found['where']}{found['error']}"


def _print_places(stream: TextIO, exc_info: ExcInfo) -> None:
    stream.write(f"\n{_places(exc_info)}")
