"""The approved template, by chat and by telephone number."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from channels.zalo_oa import ZaloOaSender
from channels.zalo_oa_account import ZaloOaAccount
from core.channel import Address, Channel, Delivery, Outgoing, PermanentSendError, SendError, SendKind, Sent
from core.channel import Template as Wanted
from tests.fakes.zalo_oa import FakeZaloOa, lost_answer, refused
from tests.fakes.zalo_oa_state import Citizen, Template

BY_CHAT, BY_PHONE = "/v3.0/oa/message/template", "/message/template"
VALUES = {"ma_pa": "PA-ABC-234", "trang_thai": "Đã có trả lời", "ngay": "18/03/2026"}


@pytest.fixture
async def zalo() -> AsyncIterator[FakeZaloOa]:
    async with FakeZaloOa() as running:
        running.state.templates["312345"] = Template(dict.fromkeys(VALUES, 30))
        yield running


@pytest.fixture
async def account(zalo: FakeZaloOa) -> AsyncIterator[ZaloOaAccount]:
    async with zalo.account() as opened:
        yield opened


@pytest.fixture
def citizen(zalo: FakeZaloOa) -> Citizen:
    return zalo.people.stranger("Hoa", "84912345678")


async def send(
    account: ZaloOaAccount, citizen: Citizen, *, phone: str = "", template: str = "312345"
) -> Sent | SendError:
    sender = ZaloOaSender(account, files=Path(), link=lambda file: file.name, template_result=template)
    delivery = Delivery(
        id=7,
        key="k",
        address=Address(Channel.ZALO_OA, citizen.id),
        kind=SendKind.MESSAGE,
        message=Outgoing("Hồ sơ PA-ABC-234", template=Wanted(VALUES, phone)),
    )
    try:
        return await sender.deliver(delivery)
    except SendError as error:
        return error


@pytest.mark.parametrize("phone", ["", "0912345678"])
async def test_a_template_needs_no_window(
    zalo: FakeZaloOa, account: ZaloOaAccount, citizen: Citizen, phone: str
) -> None:
    end = await send(account, citizen, phone=phone)
    [shown] = zalo.screen(citizen)
    assert end == Sent(shown.id)
    assert shown.message["template"]["template_data"] == VALUES
    if phone:
        [call] = zalo.made(BY_PHONE)
        assert (call.wish["phone"], call.wish["tracking_id"]) == ("84912345678", "danvan-7")


@pytest.mark.parametrize(
    ("number", "phone", "code"),
    [
        (-249, "", "template_refused"),
        (-131, "", "template_refused"),
        (-118, "0912345678", "chat_unreachable"),
        (-108, "0912345678", "bad_phone"),
        (-136, "", "account_refused"),
        (-320, "0912345678", "account_refused"),
        (-144, "0912345678", "quota_exhausted"),
    ],
)
async def test_a_refused_template_is_refused_for_good(
    zalo: FakeZaloOa, account: ZaloOaAccount, citizen: Citizen, number: int, phone: str, code: str
) -> None:
    zalo.fail(BY_PHONE if phone else BY_CHAT, refused(number))
    end = await send(account, citizen, phone=phone)
    assert isinstance(end, PermanentSendError)
    assert end.code == code


async def test_without_an_approved_template_nothing_is_asked(
    zalo: FakeZaloOa, account: ZaloOaAccount, citizen: Citizen
) -> None:
    end = await send(account, citizen, template="")
    assert isinstance(end, PermanentSendError)
    assert end.code == "no_template"
    assert zalo.calls == []


async def test_a_template_whose_answer_is_lost_is_in_doubt(
    zalo: FakeZaloOa, account: ZaloOaAccount, citizen: Citizen
) -> None:
    zalo.fail(BY_CHAT, lost_answer())
    end = await send(account, citizen)
    assert type(end).__name__ == "UnknownOutcome"
