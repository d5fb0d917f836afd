"""Lines of an account's history, and how much of it is read."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from channels.zalo_oa_account import ZaloOaAccount
from channels.zalo_oa_history import History, as_event
from channels.zalo_oa_parse import parse
from core.channel import (
    Event,
    LocationShared,
    MediaKind,
    MediaReceived,
    MediaRef,
    NotUnderstood,
    SendError,
    TextReceived,
)
from tests.fakes.zalo_oa import FakeZaloOa, error_page
from tests.fakes.zalo_oa_state import OA_ID

USER = "7100200300400500600"
PHOTO = "https://f6.photo.talk.zdn.vn/1/a.jpg"
RECENT, CONVERSATION = "/v2.0/oa/listrecentchat", "/v2.0/oa/conversation"


@pytest.fixture
async def zalo() -> AsyncIterator[FakeZaloOa]:
    async with FakeZaloOa() as running:
        yield running


@pytest.fixture
async def account(zalo: FakeZaloOa) -> AsyncIterator[ZaloOaAccount]:
    async with zalo.account() as opened:
        yield opened


async def no_pause(_seconds: float) -> None:
    return


def line(kind: str, **fields: Any) -> dict[str, Any]:
    return {
        "src": 1,
        "time": 1_790_000_000_123,
        "type": kind,
        "message_id": "m2",
        "from_id": USER,
        "to_id": OA_ID,
        **fields,
    }


@pytest.mark.parametrize(
    ("said", "event"),
    [
        (line("text", message="Đèn hỏng"), TextReceived("Đèn hỏng")),
        (
            line("photo", message="Cột điện", url=PHOTO),
            MediaReceived(MediaRef(PHOTO, MediaKind.PHOTO), "Cột điện"),
        ),
        (
            line("photo", message=None, links=[{"url": PHOTO}]),
            MediaReceived(MediaRef(PHOTO, MediaKind.PHOTO)),
        ),
        (line("GIF", url=PHOTO), MediaReceived(MediaRef(PHOTO, MediaKind.PHOTO))),
        (line("voice", url=PHOTO), MediaReceived(MediaRef(PHOTO, MediaKind.VOICE))),
        (line("location", location='{"latitude":"21.5","longitude":"105.5"}'), LocationShared(21.5, 105.5)),
        (line("link", links=[{"url": "https://a.vn"}]), TextReceived("https://a.vn")),
        (line("sticker", url=PHOTO), NotUnderstood()),
        (line("nosticker", message="chữ"), TextReceived("chữ")),
        (line("photo", links="?", url=5), NotUnderstood()),
    ],
)
def test_a_line_says_what_its_webhook_would_have_said_under_the_same_key(
    said: dict[str, Any], event: Event
) -> None:
    (inbound,) = parse(as_event(said, oa_id=OA_ID), oa_id=OA_ID)
    assert inbound.event == event
    assert (inbound.external_id, inbound.sender) == ("user_send:m2", USER)


async def test_a_very_long_history_is_read_in_part_and_says_so(
    zalo: FakeZaloOa, account: ZaloOaAccount
) -> None:
    citizen = zalo.people.citizen("Bảy")
    for number in range(120):
        zalo.people.say(citizen, f"tin {number}")
    zalo.per_minute = 1_000

    found = await History(account, oa_id=OA_ID, pause=no_pause).since(0)

    assert not found.is_whole
    assert len(found.events) == 100
    assert [event["message"]["text"] for _, event in found.events][-1] == "tin 119"
    assert found.newest == int(zalo.state.millis())
    later = await History(account, oa_id=OA_ID, pause=no_pause).since(found.newest + 1)
    assert (later.events, later.is_whole) == ((), True)
    assert len(zalo.made(CONVERSATION)) == 10


async def test_a_page_that_cannot_be_read_is_an_error_and_not_an_end(
    zalo: FakeZaloOa, account: ZaloOaAccount
) -> None:
    zalo.people.say(zalo.people.citizen("Bảy"), "xin chào")
    zalo.fail(CONVERSATION, error_page())
    with pytest.raises(SendError):
        await History(account, oa_id=OA_ID, pause=no_pause).since(0)
