"""People using Telegram: each act changes the chats and puts an update on its way to the bot."""

from collections.abc import Callable
from typing import Any

from tests.fakes.telegram_chats import DATE, Chat, Chats, Json, Person
from tests.fakes.telegram_methods import public

ANONYMOUS_ADMIN = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


class People:
    """The hands of everybody in a test. `emit` takes the kind and content of an update."""

    def __init__(self, chats: Chats, emit: Callable[[str, Json], None]) -> None:
        self.chats = chats
        self._emit = emit
        self._next_person = 5000
        self._next_group = 700

    # --- who and where ---

    def person(self, first_name: str, last_name: str = "") -> Person:
        """Somebody who has opened the chat with the bot."""
        self._next_person += 1
        person = Person(self._next_person, first_name, last_name)
        self.chats.people[person.id] = person
        self.chats.chats[person.id] = Chat(person.id, "private", first_name)
        return person

    def group(self, title: str, kind: str = "supergroup") -> int:
        """A group, or supergroup, the bot is a member of; returns its chat id. Nothing is told to the bot."""
        self._next_group += 1
        chat_id = -self._next_group if kind == "group" else -1_000_000_000_000 - self._next_group
        self.chats.chats[chat_id] = Chat(chat_id, kind, title)
        return chat_id

    def migrate_group(self, person: Person, group: int) -> int:
        """The group becomes a supergroup with a new id, which is returned."""
        old = self.chats.chats[group]
        new = self.group(old.title)
        self._say(person, group, migrate_to_chat_id=new)
        self._say(person, new, migrate_from_chat_id=group)
        old.moved_to = new
        return new

    # --- messages ---

    def write(
        self,
        person: Person,
        text: str,
        *,
        chat: int | None = None,
        reply_to: int | None = None,
        anonymous: bool = False,
    ) -> Json:
        """Write in the private chat, or in `chat`; `anonymous` as an administrator in the group's name."""
        where = chat or person.id
        answered = self.chats.messages.get((where, reply_to or 0))
        return self._say(
            person, where, anonymous=anonymous, text=text, reply_to_message=answered and public(answered)
        )

    def edit(self, person: Person, message: Json, text: str) -> None:
        """Change a message already sent."""
        message.update({"text": text, "edit_date": DATE + self.chats.next_id()})
        self._emit("edited_message", public(message))

    def press(self, person: Person, message: Json, label: str) -> str:
        """Press a button under a message, as it stands there now; returns the id of the press."""
        current = self.chats.messages[message["chat"]["id"], message["message_id"]]
        rows = current.get("reply_markup", {}).get("inline_keyboard", [])
        payloads = [button["callback_data"] for row in rows for button in row if button["text"] == label]
        if not payloads:
            raise AssertionError(f"no button «{label}» under this message")
        return self.press_payload(person, current, payloads[0])

    def press_payload(self, person: Person, message: Json, payload: str) -> str:
        """A press with any payload: what a changed client can send."""
        query = f"press-{self.chats.next_id()}"
        self.chats.presses[query] = None
        self._emit(
            "callback_query",
            {
                "id": query,
                "from": person.json,
                "message": public(message),
                "chat_instance": "1",
                "data": payload,
            },
        )
        return query

    def tap_keyboard(self, person: Person, label: str) -> Json:
        """Tap a button of the big keyboard that only types its label."""
        rows = self.chats.chats[person.id].keyboard or []
        if not any(button in (label, {"text": label}) for row in rows for button in row):
            raise AssertionError(f"no «{label}» on the keyboard")
        return self.write(person, label)

    def send_photo(
        self, person: Person, content: bytes, *, caption: str = "", album: str = "", chat: int | None = None
    ) -> Json:
        """Send a photo; those of one `album` are shown together."""
        small = {**self.chats.store(content[:10]), "width": 90, "height": 60}
        large = {**self.chats.store(content), "width": 1280, "height": 853}
        return self._say(
            person, chat or person.id, photo=[small, large], caption=caption, media_group_id=album
        )

    def send_document(
        self, person: Person, name: str, content: bytes = b"%PDF-1.7", *, size: int | None = None
    ) -> Json:
        """Send a file; `size` lets it pass for a larger one."""
        described = {**self.chats.store(content, size), "file_name": name, "mime_type": "application/pdf"}
        return self._say(person, person.id, document=described)

    def send_voice(self, person: Person, content: bytes) -> Json:
        return self._say(person, person.id, voice={**self.chats.store(content), "duration": 4})

    def send_video(self, person: Person, content: bytes) -> Json:
        size = {"width": 640, "height": 480, "duration": 4}
        return self._say(person, person.id, video={**self.chats.store(content), **size})

    def send_location(
        self, person: Person, latitude: float, longitude: float, *, title: str = "", address: str = ""
    ) -> Json:
        """Share a place; with `title` as a venue."""
        location = {"latitude": latitude, "longitude": longitude}
        venue = {"location": location, "title": title, "address": address} if title else None
        return self._say(person, person.id, location=location, venue=venue)

    def send_contact(self, person: Person, phone: str, *, own: bool = True) -> Json:
        """Share one's own number, or somebody else's card."""
        owner = person.id if own else person.id + 1
        contact = {"phone_number": phone, "first_name": person.first_name, "user_id": owner}
        return self._say(person, person.id, contact=contact)

    def send_sticker(self, person: Person) -> Json:
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._say(person, person.id, sticker={**self.chats.store(b"webp"), **shape})

    # --- coming and going ---

    def block(self, person: Person) -> None:
        self._member(person, person.id, "member", "kicked")

    def unblock(self, person: Person) -> None:
        self._member(person, person.id, "kicked", "member")

    def add_bot(self, person: Person, group: int) -> None:
        self._member(person, group, "left", "member")

    def remove_bot(self, person: Person, group: int) -> None:
        self._member(person, group, "member", "kicked")

    # --- what they see ---

    def screen(self, chat: int) -> list[Json]:
        """The bot's messages standing in the chat, oldest first."""
        bot = self.chats.bot["id"]
        return [
            m for (where, _), m in self.chats.messages.items() if where == chat and m["from"]["id"] == bot
        ]

    def last(self, chat: int) -> Json:
        """The bot's latest message there."""
        return self.screen(chat)[-1]

    def _say(self, person: Person, chat_id: int, *, anonymous: bool = False, **content: Any) -> Json:
        chat = self.chats.chats[chat_id]
        if anonymous:
            message = self.chats.add(chat, ANONYMOUS_ADMIN, sender_chat=chat.json, **content)
        else:
            message = self.chats.add(chat, person.json, **content)
        self._emit("message", public(message))
        return message

    def _member(self, person: Person, chat_id: int, before: str, after: str) -> None:
        chat = self.chats.chats[chat_id]
        chat.has_bot = after == "member"
        self._emit(
            "my_chat_member",
            {
                "chat": chat.json,
                "from": person.json,
                "date": DATE,
                "old_chat_member": self._standing(before),
                "new_chat_member": self._standing(after),
            },
        )

    def _standing(self, status: str) -> Json:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"status": status, "user": self.chats.bot, **until}
