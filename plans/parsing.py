"""Starts the child process that takes a file apart and turns whatever happens to it into an answer."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from typing import Any
from weakref import WeakSet

from plans.found import PlanText, Where
from plans.kinds import Kind
from plans.pieces import Piece, UnreadablePlan, plan_text

WAIT, WAIT_FOR_PICTURES = 20, 180
"""Seconds by the clock; the child's own limit counts its computing time only."""


_under_way: set["subprocess.Popen[bytes]"] = set()
_stopped: "WeakSet[subprocess.Popen[bytes]]" = WeakSet()


class ReadingStoppedError(Exception):
    """The reading was ended because the service ends: nothing is known about the file."""


def stop_reading() -> None:
    """End all reading under way, in whatever thread; there ReadingStoppedError is raised."""
    for process in tuple(_under_way):
        _stopped.add(process)
        _kill(process)


def parsed(kind: Kind, data: bytes) -> PlanText:
    """The words of a file of that kind. Raises UnreadablePlan."""
    answer = _asked(kind.value, data, WAIT)
    return _plan(answer, answer["pictures"])


def parsed_with_pictures(kind: Kind, data: bytes) -> PlanText:
    """The words of a PDF or picture, recognised where Tesseract is there. Raises UnreadablePlan."""
    from plans import tesseract

    if kind is Kind.PDF:
        answer = _asked(kind.value, data, WAIT)
        if not answer["pictures"]:
            return _plan(answer)
        has_words = any(where for _text, where in answer["pieces"])
        if has_words and not tesseract.is_there():
            return _plan(answer, answer["pictures"])
    if not tesseract.is_there():
        raise UnreadablePlan("plan_file_scan")
    return _plan(_asked(f"pictures-{kind.value}", data, WAIT_FOR_PICTURES))


def run_limited(command: list[str], data: bytes, seconds: float, **environment: str) -> bytes | None:
    """What a program writes to its output; None when it fails or takes too long. Its children end with it.

    It inherits no setting and no secret of the service. Raises ReadingStoppedError.
    """
    with subprocess.Popen(  # noqa: S603 - our own command; the file comes as its input
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment() | environment,
        start_new_session=True,
    ) as process:
        _under_way.add(process)
        try:
            output, _ = process.communicate(data, timeout=seconds)
        except subprocess.TimeoutExpired:
            output = b""
        finally:
            _under_way.discard(process)
            _kill(process)
    if process in _stopped:
        raise ReadingStoppedError
    return output if process.returncode == 0 else None


def _kill(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _asked(kind: str, data: bytes, seconds: float) -> dict[str, Any]:
    output = run_limited([sys.executable, "-m", "plans.child", kind], data, seconds)
    if output is None:
        raise UnreadablePlan("plan_file_too_hard")
    answer: dict[str, Any] = json.loads(output)
    if "refused" in answer:
        raise UnreadablePlan(answer["refused"], **answer["fields"])
    return answer


def _plan(answer: dict[str, Any], unread_pages: list[int] | None = None) -> PlanText:
    pieces = [Piece(text, Where(**where) if where else None) for text, where in answer["pieces"]]
    return plan_text(pieces, unread_pages or ())


def _environment() -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        "OMP_THREAD_LIMIT": "1",
    }
