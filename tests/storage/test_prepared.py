"""Statements of the hot path mean to the database what the toolkit makes of them."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import DBAPIError

from storage.prepared import Prepared
from storage.tables import ConversationRow
from storage.transaction import Transaction, table
from tests.conftest import NOW

ROW = table(ConversationRow)
SET = Prepared(
    update(ROW)
    .where(ROW.c.id == bindparam("row_id"))
    .values(state=bindparam("state"), updated_at=bindparam("at"), wake_at=bindparam("wake"))
)
GET = Prepared(select(ROW.c.state, ROW.c.updated_at, ROW.c.wake_at).where(ROW.c.id == bindparam("row_id")))


@pytest.fixture
def row_id(tx: Transaction) -> int:
    values = {"channel": "webchat", "chat": "1", "sender": "1", "state": {}, "offered": [], "version": 0}
    made = tx.insert_once(
        ConversationRow,
        {"organisation_id": tx.organisation_id, "updated_at": NOW, **values},
        key=["channel", "chat", "sender"],
    )
    assert made is not None
    return made


@pytest.mark.parametrize(
    "moment",
    [
        NOW,
        datetime(2026, 3, 10, tzinfo=UTC),
        datetime(2026, 3, 10, 9, 30, 15, 7, tzinfo=timezone(timedelta(hours=7))),
    ],
)
def test_what_one_writes_the_other_reads(tx: Transaction, row_id: int, moment: datetime) -> None:
    state: dict[str, Any] = {"words": "Đèn đường «tắt» ở ngõ 12", "steps": [1, None, True]}
    tx.run(SET, {"row_id": row_id, "state": state, "at": moment, "wake": None})

    (fast,) = tx.run(GET, {"row_id": row_id})
    slow = tx.connection.execute(
        select(ROW.c.state, ROW.c.updated_at, ROW.c.wake_at).where(ROW.c.id == row_id)
    ).one()
    assert tuple(fast) == tuple(slow) == (state, moment, None)
    # Compared by the database as text: both must write every moment alike.
    same = select(ROW.c.id).where(ROW.c.updated_at == moment)
    assert tx.connection.execute(same).scalars().all() == [row_id]


def test_a_moment_without_a_time_zone_is_refused(tx: Transaction, row_id: int) -> None:
    with pytest.raises(ValueError, match=r"time ?zone"):
        tx.run(SET, {"row_id": row_id, "state": {}, "at": NOW.replace(tzinfo=None), "wake": None})


def test_errors_of_the_driver_come_without_the_values(tx: Transaction, row_id: int) -> None:
    with pytest.raises(DBAPIError) as caught:
        tx.run(SET, {"row_id": row_id, "state": {"words": "kin"}, "at": None, "wake": None})
    assert "kin" not in str(caught.value)
