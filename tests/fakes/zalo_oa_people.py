"""People on Zalo: each act opens the window of the account and puts an event on its way."""

from collections.abc import Callable
from typing import Any

from tests.fakes.zalo_oa_events import Events
from tests.fakes.zalo_oa_state import APP_ID, OA_ID, Citizen, Json, Shown, State

ADMIN_ID = "5550001112223334445"


class People:
    """The hands of everybody in a test. `host` tells where their media lie.

    `names_admin`: echoes of the service's own messages name a person too.
    """

    def __init__(self, state: State, events: Events, host: Callable[[], str]) -> None:
        self._state = state
        self._events = events
        self._host = host
        self.media: dict[str, bytes] = {}
        self.names_admin = False

    # --- who ---

    def stranger(self, name: str, phone: str = "84912345678") -> Citizen:
        """Somebody with Zalo who has never turned to the account."""
        citizen = Citizen(str(7100200300400500600 + len(self._state.citizens)), name, phone)
        self._state.citizens[citizen.id] = citizen
        return citizen

    def citizen(self, name: str, phone: str = "84912345678") -> Citizen:
        """Somebody who has just turned to the account; no event is sent."""
        citizen = self.stranger(name, phone)
        citizen.last_interaction = self._state.now
        return citizen

    # --- what they do ---

    def follow(self, citizen: Citizen) -> Json:
        citizen.is_follower = True
        citizen.last_interaction = self._state.now
        return self._following("follow", citizen)

    def unfollow(self, citizen: Citizen) -> Json:
        citizen.is_follower = False
        return self._following("unfollow", citizen)

    def say(self, citizen: Citizen, text: str, *, quoting: Shown | None = None) -> Json:
        quote = {"quote_msg_id": quoting.id} if quoting else {}
        return self._sends(citizen, "text", text=text, **quote)

    def tap(self, citizen: Citizen, number: int) -> Json:
        """Tap button `number` (from 1) of the last message that has any: its payload arrives as a text."""
        shown = next(each for each in reversed(self._state.screens[citizen.id]) if each.buttons)
        return self.say(citizen, shown.buttons[number - 1]["payload"])

    def share_info(self, citizen: Citizen, *, older: bool = False) -> Json:
        """Fill in the card that asks who somebody is; `older` in the shape before 2025."""
        info: Json = {"name": citizen.name, "phone": citizen.phone}
        if older:
            info |= {"address": "Ngõ 12", "city": "Hà Nội", "district": "Mỹ Đức", "ward": "An Phú"}
        else:
            info |= {"user_dob": "30/10/1980", "full_address": {"user_ward": "Xã An Phú"}}
        citizen.last_interaction = self._state.now
        return self._emit("user_submit_info", citizen, info=info)

    def show(self, citizen: Citizen, *contents: bytes, text: str = "") -> Json:
        """Send photos in one message."""
        attachments = [
            {"type": "image", "payload": {"url": url, "thumbnail": f"{url}?small"}}
            for url in (self._lay_out(content, "a.jpg") for content in contents)
        ]
        return self._sends(citizen, "image", attachments=attachments, **({"text": text} if text else {}))

    def send_file(self, citizen: Citizen, name: str, content: bytes) -> Json:
        payload = {"url": self._lay_out(content, "f"), "size": str(len(content)), "name": name, "type": "pdf"}
        return self._sends(citizen, "file", attachments=[{"type": "file", "payload": payload}])

    def speak(self, citizen: Citizen, content: bytes) -> Json:
        payload = {"url": self._lay_out(content, "v.aac")}
        return self._sends(citizen, "audio", attachments=[{"type": "audio", "payload": payload}])

    def locate(self, citizen: Citizen, latitude: float, longitude: float, *, older: bool = False) -> Json:
        """Send a place: its coordinates as strings in an attachment, or as numbers beside it."""
        if older:
            return self._sends(citizen, "location", location={"latitude": latitude, "longitude": longitude})
        coordinates = {"latitude": str(latitude), "longitude": str(longitude)}
        attachment = {"type": "location", "payload": {"coordinates": coordinates}}
        return self._sends(citizen, "location", attachments=[attachment])

    def send_sticker(self, citizen: Citizen) -> Json:
        payload = {"id": "2e1f", "url": "https://zalo-api.zadn.vn/api/emoticon/sticker/webpc?eid=2"}
        return self._sends(citizen, "sticker", attachments=[{"type": "sticker", "payload": payload}])

    # --- the other side ---

    def reply_by_hand(self, citizen: Citizen, text: str) -> Json:
        """A person writes to the citizen in Zalo's own console."""
        message_id = self._state.new_id("hand")
        self._state.remember(from_user=False, user=citizen.id, kind="text", text=text, message_id=message_id)
        sender = {"id": OA_ID, "admin_id": ADMIN_ID}
        return self._from_oa("oa_send_text", citizen, sender, {"msg_id": message_id, "text": text})

    def echo(self, shown: Shown) -> None:
        """What Zalo tells of a message of ours: that it was sent, received and seen."""
        citizen, sender = self._state.citizens[shown.user], {"id": OA_ID}
        if self.names_admin:
            sender["admin_id"] = ADMIN_ID
        self._from_oa("oa_send_text", citizen, sender, {"msg_id": shown.id, "text": shown.text})
        self._from_oa("user_received_message", citizen, sender, {"msg_id": shown.id})
        self._from_oa("user_seen_message", citizen, sender, {"msg_ids": [shown.id]})

    def confirm(self, shown: Shown, tracking_id: str) -> None:
        """The receipt of a template that went by telephone number."""
        receipt = {"delivery_time": self._state.millis(), "msg_id": shown.id, "tracking_id": tracking_id}
        self._events.emit(
            {
                "sender": {"id": OA_ID},
                "recipient": {"id": self._state.citizens[shown.user].phone},
                "event_name": "user_received_message",
                "message": receipt,
                "app_id": APP_ID,
                "timestamp": self._state.millis(),
            }
        )

    # --- media ---

    def expire_media(self) -> None:
        """Every address of a file runs out."""
        self.media.clear()

    def _lay_out(self, content: bytes, name: str) -> str:
        path = f"{self._state.new_id('media')}/{name}"
        self.media[path] = content
        return f"{self._host()}/media/{path}"

    # --- how it is told ---

    def _sends(self, citizen: Citizen, kind: str, **message: Any) -> Json:
        message = {"msg_id": self._state.new_id("user"), **message}
        citizen.last_interaction = self._state.now
        self._state.remember(
            from_user=True,
            user=citizen.id,
            kind=kind,
            text=message.get("text", ""),
            message_id=message["msg_id"],
            url=next((str(each["payload"].get("url", "")) for each in message.get("attachments", ())), ""),
        )
        return self._emit(f"user_send_{kind}", citizen, message=message)

    def _emit(self, name: str, citizen: Citizen, **content: Any) -> Json:
        event = {
            "app_id": APP_ID,
            "sender": {"id": citizen.id},
            "recipient": {"id": OA_ID},
            "user_id_by_app": "8123456789012345678",
            "event_name": name,
            **content,
            "timestamp": self._state.millis(),
        }
        self._events.emit(event)
        return event

    def _following(self, name: str, citizen: Citizen) -> Json:
        event: Json = {
            "oa_id": OA_ID,
            "follower": {"id": citizen.id},
            "user_id_by_app": "8123456789012345678",
            "event_name": name,
            "source": "oa_profile",
            "app_id": APP_ID,
            "timestamp": self._state.millis(),
        }
        self._events.emit(event)
        return event

    def _from_oa(self, name: str, citizen: Citizen, sender: Json, message: Json) -> Json:
        event: Json = {
            "app_id": APP_ID,
            "sender": sender,
            "recipient": {"id": citizen.id},
            "user_id_by_app": "8123456789012345678",
            "event_name": name,
            "message": message,
            "timestamp": self._state.millis(),
        }
        self._events.emit(event)
        return event
