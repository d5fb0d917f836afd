"""The steps lead to exactly the tables of this version, and a database of another version is told apart."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text

from core.errors import RuleError
from storage.database import Database
from storage.schema import SchemaState, check, migrate, state

ROOT = Path(__file__).parents[2]


@pytest.fixture
def empty(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path}/new.db")


def test_steps_lead_to_the_tables_of_this_version(database: Database) -> None:
    assert check(database.engine) == []
    assert state(database.engine) is SchemaState.CURRENT


def test_empty_database_is_told_and_filled(empty: Database) -> None:
    assert state(empty.engine) is SchemaState.EMPTY
    migrate(empty.engine)
    assert state(empty.engine) is SchemaState.CURRENT
    migrate(empty.engine)
    empty.close()


def test_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert state(database.engine) is SchemaState.NEWER
    with pytest.raises(RuleError, match="schema_newer"):
        migrate(database.engine)


def test_difference_from_the_tables_is_named(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE room DROP COLUMN left_at"))
    assert any("left_at" in difference for difference in check(database.engine))


def test_wheel_carries_the_steps_and_the_words(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "storage/migrations/script.py.mako" in names
    assert "storage/migrations/env.py" in names
    assert any(name.startswith("storage/migrations/versions/0001") for name in names)
    assert "texts/vi/commands.toml" in names
