"""Several threads write on PostgreSQL: nothing overtakes within a chat, nothing is lost or done twice."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from core.channel import Address, Channel
from core.errors import RuleError
from storage import conversations
from storage.database import Database
from storage.tables import InboxRow, ServiceStateRow
from storage.transaction import Transaction
from tests.conftest import NOW, POSTGRESQL

only_postgresql = pytest.mark.parametrize("kind", [POSTGRESQL], indirect=True)
"""SQLite lets nobody write beside another."""


def home(name: str) -> Address:
    return Address(Channel.TELEGRAM, name)


def say_next(tx: Transaction, name: str, word: object) -> None:
    """Add a word to what the dialogue of this chat has heard, as a plain message does."""
    found = conversations.load(tx, home(name), name, NOW)
    heard = [*found.state.get("heard", ()), word]
    conversations.save(tx, found, NOW, state={"heard": heard}, offered=(), wake_at=None)


async def heard(database: Database, name: str) -> list[Any]:
    found: list[Any] = await database.write(
        lambda tx: conversations.load(tx, home(name), name, NOW).state.get("heard", [])
    )
    return found


def note(tx: Transaction, key: str) -> None:
    """What is more than a plain message: it needs the turn."""
    tx.add(ServiceStateRow(key=key, value="x"))


async def keys_of(database: Database) -> list[str]:
    query = select(ServiceStateRow).order_by(ServiceStateRow.key)
    return await database.read(lambda tx: [row.key for row in tx.session.exec(query)])


async def test_messages_of_a_chat_keep_their_order_among_many_chats(database: Database) -> None:
    def job(tx: Transaction, name: str, number: int) -> None:
        say_next(tx, name, number)
        if number % 7 == 3:
            note(tx, f"{name}-{number:02}")

    def write(name: str, number: int) -> Any:
        return database.write(lambda tx: job(tx, name, number), chat=name)

    names = [f"chat-{each}" for each in range(12)]
    await asyncio.gather(*(write(name, number) for number in range(30) for name in names))
    for name in names:
        assert await heard(database, name) == list(range(30))
    assert len(await keys_of(database)) == 12 * 4


async def test_failing_message_leaves_those_before_and_behind_it(database: Database) -> None:
    go_on = threading.Event()

    def bad(tx: Transaction) -> None:
        say_next(tx, "a", "bad")
        raise RuleError("refused")

    def write(job: Callable[[Transaction], Any]) -> "asyncio.Task[Any]":
        return asyncio.create_task(database.write(job, chat="a"))

    first = write(lambda _: go_on.wait(10))
    await asyncio.sleep(0)
    group = [write(lambda tx: say_next(tx, "a", 1)), write(bad), write(lambda tx: say_next(tx, "a", 2))]
    await asyncio.sleep(0)
    go_on.set()
    ended = await asyncio.gather(first, *group, return_exceptions=True)
    assert [type(each) for each in ended[1:]] == [type(None), RuleError, type(None)]
    assert await heard(database, "a") == [1, 2]


async def test_one_of_two_threads_takes_an_event(database: Database) -> None:
    def take(tx: Transaction, number: int) -> int | None:
        values = {"channel": "telegram", "external_id": f"{number}", "body_hash": "", "state": "done"}
        owned = {"organisation_id": tx.organisation_id, "received_at": NOW, "error_id": "", "body": ""}
        return tx.insert_once(InboxRow, {**values, **owned}, key=["channel", "external_id"])

    def write(number: int, chat: str) -> Any:
        return database.write(lambda tx: take(tx, number), chat=chat)

    taken = await asyncio.gather(*(write(number, chat) for number in range(40) for chat in "abcdef"))
    assert len([each for each in taken if each is not None]) == 40


@only_postgresql
async def test_plain_message_waits_for_no_other_writer(database: Database, database_url: str) -> None:
    other = Database(database_url)
    with other.transaction() as tx:
        note(tx, "slow")
        await database.write(lambda tx: say_next(tx, "a", 1), chat="a")
    other.close()
    assert await heard(database, "a") == [1]


@only_postgresql
async def test_two_that_wait_for_each_other_are_both_done(database: Database) -> None:
    """A message holds chat a and wants b, work of another thread the other way round."""
    has_a, has_b = threading.Event(), threading.Event()

    def message(tx: Transaction) -> None:
        say_next(tx, "a", "message")
        has_a.set()
        assert has_b.wait(10)
        say_next(tx, "b", "message")

    def work(tx: Transaction) -> None:
        say_next(tx, "b", "work")
        has_b.set()
        assert has_a.wait(10)
        say_next(tx, "a", "work")

    for name in "ab":
        await database.write(lambda tx, name=name: say_next(tx, name, "first"))  # type: ignore[misc]
    await asyncio.gather(database.write(message, chat="a"), database.write(work))
    for name in "ab":
        assert sorted(await heard(database, name)) == ["first", "message", "work"]
