"""One-time links from a dialogue to pages of ours, for what its network does not carry."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select, update

from core.channel import Address, Capabilities, Channel
from core.conversation import storing
from core.conversation.context import MAX_FILES
from core.conversation.states import State, draft_of
from core.conversation.steps import AddingToTicket, Consenting, Offering, OpenedTicket, Step
from core.say import Text, Value
from handlers import looks
from handlers.service import Service
from storage.conversations import Conversation
from storage.tables import ConversationRow, PageLinkRow
from storage.transaction import Transaction, table

VALID = timedelta(minutes=30)
"""From the moment at which the link is written into a message."""
MAX_FILE_BYTES = 45_000_000
"""Of one file: more than networks hand to a bot, and as much as they let it send on."""

_TOKEN_BYTES = 24
_LINK, _CONVERSATION = table(PageLinkRow), table(ConversationRow)
_SEALED = "page_link"


class Page(StrEnum):
    """The pages a link can open, by the first part of their path."""

    FILES = "gui-tep"
    PIN = "ghim"


@dataclass(frozen=True, slots=True)
class _Way:
    """What stands in the place of a text: `by_link`, or `in_words` where no link can be; none for neither.

    `is_carried` says of which networks the text itself is good enough.
    """

    page: Page
    by_link: str
    is_carried: Callable[[Capabilities], bool]
    in_words: str = ""


_WAYS: Mapping[str, _Way] = {
    "ask_files": _Way(Page.FILES, "ask_files_by_link", lambda can: can.files),
    "ask_addition": _Way(Page.FILES, "ask_addition_by_link", lambda can: can.files),
    "file_too_big": _Way(Page.FILES, "file_too_big_by_link", lambda _: False),
    "ask_place": _Way(Page.PIN, "ask_place_by_link", lambda can: can.location, "ask_place_in_words"),
    "how_to_pin": _Way(Page.PIN, "ask_place_by_link", lambda can: can.location, "how_to_say_place"),
}
_NOT_KEPT_BY_LINK = "file_not_kept_by_link"
_WITH_LINK = frozenset({_NOT_KEPT_BY_LINK, "review_link", *(way.by_link for way in _WAYS.values())})


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that may be used now: its dialogue still stands at what it was given for.

    `files`: how many came through it; `room`: how many more may come.
    """

    id: int
    token_hash: str
    chat: Address
    sender: str
    step: Step
    files: int
    room: int


# --- into a message ----------------------------------------------------------------------------------------


def as_possible_on(
    service: Service, tx: Transaction, conversation: Conversation, state: State, text: Text, now: datetime
) -> Text:
    """What asks for a thing that the network does not carry asks for it by a link, or in words."""
    way = _WAYS.get(text.key)
    if way is None or way.is_carried(looks.abilities(tx, conversation.chat)):
        return text
    link = _offer(service, tx, conversation.id, state.step, way.page, now)
    return _with_link(text, way.by_link, link) if link else replace(text, key=way.in_words or text.key)


def printable(service: Service, text: Text) -> Text:
    """A text of the queue as it leaves: its link is sealed until then."""
    if text.key not in _WITH_LINK:
        return text
    link = service.keys.open(_SEALED, str(text.fields["link"]))
    return replace(text, fields={**text.fields, "link": link})


def sealed(service: Service, link: str) -> str:
    """A link as it may wait in the queue, in the field `link` of a text that `printable` knows."""
    return service.keys.seal(_SEALED, link)


def instead_of(
    service: Service, tx: Transaction, chat: Address, subject: str, text: Text, now: datetime
) -> Text:
    """The text about a file too large to be fetched, with a link while the dialogue is still about it."""
    rows = tx.connection.execute(
        select(_CONVERSATION.c.id, _CONVERSATION.c.state).where(
            _CONVERSATION.c.channel == chat.channel, _CONVERSATION.c.chat == chat.chat
        )
    )
    for row in rows.all():
        step = storing.from_json(row.state).step
        if _subject(step) == subject and (link := _offer(service, tx, row.id, step, Page.FILES, now)):
            return _with_link(text, _NOT_KEPT_BY_LINK, link)
    return text


def _with_link(text: Text, key: str, link: str) -> Text:
    more: dict[str, Value] = {"link": link, "link_limit": MAX_FILE_BYTES // 1_000_000}
    return replace(text, key=key, fields={**text.fields, **more})


def _offer(
    service: Service, tx: Transaction, conversation_id: int, step: Step, page: Page, now: datetime
) -> str:
    """A fresh link into this dialogue, sealed; empty where none could be opened."""
    subject = _subject(step)
    if not service.is_public or not subject:
        return ""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    values = {
        "organisation_id": tx.organisation_id,
        "token_hash": _hash(token),
        "conversation_id": conversation_id,
        "page": page,
        "subject": subject,
        "browser_hash": "",
        "files": 0,
        "expires_at": now + VALID,
    }
    tx.insert_once(PageLinkRow, values, key=["token_hash"])
    return sealed(service, f"{service.public_url}/{page}/{token}")


def _subject(step: Step) -> str:
    """What a file or a pin that comes at this step belongs to; empty for nothing, and before consent."""
    match step:
        case Offering() | Consenting():
            return ""
        case AddingToTicket(ticket_id) | OpenedTicket(ticket_id):
            return f"ticket:{ticket_id}"
        case _:
            draft = draft_of(step)
            return f"draft:{draft.id}" if draft else ""


# --- out of a browser --------------------------------------------------------------------------------------


def find(tx: Transaction, page: Page, token: str, browser: str, now: datetime) -> OpenLink | None:
    """The link of this token, or None: unknown, over, ended, another browser's, or no longer waited for.

    Changes nothing, so that whoever looks ahead at links spends none.
    """
    if not token.isascii():
        return None
    row = tx.connection.execute(
        select(_LINK, *(_CONVERSATION.c[name] for name in ("channel", "chat", "sender", "state")))
        .join(_CONVERSATION, _CONVERSATION.c.id == _LINK.c.conversation_id)
        .where(_LINK.c.token_hash == _hash(token), _LINK.c.page == page, _LINK.c.expires_at > now)
    ).first()
    if row is None or not row.state:
        return None
    if row.browser_hash and not hmac.compare_digest(row.browser_hash, _hash(browser)):
        return None
    step = storing.from_json(row.state).step
    if _subject(step) != row.subject:
        return None
    draft = draft_of(step)
    return OpenLink(
        id=row.id,
        token_hash=row.token_hash,
        chat=Address(Channel(row.channel), row.chat),
        sender=row.sender,
        step=step,
        files=row.files,
        room=max(MAX_FILES - (len(draft.media) if draft else row.files), 0),
    )


def lock(tx: Transaction, token: str) -> None:
    """Let nobody else use the link until the transaction ends."""
    tx.connection.execute(select(_LINK.c.id).where(_LINK.c.token_hash == _hash(token)).with_for_update())


def begin(tx: Transaction, link: OpenLink, browser: str) -> None:
    """One more file came through the link, which from now on is this browser's alone."""
    values = {"browser_hash": _hash(browser), "files": _LINK.c.files + 1}
    tx.connection.execute(update(_LINK).where(_LINK.c.id == link.id).values(values))


def end(tx: Transaction, link: OpenLink) -> None:
    """The link was used."""
    tx.connection.execute(delete(_LINK).where(_LINK.c.id == link.id))


def forget_old(tx: Transaction, now: datetime) -> None:
    """Links whose time is over go."""
    tx.connection.execute(delete(_LINK).where(_LINK.c.expires_at <= now))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
