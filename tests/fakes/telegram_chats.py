"""What Telegram keeps: people, chats, messages, files; and its rules, in its own words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.text import utf16_length

Json = dict[str, Any]
MB = 1024 * 1024
DATE = 1_772_000_000


class ApiError(Exception):
    """An answer other than 200."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.body: Json = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.body["parameters"] = parameters


def bad_request(words: str, **parameters: int) -> ApiError:
    return ApiError(400, f"Bad Request: {words}", **parameters)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part of a call."""

    filename: str
    content: bytes
    mime: str


@dataclass(frozen=True)
class Call:
    """One call the bot made, as it came over the wire."""

    method: str
    params: Mapping[str, Any]
    files: Mapping[str, Upload]

    @property
    def text(self) -> str:
        return str(self.params.get("text") or self.params.get("caption") or "")

    @property
    def chat(self) -> int:
        return self.number("chat_id")

    def number(self, name: str) -> int:
        return int(self.params.get(name, 0))

    def data(self, name: str) -> Any:
        """The JSON of a field, None when it is not there."""
        value = self.params.get(name)
        return json.loads(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a Telegram account."""

    id: int
    first_name: str
    last_name: str = ""

    @property
    def json(self) -> Json:
        return {"id": self.id, "is_bot": False, "first_name": self.first_name, "last_name": self.last_name}


@dataclass
class Chat:
    """A private chat or a group. `has_bot`: it was started and not blocked, or the bot is a member."""

    id: int
    kind: str
    title: str
    has_bot: bool = True
    moved_to: int | None = None
    keyboard: list[list[Json]] | None = None

    @property
    def json(self) -> Json:
        name = "first_name" if self.kind == "private" else "title"
        return {"id": self.id, "type": self.kind, name: self.title}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file with Telegram. `content` may stand for a larger one of `size` bytes."""

    content: bytes
    size: int


@dataclass
class Chats:
    """Everything that outlives a call."""

    bot: Json
    people: dict[int, Person] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    messages: dict[tuple[int, int], Json] = field(default_factory=dict)
    deleted: list[Json] = field(default_factory=list)
    files: dict[str, StoredFile] = field(default_factory=dict)
    presses: dict[str, str | None] = field(default_factory=dict)
    last_id: int = 100

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def store(self, content: bytes, size: int | None = None) -> Json:
        """Keep a file; returns what a message says of it."""
        file_id = f"file-{self.next_id()}"
        self.files[file_id] = StoredFile(content, len(content) if size is None else size)
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": self.files[file_id].size}

    def add(self, chat: Chat, sender: Json, **content: Any) -> Json:
        """A new message."""
        message = {
            "message_id": self.next_id(),
            "date": DATE,
            "chat": chat.json,
            "from": sender,
            **{name: value for name, value in content.items() if value},
        }
        self.messages[chat.id, message["message_id"]] = message
        return message

    def reachable(self, chat_id: int) -> Chat:
        """The chat the bot may write to now. Raises what Telegram says otherwise."""
        chat = self.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        if chat.moved_to is not None:
            raise bad_request(
                "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to
            )
        if not chat.has_bot:
            words = (
                "bot was blocked by the user" if chat.kind == "private" else "bot was kicked from the group"
            )
            raise ApiError(403, f"Forbidden: {words}")
        return chat

    def own_message(self, chat_id: int, message_id: int) -> Json:
        """A message of the bot that may be edited."""
        self.reachable(chat_id)
        message = self.messages.get((chat_id, message_id))
        if message is None or message["from"]["id"] != self.bot["id"]:
            raise bad_request("message to edit not found")
        if message.get("other_keyboard"):
            raise bad_request("message can't be edited")
        return message


def check_text(text: str) -> str:
    if not text.strip():
        raise bad_request("message text is empty")
    if utf16_length(text) > 4096:
        raise bad_request("message is too long")
    return text


def check_caption(caption: str) -> str:
    if utf16_length(caption) > 1024:
        raise bad_request("message caption is too long")
    return caption


def check_upload(upload: Upload, limit_mb: int) -> Upload:
    if len(upload.content) > limit_mb * MB:
        raise ApiError(413, "Request Entity Too Large")
    if not upload.content:
        raise bad_request("file must be non-empty")
    return upload


def apply_markup(chat: Chat, markup: Json | None) -> Json:
    """The markup as fields of the message; a big keyboard belongs to the chat."""
    if not markup:
        return {}
    if "inline_keyboard" in markup:
        for row in markup["inline_keyboard"]:
            for button in row:
                if not 1 <= len(button["callback_data"].encode()) <= 64:
                    raise bad_request("BUTTON_DATA_INVALID")
        return {"reply_markup": markup}
    if "keyboard" in markup:
        for button in (button for row in markup["keyboard"] for button in row):
            if chat.kind != "private" and ("request_location" in button or "request_contact" in button):
                raise bad_request("location can be requested in private chats only")
        chat.keyboard = markup["keyboard"]
    else:
        chat.keyboard = None
    return {"other_keyboard": True}
