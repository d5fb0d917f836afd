"""The methods of the Official Account API: each reads or changes the state, or refuses."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import PurePath

from core.calendar import LOCAL
from tests.fakes.zalo_oa_state import (
    FREE_WINDOW,
    OA_ID,
    UPLOAD_LIFE,
    WINDOW,
    Citizen,
    Json,
    Shown,
    State,
    Stored,
    ZaloError,
)

MAX_TEXT = 2000
FEE = 55
MB = 1024 * 1024
_UPLOADS: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "image": (MB, (".jpg", ".jpeg", ".png")),
    "gif": (5 * MB, (".gif",)),
    "file": (5 * MB, (".pdf", ".doc", ".docx", ".csv")),
}
_MAGIC = {".jpg": b"\xff\xd8", ".jpeg": b"\xff\xd8", ".png": b"\x89PNG", ".gif": b"GIF8"}


def send_message(state: State, wish: Json) -> Json:
    """Consultation message: within the window, and of a shape Zalo takes."""
    citizen = state.citizens.get(str(wish.get("recipient", {}).get("user_id")))
    message: Json = wish.get("message", {})
    if citizen is None or citizen.last_interaction is None:
        raise ZaloError(-213, "User has not interacted with the OA")
    if citizen.is_blocking:
        raise ZaloError(-217, "User has blocked the OA")
    since = state.now - citizen.last_interaction
    if since > WINDOW:
        raise ZaloError(-230, "User has not interacted with the OA in the past 7 days")
    _check_message(state, message)
    fee = 0 if since <= FREE_WINDOW else FEE
    shown = _show(state, citizen, message, fee)
    quota = {"quota_type": "reply", "remain": "8", "total": "8"}
    return {"message_id": shown.id, "user_id": citizen.id, "sent_time": state.millis(), "quota": quota}


def _show(state: State, citizen: Citizen, message: Json, fee: int = 0) -> Shown:
    shown = Shown(state.new_id("oa"), citizen.id, message, state.now, fee)
    state.screens[citizen.id].append(shown)
    state.remember(from_user=False, user=citizen.id, kind="text", text=shown.text, message_id=shown.id)
    return shown


def _check_message(state: State, message: object) -> None:
    if not isinstance(message, dict) or not (message.get("text") or message.get("attachment")):
        raise ZaloError(-201, "message is invalid")
    payload = message.get("attachment", {}).get("payload", {})
    if len(str(message.get("text") or payload.get("text") or "")) > MAX_TEXT:
        raise ZaloError(-210, "text is too long")
    quoted = message.get("quote_message_id")
    if quoted and all(line["message_id"] != quoted for line in state.history):
        raise ZaloError(-201, "quote_message_id is invalid")
    if "attachment" in message:
        _check_attachment(state, message["attachment"])


def _check_attachment(state: State, attachment: Json) -> None:
    payload = attachment.get("payload", {})
    if attachment.get("type") == "file":
        _stored(state, payload.get("token"), "file")
    elif attachment.get("type") != "template":
        raise ZaloError(-201, "attachment type is invalid")
    elif payload.get("template_type") == "media":
        for element in payload["elements"]:
            if "url" not in element:
                _stored(state, element.get("attachment_id"), element["media_type"])
    elif payload.get("template_type") == "request_user_info":
        _check_contact_card(state, payload)
    elif payload.get("template_type") not in {None, "button"}:
        raise ZaloError(-201, "template_type is invalid")
    if "buttons" in payload:
        _check_buttons(state, payload)


def _check_contact_card(state: State, payload: Json) -> None:
    fields = [set(element) for element in payload.get("elements", ())]
    if not state.takes_contact_cards or fields != [{"title", "subtitle", "image_url"}]:
        raise ZaloError(-201, "elements are invalid")


def _check_buttons(state: State, payload: Json) -> None:
    wrapper = "template" if payload.get("template_type") == "button" else "plain"
    buttons = payload["buttons"]
    if payload.get("template_type") != "media" and wrapper not in state.button_wrappers:
        raise ZaloError(-201, "payload is invalid")
    if not 1 <= len(buttons) <= 5:
        raise ZaloError(-201, "too many buttons")
    if any(len(button["title"]) > 100 or len(str(button["payload"])) > 1000 for button in buttons):
        raise ZaloError(-201, "button is invalid")


def _stored(state: State, given_id: object, kind: str) -> Stored:
    found = state.uploads.get(str(given_id))
    if found is None or found.kind != kind or state.now >= found.until:
        raise ZaloError(-100, "attachment is expired")
    return found


def upload(state: State, kind: str, name: str, content: bytes) -> Json:
    """Take a file of at most the size and with an ending that Zalo knows, for seven days."""
    size, endings = _UPLOADS[kind]
    ending = PurePath(name).suffix.lower()
    if ending not in endings or not content.startswith(_MAGIC.get(ending, b"")):
        raise ZaloError(-233, "file type is not supported")
    if len(content) > size:
        raise ZaloError(-210, "file is too large")
    given_id = state.new_id(kind)
    state.uploads[given_id] = Stored(kind, name, content, state.now + UPLOAD_LIFE)
    return {"token" if kind == "file" else "attachment_id": given_id}


# --- templates ---------------------------------------------------------------------------------------------


def _check_template(state: State, wish: Json) -> None:
    template = state.templates.get(str(wish.get("template_id")))
    given = wish.get("template_data", {})
    if template is None or template.status != "ENABLE":
        raise ZaloError(-131, "template is not enabled")
    if template.params.keys() != given.keys():
        raise ZaloError(-1121, "template data is missing")
    if any(len(str(given[name])) > most for name, most in template.params.items()):
        raise ZaloError(-1122, "template data is too long")


def template_by_uid(state: State, wish: Json) -> Json:
    citizen = state.citizens.get(str(wish.get("user_id")))
    _check_template(state, wish)
    if not state.templates[wish["template_id"]].by_uid:
        raise ZaloError(-249, "template is not enabled for UID")
    if citizen is None or citizen.is_blocking:
        raise ZaloError(-118, "user cannot be reached")
    shown = _show(state, citizen, {"template": wish})
    quota = {"quota_type": "purchase_quota", "remain": 4821}
    return {"message_id": shown.id, "user_id": citizen.id, "sent_time": state.millis(), "quota": quota}


def template_by_phone(state: State, wish: Json) -> Json:
    phone = str(wish.get("phone", "")).removeprefix("+")
    if not phone.startswith("84") or not phone.isdecimal() or len(phone) < 11:
        raise ZaloError(-108, "phone is invalid")
    _check_template(state, wish)
    if len(str(wish.get("tracking_id", ""))) > 48:
        raise ZaloError(-1124, "tracking_id is too long")
    citizen = state.citizen_by_phone(phone)
    if citizen is None or citizen.is_blocking:
        raise ZaloError(-118, "Zalo account not existed")
    if not 6 <= state.now.astimezone(LOCAL).hour < 22:
        raise ZaloError(-133, "not allowed at night")
    shown = _show(state, citizen, {"template": wish})
    state.receipts[shown.id] = state.now
    quota = {"dailyQuota": "500", "remainingQuota": "499"}
    return {"msg_id": shown.id, "sent_time": state.millis(), "sending_mode": "1", "quota": quota}


def message_status(state: State, wish: Json) -> Json:
    at = state.receipts.get(str(wish.get("message_id")))
    if at is None:
        return {"message": "message not found", "status": -1}
    return {"delivery_time": _millis(at), "message": "delivered", "status": 1}


# --- questions ---------------------------------------------------------------------------------------------


def get_oa(state: State, _wish: Json) -> Json:
    about = {"name": "UBND xã Suối Mây", "is_verified": True, "oa_type": 4, "package_name": "Growth"}
    return {state.oa_id_key: OA_ID, "num_follower": len(state.citizens), **about}


def quota(state: State, wish: Json) -> Json:
    citizen = _known(state, wish)
    last = citizen.last_interaction
    assert last is not None
    return {"last_interaction": _millis(last), "cs_reply": {"remain": 8, "total": 8}}


def user_detail(state: State, wish: Json) -> Json:
    citizen = _known(state, wish)
    return {"user_id": citizen.id, "display_name": citizen.name, "user_is_follower": citizen.is_follower}


def conversation(state: State, wish: Json) -> list[Json]:
    user = str(wish.get("user_id"))
    return _page([line for line in state.history if user in {line["from_id"], line["to_id"]}], wish)


def recent_chats(state: State, wish: Json) -> list[Json]:
    return _page(state.history, wish)


def _page(lines: list[Json], wish: Json) -> list[Json]:
    start, count = int(wish.get("offset", 0)), int(wish.get("count", 10))
    if count > 10:
        raise ZaloError(-201, "count is invalid")
    return lines[::-1][start : start + count]


def _known(state: State, wish: Json) -> Citizen:
    citizen = state.citizens.get(str(wish.get("user_id")))
    if citizen is None or citizen.last_interaction is None:
        raise ZaloError(-213, "User is not a follower")
    return citizen


def _millis(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))


Method = Callable[[State, Json], Json | list[Json]]

METHODS: Mapping[tuple[str, str], Method] = {
    ("POST", "/v3.0/oa/message/cs"): send_message,
    ("POST", "/v3.0/oa/message/template"): template_by_uid,
    ("POST", "/message/template"): template_by_phone,
    ("GET", "/message/status"): message_status,
    ("GET", "/v2.0/oa/getoa"): get_oa,
    ("POST", "/v3.0/oa/quota/message"): quota,
    ("GET", "/v3.0/oa/user/detail"): user_detail,
    ("GET", "/v2.0/oa/conversation"): conversation,
    ("GET", "/v2.0/oa/listrecentchat"): recent_chats,
}
UPLOAD_KINDS = tuple(_UPLOADS)
