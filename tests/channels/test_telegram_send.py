"""One delivery, as it arrives on the screen of the person."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.telegram import TelegramSender
from core.channel import (
    Address,
    Button,
    Channel,
    Delivery,
    MediaKind,
    Outgoing,
    OutgoingFile,
    PermanentSendError,
    SendKind,
    Sent,
    TemporarySendError,
    UnknownOutcome,
)
from core.text import utf16_length
from tests.channels.conftest import WORDS
from tests.fakes import telegram as faults
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_chats import MB

LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc"])
YES_NO = ((Button("1. Có", "c:7:confirm:3:yes"), Button("2. Không", "c:7:confirm:3:no")),)


def delivery(chat: int | str, message: Outgoing | None = None, **fields: Any) -> Delivery:
    address = Address(Channel.TELEGRAM, str(chat))
    kind = fields.pop("kind", SendKind.MESSAGE)
    return Delivery(1, "receipt:1", address, kind, message or Outgoing(""), **fields)


def stored(folder: Path, name: str, kind: MediaKind, *, size: int = 20) -> OutgoingFile:
    (folder / name).write_bytes(b"\xff" * size)
    return OutgoingFile(name, name, kind, "application/octet-stream")


def labels(message: dict[str, Any]) -> list[list[str]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [[button["text"] for button in row] for row in rows]


async def test_text_arrives_plain_without_preview_and_with_buttons(
    telegram: FakeTelegram, sender: TelegramSender
) -> None:
    person = telegram.people.person("Hoa")
    sent = await sender.deliver(delivery(person.id, Outgoing("*Xã* <b>Mây</b> https://a.vn", YES_NO)))
    shown = telegram.people.last(person.id)
    assert sent == Sent(str(shown["message_id"]))
    assert shown["text"] == "*Xã* <b>Mây</b> https://a.vn"
    assert labels(shown) == [["1. Có", "2. Không"]]
    call = telegram.made("sendMessage")[0]
    assert "parse_mode" not in call.params
    assert call.data("link_preview_options") == {"is_disabled": True}


async def test_long_text_is_split_with_the_buttons_on_the_last_piece(
    telegram: FakeTelegram, sender: TelegramSender
) -> None:
    person = telegram.people.person("Hoa")
    sent = await sender.deliver(delivery(person.id, Outgoing("Đường hỏng nặng. " * 600, YES_NO)))
    screen = telegram.people.screen(person.id)
    assert [bool(labels(message)) for message in screen] == [False, False, True]
    assert sent.message_id == str(screen[-1]["message_id"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=300),
    st.integers(1, 60),
)
async def test_no_text_is_too_long_for_telegram(
    telegram: FakeTelegram, sender: TelegramSender, piece: str, times: int
) -> None:
    text = f"a{piece}😀" * times
    person = telegram.people.person("Hoa")
    await sender.deliver(delivery(person.id, Outgoing(text)))
    assert all(utf16_length(message["text"]) <= 4096 for message in telegram.people.screen(person.id))


async def test_one_photo_carries_the_text_as_its_caption(
    telegram: FakeTelegram, sender: TelegramSender, tmp_path: Path
) -> None:
    person = telegram.people.person("Hoa")
    photo = stored(tmp_path, "anh.jpg", MediaKind.PHOTO)
    sent = await sender.deliver(delivery(person.id, Outgoing("Ảnh hiện trường", YES_NO, (photo,))))
    [shown] = telegram.people.screen(person.id)
    assert (shown["caption"], labels(shown)) == ("Ảnh hiện trường", [["1. Có", "2. Không"]])
    assert sent.message_id == str(shown["message_id"])


async def test_text_too_long_for_a_caption_follows_the_photo(
    telegram: FakeTelegram, sender: TelegramSender, tmp_path: Path
) -> None:
    person = telegram.people.person("Hoa")
    photo = stored(tmp_path, "anh.jpg", MediaKind.PHOTO)
    await sender.deliver(delivery(person.id, Outgoing("ộ" * 1025, YES_NO, (photo,))))
    first, second = telegram.people.screen(person.id)
    assert "caption" not in first
    assert labels(second) == [["1. Có", "2. Không"]]


async def test_photos_make_an_album_followed_by_the_text(
    telegram: FakeTelegram, sender: TelegramSender, tmp_path: Path
) -> None:
    person = telegram.people.person("Hoa")
    photos = tuple(stored(tmp_path, f"{number}.jpg", MediaKind.PHOTO) for number in range(11))
    sent = await sender.deliver(delivery(person.id, Outgoing("Mười một ảnh", YES_NO, photos)))
    assert [call.method for call in telegram.calls] == ["sendMediaGroup", "sendPhoto", "sendMessage"]
    assert sent.message_id == str(telegram.people.last(person.id)["message_id"])


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        (MediaKind.DOCUMENT, "sendDocument"),
        (MediaKind.VOICE, "sendVoice"),
        (MediaKind.VIDEO, "sendVideo"),
        (MediaKind.PHOTO, "sendPhoto"),
    ],
)
async def test_each_kind_of_file_goes_by_its_own_method(
    telegram: FakeTelegram, sender: TelegramSender, tmp_path: Path, kind: MediaKind, method: str
) -> None:
    person = telegram.people.person("Hoa")
    file = stored(tmp_path, "Biên bản số 1.bin", kind)
    await sender.deliver(delivery(person.id, Outgoing("", (), (file,))))
    [upload] = telegram.made(method)[0].files.values()
    assert (upload.filename, upload.content) == ("Biên bản số 1.bin", b"\xff" * 20)


async def test_photo_over_ten_megabytes_goes_as_a_document(
    telegram: FakeTelegram, sender: TelegramSender, tmp_path: Path
) -> None:
    person = telegram.people.person("Hoa")
    photo = stored(tmp_path, "lon.jpg", MediaKind.PHOTO, size=10 * MB + 1)
    await sender.deliver(delivery(person.id, Outgoing("Ảnh gốc", (), (photo,))))
    assert "document" in telegram.people.last(person.id)


@pytest.mark.parametrize("path", ["khong-co.pdf", str(Path(__file__)), "../../../../../../etc/passwd"])
async def test_files_outside_the_folder_or_gone_are_refused(
    telegram: FakeTelegram, sender: TelegramSender, path: str
) -> None:
    person = telegram.people.person("Hoa")
    file = OutgoingFile(path, "a.pdf", MediaKind.DOCUMENT, "application/pdf")
    with pytest.raises(PermanentSendError) as caught:
        await sender.deliver(delivery(person.id, Outgoing("Kèm tệp", (), (file,))))
    assert caught.value.code == "file_missing"
    assert telegram.calls == []


async def test_place_is_asked_by_a_keyboard_that_types_the_other_choices(
    telegram: FakeTelegram, sender: TelegramSender
) -> None:
    person = telegram.people.person("Hoa")
    await sender.deliver(delivery(person.id, Outgoing("Ở đâu?", YES_NO, ask_location=True)))
    keyboard = telegram.chats.chats[person.id].keyboard
    assert keyboard is not None
    assert keyboard[0] == [{"text": WORDS.location, "request_location": True}]
    assert telegram.calls[-1].data("reply_markup")["one_time_keyboard"] is True
    assert telegram.people.tap_keyboard(person, "2. Không")["text"] == "2. Không"


async def test_phone_number_is_asked_by_a_keyboard(telegram: FakeTelegram, sender: TelegramSender) -> None:
    person = telegram.people.person("Hoa")
    await sender.deliver(delivery(person.id, Outgoing("Số điện thoại?", ask_contact=True)))
    keyboard = telegram.chats.chats[person.id].keyboard
    assert keyboard == [[{"text": WORDS.contact, "request_contact": True}]]


@pytest.mark.parametrize("buttons", [(), YES_NO])
async def test_keyboard_is_gone_after_the_next_message(
    telegram: FakeTelegram, sender: TelegramSender, buttons: tuple[tuple[Button, ...], ...]
) -> None:
    person = telegram.people.person("Hoa")
    await sender.deliver(delivery(person.id, Outgoing("Ở đâu?", ask_location=True)))
    await sender.deliver(delivery(person.id, Outgoing("Cảm ơn ông/bà.", buttons)))
    assert telegram.chats.chats[person.id].keyboard is None
    assert [message["text"] for message in telegram.people.screen(person.id)] == ["Ở đâu?", "Cảm ơn ông/bà."]


async def test_keyboard_is_taken_away_once(telegram: FakeTelegram, sender: TelegramSender) -> None:
    """A message that took a keyboard away cannot be edited later, so no other one may."""
    person = telegram.people.person("Hoa")
    await sender.deliver(delivery(person.id, Outgoing("Ở đâu?", ask_location=True)))
    await sender.deliver(delivery(person.id, Outgoing("Cảm ơn ông/bà.")))
    sent = await sender.deliver(delivery(person.id, Outgoing("Đã ghi nhận.")))
    edit = delivery(person.id, Outgoing("Đã rút."), kind=SendKind.EDIT, message_id=sent.message_id)
    await sender.deliver(edit)
    assert telegram.people.last(person.id)["text"] == "Đã rút."


async def test_tidying_the_keyboard_never_fails_the_message(
    telegram: FakeTelegram, sender: TelegramSender
) -> None:
    person = telegram.people.person("Hoa")
    await sender.deliver(delivery(person.id, Outgoing("Ở đâu?", ask_location=True)))
    telegram.fail("deleteMessage", faults.server_error())
    await sender.deliver(delivery(person.id, Outgoing("Cảm ơn ông/bà.", YES_NO)))
    assert telegram.people.last(person.id)["text"] == "Cảm ơn ông/bà."


async def test_groups_are_never_asked_for_a_place(telegram: FakeTelegram, sender: TelegramSender) -> None:
    room = telegram.people.group("Phòng tiếp dân")
    await sender.deliver(delivery(room, Outgoing("Ở đâu?", YES_NO, ask_location=True, ask_contact=True)))
    assert labels(telegram.people.last(room)) == [["1. Có", "2. Không"]]


async def test_edit_changes_text_and_buttons(telegram: FakeTelegram, sender: TelegramSender) -> None:
    room = telegram.people.group("Phòng tiếp dân")
    sent = await sender.deliver(delivery(room, Outgoing("Mới gửi", YES_NO)))
    edit = delivery(room, Outgoing("Đã nhận"), kind=SendKind.EDIT, message_id=sent.message_id)
    assert await sender.deliver(edit) == sent
    shown = telegram.people.last(room)
    assert (shown["text"], labels(shown)) == ("Đã nhận", [])


async def test_edit_that_changes_nothing_is_a_success(telegram: FakeTelegram, sender: TelegramSender) -> None:
    room = telegram.people.group("Phòng tiếp dân")
    sent = await sender.deliver(delivery(room, Outgoing("Mới gửi", YES_NO)))
    edit = delivery(room, Outgoing("Mới gửi", YES_NO), kind=SendKind.EDIT, message_id=sent.message_id)
    assert await sender.deliver(edit) == sent


async def test_edit_of_a_photo_card_changes_its_caption(
    telegram: FakeTelegram, sender: TelegramSender, tmp_path: Path
) -> None:
    person = telegram.people.person("Hoa")
    photo = stored(tmp_path, "anh.jpg", MediaKind.PHOTO)
    sent = await sender.deliver(delivery(person.id, Outgoing("Mới", YES_NO, (photo,))))
    edit = delivery(person.id, Outgoing("Xong"), kind=SendKind.EDIT, message_id=sent.message_id)
    await sender.deliver(edit)
    await sender.deliver(edit)
    assert telegram.people.last(person.id)["caption"] == "Xong"


@pytest.mark.parametrize("message_id", ["999999", "", None, "abc"])
async def test_edit_of_a_message_that_is_gone_is_refused_for_good(
    telegram: FakeTelegram, sender: TelegramSender, message_id: str | None
) -> None:
    person = telegram.people.person("Hoa")
    edit = delivery(person.id, Outgoing("Xong"), kind=SendKind.EDIT, message_id=message_id)
    with pytest.raises(PermanentSendError, match="message_gone"):
        await sender.deliver(edit)


async def test_edit_too_long_is_refused_before_it_leaves(
    telegram: FakeTelegram, sender: TelegramSender
) -> None:
    edit = delivery(5001, Outgoing("x" * 4097), kind=SendKind.EDIT, message_id="1")
    with pytest.raises(PermanentSendError, match="text_too_long"):
        await sender.deliver(edit)
    assert telegram.calls == []


@pytest.mark.parametrize("text", ["", "Đã nhận", "Hồ sơ này đã có người nhận. " * 20, "😀" * 300])
async def test_press_is_answered_within_the_limit(
    telegram: FakeTelegram, sender: TelegramSender, text: str
) -> None:
    room = telegram.people.group("Phòng tiếp dân")
    person = telegram.people.person("Hiên")
    await sender.deliver(delivery(room, Outgoing("Hồ sơ", YES_NO)))
    query = telegram.people.press(person, telegram.people.last(room), "1. Có")
    await sender.deliver(delivery(room, Outgoing(text), kind=SendKind.PRESS_ANSWER, reference=query))
    shown = telegram.chats.presses[query]
    assert shown is not None
    assert shown[:20] == text[:20]


async def test_press_too_old_to_answer_is_done_with(telegram: FakeTelegram, sender: TelegramSender) -> None:
    late = delivery(5001, Outgoing("Muộn"), kind=SendKind.PRESS_ANSWER, reference="forgotten")
    assert await sender.deliver(late) == Sent()


async def test_download_brings_the_bytes(telegram: FakeTelegram, sender: TelegramSender) -> None:
    person = telegram.people.person("Hoa")
    photo = telegram.people.send_photo(person, b"\xff\xd8 picture")["photo"][-1]
    wanted = delivery(person.id, kind=SendKind.DOWNLOAD, reference=photo["file_id"])
    assert (await sender.deliver(wanted)).content == b"\xff\xd8 picture"


async def test_file_over_twenty_megabytes_cannot_be_fetched(
    telegram: FakeTelegram, sender: TelegramSender
) -> None:
    person = telegram.people.person("Hoa")
    document = telegram.people.send_document(person, "phim.pdf", size=20 * MB + 1)["document"]
    with pytest.raises(PermanentSendError, match="file_too_big"):
        await sender.deliver(delivery(person.id, kind=SendKind.DOWNLOAD, reference=document["file_id"]))


async def test_unknown_file_is_refused_for_good(telegram: FakeTelegram, sender: TelegramSender) -> None:
    with pytest.raises(PermanentSendError, match="file_gone"):
        await sender.deliver(delivery(5001, kind=SendKind.DOWNLOAD, reference="nothing"))


async def test_file_link_that_ran_out_is_asked_for_again(
    telegram: FakeTelegram, sender: TelegramSender
) -> None:
    person = telegram.people.person("Hoa")
    photo = telegram.people.send_photo(person, b"picture")["photo"][-1]
    wanted = delivery(person.id, kind=SendKind.DOWNLOAD, reference=photo["file_id"])
    telegram.fail("file", faults.answered(404, "Not Found"))
    with pytest.raises(TemporarySendError, match="link_expired"):
        await sender.deliver(wanted)
    assert (await sender.deliver(wanted)).content == b"picture"


@pytest.mark.parametrize("chat", ["room:desk", "", "404404"])
async def test_chat_unknown_to_telegram_is_refused_for_good(sender: TelegramSender, chat: str) -> None:
    with pytest.raises(PermanentSendError, match="chat_unknown"):
        await sender.deliver(delivery(chat, Outgoing("Xin chào")))


async def test_empty_message_is_refused_for_good(sender: TelegramSender) -> None:
    with pytest.raises(PermanentSendError, match="empty_message"):
        await sender.deliver(delivery(5001))


# --- a message of several calls that breaks in the middle ---


async def album(telegram: FakeTelegram, folder: Path) -> tuple[int, Delivery]:
    person = telegram.people.person("Hoa")
    photos = tuple(stored(folder, f"{number}.jpg", MediaKind.PHOTO) for number in range(2))
    return person.id, delivery(person.id, Outgoing("Hai ảnh", YES_NO, photos))


async def test_rest_of_a_message_waits_its_turn_without_repeating_the_album(
    telegram: FakeTelegram, sender: TelegramSender, tmp_path: Path, pauses: list[float]
) -> None:
    chat, wanted = await album(telegram, tmp_path)
    telegram.fail("sendMessage", faults.rate_limited(3))
    sent = await sender.deliver(wanted)
    assert pauses == [3.0]
    assert len(telegram.people.screen(chat)) == 3
    assert sent.message_id == str(telegram.people.last(chat)["message_id"])


@pytest.mark.parametrize(
    "trouble",
    [
        [faults.rate_limited(40)],
        [faults.rate_limited(1)] * 3,
        [faults.server_error()],
        [faults.moved(-1_000_000_000_999)],
        [faults.answered(401, "Unauthorized")],
    ],
)
async def test_half_delivered_message_has_an_unknown_outcome(
    telegram: FakeTelegram, sender: TelegramSender, tmp_path: Path, trouble: list[faults.Fault]
) -> None:
    chat, wanted = await album(telegram, tmp_path)
    telegram.fail("sendMessage", *trouble)
    with pytest.raises(UnknownOutcome):
        await sender.deliver(wanted)
    assert len(telegram.made("sendMediaGroup")) == 1
    assert len(telegram.people.screen(chat)) == 2


async def test_message_that_failed_at_its_first_call_may_be_tried_again(
    telegram: FakeTelegram, sender: TelegramSender, tmp_path: Path
) -> None:
    chat, wanted = await album(telegram, tmp_path)
    telegram.fail("sendMediaGroup", faults.rate_limited(3))
    with pytest.raises(TemporarySendError):
        await sender.deliver(wanted)
    await sender.deliver(wanted)
    assert len(telegram.people.screen(chat)) == 3
