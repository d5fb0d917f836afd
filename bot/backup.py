"""One file that holds the database and the stored files, and the way back from it.

A copy counts only after it was opened again: every hash compared, the database checked. Keys and tokens
are not in it: whoever finds a copy can neither open sealed text nor speak as the bot.
"""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.lock import only_one
from bot.opening import database_path
from bot.settings import Settings
from core.errors import RuleError
from handlers.restoring import mark_restored
from storage.database import Database
from storage.files import FileStore
from storage.schema import migrate

_DATABASE = "danvan.db"
_MANIFEST = "manifest.json"
_STORED = re.compile(r"files/([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy holds."""

    files: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back. `kept` is where the data of before lies now; `doubtful` messages need a person."""

    files: int
    doubtful: int
    kept: Path | None


def back_up(settings: Settings, target: Path, now: datetime) -> Copied:
    """Write the copy beside a running service and check it.

    Raises RuleError("backup_broken"), or ("backup_by_server") with PostgreSQL.
    """
    _refuse_server(settings)
    waiting = target.with_name(f"{target.name}.part")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        snapshot = Path(folder) / _DATABASE
        _snapshot(database_path(settings), snapshot)
        handle = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as raw, tarfile.open(fileobj=raw, mode="w") as archive:
            _fill(archive, snapshot, FileStore(settings.files_dir), now)
        _unpack(waiting, Path(folder) / "check")
    with waiting.open("rb") as written:
        os.fsync(written.fileno())
    waiting.replace(target)
    return Copied(files=_count(target), size_bytes=target.stat().st_size)


def restore(settings: Settings, source: Path, now: datetime) -> Restored:
    """Put the copy in the place of the present data, which is kept aside.

    Raises RuleError("already_running"), ("backup_broken"), ("schema_newer") or ("backup_by_server"); then
    nothing was changed.
    """
    _refuse_server(settings)
    place = database_path(settings)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with only_one(settings.lock_dir), tempfile.TemporaryDirectory(dir=place.parent) as folder:
        unpacked = Path(folder) / "unpacked"
        found = _unpack(source, unpacked)
        doubtful = _bring_up_to_date(unpacked / _DATABASE, now)
        files = FileStore(settings.files_dir)
        for digest in found:
            files.keep((unpacked / digest).read_bytes())
        kept = _move_aside(place, now)
        (unpacked / _DATABASE).replace(place)
    return Restored(files=len(found), doubtful=doubtful, kept=kept)


def _refuse_server(settings: Settings) -> None:
    if settings.is_postgresql:
        raise RuleError("backup_by_server", folder=str(settings.files_dir))


# --- out ---------------------------------------------------------------------------------------------------


def _snapshot(source: Path, target: Path) -> None:
    """A consistent copy while others write; a copied file of a live database would not be one."""
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def _fill(archive: tarfile.TarFile, snapshot: Path, files: FileStore, now: datetime) -> None:
    hashes = {_DATABASE: _digest(snapshot)}
    archive.add(snapshot, _DATABASE, filter=_anonymous)
    for path in sorted(files.root.glob("??/" + "?" * 64)):
        try:
            source = path.open("rb")
        except FileNotFoundError:
            continue  # swept a moment ago: no row of the snapshot needs it
        with source:
            archive.addfile(
                _anonymous(archive.gettarinfo(arcname=f"files/{path.name}", fileobj=source)), source
            )
        hashes[f"files/{path.name}"] = path.name
    manifest = snapshot.with_name(_MANIFEST)
    manifest.write_text(json.dumps({"made_at": now.isoformat(), "sha256": hashes}), encoding="utf-8")
    archive.add(manifest, _MANIFEST, filter=_anonymous)


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o600
    return entry


def _count(archive: Path) -> int:
    with tarfile.open(archive) as opened:
        return sum(_STORED.fullmatch(name) is not None for name in opened.getnames())


# --- back --------------------------------------------------------------------------------------------------


def _unpack(archive: Path, into: Path) -> list[str]:
    """Unpack the copy, every part compared with its hash; the hashes of the stored files.

    Only the names we write are taken, so a foreign archive cannot write elsewhere.
    """
    into.mkdir()
    try:
        with tarfile.open(archive) as opened:
            manifest = _part(opened, _MANIFEST, into / _MANIFEST)
            hashes = json.loads(manifest.read_text(encoding="utf-8"))["sha256"]
            if _DATABASE not in hashes:
                raise KeyError(_DATABASE)
            for name, digest in hashes.items():
                stored = _STORED.fullmatch(name)
                if stored is None and name != _DATABASE:
                    raise RuleError("backup_broken", part=name)
                if _digest(_part(opened, name, into / Path(name).name)) != digest:
                    raise RuleError("backup_broken", part=name)
        _check(into / _DATABASE)
    except (tarfile.TarError, KeyError, ValueError, sqlite3.Error, FileNotFoundError) as error:
        raise RuleError("backup_broken", part=type(error).__name__) from error
    return [name.removeprefix("files/") for name in hashes if name != _DATABASE]


def _part(archive: tarfile.TarFile, name: str, to: Path) -> Path:
    """Unpack one part. Raises KeyError when the archive lacks it."""
    member = archive.extractfile(name)
    if member is None:
        raise KeyError(name)
    with to.open("wb") as target:
        shutil.copyfileobj(member, target)
    return to


def _check(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        (verdict,) = database.execute("PRAGMA integrity_check").fetchone()
        orphans = database.execute("PRAGMA foreign_key_check").fetchall()
    if verdict != "ok" or orphans:
        raise RuleError("backup_broken", part=_DATABASE)


def _bring_up_to_date(path: Path, now: datetime) -> int:
    database = Database(f"sqlite:///{path}")
    try:
        migrate(database.engine)
        with database.transaction() as tx:
            return mark_restored(tx, now)
    finally:
        database.close()


def _move_aside(place: Path, now: datetime) -> Path | None:
    """Keep the present database under another name, whole with its write-ahead log, and clear its place.

    Both get their second name before either loses its first, so a crash between leaves one whole pair. The
    database loses it first: without one nothing starts, while an old one without its log would.
    """
    kept = place.with_name(f"{place.name}.before-{now:%Y%m%dT%H%M%S}")
    log = place.with_name(f"{place.name}-wal")
    is_there = place.exists()
    for part in (log, place) if is_there else ():
        if part.exists():
            _name_also(part, kept.with_name(part.name.replace(place.name, kept.name, 1)))
    for part in (place, log, place.with_name(f"{place.name}-shm")):
        part.unlink(missing_ok=True)
    return kept if is_there else None


def _name_also(part: Path, name: Path) -> None:
    """A second name for the same bytes, or a copy of them where the disk knows no second names."""
    name.unlink(missing_ok=True)
    try:
        name.hardlink_to(part)
    except OSError:
        shutil.copyfile(part, name)


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
