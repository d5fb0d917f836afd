"""What messages to an Official Account carry besides words: files, places, telephone numbers."""

from typing import Any

import pytest

from channels.zalo_oa_parse import parse
from core.channel import (
    ContactShared,
    LocationShared,
    MediaKind,
    MediaReceived,
    MediaRef,
    NotUnderstood,
    TextReceived,
)
from tests.channels.test_zalo_oa_parse import HOST, USER, event, events_of
from tests.fakes.telegram_updates import Bell
from tests.fakes.zalo_oa_events import Events
from tests.fakes.zalo_oa_people import People
from tests.fakes.zalo_oa_state import OA_ID, Citizen, Json, State


@pytest.fixture
def people() -> People:
    return People(State(), Events(Bell()), lambda: HOST)


@pytest.fixture
def citizen(people: People) -> Citizen:
    return people.citizen("Hoa")


def sent(kind: str, **message: Any) -> Json:
    return event(f"user_send_{kind}", message={"msg_id": "m2", **message})


def attached(kind: str, payload: Json, **message: Any) -> Json:
    return sent(kind, attachments=[{"type": kind, "payload": payload}], **message)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("image", MediaKind.PHOTO),
        ("gif", MediaKind.PHOTO),
        ("video", MediaKind.VIDEO),
        ("audio", MediaKind.VOICE),
        ("voice", MediaKind.VOICE),
        ("file", MediaKind.DOCUMENT),
    ],
)
def test_file_is_known_by_its_kind(kind: str, expected: MediaKind) -> None:
    url = f"{HOST}/1/a"
    assert events_of(attached(kind, {"url": url}, text="Cột điện")) == [
        MediaReceived(MediaRef(url, expected), "Cột điện")
    ]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ("183422", 183422),
        (183422, 183422),
        ("", None),
        ("-1", None),
        ("9" * 30, None),
        (True, None),
        (1.5, None),
    ],
)
def test_document_tells_its_name_and_size(size: object, expected: int | None) -> None:
    url = "https://f20.filedl.zdn.vn/1/don.pdf"
    payload = {"url": url, "size": size, "name": "đơn.pdf", "type": "pdf"}
    [found] = events_of(attached("file", payload))
    assert isinstance(found, MediaReceived)
    assert found.media == MediaRef(url, MediaKind.DOCUMENT, "đơn.pdf", expected)


def test_photos_of_one_message_are_an_album_with_one_caption(people: People, citizen: Citizen) -> None:
    body = people.show(citizen, b"1", b"2", text="Cột điện nghiêng")
    message_id = body["message"]["msg_id"]
    found = parse(body, oa_id=OA_ID)
    assert [each.external_id for each in found] == [
        f"user_send:{message_id}",
        f"user_send:{message_id}:2",
    ]
    assert {each.message_id for each in found} == {message_id}
    media = [each.event for each in found if isinstance(each.event, MediaReceived)]
    assert [(each.caption, each.album) for each in media] == [
        ("Cột điện nghiêng", message_id),
        ("", message_id),
    ]


@pytest.mark.parametrize("payload", [{}, {"url": ""}, {"url": 7}, {"url": "h" * 2001}, "x", None])
def test_file_without_an_address_is_not_understood(payload: Any) -> None:
    assert events_of(attached("image", payload)) == [NotUnderstood()]


def test_sticker_and_business_card_carry_nothing(people: People, citizen: Citizen) -> None:
    card = sent("business_card", attachments=[{"type": "link", "payload": {"url": "https://zalo.me/x"}}])
    assert events_of(people.send_sticker(citizen)) == [NotUnderstood()]
    assert events_of(card) == [NotUnderstood()]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", "https://vnexpress.net/a"),
        ("Xem này", "Xem này\nhttps://vnexpress.net/a"),
        ("Xem https://vnexpress.net/a", "Xem https://vnexpress.net/a"),
    ],
)
def test_link_is_text_with_its_address(words: str, expected: str) -> None:
    assert events_of(attached("link", {"url": "https://vnexpress.net/a"}, text=words)) == [
        TextReceived(expected)
    ]


def test_kind_nobody_knows_yet_gets_an_answer() -> None:
    assert events_of(attached("hologram", {"url": f"{HOST}/1"})) == [NotUnderstood()]
    assert events_of(attached("hologram", {}, text="Xin chào")) == [TextReceived("Xin chào")]


# --- places and telephone numbers ---


@pytest.mark.parametrize("older", [False, True])
def test_place_is_read_in_both_shapes(people: People, citizen: Citizen, older: bool) -> None:
    body = people.locate(citizen, 21.0285, 105.8542, older=older)
    assert events_of(body) == [LocationShared(21.0285, 105.8542)]


@pytest.mark.parametrize(
    "coordinates",
    [
        {},
        {"latitude": "91", "longitude": "105"},
        {"latitude": "nan", "longitude": "105"},
        {"latitude": "inf", "longitude": "105"},
        {"latitude": True, "longitude": 105},
        {"latitude": 10**400, "longitude": 105},
        {"latitude": "x", "longitude": None},
    ],
)
def test_place_off_the_map_is_not_understood(coordinates: Json) -> None:
    assert events_of(attached("location", {"coordinates": coordinates})) == [NotUnderstood()]


@pytest.mark.parametrize("older", [False, True])
def test_shared_number_is_the_citizens_own(people: People, citizen: Citizen, older: bool) -> None:
    body = people.share_info(citizen, older=older)
    [inbound] = parse(body, oa_id=OA_ID)
    assert inbound.event == ContactShared("0912345678", own=True)
    assert inbound.external_id == f"user_submit_info:{USER}:{body['timestamp']}"


@pytest.mark.parametrize(
    ("given_number", "expected"),
    [
        ("+84912345678", "0912345678"),
        ("84 912 345 678", "0912345678"),
        ("0912345678", "0912345678"),
        ("842413456789", "02413456789"),
        ("8491", "8491"),
    ],
)
def test_number_is_told_as_people_dial_it(given_number: str, expected: str) -> None:
    body = event("user_submit_info", info={"phone": given_number})
    assert events_of(body) == [ContactShared(expected, own=True)]


@pytest.mark.parametrize("info", [{}, {"phone": ""}, {"phone": "none"}, {"phone": 84912345678}, None])
def test_card_without_a_number_says_nothing(info: Any) -> None:
    assert parse(event("user_submit_info", info=info), oa_id=OA_ID) == []
