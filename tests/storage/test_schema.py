"""The steps lead to exactly the tables of this version, and a database of another version is told apart."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from core.errors import RuleError
from storage.database import Database
from storage.schema import SchemaState, check, migrate, state
from tests.conftest import POSTGRESQL

ROOT = Path(__file__).parents[2]


@pytest.fixture
def empty(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path}/new.db"
        if kind == POSTGRESQL:
            url = stack.enter_context(request.getfixturevalue("postgresql").fresh())
        database = Database(url)
        stack.callback(database.close)
        yield database


def test_steps_lead_to_the_tables_of_this_version(database: Database) -> None:
    assert check(database.engine) == []
    assert state(database.engine) is SchemaState.CURRENT


def test_empty_database_is_told_and_filled(empty: Database) -> None:
    assert state(empty.engine) is SchemaState.EMPTY
    migrate(empty.engine)
    assert state(empty.engine) is SchemaState.CURRENT
    migrate(empty.engine)


def test_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert state(database.engine) is SchemaState.NEWER
    with pytest.raises(RuleError, match="schema_newer"):
        migrate(database.engine)


def test_difference_from_the_tables_is_named(empty: Database) -> None:
    migrate(empty.engine)
    with empty.engine.begin() as connection:
        connection.execute(text("ALTER TABLE room DROP COLUMN left_at"))
    assert any("left_at" in difference for difference in check(empty.engine))


def test_wheel_carries_the_steps_and_the_words(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "storage/migrations/script.py.mako" in names
    assert "storage/migrations/env.py" in names
    assert any(name.startswith("storage/migrations/versions/0001") for name in names)
    assert "texts/vi/commands.toml" in names
