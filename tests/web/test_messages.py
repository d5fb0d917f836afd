"""What a page may send, who may read it, and that nothing is stored twice."""

import asyncio
import json

import pytest

from channels.webchat import parse
from core.channel import (
    Button,
    ButtonPressed,
    LocationShared,
    MediaKind,
    MediaReceived,
    NotUnderstood,
    Outgoing,
    TextReceived,
)
from handlers import webchat
from storage.tables import OfficerRow
from tests.conftest import Staff
from tests.web.conftest import Page, World

OTHER_ROOM = "room:other"


async def officer_page(world: World, staff: Staff, role: str) -> Page:
    """A page whose identity is bound to an officer, in the desk room when it is the desk's."""
    page = await world.page()
    member = getattr(staff, role)
    with world.runtime.database.transaction() as tx:
        tx.connection.exec_driver_sql(
            "UPDATE officer_channel SET sender = ?, chat = ? WHERE officer_id = ?",
            (page.chat, page.chat, member.officer.id),
        )
        webchat.join_room(tx, page.chat)
    return page


async def test_a_message_is_handed_on_with_its_sender_and_answered_after_that(world: World) -> None:
    page = await world.page()
    answer = await page.send("abc-12345", text="Đường hỏng")
    assert (answer.status, await answer.json()) == (200, {"ok": True})
    inbound, body = world.received[0]
    assert inbound.event == TextReceived("Đường hỏng")
    assert inbound.external_id == f"w:{page.chat}:abc-12345"
    assert (inbound.sender, inbound.chat.chat, inbound.is_private) == (page.chat, page.chat, True)
    assert parse(json.loads(body)) == inbound, "a parked body must be readable again"


async def test_the_same_client_message_id_is_shown_once(world: World) -> None:
    page = await world.page()
    for _ in range(3):
        assert (await page.send("abc-12345", text="Đường hỏng")).status == 200
    stream = await page.events()
    assert [message["text"] for message in await stream.until_ready()] == ["Đường hỏng"]
    stream.close()
    assert len({inbound.external_id for inbound, _ in world.received}) == 1


async def test_a_page_without_database_is_told_to_send_again(world: World) -> None:
    page = await world.page()
    world.is_down = True
    answer = await page.send(text="Đường hỏng")
    assert answer.status == 503
    assert "thử lại" in (await answer.json())["error"]
    world.is_down = False
    assert (await page.send(text="Đường hỏng")).status == 200


async def test_a_stranger_may_neither_write_to_a_room_nor_to_another_chat(world: World, staff: Staff) -> None:
    page, other = await world.page(), await world.page()
    for chat in (webchat.DESK_ROOM, other.chat, OTHER_ROOM):
        assert (await page.send(text="x", chat=chat)).status == 404
    assert world.received == []


async def test_an_unknown_token_is_refused(world: World) -> None:
    page = await world.page()
    page.token = "x" * 43
    for answer in (await page.send(text="x"), await page.upload(b"x")):
        assert answer.status == 401
        assert "tải lại trang" in (await answer.json())["error"]


async def test_the_token_of_another_identity_reads_nothing_of_a_chat(world: World) -> None:
    page, other = await world.page(), await world.page()
    await world.say(page.chat, Outgoing("Chỉ cho một người"))
    stream = await other.events({page.chat: 0})
    assert await stream.until_ready() == []
    stream.close()


async def test_desk_officers_share_the_room_and_lose_it_when_disabled(world: World, staff: Staff) -> None:
    desk = await officer_page(world, staff, "desk")
    leader = await officer_page(world, staff, "leader")
    await world.say(webchat.DESK_ROOM, Outgoing("Hồ sơ mới"))
    assert (await desk.send(text="Tôi nhận", chat=webchat.DESK_ROOM)).status == 200
    stream = await desk.events()
    who = await stream.next("who")
    assert who["identities"][0]["name"] == staff.desk.officer.name
    shown = await stream.until_ready()
    assert [(each["chat"], each["text"], each["from"]) for each in shown] == [
        (webchat.DESK_ROOM, "Hồ sơ mới", "service"),
        (webchat.DESK_ROOM, "Tôi nhận", "me"),
    ]
    assert shown[1]["name"] == staff.desk.officer.name
    stream.close()
    assert (await leader.send(text="x", chat=webchat.DESK_ROOM)).status == 404
    with world.runtime.database.transaction() as tx:
        row = tx.session.get(OfficerRow, staff.desk.officer.id)
        assert row is not None
        row.is_active = False
    assert (await desk.send("message-2", text="x", chat=webchat.DESK_ROOM)).status == 404


async def test_a_press_names_the_message_and_is_shown_by_the_label_that_stands_there(world: World) -> None:
    page = await world.page()
    buttons = ((Button("Có", "c:-:consent:1:yes"), Button("Không", "c:-:consent:1:no")),)
    message_id = await world.say(page.chat, Outgoing("Đồng ý?\n1. Có\n2. Không", buttons))
    await page.send("press-123", press="c:-:consent:1:yes", message_id=message_id)
    inbound, _ = world.received[0]
    assert inbound.event == ButtonPressed("c:-:consent:1:yes", f"{page.chat}/press-123")
    assert inbound.message_id == message_id
    await page.send("press-456", press="forged", message_id=message_id)
    stream = await page.events()
    assert [each["text"] for each in await stream.until_ready()] == ["Đồng ý?\n1. Có\n2. Không", "Có"]
    stream.close()


@pytest.mark.parametrize(
    "message",
    [
        {"client_msg_id": "short", "text": "x"},
        {"client_msg_id": "no spaces here", "text": "x"},
        {"client_msg_id": 12345678, "text": "x"},
        {"text": "x"},
        {"client_msg_id": "abc-12345", "text": 5},
        {"client_msg_id": "abc-12345", "text": "x" * 20_001},
        {"client_msg_id": "abc-12345", "press": "x" * 65},
        {"client_msg_id": "abc-12345", "location": {"latitude": 200, "longitude": 0}},
        {"client_msg_id": "abc-12345", "location": "here"},
        {"client_msg_id": "abc-12345", "file": "not-mine"},
        {"client_msg_id": "abc-12345", "chat": ["room:desk"]},
    ],
)
async def test_what_no_page_of_ours_sends_is_refused_in_words(
    world: World, message: dict[str, object]
) -> None:
    page = await world.page()
    answer = await world.client.post("/chat/messages", json=message, headers=page.headers)
    assert answer.status in {400, 404}
    assert (await answer.json())["error"].endswith((".", "gửi."))
    assert world.received == []


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b"\xff", b"[" * 100_000])
async def test_a_body_that_is_no_json_object_is_refused(world: World, body: bytes) -> None:
    page = await world.page()
    answer = await world.client.post("/chat/messages", data=body, headers=page.headers)
    assert answer.status == 400


async def test_half_a_letter_is_taken_and_stored_as_a_whole_one(world: World) -> None:
    page = await world.page()
    assert (await page.send("half-1234", text="ngập nước \ud83d\0 rồi")).status == 200
    inbound, body = world.received[0]
    assert inbound.event == TextReceived("ngập nước ? rồi")
    assert parse(json.loads(body)) == inbound


@pytest.mark.parametrize(
    "message",
    [
        {"client_msg_id": "\ud83d" * 10, "text": "x"},
        {"client_msg_id": "abc-12345", "chat": "\ud83d"},
        {"client_msg_id": "abc-12345", "file": "\ud83d"},
        {"client_msg_id": "abc-12345", "file": {"\ud83d": 1}},
    ],
)
async def test_half_a_letter_elsewhere_is_refused_in_words(world: World, message: dict[str, object]) -> None:
    page = await world.page()
    answer = await world.client.post("/chat/messages", json=message, headers=page.headers)
    assert answer.status in {400, 404}
    assert world.received == []


async def test_messages_side_by_side_do_not_pass_the_pace(world: World) -> None:
    page = await world.page()
    answers = await asyncio.gather(*(page.send(f"message-{number}", text="x") for number in range(80)))
    assert [answer.status for answer in answers].count(200) == 60


async def test_a_message_without_a_commit_does_not_count(world: World) -> None:
    page = await world.page()
    world.is_down = True
    for number in range(70):
        assert (await page.send(f"message-{number}", text="x")).status == 503
    world.is_down = False
    assert (await page.send("message-0", text="x")).status == 200


async def test_a_body_that_is_too_large_is_refused_in_words(world: World) -> None:
    page = await world.page()
    answer = await page.send(text="x" * 300_000)
    assert answer.status == 413
    assert "quá lớn" in (await answer.json())["error"]


async def test_places_and_empty_messages_are_understood_as_what_they_are(world: World) -> None:
    page = await world.page()
    await page.send("place-123", location={"latitude": 16.05, "longitude": 108})
    await page.send("empty-123", text="  ")
    events = [inbound.event for inbound, _ in world.received]
    assert events == [LocationShared(16.05, 108.0), NotUnderstood()]


async def test_a_hurried_writer_is_told_once_and_may_go_on_later(world: World) -> None:
    page = await world.page()
    for number in range(60):
        assert (await page.send(f"message-{number}", text="x")).status == 200
    first, second = await page.send("message-60", text="x"), await page.send("message-60", text="x")
    assert (first.status, second.status) == (429, 429)
    assert int(first.headers["Retry-After"]) <= 60
    assert "nhanh quá" in (await first.json())["error"]
    assert (await second.json())["error"] == ""
    assert (await page.send("press-123", press="p", message_id="1")).status == 200, (
        "presses have their own pace"
    )


async def test_a_file_belongs_to_the_page_that_handed_it_over(world: World) -> None:
    page, other = await world.page(), await world.page()
    ref = (await (await page.upload(b"photo", "Ảnh ổ gà.JPG")).json())["ref"]
    assert (await other.send(file=ref)).status == 400
    assert (await page.send(file=ref, text="ổ gà")).status == 200
    inbound, _ = world.received[0]
    assert isinstance(inbound.event, MediaReceived)
    media = inbound.event.media
    assert (media.kind, media.name, media.size_bytes) == (MediaKind.PHOTO, "Ảnh ổ gà.JPG", 5)
    assert inbound.event.caption == "ổ gà"
