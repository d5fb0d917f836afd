"""The methods of the Bot API the fake server knows. Each returns the `result` or raises ApiError."""

from collections.abc import Callable, Mapping
from typing import Any

from core.text import utf16_length
from tests.fakes.telegram_chats import (
    MB,
    ApiError,
    Call,
    Chats,
    Json,
    apply_markup,
    bad_request,
    check_caption,
    check_text,
    check_upload,
)


def get_me(chats: Chats, _: Call) -> Json:
    return chats.bot


def send_message(chats: Chats, call: Call) -> Json:
    chat = chats.reachable(call.chat)
    text = check_text(call.text)
    return public(chats.add(chat, chats.bot, text=text, **apply_markup(chat, call.data("reply_markup"))))


def send_file(kind: str, limit_mb: int) -> Callable[[Chats, Call], Json]:
    """A method sending one file of this kind."""

    def send(chats: Chats, call: Call) -> Json:
        chat = chats.reachable(call.chat)
        caption = check_caption(call.text)
        upload = check_upload(call.files[kind], limit_mb)
        described = _described(kind, chats.store(upload.content), upload.filename)
        markup = apply_markup(chat, call.data("reply_markup"))
        return public(chats.add(chat, chats.bot, caption=caption, **{kind: described}, **markup))

    return send


def send_media_group(chats: Chats, call: Call) -> list[Json]:
    chat = chats.reachable(call.chat)
    items = call.data("media")
    if not 2 <= len(items) <= 10:
        raise bad_request("group send failed")
    album = f"album-{chats.next_id()}"
    sent = []
    for item in items:
        upload = check_upload(call.files[item["media"].removeprefix("attach://")], 10)
        described = _described(item["type"], chats.store(upload.content), upload.filename)
        message = chats.add(
            chat,
            chats.bot,
            media_group_id=album,
            caption=check_caption(item.get("caption", "")),
            **{item["type"]: described},
        )
        sent.append(public(message))
    return sent


def edit_message_text(chats: Chats, call: Call) -> Json:
    message = chats.own_message(call.chat, call.number("message_id"))
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _edit(chats, message, "text", check_text(call.text), call)


def edit_message_caption(chats: Chats, call: Call) -> Json:
    message = chats.own_message(call.chat, call.number("message_id"))
    if "text" in message:
        raise bad_request("there is no caption in the message to edit")
    return _edit(chats, message, "caption", check_caption(call.text), call)


def _edit(chats: Chats, message: Json, name: str, words: str, call: Call) -> Json:
    markup = call.data("reply_markup")
    if message.get(name) == words and message.get("reply_markup") == markup:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    fields = apply_markup(chats.chats[message["chat"]["id"]], markup)
    message.pop("reply_markup", None)
    message.update({name: words, **fields})
    return public(message)


def answer_callback_query(chats: Chats, call: Call) -> bool:
    query = str(call.params["callback_query_id"])
    if query not in chats.presses:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if utf16_length(call.text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    chats.presses[query] = call.text
    return True


def delete_message(chats: Chats, call: Call) -> bool:
    chats.reachable(call.chat)
    message = chats.messages.pop((call.chat, call.number("message_id")), None)
    if message is None:
        raise bad_request("message to delete not found")
    chats.deleted.append(message)
    return True


def get_file(chats: Chats, call: Call) -> Json:
    file_id = str(call.params["file_id"])
    stored = chats.files.get(file_id)
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if stored.size > 20 * MB:
        raise bad_request("file is too big")
    return {
        "file_id": file_id,
        "file_unique_id": f"u{file_id}",
        "file_size": stored.size,
        "file_path": f"documents/{file_id}",
    }


def get_chat_member(chats: Chats, call: Call) -> Json:
    chats.reachable(call.chat)
    person = chats.people.get(call.number("user_id"))
    if person is None:
        raise bad_request("user not found")
    return {"status": "member", "user": person.json}


def public(message: Json) -> Json:
    """The message as the API shows it."""
    return {name: value for name, value in message.items() if name != "other_keyboard"}


def _described(kind: str, stored: Json, filename: str) -> Any:
    if kind == "photo":
        return [{**stored, "width": 90, "height": 60}, {**stored, "width": 1280, "height": 853}]
    sizes = {"video": {"width": 640, "height": 480, "duration": 3}, "voice": {"duration": 3}}
    return {**stored, **sizes.get(kind, {}), **({} if kind == "voice" else {"file_name": filename})}


METHODS: Mapping[str, Callable[[Chats, Call], object]] = {
    "getMe": get_me,
    "sendMessage": send_message,
    "sendPhoto": send_file("photo", 10),
    "sendDocument": send_file("document", 50),
    "sendVideo": send_file("video", 50),
    "sendVoice": send_file("voice", 50),
    "sendMediaGroup": send_media_group,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "answerCallbackQuery": answer_callback_query,
    "deleteMessage": delete_message,
    "getFile": get_file,
    "getChatMember": get_chat_member,
}


def call_method(chats: Chats, call: Call) -> object:
    method = METHODS.get(call.method)
    if method is None:
        raise ApiError(404, "Not Found: method not found")
    return method(chats, call)
