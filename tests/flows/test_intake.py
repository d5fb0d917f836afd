"""A citizen tells a matter, on web chat and on Telegram, through the real doors."""

from pathlib import Path

import pytest

from core.channel import Channel
from core.people import Role
from tests.conftest import NOW
from tests.flows.town import town

CHANNELS = pytest.mark.parametrize("channel", [Channel.WEBCHAT, Channel.TELEGRAM])


@CHANNELS
async def test_a_citizen_is_greeted(database_url: str, tmp_path: Path, channel: Channel) -> None:
    async with town(database_url, tmp_path, NOW) as place:
        citizen = await place.citizen(channel)
        said = await citizen.write("xin chào")
        print(said)
        assert "113" in said
        said = await citizen.write("1")
        print(said)
        assert "đồng ý" in said
