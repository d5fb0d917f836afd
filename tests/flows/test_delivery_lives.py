"""The whole service outlives a bad row and a bad step; its log keeps their words to itself."""

import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from sqlmodel import select

from bot.logging import set_up
from core.channel import Address, Channel
from core.failure import without_words
from core.say import say
from storage import outbox
from storage.outbox import Wish
from storage.tables import ConversationRow, OutboxRow
from storage.transaction import Transaction
from tests.conftest import NOW
from tests.flows.town import Town, town

CANARY = "Nguyễn Văn Canary, thôn Nà Cọ"


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "data", NOW) as opened:
        yield opened


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    opened = io.StringIO()
    set_up(opened)
    yield opened
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def _poison(tx: Transaction) -> None:
    """A row that cannot be printed, one whose sending cannot be settled."""
    where = Address(Channel.WEBCHAT, "p:nobody")
    outbox.enqueue(tx, Wish(key="a", address=where, text=say("no_such_key", canary=CANARY)), NOW)
    odd = Wish(key="b", address=where, text=say("group_greeting"), purpose="card", subject=f"card:{CANARY}")
    outbox.enqueue(tx, odd, NOW)


async def test_a_poisoned_row_stops_neither_the_service_nor_the_next_message(
    place: Town, stream: io.StringIO
) -> None:
    await place.app.runtime.database.write(_poison)
    await place.settle()

    citizen = await place.web_phone()

    assert "113" in await citizen.write("xin chào")
    ended = await place.app.runtime.database.read(
        lambda tx: [row.error for row in tx.session.exec(select(OutboxRow).order_by(OutboxRow.id))]  # type: ignore[arg-type]
    )
    assert ended[:2] == ["failed_inside"] * 2
    assert place.app.drain.held == set()
    assert "message_unprintable" in stream.getvalue()
    assert CANARY not in stream.getvalue()


async def test_a_step_that_fails_does_not_keep_the_reaper_from_its_round(
    place: Town, stream: io.StringIO
) -> None:
    citizen = await place.web_phone()
    await citizen.write("xin chào")

    def break_it(tx: Transaction) -> None:
        row = tx.session.exec(select(ConversationRow)).one()
        row.offered = [[CANARY] * 9]
        row.wake_at = NOW
        where = Address(Channel.WEBCHAT, "p:nobody")
        lost = outbox.enqueue(tx, Wish(key="lost", address=where, text=say("group_greeting")), NOW)
        assert lost is not None
        outbox.lease(tx, [lost], NOW)

    await place.app.runtime.database.write(break_it)
    await place.wait(timedelta(minutes=2))

    states = await place.app.runtime.database.read(
        lambda tx: tx.session.exec(select(OutboxRow.state).where(OutboxRow.dedupe_key == "lost")).all()
    )
    assert list(states) == ["unknown"]
    assert "tick_failed" in stream.getvalue()
    assert CANARY not in stream.getvalue()


async def test_an_organisation_that_cannot_be_read_anew_does_not_stop_the_ticks(
    place: Town, stream: io.StringIO, database_url: str
) -> None:
    """The step before all others fails; what is due is done with what is known."""
    await place.app.runtime.database.write(
        lambda tx: tx.connection.exec_driver_sql("UPDATE organisation SET config = '{}'")
    )
    before = place.app.runtime.service

    await place.app.tick()

    assert place.app.runtime.service is before
    assert "tick_failed" in stream.getvalue()


def test_an_exception_shows_its_type_and_places_and_not_its_words() -> None:
    try:
        try:
            raise ValueError(CANARY)
        except ValueError as inner:
            raise KeyError(CANARY) from inner
    except KeyError as error:
        shown = without_words(error)
    assert shown["error"] == "KeyError from ValueError"
    assert "test_an_exception_shows" in shown["where"]
    assert CANARY not in json.dumps(shown, ensure_ascii=False).replace("raise ", "")


def test_a_library_that_logs_an_exception_keeps_its_words_to_itself(stream: io.StringIO) -> None:
    def fail(words: str) -> None:
        raise ValueError(words)

    try:
        fail(CANARY)
    except ValueError:
        logging.getLogger("apscheduler.executors.default").exception("Job raised an exception")
    assert "ValueError" in stream.getvalue()
    assert CANARY not in stream.getvalue()
