"""One running service per data folder: SQLite has one writer, and a second sender would send twice."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import RuleError

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


def is_held(data_dir: Path) -> bool:
    """Whether a service runs on this folder now."""
    try:
        with only_one(data_dir):
            return False
    except RuleError:
        return True
