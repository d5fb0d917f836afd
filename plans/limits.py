"""What a child process may use, set by itself before it looks at a file from outside."""

import resource
import sys

MIB = 1024 * 1024
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system")


def restrict(*, memory: int, seconds: int, largest_file: int = 0) -> None:
    """At most so many bytes of memory, seconds of computing, and bytes in a file it writes; no core dump."""
    for what, wanted in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, largest_file),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(what)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(what, (most, most))


def forbid_the_outside() -> None:
    """From here on the interpreter opens no connection and starts no program. Cannot be undone."""
    sys.addaudithook(_refuse)


def _refuse(event: str, _args: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)
