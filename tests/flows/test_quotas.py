"""What Zalo Bot counts by the month: the administrators hear of it before it is used up."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from core.channel import Address, Channel
from core.people import Role
from core.quota import QUOTAS, Usage, level, month_start
from core.say import say
from handlers import quotas
from handlers.service import Service
from storage import conversations, outbox
from storage.database import Database
from storage.outbox import Wish
from storage.tables import OutboxRow
from storage.transaction import Transaction, table
from tests.conftest import NOW, join

QUOTA = QUOTAS[Channel.ZALO_BOT]
_OUTBOX = table(OutboxRow)


@pytest.mark.parametrize(
    ("used", "reached"),
    [
        (Usage(2_399, 39), 0),
        (Usage(2_400, 1), 80),
        (Usage(1, 40), 80),
        (Usage(3_000, 1), 100),
        (Usage(9_000, 90), 100),
    ],
)
def test_either_number_reaches_a_level(used: Usage, reached: int) -> None:
    assert level(used, QUOTA) == reached


def test_the_month_begins_at_midnight_in_viet_nam() -> None:
    assert month_start(datetime(2026, 3, 31, 17, 30, tzinfo=UTC)) == datetime(2026, 3, 31, 17, 0, tzinfo=UTC)
    assert month_start(datetime(2026, 3, 31, 16, 30, tzinfo=UTC)) == datetime(2026, 2, 28, 17, 0, tzinfo=UTC)


def left(tx: Transaction, count: int, at: datetime) -> None:
    """So many messages went to Zalo Bot at a moment."""
    for number in range(count):
        wish = Wish(key=f"q{at}{number}", address=Address(Channel.ZALO_BOT, "z"), text=say("help"))
        outbox.enqueue(tx, wish, at)
    of_bot = (_OUTBOX.c.channel == Channel.ZALO_BOT, _OUTBOX.c.created_at == at)
    tx.connection.execute(update(_OUTBOX).where(*of_bot).values(state="sent", sent_at=at))


def test_this_months_messages_and_all_people_count(database: Database, service: Service) -> None:
    with database.transaction() as tx:
        left(tx, 3, NOW)
        left(tx, 5, NOW - timedelta(days=40))
        for number in range(2):
            person = Address(Channel.ZALO_BOT, f"z{number}")
            conversations.load(tx, person, f"z{number}", NOW)
        assert quotas.usage(tx, Channel.ZALO_BOT, NOW).messages == 3
        assert list(quotas.nearly_used(tx, NOW)) == []


def test_the_administrator_hears_of_a_level_once_a_month(database: Database, service: Service) -> None:
    with database.transaction() as tx:
        join(tx, "Quản Thị Trị", "Văn phòng HĐND và UBND", Role.ADMIN, "91", channel=Channel.TELEGRAM)
        left(tx, 2_400, NOW)
    for hours in range(2):
        with database.transaction() as tx:
            quotas.watch(service, tx, NOW + timedelta(hours=hours))
    with database.transaction() as tx:
        told = select(_OUTBOX.c.message).where(_OUTBOX.c.chat == "91")
        (row,) = tx.connection.execute(told).all()
    assert row.message["key"] == "notice_quota"
    assert row.message["fields"]["messages"] == 2_400
