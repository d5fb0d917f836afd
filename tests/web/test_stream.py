"""The event stream: history, news, edits, notices, and going on where it broke."""

from datetime import timedelta

import pytest

from core.channel import Address, Button, Channel, Delivery, Outgoing, SendKind
from core.conversation import storing
from core.conversation.draft import Draft
from core.conversation.states import State
from core.conversation.steps import Telling
from handlers import webchat
from storage import conversations
from storage.outbox import Wish, enqueue
from tests.web.conftest import Events, Page, World


async def test_a_waiting_page_gets_a_message_without_asking_again(world: World) -> None:
    page = await world.page()
    stream = await page.events()
    assert await stream.until_ready() == []
    message_id = await world.say(page.chat, Outgoing("Chào ông/bà", ((Button("Có", "c:1"),),)))
    message = await stream.next("message")
    assert message["id"] == message_id
    assert message["from"] == "service"
    assert message["buttons"] == [[{"label": "Có", "payload": "c:1"}]]
    stream.close()


async def test_a_stream_goes_on_after_the_last_seq(world: World) -> None:
    page = await world.page()
    for number in range(3):
        await world.say(page.chat, Outgoing(f"tin {number}"))
    stream = await page.events()
    seen = await stream.until_ready()
    stream.close()
    await world.say(page.chat, Outgoing("tin lúc mất mạng"))
    stream = await page.events({page.chat: seen[-1]["seq"]})
    assert [message["text"] for message in await stream.until_ready()] == ["tin lúc mất mạng"]
    stream.close()


async def test_an_edit_arrives_as_the_same_message_with_a_new_seq(world: World) -> None:
    page = await world.page()
    message_id = await world.say(page.chat, Outgoing("cũ"))
    stream = await page.events()
    (before,) = await stream.until_ready()
    await world.edit(page.chat, message_id, Outgoing("mới"))
    after = await stream.next("message")
    assert (after["id"], after["text"], after["edited"]) == (message_id, "mới", True)
    assert after["seq"] > before["seq"]
    stream.close()


async def test_a_history_longer_than_one_answer_is_brought_whole_after_a_break(world: World) -> None:
    page = await world.page()
    first = await world.say(page.chat, Outgoing("tin đầu"))
    with world.runtime.database.transaction() as tx:
        now = world.runtime.clock.now()
        for number in range(webchat.FIRST_PAGE + 20):
            webchat.put(tx, page.chat, f"bulk-{number}", Outgoing(str(number)), now)
    stream = await page.events({page.chat: 1})
    assert len(await stream.until_ready()) == webchat.FIRST_PAGE + 20
    stream.close()
    stream = await page.events()
    fresh = await stream.until_ready()
    assert len(fresh) == webchat.FIRST_PAGE
    assert first not in {message["id"] for message in fresh}
    stream.close()


async def test_the_same_outbox_key_is_stored_once(world: World) -> None:
    page = await world.page()
    ids = {await world.say(page.chat, Outgoing("một lần"), key="same") for _ in range(2)}
    assert len(ids) == 1
    stream = await page.events()
    assert len(await stream.until_ready()) == 1
    stream.close()


async def test_the_answer_to_a_press_reaches_the_page_that_pressed_and_is_not_kept(world: World) -> None:
    page, other = await world.page(), await world.page()
    stream, foreign = await page.events(), await other.events()
    await stream.until_ready()
    await foreign.until_ready()
    answer = Delivery(
        1,
        "p",
        Address(Channel.WEBCHAT, webchat.DESK_ROOM),
        SendKind.PRESS_ANSWER,
        Outgoing("Đã có người nhận."),
        reference=f"{page.chat}/press-123",
    )
    await world.sender.deliver(answer)
    assert await stream.next("toast") == {
        "to": page.chat,
        "client_msg_id": "press-123",
        "text": "Đã có người nhận.",
    }
    await world.say(other.chat, Outgoing("tin khác"))
    assert (await foreign.next("message"))["text"] == "tin khác"
    for each in (stream, foreign):
        each.close()
    stream = await page.events()
    assert await stream.until_ready() == []
    stream.close()


async def test_one_stream_serves_all_identities_of_a_page_and_names_the_unknown_ones(world: World) -> None:
    first, second = await world.page(), await world.page()
    await world.say(first.chat, Outgoing("một"))
    await world.say(second.chat, Outgoing("hai"))
    body = {"tokens": [first.token, "unknown", second.token], "since": {}}
    response = await world.client.post("/chat/events", json=body)
    stream = Events(response)
    who = (await stream.next("who"))["identities"]
    assert [each and each["chat"] for each in who] == [first.chat, None, second.chat]
    assert [(each["to"], each["text"]) for each in await stream.until_ready()] == [
        (first.chat, "một"),
        (second.chat, "hai"),
    ]
    stream.close()


async def test_streams_end_when_the_service_stops(world: World) -> None:
    page = await world.page()
    stream = await page.events()
    await stream.until_ready()
    world.hub.close()
    assert await stream.response.content.read() == b""


STORY = "Ông A nhận tiền của dân"
SHORT = "ông A"


async def forgotten(world: World, page: Page, within: str | None) -> dict[str, bool]:
    """What stands in the chat after the words were sealed, and whether it was blanked; by id of message."""
    await world.runtime.database.write(lambda tx: webchat.forget_words(tx, page.chat, within=within))
    stream = await page.events()
    found = {each["id"]: each["forgotten"] for each in await stream.until_ready()}
    stream.close()
    return dict(sorted(found.items(), key=lambda each: int(each[0])))


def drafting(world: World, page: Page, after: timedelta) -> None:
    """A draft that began so long after now."""
    now = world.runtime.clock.now()
    state = State(Telling(Draft(id="d1", started_at=now + after, story=(STORY,))))
    with world.runtime.database.transaction() as tx:
        conversation = conversations.load(tx, Address(Channel.WEBCHAT, page.chat), page.chat, now)
        conversations.save(tx, conversation, now, state=storing.to_json(state), offered=(), wake_at=None)


async def test_sealing_leaves_short_answers_of_before_and_what_the_service_said_of_them(world: World) -> None:
    page = await world.page()
    await page.send("earlier-1", text="1")
    await page.send("earlier-2", text="có")
    receipt = await world.say(page.chat, Outgoing("Mã tra cứu: 1ABC, có giá trị 1 năm"))
    drafting(world, page, timedelta(seconds=30))
    told = await world.say(page.chat, Outgoing("Tôi đã ghi: «Ông A nhận tiền của dân 1 lần, có người…»"))
    found = await forgotten(world, page, f"{STORY} 1 lần, có người thấy")
    assert found.pop(told)
    assert not found[receipt]
    assert list(found.values()) == [False, False, False]


async def test_sealing_takes_whole_lines_and_long_messages_of_before(world: World) -> None:
    page = await world.page()
    await page.send("earlier-1", text=SHORT)
    await page.send("earlier-2", text="nhận tiền của dân trong thôn")
    await page.send("earlier-3", text="dân")
    drafting(world, page, timedelta(seconds=30))
    quoted = await world.say(page.chat, Outgoing(f"Tôi đã ghi: «{SHORT}»"))
    other = await world.say(page.chat, Outgoing(f"Hồ sơ về {SHORT} đã đóng"))
    found = await forgotten(world, page, f"{SHORT}\nnhận tiền của dân trong thôn")
    assert found.pop(quoted)
    assert not found.pop(other)
    assert list(found.values()) == [True, True, False]


async def test_a_receipt_is_never_forgotten(world: World) -> None:
    page = await world.page()
    await page.send("story-123", text=STORY)
    address = Address(Channel.WEBCHAT, page.chat)
    with world.runtime.database.transaction() as tx:
        enqueue(tx, Wish(key="receipt-1", address=address, purpose="receipt"), world.runtime.clock.now())
    receipt = await world.say(page.chat, Outgoing(f"Mã tra cứu: 1ABC\n{STORY}"), key="receipt-1")
    found = await forgotten(world, page, None)
    assert not found.pop(receipt)
    assert list(found.values()) == [True]


@pytest.mark.parametrize("token", ["\ud83d", "ảnh", "\0"])
async def test_a_token_that_none_of_ours_can_be_is_an_unknown_one(world: World, token: str) -> None:
    response = await world.client.post("/chat/events", json={"tokens": [token], "since": {}})
    stream = Events(response)
    assert (await stream.next("who"))["identities"] == [None]
    assert await stream.until_ready() == []
    stream.close()


async def test_forgotten_words_leave_open_pages_too(world: World) -> None:
    page = await world.page()
    await page.send("keep-1234", text="giữ lại")
    await page.send("seal-1234", text="ông A nhận tiền")
    stream = await page.events()
    await stream.until_ready()
    await world.runtime.database.write(
        lambda tx: webchat.forget_words(tx, page.chat, within="Tôi tố cáo: ông A nhận tiền của dân")
    )
    world.hub.wake(page.chat)
    message = await stream.next("message")
    assert (message["forgotten"], message["text"]) == (True, "")
    stream.close()
    stream = await page.events()
    assert sorted(each["text"] for each in await stream.until_ready()) == ["", "giữ lại"]
    stream.close()
