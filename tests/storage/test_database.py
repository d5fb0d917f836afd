"""What is answered is on disk; one job's failure is its own; nobody waits for ever."""

import asyncio
import queue
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import select

from core.channel import Address, Channel
from core.errors import RuleError, TemporarilyUnavailable
from core.say import say
from storage.database import Database
from storage.outbox import Wish, enqueue
from storage.tables import AuditRow, RoomRow, ServiceStateRow, UnitRow
from storage.transaction import Transaction
from storage.writing import GROUP
from tests.conftest import NOW, POSTGRESQL

DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}


def note(key: str) -> ServiceStateRow:
    return ServiceStateRow(key=key, value="x")


def ask_aside(database_url: str, question: str) -> Any:
    """What a stranger's connection is told."""
    engine = create_engine(make_url(database_url).set(drivername=DRIVERS[make_url(database_url).drivername]))
    with engine.connect() as other:
        answer = other.execute(text(question)).scalar()
    engine.dispose()
    return answer


def keys_of(database: Database) -> list[str]:
    with database.transaction() as tx:
        return [row.key for row in tx.session.exec(select(ServiceStateRow).order_by(ServiceStateRow.key))]


async def test_write_is_on_disk_when_it_is_answered(database: Database, database_url: str) -> None:
    await database.write(lambda tx: tx.add(note("a")))
    assert ask_aside(database_url, "SELECT key FROM service_state") == "a"


async def test_hundreds_of_writes_are_all_answered_in_order(database: Database) -> None:
    order: list[int] = []

    def job(tx: Transaction, number: int) -> int:
        tx.add(note(f"{number:04}"))
        return number

    async def write(number: int) -> None:
        order.append(await database.write(lambda tx: job(tx, number)))

    await asyncio.gather(*(write(number) for number in range(3 * GROUP)))
    assert order == sorted(order)
    assert len(keys_of(database)) == 3 * GROUP


async def test_failing_job_undoes_itself_alone(database: Database) -> None:
    def bad(tx: Transaction) -> None:
        tx.add(note("bad"))
        raise RuleError("refused")

    first = database.write(lambda tx: tx.add(note("a")))
    last = database.write(lambda tx: tx.add(note("b")))
    ended = await asyncio.gather(first, database.write(bad), last, return_exceptions=True)
    assert isinstance(ended[1], RuleError)
    assert keys_of(database) == ["a", "b"]


async def test_group_with_a_failure_leaves_every_row_once(database: Database) -> None:
    """It runs twice then: the second time with savepoints, also those a job sets for a part of itself."""
    go_on = threading.Event()

    def partly(tx: Transaction) -> None:
        tx.add(note("whole"))
        with suppress(RuleError), tx.savepoint():
            tx.add(note("part"))
            raise RuleError("refused")

    first = asyncio.create_task(database.write(lambda _: go_on.wait(10)))
    await asyncio.sleep(0)
    jobs = (lambda tx: tx.add(note("a")), partly, lambda tx: tx.add(note("b")))
    group = [asyncio.create_task(database.write(job)) for job in jobs]
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(first, *group)
    assert keys_of(database) == ["a", "b", "whole"]


async def test_job_that_breaks_a_constraint_undoes_itself_alone(database: Database) -> None:
    twice = [database.write(lambda tx: tx.add(note("same"))) for _ in range(2)]
    ended = await asyncio.gather(*twice, database.write(lambda tx: tx.add(note("z"))), return_exceptions=True)
    assert [type(each) for each in ended] == [type(None), IntegrityError, type(None)]
    assert keys_of(database) == ["same", "z"]


async def test_error_of_the_database_shows_no_values(database: Database) -> None:
    story = "chuyện riêng"

    def twice(tx: Transaction) -> None:
        for _ in range(2):
            tx.connection.execute(text("INSERT INTO service_state VALUES (:key, 'null')"), {"key": story})

    with pytest.raises(IntegrityError) as caught:
        await database.write(twice)
    assert story not in str(caught.value)


async def test_caller_that_goes_away_does_not_stop_the_writer(database: Database) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        started.set()
        assert go_on.wait(10)
        tx.add(note("slow"))

    running = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(started.wait)
    waiting = asyncio.create_task(database.write(lambda tx: tx.add(note("waiting"))))
    await asyncio.sleep(0)
    running.cancel()
    waiting.cancel()
    await asyncio.wait({running, waiting})
    go_on.set()
    await asyncio.wait_for(database.write(lambda tx: tx.add(note("after"))), 10)
    assert {"slow", "after"} <= set(keys_of(database))


async def test_locked_database_is_unavailable_and_recovers(database: Database, database_url: str) -> None:
    other = Database(database_url)
    with other.transaction(), pytest.raises(TemporarilyUnavailable):
        await database.write(lambda tx: tx.add(note("a")))
    other.close()
    await database.write(lambda tx: tx.add(note("b")))
    assert keys_of(database) == ["b"]


async def test_reading_cannot_write_and_does_not_block_writing(database: Database) -> None:
    with pytest.raises((DBAPIError, TemporarilyUnavailable)):
        await database.read(lambda tx: tx.add(note("a")))
    with database.transaction() as tx:
        tx.add(note("b"))
        assert await database.read(lambda tx: len(tx.session.exec(select(ServiceStateRow)).all())) == 0
    assert await database.read(lambda tx: len(tx.session.exec(select(ServiceStateRow)).all())) == 1


async def test_service_hears_of_what_was_queued_after_the_commit(
    database: Database, database_url: str
) -> None:
    seen: queue.SimpleQueue[int] = queue.SimpleQueue()

    def count() -> None:
        seen.put(ask_aside(database_url, "SELECT count(*) FROM outbox"))

    database.on_queued = count
    home = Address(Channel.WEBCHAT, "p:1")
    await database.write(lambda tx: tx.add(note("quiet")))
    await database.write(lambda tx: enqueue(tx, Wish(key="a", address=home, text=say("x")), NOW))
    assert await asyncio.to_thread(seen.get) == 1
    with database.transaction() as tx:
        enqueue(tx, Wish(key="b", address=home, text=say("x")), NOW)
    assert seen.get() == 2


def test_body_that_fails_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.transaction() as tx:
            tx.add(note("a"))
            raise RuleError("refused")

    with pytest.raises(RuleError):
        fail()
    assert keys_of(database) == []


def test_every_connection_is_durable_and_checks_references(database: Database, kind: str) -> None:
    if kind == POSTGRESQL:
        with database.transaction() as tx:
            assert tx.connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
        return
    with database.transaction() as tx:
        found = {
            name: tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_row_of_nobody_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as tx:
        tx.add(RoomRow(organisation_id=99, channel="telegram", chat="1", linked_at=NOW))


def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    with database.transaction() as tx:
        tx.add(AuditRow(organisation_id=1, at=NOW, actor="system", act="test", subject="x"))
    with database.transaction() as tx:
        row = tx.session.exec(select(AuditRow).where(AuditRow.act == "test")).one()
        assert row.at == NOW
        assert row.at.utcoffset() is not None


def test_natural_key_is_stored_once(tx: Transaction) -> None:
    values = {"organisation_id": 1, "name": "Tổ mới", "aliases": [], "head": ""}
    assert tx.insert_once(UnitRow, values, key=["organisation_id", "name"]) is not None
    assert tx.insert_once(UnitRow, values, key=["organisation_id", "name"]) is None


def test_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/nowhere/danvan.db")
    with pytest.raises(TemporarilyUnavailable), database.transaction():
        pass
    database.close()
