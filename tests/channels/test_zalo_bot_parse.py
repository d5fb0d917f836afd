"""Updates of Zalo Bot as others captured and as Zalo documents them, down to what nobody would send."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.zalo_bot_parse import parse
from core.channel import (
    Address,
    Channel,
    Event,
    Inbound,
    MediaKind,
    MediaReceived,
    MediaRef,
    NotUnderstood,
    TextReceived,
)

Json = dict[str, Any]
CHAT = "c0ffee00c0ffee00c0f1"
PHOTO = "https://photo-stal-1.zdn.vn/ab/cd.jpg"
VOICE = "https://f2-voice-aac-dl.zdn.vn/x/y.aac"


def update(event: str = "message.text.received", **content: Any) -> Json:
    """A private message as it comes over the wire."""
    message: Json = {
        "date": 1_790_000_000_123,
        "chat": {"chat_type": "PRIVATE", "id": CHAT},
        "message_id": "5b2e8d1f0a9c7e6d4b31",
        "from": {"id": CHAT, "is_bot": False, "display_name": "Trần Văn Bình"},
    }
    return {"event_name": event, "message": {**message, **content}}


def in_group(**content: Any) -> Json:
    return update(chat={"chat_type": "GROUP", "id": "9a00bb11cc22dd33ee44"}, **content)


def event_of(body: Json) -> Event:
    found = parse(body)
    assert found is not None
    return found.event


def test_text_comes_with_its_chat_its_sender_and_a_key_of_both_ids() -> None:
    assert parse(update(text="Đèn đường ngõ 12 hỏng")) == Inbound(
        external_id=f"{CHAT}:5b2e8d1f0a9c7e6d4b31",
        chat=Address(Channel.ZALO_BOT, CHAT),
        sender=CHAT,
        event=TextReceived("Đèn đường ngõ 12 hỏng"),
        message_id="5b2e8d1f0a9c7e6d4b31",
    )


@pytest.mark.parametrize("name", ["photo_url", "photo"])
@pytest.mark.parametrize("is_wrapped", [False, True])
def test_a_photo_is_the_same_flat_or_wrapped_and_under_either_name(name: str, *, is_wrapped: bool) -> None:
    flat = update("message.image.received", **{name: PHOTO}, caption="Cột điện nghiêng")
    body = {"ok": True, "result": flat} if is_wrapped else flat
    assert event_of(body) == MediaReceived(MediaRef(PHOTO, MediaKind.PHOTO), "Cột điện nghiêng")


def test_a_photo_without_caption_has_an_empty_one() -> None:
    assert event_of(update(photo_url=PHOTO)) == MediaReceived(MediaRef(PHOTO, MediaKind.PHOTO))


def test_an_empty_documented_field_does_not_hide_the_captured_one() -> None:
    assert event_of(update(photo_url="", photo=PHOTO)) == MediaReceived(MediaRef(PHOTO, MediaKind.PHOTO))


def test_a_voice_message_is_named_by_what_it_holds() -> None:
    found = event_of(update("message.voice.received", voice_url=VOICE))
    assert found == MediaReceived(MediaRef(VOICE, MediaKind.VOICE, "voice.aac"))


@pytest.mark.parametrize("event", ["message.text.received", "message.unsupported.received", "made.up", None])
def test_what_a_message_holds_decides_and_not_the_name_of_its_event(event: Any) -> None:
    assert event_of(update(event, text="xin chào")) == TextReceived("xin chào")
    assert event_of(update(event, voice_url=VOICE)) == MediaReceived(
        MediaRef(VOICE, MediaKind.VOICE, "voice.aac")
    )
    assert event_of(update(event)) == NotUnderstood()


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": "0e078a2cd66a3f34667b", "url": "https://zalo-api.zadn.vn/api/emoticon/sticker?eid=1"},
        {"text": ""},
        {"text": " \u200b "},
        {"text": 5},
        {"text": ["a"]},
        {"photo_url": {"url": PHOTO}},
        {"voice_url": VOICE + "x" * 2000},
    ],
    ids=str,
)
def test_what_carries_nothing_for_us_is_not_understood(content: Json) -> None:
    assert event_of(update(**content)) == NotUnderstood()


def test_letters_arrive_composed_whatever_keyboard_wrote_them() -> None:
    decomposed = "đe\u0300n đươ\u0300ng ho\u0309ng"
    assert event_of(update(text=decomposed)) == TextReceived("đèn đường hỏng")
    found = event_of(update(photo_url=PHOTO, caption=decomposed))
    assert isinstance(found, MediaReceived)
    assert found.caption == "đèn đường hỏng"


def test_a_group_answers_in_the_group_and_vouches_for_nobody() -> None:
    found = parse(in_group(text="@Bot danh sách việc quá hạn"))
    assert found is not None
    assert found.chat == Address(Channel.ZALO_BOT, "9a00bb11cc22dd33ee44")
    assert (found.sender, found.is_private) == (CHAT, False)
    assert found.event == TextReceived("danh sách việc quá hạn")


def test_a_mention_before_the_caption_of_a_photo_goes_too() -> None:
    found = event_of(in_group(photo_url=PHOTO, caption="@Bot cột điện nghiêng"))
    assert found == MediaReceived(MediaRef(PHOTO, MediaKind.PHOTO), "cột điện nghiêng")


def test_a_mention_stays_where_it_is_words() -> None:
    assert event_of(in_group(text="gửi @Bot xem")) == TextReceived("gửi @Bot xem")
    assert event_of(update(text="@hoa gọi tôi")) == TextReceived("@hoa gọi tôi")


def test_no_message_of_zalo_names_another() -> None:
    found = parse(update(text="vâng", reply_to_message={"message_id": "5b2e"}))
    assert found is not None
    assert found.reply_to is None


def test_ids_that_come_as_numbers_are_the_same_as_written_out() -> None:
    as_numbers = parse(update(message_id=7, chat={"id": 5, "chat_type": "PRIVATE"}, text="a"))
    as_strings = parse(update(message_id="7", chat={"id": "5", "chat_type": "PRIVATE"}, text="a"))
    assert as_numbers == as_strings


@pytest.mark.parametrize(
    "body",
    [{}, {"ok": True, "result": {}}, {"event_name": "bot.added"}, {"message": None}, {"message": "text"}],
    ids=str,
)
def test_an_update_without_message_brings_nothing(body: Json) -> None:
    assert parse(body) is None


def test_what_a_bot_said_is_not_taken_for_a_person() -> None:
    from_bot: Json = {"from": {"id": CHAT, "is_bot": True}}
    assert parse(update(text="Bot đây", **from_bot)) is None


@pytest.mark.parametrize(
    "broken",
    [
        {"message_id": None},
        {"message_id": ""},
        {"message_id": 1.5},
        {"message_id": "m" * 65},
        {"message_id": "5b2e\n8d1f"},
        {"chat": {}},
        {"chat": CHAT},
        {"chat": {"id": "a b"}},
        {"from": None},
        {"from": {"id": {}}},
    ],
    ids=str,
)
def test_a_message_that_could_be_neither_answered_nor_told_from_a_repeat_is_an_error(broken: Json) -> None:
    with pytest.raises(ValueError, match="without its ids"):
        parse(update(text="xin chào", **broken))


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
_FIELDS = ("chat", "from", "message_id", "text", "photo_url", "photo", "caption", "voice_url", "sticker")


# How fast the machine makes examples up, the first time above all, says nothing of the parser.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(_FIELDS), _ANYTHING), st.sampled_from(["message", "result", "other"]))
def test_no_body_does_more_than_fail_as_unreadable(content: Json, name: str) -> None:
    message = {**update(text="a")["message"], **content}
    try:
        found = parse({name: message})
    except ValueError:
        return
    assert found is None or found.external_id
