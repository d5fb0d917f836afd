"""One running service per database: a second sender would send twice, a second poller take its messages."""

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import structlog

from bot.settings import Settings
from core.errors import RuleError
from storage.serving import serving_alone

log = structlog.get_logger()

_NAME = "danvan.lock"


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold the folder while the body runs. Raises RuleError("already_running").

    The kernel lets go when the process ends in whatever way; the file itself stays and means nothing.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(data_dir / _NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RuleError("already_running", folder=str(data_dir)) from None
        yield
    finally:
        os.close(handle)


@contextmanager
def only_service(settings: Settings) -> Iterator[None]:
    """Be the one service on the database while the body runs.

    With PostgreSQL its server knows too, since the other one may run on another machine: who loses that lock
    while it was away ends as if told to. Raises RuleError("already_running") or ("already_serving").
    """
    with only_one(settings.lock_dir), ExitStack() as stack:
        if settings.is_postgresql and not stack.enter_context(
            serving_alone(settings.database, lost=_give_way)
        ):
            raise RuleError("already_serving")
        yield


def _give_way() -> None:
    log.error("other_service_found")
    os.kill(os.getpid(), signal.SIGTERM)


def is_running(settings: Settings) -> bool:
    """Whether a service runs on this database now."""
    try:
        with only_service(settings):
            return False
    except RuleError:
        return True
