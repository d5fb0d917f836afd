"""Tracking by the secret code: what it shows, and that it gives nothing away."""

import asyncio
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from core.codes import secret_code, spell_secret
from handlers import lookup
from handlers.service import Service
from storage.database import Database
from storage.tables import TicketEntryRow, TicketRow
from storage.transaction import Transaction
from tests.conftest import NOW
from tests.web.conftest import World

SECRET = secret_code(123_456_789_012_345)


def ticket(tx: Transaction, service: Service, *, closed_at: datetime | None = None) -> None:
    row = TicketRow(
        organisation_id=tx.organisation_id,
        number="PA-K7M-245",
        secret_hmac=service.keys.blind("ticket_secret", SECRET),
        reporter_hmac="h",
        reporter_sealed="s",
        channel="webchat",
        status="closed" if closed_at else "in_progress",
        kind="phan_anh",
        field=service.fields[0].code,
        title="Đèn hỏng <b>",
        story="Chuyện riêng của bà Mơ",
        identity="desk_only",
        marks=[],
        alerted=[],
        created_at=NOW,
        moved_at=NOW,
        receive_by=NOW + timedelta(days=2),
        promised_by=NOW + timedelta(days=9),
        legal_by=NOW + timedelta(days=30),
        closed_at=closed_at,
    )
    tx.add(row)
    for text, is_public in (("Đã chuyển <b>Phòng Kinh tế</b>", True), ("Ghi chú nội bộ", False)):
        tx.add(
            TicketEntryRow(
                organisation_id=tx.organisation_id,
                ticket_id=row.id,
                side="desk",
                text=text,
                is_public=is_public,
                created_at=NOW,
            )
        )


async def test_the_code_shows_stage_dates_and_public_lines_and_nothing_else(world: World) -> None:
    with world.runtime.database.transaction() as tx:
        ticket(tx, world.runtime.service)
    answer = await world.client.post("/tra-cuu", data={"ma": spell_secret(SECRET).lower().replace("0", "o")})
    page = await answer.text()
    assert answer.status == 200
    for shown in ("PA-K7M-245", "Đang xử lý", "19/03/2026", "Đã chuyển &lt;b&gt;Phòng Kinh tế"):
        assert shown in page
    for hidden in ("bà Mơ", "Ghi chú nội bộ", "Đèn hỏng", SECRET):
        assert hidden not in page


@pytest.mark.parametrize("code", ["", "abc", "PA-K7M-245", SECRET[:-1], secret_code(5), "0" * 5000])
async def test_a_wrong_code_gets_the_same_page_whatever_is_wrong(world: World, code: str) -> None:
    nothing = await world.client.post("/tra-cuu", data={"ma": secret_code(7)})
    answer = await world.client.post("/tra-cuu", data={"ma": code})
    if len(code) < 4000:
        assert (answer.status, await answer.text()) == (404, await nothing.text())
    else:
        assert answer.status == 413


def test_a_code_ends_when_the_retention_is_over(database: Database, service: Service) -> None:
    with database.transaction() as tx:
        ticket(tx, service, closed_at=NOW)
        assert lookup.find(service, tx, SECRET, NOW + timedelta(days=700)) is not None
        assert lookup.find(service, tx, SECRET, NOW + timedelta(days=800)) is None


async def test_ten_misses_stop_one_address_and_nobody_else(world: World) -> None:
    with world.runtime.database.transaction() as tx:
        ticket(tx, world.runtime.service)

    async def ask(code: str, address: str) -> int:
        headers = {"X-Forwarded-For": address}
        return (await world.client.post("/tra-cuu", data={"ma": code}, headers=headers)).status

    for number in range(10):
        assert await ask(secret_code(number), f"2001:db8::{number}") == 404
    assert await ask(SECRET, "2001:db8::ffff") == 429
    assert await ask(SECRET, "2001:db8:1::1") == 200


async def test_many_misses_of_everybody_lock_nobody_out_and_are_logged_once(world: World) -> None:
    with world.runtime.database.transaction() as tx:
        ticket(tx, world.runtime.service)

    async def ask(code: str, number: int) -> int:
        headers = {"X-Forwarded-For": f"198.51.{number // 250}.{number % 250 + 1}"}
        return (await world.client.post("/tra-cuu", data={"ma": code}, headers=headers)).status

    with capture_logs() as logs:
        for number in range(300):
            assert await ask(secret_code(number), number) == 404
        assert [each for each in logs if each["event"] == "lookup_misses_many"] == []
        late = await asyncio.gather(*(ask(secret_code(number), number) for number in range(300, 303)))
        assert late == [404, 404, 404]
        assert await ask(SECRET, 400) == 200
    assert [each["event"] for each in logs].count("lookup_misses_many") == 1


async def test_visitors_without_a_known_address_are_not_counted_as_one(world: World) -> None:
    with world.runtime.database.transaction() as tx:
        ticket(tx, world.runtime.service)
    for number in range(12):
        answer = await world.client.post("/tra-cuu", data={"ma": secret_code(number)})
        assert answer.status == 404
    assert (await world.client.post("/tra-cuu", data={"ma": SECRET})).status == 200


async def test_misses_side_by_side_do_not_pass_the_ten(world: World) -> None:
    async def ask(number: int) -> int:
        headers = {"X-Forwarded-For": "203.0.113.7"}
        answer = await world.client.post("/tra-cuu", data={"ma": secret_code(number)}, headers=headers)
        return answer.status

    statuses = await asyncio.gather(*(ask(number) for number in range(40)))
    assert statuses.count(404) == 10
