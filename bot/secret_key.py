"""Makes the secret key of a deployment and keeps it in .env."""

import os
import re
import secrets
from pathlib import Path

_EMPTY = re.compile(r"^DANVAN_SECRET_KEY=[ \t]*$", re.MULTILINE)


def write_secret_key(path: Path) -> None:
    """Put a new key into the file, which only its owner may read; its other lines stay."""
    line = f"DANVAN_SECRET_KEY={secrets.token_urlsafe(32)}"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if _EMPTY.search(before):
        after = _EMPTY.sub(line, before, count=1)
    else:
        after = f"{before}{'' if before.endswith(chr(10)) or not before else chr(10)}{line}\n"
    waiting = path.with_name(f"{path.name}.part")
    handle = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as target:
        target.write(after)
        target.flush()
        os.fsync(target.fileno())
    waiting.replace(path)
