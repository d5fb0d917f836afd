"""What Telegram delivers, read from its JSON."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.telegram_parse import parse
from core.channel import (
    AddedToGroup,
    Address,
    ButtonPressed,
    Channel,
    ChatMoved,
    ContactShared,
    Event,
    Inbound,
    LocationShared,
    MediaKind,
    MediaReceived,
    MediaRef,
    MessageEdited,
    NotUnderstood,
    ReachabilityChanged,
    TextReceived,
)

Json = dict[str, Any]

PRIVATE = {"id": 5001, "first_name": "Hoa", "last_name": "Đinh", "type": "private"}
ROOM = {"id": -1001234567890, "title": "Phòng tiếp dân", "type": "supergroup"}
HOA = {"id": 5001, "is_bot": False, "first_name": "Hoa", "last_name": "Đinh", "language_code": "vi"}
BOT = {"id": 700100200, "is_bot": True, "first_name": "danvan", "username": "danvan_bot"}
DATE = 1_772_000_000


def message(chat: Json = PRIVATE, sender: Json = HOA, **content: Any) -> Json:
    """An update as the Bot API sends it."""
    body = {"message_id": 41, "from": sender, "chat": chat, "date": DATE, **content}
    return {"update_id": 9001, "message": body}


def event_of(update: Json) -> Event:
    inbound = parse(update)
    assert inbound is not None
    return inbound.event


def test_text_arrives_with_who_and_where() -> None:
    assert parse(message(text="Đường hỏng ạ")) == Inbound(
        external_id="m:5001:41",
        chat=Address(Channel.TELEGRAM, "5001"),
        sender="5001",
        event=TextReceived("Đường hỏng ạ"),
        is_private=True,
        message_id="41",
    )


def test_reply_in_a_group_names_the_answered_message() -> None:
    card = {"message_id": 30, "from": BOT, "chat": ROOM, "date": DATE, "text": "PA-7KM-482"}
    inbound = parse(message(ROOM, text="Đã sửa xong", reply_to_message=card))
    assert inbound is not None
    assert (inbound.reply_to, inbound.is_private, inbound.chat.chat) == ("30", False, "-1001234567890")


def test_command_addressed_to_the_bot_loses_the_address() -> None:
    assert event_of(message(ROOM, text="/ketnoi@danvan_bot ABC-123")) == TextReceived("/ketnoi ABC-123")
    assert event_of(message(text="gửi tới a@b.vn")) == TextReceived("gửi tới a@b.vn")


def test_photo_is_taken_in_its_largest_size_with_caption_and_album() -> None:
    sizes = [
        {"file_id": "small", "file_unique_id": "s", "width": 90, "height": 60, "file_size": 1200},
        {"file_id": "large", "file_unique_id": "l", "width": 1280, "height": 853, "file_size": 150_000},
        {"file_id": "middle", "file_unique_id": "m", "width": 320, "height": 213, "file_size": 20_000},
    ]
    assert event_of(message(photo=sizes, caption="Ổ gà", media_group_id="135")) == MediaReceived(
        MediaRef("large", MediaKind.PHOTO, size_bytes=150_000), "Ổ gà", "135"
    )


FILE = {"file_id": "F", "file_unique_id": "f", "file_size": 77}


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (
            {"document": {**FILE, "file_name": "don.pdf", "mime_type": "application/pdf"}},
            MediaRef("F", MediaKind.DOCUMENT, "don.pdf", 77),
        ),
        ({"video": {**FILE, "width": 1, "height": 1, "duration": 2}}, MediaRef("F", MediaKind.VIDEO, "", 77)),
        ({"video_note": {**FILE, "length": 240, "duration": 2}}, MediaRef("F", MediaKind.VIDEO, "", 77)),
        ({"voice": {**FILE, "duration": 2}}, MediaRef("F", MediaKind.VOICE, "", 77)),
        (
            {"audio": {**FILE, "duration": 2, "file_name": "a.mp3"}},
            MediaRef("F", MediaKind.VOICE, "a.mp3", 77),
        ),
        (
            {"animation": {**FILE, "file_name": "a.mp4"}, "document": {**FILE, "file_name": "a.mp4"}},
            MediaRef("F", MediaKind.VIDEO, "a.mp4", 77),
        ),
    ],
)
def test_files_of_every_kind(content: Json, media: MediaRef) -> None:
    assert event_of(message(**content)) == MediaReceived(media)


def test_location_and_venue() -> None:
    place = {"latitude": 21.0312, "longitude": 105.8516}
    assert event_of(message(location=place)) == LocationShared(21.0312, 105.8516)
    venue = {"location": place, "title": "Chợ Mây", "address": "Bản Nậm"}
    assert event_of(message(location=place, venue=venue)) == LocationShared(
        21.0312, 105.8516, "Chợ Mây, Bản Nậm"
    )


@pytest.mark.parametrize(("owner", "own"), [(5001, True), (5002, False), (None, False)])
def test_contact_is_own_only_when_the_network_says_so(owner: int | None, own: bool) -> None:
    contact: Json = {"phone_number": "+84912345678", "first_name": "Hoa"}
    if owner is not None:
        contact |= {"user_id": owner}
    assert event_of(message(contact=contact)) == ContactShared("+84912345678", own)


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": {**FILE, "type": "regular"}},
        {"poll": {"id": "1", "question": "?"}},
        {"dice": {"emoji": "🎲", "value": 6}},
        {"story": {"id": 1}},
        {"something_of_next_year": {"id": 1}},
    ],
)
def test_what_carries_nothing_is_still_heard_in_private(content: Json) -> None:
    assert event_of(message(**content)) == NotUnderstood()


@pytest.mark.parametrize(
    "update",
    [
        message(ROOM, new_chat_members=[HOA]),
        message(ROOM, migrate_from_chat_id=-700),
        message(ROOM, something_of_next_year={}),
        message(pinned_message={"message_id": 3}),
        message(sender=BOT, text="xin chào"),
        message({"id": -100, "type": "channel", "title": "Tin"}, text="bài đăng"),
        {"update_id": 1, "message": {"message_id": 41, "chat": PRIVATE, "date": DATE, "text": "không tên"}},
        {"update_id": 1, "poll_answer": {"poll_id": "1"}},
        {"update_id": 1, "edited_message": message(location={})["message"]},
        {"update_id": 1, "callback_query": {"id": "7", "from": HOA, "inline_message_id": "x", "data": "y"}},
    ],
)
def test_what_says_nothing_to_us_is_ignored(update: Json) -> None:
    assert parse(update) is None


def test_edit_keeps_its_own_key_for_every_version() -> None:
    edited = message(text="Sửa lại", edit_date=DATE + 60)["message"]
    inbound = parse({"update_id": 2, "edited_message": edited})
    assert inbound is not None
    assert inbound.external_id == f"e:5001:41:{DATE + 60}"
    assert inbound.event == MessageEdited("41", "Sửa lại")


def test_edited_caption_counts_as_text() -> None:
    edited = message(photo=[], caption="Ổ gà to", edit_date=DATE)["message"]
    assert event_of({"update_id": 2, "edited_message": edited}) == MessageEdited("41", "Ổ gà to")


@pytest.mark.parametrize("date", [DATE, 0])
def test_press_tells_the_message_it_was_under(date: int) -> None:
    """An old message comes without content and with date 0."""
    card = {"message_id": 30, "chat": ROOM, "date": date}
    query = {"id": "4382", "from": HOA, "message": card, "chat_instance": "1", "data": "t:5:2:claim"}
    inbound = parse({"update_id": 3, "callback_query": query})
    assert inbound is not None
    assert inbound.event == ButtonPressed("t:5:2:claim", "4382")
    assert (inbound.external_id, inbound.message_id, inbound.sender) == ("q:4382", "30", "5001")
    assert inbound.is_private is False


def membership(chat: Json, before: str, after: str) -> Json:
    change: Json = {"chat": chat, "from": HOA, "date": DATE}
    change |= {"old_chat_member": {"status": before, "user": BOT}}
    change |= {"new_chat_member": {"status": after, "user": BOT}}
    return {"update_id": 77, "my_chat_member": change}


@pytest.mark.parametrize(
    ("chat", "before", "after", "event"),
    [
        (PRIVATE, "member", "kicked", ReachabilityChanged(reachable=False)),
        (PRIVATE, "kicked", "member", ReachabilityChanged(reachable=True)),
        (ROOM, "left", "member", AddedToGroup()),
        (ROOM, "kicked", "administrator", AddedToGroup()),
    ],
)
def test_blocking_and_being_added(chat: Json, before: str, after: str, event: Event) -> None:
    inbound = parse(membership(chat, before, after))
    assert inbound is not None
    assert (inbound.external_id, inbound.event) == ("u:77", event)


@pytest.mark.parametrize(("before", "after"), [("member", "administrator"), ("member", "left")])
def test_other_changes_in_a_group_are_ignored(before: str, after: str) -> None:
    assert parse(membership(ROOM, before, after)) is None


def test_group_that_became_a_supergroup() -> None:
    old = {"id": -701, "title": "Phòng tiếp dân", "type": "group"}
    inbound = parse(message(old, migrate_to_chat_id=-1001234567890))
    assert inbound is not None
    assert inbound.event == ChatMoved("-1001234567890")
    assert inbound.chat.chat == "-701"


@pytest.mark.parametrize(
    "author",
    [
        {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"},
        {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"},
        {"id": 777000, "is_bot": False, "first_name": "Telegram"},
    ],
)
def test_writing_in_the_name_of_a_group_or_channel_is_marked(author: Json) -> None:
    inbound = parse(message(ROOM, author, sender_chat=ROOM, text="Trả lời dân"))
    assert inbound is not None
    assert inbound.is_anonymous


def test_text_is_fit_to_be_stored() -> None:
    update = json.loads('{"update_id": 1, "message": {"text": "a\\u0000b\\ud800c"}}')
    update["message"] |= {"message_id": 1, "from": HOA, "chat": PRIVATE}
    event = event_of(update)
    assert isinstance(event, TextReceived)
    assert event.text.encode() == b"ab?c"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(anything)
def test_any_json_is_survived(value: object) -> None:
    parse(value)


# fmt: off
KEYS = [
    "message_id", "from", "chat", "id", "type", "text", "caption", "photo", "document", "video",
    "voice", "location", "venue", "contact", "sticker", "latitude", "longitude", "phone_number",
    "file_id", "reply_to_message", "migrate_to_chat_id", "sender_chat", "data", "message",
    "old_chat_member", "new_chat_member", "status", "edit_date",
]
# fmt: on
near = st.recursive(
    anything | st.sampled_from(["private", "group", "member", "kicked"]),
    lambda inner: st.dictionaries(st.sampled_from(KEYS), inner, max_size=6) | st.lists(inner, max_size=2),
    max_leaves=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]),
    st.dictionaries(st.sampled_from(KEYS), near),
)
def test_broken_updates_of_known_kinds_are_survived(kind: str, content: Json) -> None:
    parse({"update_id": 1, kind: content})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(KEYS), near))
def test_broken_content_in_a_whole_message_is_survived(content: Json) -> None:
    body = content | {"message_id": 41, "from": HOA, "chat": PRIVATE}
    inbound = parse({"update_id": 1, "message": body})
    assert inbound is None or inbound.external_id == "m:5001:41"
