"""Counts every point where the process touches the world, and kills it at one of them.

Hooks are set from outside: the driver's own trace of statements, the toolkit's commit, the interpreter's
audit of files, and the wire. The product knows nothing of them.
"""

import os
import signal
import sqlite3
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

_CHANGES = frozenset({"open", "os.rename", "os.mkdir", "os.remove"})


@dataclass
class Points:
    """`kill_at`: number of the point at which the process dies, 0 for never. `epitaph`: where it says why."""

    kill_at: int
    epitaph: Path
    passed: int = 0
    kinds: "Counter[str]" = field(default_factory=Counter)
    _one: threading.Lock = field(default_factory=threading.Lock)

    def hit(self, kind: str, what: str = "") -> None:
        """One point passed, or the end."""
        with self._one:
            self.passed += 1
            self.kinds[kind] += 1
            if self.passed == self.kill_at:
                self.epitaph.write_text(f"{kind} {what}"[:200], encoding="utf-8")
                os.kill(os.getpid(), signal.SIGKILL)

    def watch_database(self, engine: Engine) -> None:
        """Every statement before it runs, BEGIN, SAVEPOINT and COMMIT among them; every commit when done."""

        def opened(connection: sqlite3.Connection, _: object) -> None:
            connection.set_trace_callback(lambda sql: self.hit("statement", sql))

        event.listen(engine, "connect", opened)
        dialect: Any = engine.dialect
        dialect.do_commit = self._then(dialect.do_commit, "committed")

    def watch_files(self, folder: Path) -> None:
        """Every file opened, renamed, made or removed under the folder, and every sync before and after it.

        Can never be undone: only for a process that is to end soon.
        """
        within = str(folder)

        def audit(name: str, arguments: tuple[Any, ...]) -> None:
            if name in _CHANGES and str(arguments[0]).startswith(within):
                self.hit("file", f"{name} {arguments[0]}")

        sys.addaudithook(audit)
        real = os.fsync

        def fsync(handle: int) -> None:
            self.hit("file", "fsync")
            real(handle)
            self.hit("file", "synced")

        os.fsync = fsync

    def _then(self, real: Callable[..., Any], kind: str) -> Callable[..., Any]:
        def done(*arguments: Any) -> Any:
            result = real(*arguments)
            self.hit(kind)
            return result

        return done
