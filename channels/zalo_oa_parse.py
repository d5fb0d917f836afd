"""Events of an Official Account in: the few fields needed, whatever else stands beside them.

A tap on a button of ours arrives as a text a person could also type, so it proves nothing.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

from core.channel import (
    Address,
    ButtonPressed,
    Channel,
    ContactShared,
    Event,
    Followed,
    Inbound,
    LocationShared,
    MediaKind,
    MediaReceived,
    MediaRef,
    NotUnderstood,
    ReachabilityChanged,
    StaffWrote,
    TextReceived,
)

Json = Mapping[str, Any]

PRESS = "#dv:"
"""In front of the payload of every button of ours, which comes back as a text."""

_MEDIA = {
    "image": MediaKind.PHOTO,
    "gif": MediaKind.PHOTO,
    "video": MediaKind.VIDEO,
    "audio": MediaKind.VOICE,
    "voice": MediaKind.VOICE,
    "file": MediaKind.DOCUMENT,
}
_FOLLOWING: Mapping[str, Event] = {"follow": Followed(), "unfollow": ReachabilityChanged(reachable=False)}
_FROM_PERSON = "user_send_"
_FROM_OA = "oa_send_"
_IN_GROUP = ("user_send_group_", "oa_send_group_")
_ID = re.compile(r"[\x21-\x7e]{1,128}")
_COUNTRY = re.compile(r"^(?:\+|00)?84(?=\d{9,10}$)")
_PHONE_SIGNS = re.compile(r"[\s.\-()]+")
_MAX_ADDRESS = 2000
_FOREIGN_SIZE_LIMIT = 2**63


def parse(body: Json, *, oa_id: str) -> list[Inbound]:
    """What an event says, one entry for each file in it; empty when it says nothing to us.

    Raises ValueError for one without the ids by which it could be answered or told from a repeat, and for
    one of another account: dropped in silence, a mistyped id in the settings would lose every message.
    """
    name = _string(body, "event_name")
    if name in _FOLLOWING:
        return [_following(body, name, oa_id)]
    if name == "user_submit_info":
        return _shared(body, oa_id)
    if name.startswith(_IN_GROUP):
        return []
    if name.startswith(_FROM_PERSON):
        return _written(body, name, oa_id)
    if name.startswith(_FROM_OA):
        return _by_hand(body, oa_id)
    return []


def _following(body: Json, name: str, oa_id: str) -> Inbound:
    _check_account(body.get("oa_id"), oa_id)
    person = _id(_object(body, "follower").get("id"))
    return _inbound(f"{name}:{person}:{_id(body.get('timestamp'))}", person, _FOLLOWING[name])


def _shared(body: Json, oa_id: str) -> list[Inbound]:
    person = _sender(body, oa_id)
    phone = local_phone(_string(_object(body, "info"), "phone"))
    if not phone:
        return []
    key = f"user_submit_info:{person}:{_id(body.get('timestamp'))}"
    return [_inbound(key, person, ContactShared(phone, own=True))]


def _written(body: Json, name: str, oa_id: str) -> list[Inbound]:
    person = _sender(body, oa_id)
    message = _object(body, "message")
    message_id = _id(message.get("msg_id"))
    events = _events(message, name, message_id)
    # Without the kind of the message, which the account's history may call otherwise.
    keys = [f"user_send:{message_id}"]
    keys += [f"user_send:{message_id}:{number}" for number in range(2, len(events) + 1)]
    return [
        _inbound(
            key,
            person,
            event,
            # Which message carried the button that was tapped is not told.
            message_id=None if isinstance(event, ButtonPressed) else message_id,
            reply_to=_readable_id(message.get("quote_msg_id")),
        )
        for key, event in zip(keys, events, strict=True)
    ]


def _by_hand(body: Json, oa_id: str) -> list[Inbound]:
    """A reply of a person; nothing for the echo of what we sent ourselves, which names no one."""
    sender, message = _object(body, "sender"), _object(body, "message")
    if not sender.get("admin_id"):
        return []
    _check_account(sender.get("id"), oa_id)
    message_id = _id(message.get("msg_id"))
    return [
        Inbound(
            external_id=f"oa_send:{message_id}",
            chat=Address(Channel.ZALO_OA, _id(_object(body, "recipient").get("id"))),
            sender=_id(sender.get("admin_id")),
            event=StaffWrote(_string(message, "text")),
            message_id=message_id,
        )
    ]


def _events(message: Json, name: str, message_id: str) -> list[Event]:
    text = _string(message, "text")
    found = [event for part in _attachments(message) if (event := _event(part)) is not None]
    place = _location(_object(message, "location"))
    if name == "user_send_business_card":
        return [NotUnderstood()]  # somebody else's, and its link says nothing to us
    if name == "user_send_text" and text:
        return [said(text)]
    if found:
        return _with_caption(found, text, message_id)
    if place:
        return [place]
    return [TextReceived(text) if text else NotUnderstood()]


def said(text: str) -> Event:
    """What a text is: words, or a tap on a button of ours, whose payload comes back as if it were typed."""
    payload = text.removeprefix(PRESS)
    return ButtonPressed(payload) if text.startswith(PRESS) and payload else TextReceived(text)


def _with_caption(events: list[Event], text: str, message_id: str) -> list[Event]:
    """The files of one message belong together; what was written beside them stands under the first."""
    album = message_id if len(events) > 1 else None
    made: list[Event] = []
    for event in events:
        if isinstance(event, MediaReceived):
            made.append(MediaReceived(event.media, text, album))
            text = ""
        elif isinstance(event, TextReceived):  # a link, which the words beside it may already hold
            made.append(TextReceived(text if event.text in text else f"{text}\n{event.text}".strip()))
            text = ""
        else:
            made.append(event)
    return made


def _event(attachment: Json) -> Event | None:
    kind, payload = _string(attachment, "type"), _object(attachment, "payload")
    if kind == "location":
        return _location(_object(payload, "coordinates"))
    url = _string(payload, "url")
    if not 0 < len(url) <= _MAX_ADDRESS:
        return None
    if kind == "link":
        return TextReceived(url)
    if kind not in _MEDIA:
        return None
    return MediaReceived(MediaRef(url, _MEDIA[kind], _string(payload, "name"), _size(payload)))


def _location(place: Json) -> LocationShared | None:
    latitude, longitude = _degrees(place, "latitude", 90), _degrees(place, "longitude", 180)
    if latitude is None or longitude is None:
        return None
    return LocationShared(latitude, longitude)


def _inbound(
    external_id: str, person: str, event: Event, *, message_id: str | None = None, reply_to: str | None = None
) -> Inbound:
    """A chat with an account is always private, and bears the id of the person."""
    return Inbound(
        external_id=external_id,
        chat=Address(Channel.ZALO_OA, person),
        sender=person,
        event=event,
        message_id=message_id,
        reply_to=reply_to,
    )


def local_phone(number: str) -> str:
    """A Vietnamese number as 0…, of whatever else the digits; empty without any."""
    digits = _COUNTRY.sub("0", _PHONE_SIGNS.sub("", number))
    return digits if digits.isdecimal() else ""


def _sender(body: Json, oa_id: str) -> str:
    _check_account(_object(body, "recipient").get("id"), oa_id)
    return _id(_object(body, "sender").get("id"))


def _check_account(given: Any, oa_id: str) -> None:
    if _id(given) != oa_id:
        raise ValueError("an event of another account")


def _attachments(message: Json) -> list[Json]:
    found = message.get("attachments")
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def _object(parent: Json, key: str) -> Json:
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def _string(parent: Json, key: str) -> str:
    """The text under `key` fit to be stored: no NUL, no half of a surrogate pair."""
    value = parent.get(key)
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _id(value: Any) -> str:
    """An id as the text we keep it in; documents show some as bare numbers."""
    found = _readable_id(value)
    if found is None:
        raise ValueError("an event without its ids")
    return found


def _readable_id(value: Any) -> str | None:
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if _ID.fullmatch(text) else None


def _size(payload: Json) -> int | None:
    """Bytes, mostly as a string."""
    text = str(payload.get("size"))
    fits = text.isascii() and text.isdecimal() and len(text) < 20 and int(text) < _FOREIGN_SIZE_LIMIT
    return int(text) if fits else None


def _degrees(place: Json, key: str, limit: int) -> float | None:
    """A coordinate, as a string or a number."""
    value = place.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        degrees = float(value)
    except (ValueError, OverflowError):
        return None
    return degrees if math.isfinite(degrees) and -limit <= degrees <= limit else None
