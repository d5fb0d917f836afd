"""What events of an Official Account say, in all the shapes that were seen."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.zalo_oa_parse import parse
from core.channel import (
    Address,
    ButtonPressed,
    Channel,
    Event,
    Followed,
    Inbound,
    ReachabilityChanged,
    StaffWrote,
    TextReceived,
)
from tests.fakes.telegram_updates import Bell
from tests.fakes.zalo_oa_events import Events
from tests.fakes.zalo_oa_people import ADMIN_ID, People
from tests.fakes.zalo_oa_state import OA_ID, Citizen, Json, Shown, State

USER = "7100200300400500600"
CHAT = Address(Channel.ZALO_OA, USER)
HOST = "https://f6.photo.talk.zdn.vn"


@pytest.fixture
def people() -> People:
    return People(State(), Events(Bell()), lambda: HOST)


@pytest.fixture
def citizen(people: People) -> Citizen:
    return people.citizen("Hoa")


def event(name: str = "user_send_text", **fields: Any) -> Json:
    whole = {
        "app_id": "4001122334455667788",
        "sender": {"id": USER},
        "recipient": {"id": OA_ID},
        "event_name": name,
        "timestamp": "1790000000123",
    }
    return whole | fields


def sent(kind: str, **message: Any) -> Json:
    return event(f"user_send_{kind}", message={"msg_id": "m2", **message})


def attached(kind: str, payload: Json, **message: Any) -> Json:
    return sent(kind, attachments=[{"type": kind, "payload": payload}], **message)


def events_of(body: Json) -> list[Event]:
    found = parse(body, oa_id=OA_ID)
    return [each.event for each in found]


def test_text_is_told_with_its_ids_as_text(people: People, citizen: Citizen) -> None:
    body = people.say(citizen, "Đèn đường hỏng")
    message_id = body["message"]["msg_id"]
    assert parse(body, oa_id=OA_ID) == [
        Inbound(
            external_id=f"user_send:{message_id}",
            chat=CHAT,
            sender=USER,
            event=TextReceived("Đèn đường hỏng"),
            message_id=message_id,
        )
    ]


def test_ids_that_come_as_numbers_are_the_same_ids() -> None:
    body = event(message={"msg_id": 12, "text": "a"}, sender={"id": int(USER)}, recipient={"id": int(OA_ID)})
    [inbound] = parse(body, oa_id=OA_ID)
    assert (inbound.sender, inbound.message_id) == (USER, "12")


def test_tap_is_a_press_and_names_no_message(people: People, citizen: Citizen) -> None:
    [inbound] = parse(people.say(citizen, "#dv:c:7:confirm:3:yes"), oa_id=OA_ID)
    assert inbound.event == ButtonPressed("c:7:confirm:3:yes", callback_id=None)
    assert inbound.message_id is None


@pytest.mark.parametrize("words", ["#dv:", " #dv:x", "#khac:x", "dv:x"])
def test_text_that_is_no_tap_stays_text(people: People, citizen: Citizen, words: str) -> None:
    assert events_of(people.say(citizen, words)) == [TextReceived(words)]


def test_quoted_message_is_the_one_replied_to(people: People, citizen: Citizen) -> None:
    shown = Shown("f0e1d2c3b4a5968778", USER, {}, State().now)
    [inbound] = parse(people.say(citizen, "Đúng rồi", quoting=shown), oa_id=OA_ID)
    assert inbound.reply_to == shown.id


@pytest.mark.parametrize("quoted", [None, "", "a b", {}, True])
def test_quote_that_cannot_be_read_does_not_lose_the_words(quoted: object) -> None:
    [inbound] = parse(event(message={"msg_id": "m", "text": "a", "quote_msg_id": quoted}), oa_id=OA_ID)
    assert (inbound.event, inbound.reply_to) == (TextReceived("a"), None)


# --- coming, going, and the other side ---


def test_following_opens_and_unfollowing_shuts_the_chat(people: People, citizen: Citizen) -> None:
    [follow] = parse(people.follow(citizen), oa_id=OA_ID)
    [unfollow] = parse(people.unfollow(citizen), oa_id=OA_ID)
    assert (follow.event, unfollow.event) == (Followed(), ReachabilityChanged(False))
    assert follow.external_id.startswith(f"follow:{USER}:")
    assert follow.chat == CHAT


def test_reply_by_hand_is_told_as_one(people: People, citizen: Citizen) -> None:
    body = people.reply_by_hand(citizen, "Chúng tôi đang kiểm tra.")
    message_id = body["message"]["msg_id"]
    assert parse(body, oa_id=OA_ID) == [
        Inbound(
            external_id=f"oa_send:{message_id}",
            chat=CHAT,
            sender=ADMIN_ID,
            event=StaffWrote("Chúng tôi đang kiểm tra."),
            message_id=message_id,
        )
    ]


@pytest.mark.parametrize("kind", ["image", "gif", "list", "file", "sticker"])
def test_file_sent_by_hand_is_a_reply_without_words(people: People, citizen: Citizen, kind: str) -> None:
    body = people.reply_by_hand(citizen, "") | {"event_name": f"oa_send_{kind}"}
    [reply] = parse(body, oa_id=OA_ID)
    assert reply.event == StaffWrote("")


def test_echo_and_receipts_say_nothing(people: People, citizen: Citizen) -> None:
    """Taken for messages they would make the service talk to itself."""
    shown = Shown("f0e1", USER, {"text": "Đã tiếp nhận"}, State().now)
    people.echo(shown)
    people.confirm(shown, "kq-1")
    emitted = people._events.emitted
    assert [body["event_name"] for body in emitted] == [
        "oa_send_text",
        "user_received_message",
        "user_seen_message",
        "user_received_message",
    ]
    assert [parse(body, oa_id=OA_ID) for body in emitted] == [[], [], [], []]


@pytest.mark.parametrize(
    "name",
    [
        "anonymous_send_text",
        "user_send_group_text",
        "oa_send_group_text",
        "add_user_to_tag",
        "user_reacted_message",
        "change_template_status",
        "change_oa_daily_quota",
        "create_group",
        "never_seen_before",
        "",
    ],
)
def test_what_is_not_for_us_says_nothing(name: str) -> None:
    sender = {"id": OA_ID, "admin_id": ADMIN_ID}
    assert parse(event(name, message={"msg_id": "m", "text": "a"}, sender=sender), oa_id=OA_ID) == []


@pytest.mark.parametrize(
    "body",
    [
        event(),
        event(message={"text": "không có mã"}),
        event(message={"msg_id": "m 1", "text": "a"}),
        event(message={"msg_id": True, "text": "a"}),
        event(message={"msg_id": "m", "text": "a"}, sender={}),
        event("follow", oa_id=OA_ID, follower={}),
        event("user_submit_info", info={"phone": "84912345678"}, sender=None),
    ],
)
def test_event_without_its_ids_is_unreadable(body: Json) -> None:
    with pytest.raises(ValueError, match="ids"):
        parse(body, oa_id=OA_ID)


def test_event_of_another_account_is_not_dropped_in_silence(people: People, citizen: Citizen) -> None:
    for body in (people.say(citizen, "a"), people.follow(citizen), people.reply_by_hand(citizen, "a")):
        with pytest.raises(ValueError, match="another account"):
            parse(body, oa_id="1")


def test_words_are_fit_to_be_stored() -> None:
    body = json.loads('{"msg_id": "m", "text": "a\\u0000b \\ud83d"}')
    assert events_of(event(message=body)) == [TextReceived("ab ?")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(["user_send_text", "user_send_image", "follow", "user_submit_info", "oa_send_text"]),
    parts=st.dictionaries(
        st.sampled_from(["message", "sender", "recipient", "info", "follower", "oa_id", "timestamp"]), JSON
    ),
    message=st.dictionaries(st.sampled_from(["text", "attachments", "location", "quote_msg_id"]), JSON),
)
def test_no_shape_breaks_the_reading(name: str, parts: Json, message: Json) -> None:
    for body in (event(name, **parts), event(name, message={"msg_id": "m", **message})):
        assert objection(body) in {"", "an event without its ids", "an event of another account"}


def objection(body: Json) -> str:
    """Why the event cannot be read, empty when it can."""
    try:
        parse(body, oa_id=OA_ID)
    except ValueError as error:
        return str(error)
    return ""
