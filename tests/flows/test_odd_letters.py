"""What no database may choke on: letters that nobody types by hand."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core.channel import Channel
from storage.tables import InboxRow
from storage.transaction import table
from tests.conftest import NOW
from tests.flows.town import Town, town


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path, NOW) as opened:
        yield opened


@pytest.mark.parametrize("channel", [Channel.WEBCHAT, Channel.TELEGRAM, Channel.ZALO_BOT])
async def test_a_message_with_a_nul_in_it_is_taken(place: Town, channel: Channel) -> None:
    citizen = await place.citizen(channel)
    await citizen.write("xin chào")
    await citizen.write("1")
    await citizen.write("1")
    await citizen.write("Đèn đường\x00 trước nhà văn hóa thôn 3 hỏng")
    states = await place.app.runtime.database.read(
        lambda tx: tx.connection.execute(select(table(InboxRow).c.state)).scalars().all()
    )
    assert set(states) == {"done"}
