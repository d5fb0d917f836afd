"""Messages of the Official Account that no webhook brought are read from its history."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.app import App, running
from bot.settings import FixedSettings, Send, ZaloOaSettings
from core.channel import Channel
from core.people import Role
from handlers.catching_up import read_until
from handlers.invariants import check
from handlers.runtime import Clock
from storage.tables import AttachmentRow, InboxRow
from storage.transaction import Transaction, table
from tests.conftest import join
from tests.fakes.zalo_oa import FakeZaloOa
from tests.fakes.zalo_oa_state import APP_ID, APP_SECRET, OA_ID, OA_SECRET, Citizen
from tests.flows.town import picture

WAKE = "xin chào"


@dataclass
class Place:
    """An account on loopback, and a service that can be started again and again."""

    zalo: FakeZaloOa
    settings: FixedSettings
    clock: Clock

    @asynccontextmanager
    async def service(self) -> AsyncIterator[App]:
        async with running(self.settings, clock=self.clock) as app:
            yield app
            await app.drain.settle_all()
            service = app.runtime.service
            report = await app.runtime.database.read(lambda tx: check(service, tx, self.clock.now()))
            assert report.findings == ()

    async def answered(self, citizen: Citizen, count: int) -> str:
        """Once the citizen has so many messages on the screen: the last of them."""
        await self.zalo.until(lambda: len(self.zalo.screen(citizen)) >= count)
        return self.zalo.screen(citizen)[-1].text


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with FakeZaloOa() as zalo:
        clock = Clock()
        zalo.state.follow_clock(clock.now)
        chosen = ZaloOaSettings(
            app_id=APP_ID,
            app_secret=SecretStr(APP_SECRET),
            oa_secret=SecretStr(OA_SECRET),
            oa_id=OA_ID,
            refresh_token=SecretStr(zalo.oauth.refresh),
            base_url=zalo.host,
            oauth_url=zalo.host,
            zns_url=zalo.host,
        )
        settings = FixedSettings(
            database_url=database_url,
            data_dir=tmp_path / "data",
            port=0,
            secret_key=SecretStr("k" * 43),
            send=Send.LIVE,
            zalo_oa=chosen,
        )
        yield Place(zalo, settings, clock)


async def count(app: App, rows: type, **wanted: object) -> int:
    of = table(rows)
    query = (
        select(func.count()).select_from(of).where(*(of.c[name] == value for name, value in wanted.items()))
    )

    def read(tx: Transaction) -> int:
        return int(tx.connection.execute(query).scalar_one())

    return await app.runtime.database.read(read)


async def test_what_people_wrote_while_the_service_was_away_is_taken_in_once_and_in_order(
    place: Place,
) -> None:
    zalo = place.zalo
    known, fresh = zalo.people.stranger("Bảy"), zalo.people.stranger("Chín")
    admin = zalo.people.citizen("Trí")
    async with place.service() as app:
        zalo.events.deliver_to(f"{app.url}/hook/zalo-oa")
        await app.runtime.database.write(
            lambda tx: join(
                tx, "Ngô Minh Trí", "Văn phòng HĐND và UBND", Role.ADMIN, admin.id, channel=Channel.ZALO_OA
            )
        )
        for words in (WAKE, "1"):
            zalo.people.say(known, words)
            await zalo.events.delivered()
        await place.answered(known, 2)
        await has_looked(app)

    place.clock.move(timedelta(minutes=1))
    zalo.people.say(known, "1")
    await zalo.events.delivered()
    assert zalo.events.is_disabled, "its six tries met nobody"
    place.clock.move(timedelta(minutes=1))
    zalo.people.say(known, "Đèn đường trước nhà văn hóa thôn 3 hỏng")
    zalo.people.say(fresh, WAKE)
    place.clock.move(timedelta(hours=7))
    zalo.people.say(known, "xong")
    zalo.people.show(known, picture())
    zalo.people.expire_media()
    place.clock.move(timedelta(hours=1))

    async with place.service() as app:
        await place.answered(fresh, 1)
        assert "chưa nhận được" in await place.answered(known, 6)
        heard = "\n".join(shown.text for shown in zalo.screen(known)[2:])
        in_order = ("kể việc muốn phản ánh", "ảnh, video", "tổng 1/10")
        assert sorted(in_order, key=heard.index) == list(in_order)
        taken = await count(app, InboxRow, channel="zalo_oa")
        assert taken == 7

        zalo.events.deliver_to(f"{app.url}/hook/zalo-oa")
        await zalo.events.delivered()
        assert await count(app, InboxRow, channel="zalo_oa") == taken, "the webhook's own tries come late"
        assert "webhook không đưa tới 5 tin" in await place.answered(admin, 1)
        assert await count(app, AttachmentRow) == 1


async def test_what_was_written_before_the_first_start_is_left_to_those_who_answered_it(place: Place) -> None:
    zalo = place.zalo
    before, after = zalo.people.stranger("Bảy"), zalo.people.stranger("Chín")
    zalo.people.say(before, WAKE)
    place.clock.move(timedelta(minutes=30))
    async with place.service() as app:
        await has_looked(app)

    zalo.people.say(after, WAKE)
    async with place.service():
        await place.answered(after, 1)
    assert zalo.screen(before) == []


async def has_looked(app: App) -> None:
    """Until the service has seen where the history ends for the first time."""
    while await app.runtime.database.read(lambda tx: read_until(tx, Channel.ZALO_OA)) is None:
        pass
