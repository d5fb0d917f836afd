"""The officer's duties from the morning's message to their end, by numbers and words, on every network."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from core.channel import Channel
from core.people import Role
from tests.conftest import SQLITE
from tests.flows.test_digest_on_phones import EVENING, add, clerk, morning
from tests.flows.town import Town, town

LEADS = "Văn phòng HĐND và UBND"


@pytest.fixture
def kind() -> str:
    """What is shown here differs by network, not by database."""
    return SQLITE


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "data", EVENING) as opened:
        yield opened


@pytest.mark.parametrize("channel", list(Channel))
async def test_duties_go_from_the_digest_to_their_four_ends(place: Town, channel: Channel) -> None:
    phone = await clerk(place, channel)
    leader = await place.officer("Lương Đình Khải", LEADS, Role.LEADER, channel)
    await add(place, "Báo cáo quý I", date(2026, 3, 20))
    await add(place, "Rà soát hộ vay", date(2026, 3, 17))
    await add(place, "Thống kê chợ", date(2026, 3, 19))
    await morning(place)
    assert "1. Hạn thứ Hai 16/3 · Rà soát hộ vay" in await phone.read()

    assert "nộp chậm nhất hết thứ Hai 16/3" in await phone.write("1")
    assert "đã nhận việc «Rà soát hộ vay»" in await phone.choose("Đã nhận")
    assert "số, ngày văn bản" in await phone.write("xong 1")
    assert "đã xong (45/BC-UBND ngày 13/3)" in await phone.write("45/BC-UBND ngày 13/3")

    assert "1. Hạn thứ Tư 18/3 · Thống kê chợ" in await phone.write("việc của tôi")
    await phone.write("1")
    await phone.choose("Không phải việc của tôi")
    assert "không phải việc của đơn vị" in await phone.write("việc của Phòng Văn hóa - Xã hội")
    assert "Bế Văn Soạn báo không phải việc của mình" in await leader.read()

    await phone.write("gia hạn 2")
    await phone.write("27/3/2026")
    assert "Lãnh đạo đã được báo" in await phone.write("chờ số liệu của các thôn")
    assert "xin gia hạn việc «Báo cáo quý I»" in await leader.read()
    await leader.choose("Đồng ý gia hạn")
    assert "hạn mới là hết thứ Sáu 27/03/2026" in await phone.read()
    assert "Báo cáo quý I" in await phone.write("việc của tôi")
