"""A commune outgrows its file: what was begun on SQLite goes on on PostgreSQL."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.moving import move_to_postgresql
from bot.settings import FixedSettings
from core.channel import Channel
from core.errors import RuleError
from storage.database import Database
from storage.tables import ServiceStateRow
from tests.conftest import NOW, SQLITE
from tests.flows.test_intake import file_ticket
from tests.flows.town import WebPhone, town
from tests.postgresql import Server

pytestmark = pytest.mark.parametrize("kind", [SQLITE], indirect=True)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> FixedSettings:
    return FixedSettings(database_url=database_url, data_dir=tmp_path)


@pytest.fixture
def server_url(postgresql: Server) -> Iterator[str]:
    """An empty database of the server."""
    with postgresql.fresh() as url:
        yield url


def note(url: str, key: str) -> None:
    database = Database(url)
    with database.transaction() as tx:
        tx.add(ServiceStateRow(key=key, value={"words": "Đèn «tắt»", "none": None}))
    database.close()


async def test_a_journey_goes_on_where_it_was_copied_to(
    settings: FixedSettings, database_url: str, server_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path, NOW) as place:
        citizen = await place.web_phone()
        number = await file_ticket(citizen)
        await place.citizen(Channel.TELEGRAM, "Tám")
        # Beside the running service:
        first, second = [await asyncio.to_thread(move_to_postgresql, settings, server_url) for _ in range(2)]
        assert first.source == first.target == second.target
        assert {each.table for each in first.target if each.rows} >= {"ticket", "web_message", "outbox"}
        await citizen.write("hồ sơ của tôi")
    move_to_postgresql(settings, server_url)

    async with town(server_url, tmp_path, NOW) as place:
        citizen = WebPhone(place, citizen.token, citizen.chat)
        assert number in await citizen.write("hồ sơ của tôi")
        assert (
            await file_ticket(await place.web_phone(), "Cống trước chợ bị nghẹt, nước tràn ra đường")
            != number
        )


def test_copies_of_the_same_are_the_same_and_of_another_are_not(
    settings: FixedSettings, server_url: str
) -> None:
    first = move_to_postgresql(settings, server_url)
    assert move_to_postgresql(settings, server_url).fingerprints == first.fingerprints
    for key in ("b", "A", "ă"):  # whose order is another one in every language
        note(settings.database, key)
    again = move_to_postgresql(settings, server_url)
    assert again.source == again.target
    assert again.fingerprints != first.fingerprints


def test_a_database_in_which_somebody_worked_is_left_alone(settings: FixedSettings, server_url: str) -> None:
    move_to_postgresql(settings, server_url)
    note(server_url, "since")
    with pytest.raises(RuleError, match="move_target_used"):
        move_to_postgresql(settings, server_url)


def test_what_postgresql_cannot_hold_is_refused_and_nothing_is_copied(
    settings: FixedSettings, server_url: str
) -> None:
    move_to_postgresql(settings, server_url)
    note(settings.database, "nul \x00 inside")
    with pytest.raises(RuleError, match="move_refused"):
        move_to_postgresql(settings, server_url)
    database = Database(server_url)
    with database.transaction() as tx:
        assert tx.connection.execute(text("SELECT count(*) FROM unit")).scalar() == 5
    database.close()


def test_from_a_server_nothing_is_moved(settings: FixedSettings, server_url: str) -> None:
    already = settings.model_copy(update={"database_url": server_url})
    with pytest.raises(RuleError, match="move_from_sqlite"):
        move_to_postgresql(already, server_url)
