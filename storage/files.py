"""Files on disk, named by the hash of their content."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileStore:
    """The folder of stored files. Writing is durable before it returns: file and folder are synced."""

    root: Path

    def keep(self, content: bytes) -> str:
        """Store the bytes once; returns their SHA-256 in hex, which is also their name."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        waiting = path.with_suffix(".part")
        with waiting.open("wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        waiting.replace(path)
        _sync_folder(path.parent)
        return digest

    def path(self, digest: str) -> Path:
        """Where the file of this hash lies."""
        return self.root / digest[:2] / digest

    def read(self, digest: str) -> bytes:
        """The bytes of a stored file. Raises FileNotFoundError."""
        return self.path(digest).read_bytes()

    def drop(self, digest: str) -> None:
        """Remove a file that no row names any more."""
        self.path(digest).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
