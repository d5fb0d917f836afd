"""The fake server is as strict as Telegram: it knows the published methods, and its limits."""

import asyncio
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from tests.fakes.botapi_contract import CONTRACT, NOT_CHECKED, Contract, load_contract
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_chats import MB
from tests.fakes.telegram_methods import METHODS

needs_contract = pytest.mark.skipif(not CONTRACT.exists(), reason=NOT_CHECKED)


@pytest.fixture
def contract() -> Contract:
    loaded = load_contract()
    assert loaded is not None
    return loaded


@needs_contract
def test_every_method_of_the_fake_is_published(contract: Contract) -> None:
    assert METHODS.keys() <= contract.methods.keys()


@needs_contract
@pytest.mark.parametrize(
    ("method", "params", "problem"),
    [
        ("sendMessages", {}, "unknown method"),
        ("sendMessage", {"chat_id": "1"}, "sendMessage.text: required, missing"),
        ("sendMessage", {"chat_id": "1", "text": "a", "colour": "red"}, "colour: unknown field"),
        ("getUpdates", {"timeout": "soon"}, "timeout: not one of Integer"),
        ("setWebhook", {"url": "https://a.vn", "drop_pending_updates": "yes"}, "not one of Boolean"),
        ("getUpdates", {"allowed_updates": '["message", 7]'}, "not one of Array of String"),
        ("sendMessage", {"chat_id": 1, "text": "a", "reply_markup": '{"inline_keyboard": [[{}]]}'}, "markup"),
        ("sendPhoto", {"chat_id": 1}, "sendPhoto.photo: required, missing"),
    ],
)
def test_call_that_does_not_fit_is_named(
    contract: Contract, method: str, params: dict[str, Any], problem: str
) -> None:
    [found] = contract.problems(method, params, {})
    assert problem in found


@needs_contract
def test_file_is_only_taken_where_one_belongs(contract: Contract) -> None:
    assert contract.problems("sendPhoto", {"chat_id": "1"}, {"photo": b""}) == []
    assert contract.problems("sendMessage", {"chat_id": "1"}, {"text": b""}) == [
        "sendMessage.text: takes no file"
    ]
    media = '[{"type": "photo", "media": "attach://a"}, {"type": "photo", "media": "attach://b"}]'
    params = {"chat_id": "1", "media": media}
    assert contract.problems("sendMediaGroup", params, {"a": b"", "b": b""}) == []
    assert contract.problems("sendMediaGroup", params, {"c": b""}) == ["sendMediaGroup.c: unknown field"]


@needs_contract
async def test_leaving_the_server_fails_after_a_call_that_did_not_fit() -> None:
    with pytest.raises(AssertionError, match="unknown field"):
        async with FakeTelegram() as telegram:
            await _call(telegram, "getMe", colour="red")


async def _call(telegram: FakeTelegram, method: str, **params: Any) -> dict[str, Any]:
    url = f"{telegram.host}/bot{telegram.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, json=params) as answer:
        found = await answer.json()
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "  "}, "message text is empty"),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "b", "callback_data": "ộ" * 22}]]}},
            "BUTTON_DATA_INVALID",
        ),
    ],
)
async def test_limits_of_a_message(telegram: FakeTelegram, params: dict[str, Any], words: str) -> None:
    person = telegram.people.person("Hoa")
    answer = await _call(telegram, "sendMessage", chat_id=person.id, **params)
    assert words in answer["description"]


async def test_limits_of_what_can_be_edited(telegram: FakeTelegram) -> None:
    person = telegram.people.person("Hoa")
    theirs = telegram.people.write(person, "xin chào")
    ours = (await _call(telegram, "sendMessage", chat_id=person.id, text="chào"))["result"]
    keyboard = {"remove_keyboard": True}
    plain = await _call(telegram, "sendMessage", chat_id=person.id, text="chào", reply_markup=keyboard)

    async def edit(message: dict[str, Any], text: str) -> str:
        ids = {"chat_id": person.id, "message_id": message["message_id"]}
        return str((await _call(telegram, "editMessageText", **ids, text=text)).get("description"))

    assert "message to edit not found" in await edit(theirs, "khác")
    assert "message is not modified" in await edit(ours, "chào")
    assert "message can't be edited" in await edit(plain["result"], "khác")
    assert await edit(ours, "khác") == "None"


async def test_place_cannot_be_asked_for_in_a_group(telegram: FakeTelegram) -> None:
    room = telegram.people.group("Phòng tiếp dân")
    markup = {"keyboard": [[{"text": "Vị trí", "request_location": True}]]}
    answer = await _call(telegram, "sendMessage", chat_id=room, text="Ở đâu?", reply_markup=markup)
    assert "private chats only" in answer["description"]


async def test_second_poll_ends_the_first(telegram: FakeTelegram) -> None:
    first = asyncio.create_task(_call(telegram, "getUpdates", timeout=20))
    await telegram.until(lambda: telegram.updates.polls == 1)
    second = asyncio.create_task(_call(telegram, "getUpdates", timeout=0))
    assert (await first)["error_code"] == 409
    assert (await second)["result"] == []


async def test_uploads_have_their_limits(telegram: FakeTelegram) -> None:
    person = telegram.people.person("Hoa")
    form = aiohttp.FormData({"chat_id": str(person.id)})
    form.add_field("photo", BytesIO(bytes(10 * MB + 1)), filename="a.jpg")
    url = f"{telegram.host}/bot{telegram.token}/sendPhoto"
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as answer:
        assert answer.status == 413


async def test_deleted_messages_and_members_are_known(telegram: FakeTelegram) -> None:
    person = telegram.people.person("Hoa")
    room = telegram.people.group("Phòng tiếp dân")
    message = (await _call(telegram, "sendMessage", chat_id=room, text="chào"))["result"]
    ids = {"chat_id": room, "message_id": message["message_id"]}
    assert (await _call(telegram, "deleteMessage", **ids))["ok"] is True
    assert (await _call(telegram, "deleteMessage", **ids))["ok"] is False
    member = await _call(telegram, "getChatMember", chat_id=room, user_id=person.id)
    assert member["result"]["status"] == "member"
