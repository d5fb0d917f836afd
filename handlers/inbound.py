"""The door for every event of every network: once, in one transaction, and never in another's way."""

import hashlib
import secrets
from datetime import datetime

import structlog
from sqlalchemy.exc import OperationalError

from core.channel import (
    AddedToGroup,
    Capabilities,
    Channel,
    ChatMoved,
    Followed,
    Inbound,
    ReachabilityChanged,
    StaffWrote,
    TextReceived,
)
from core.errors import RuleError
from core.failure import without_words
from core.people import Role
from core.say import Text, say
from handlers import (
    audit,
    by_hand,
    citizen,
    desk,
    invites,
    looks,
    notices,
    officers,
    outreach,
    people,
    rooms,
    webchat,
)
from handlers.service import Service
from storage import conversations, outbox
from storage.outbox import Wish
from storage.tables import InboxRow
from storage.transaction import Transaction, table

log = structlog.get_logger()

_INBOX = table(InboxRow)


def receive(service: Service, tx: Transaction, inbound: Inbound, body: bytes, now: datetime) -> None:
    """Take one event. A repeat changes nothing; a failure of ours parks it and lets the chat go on."""
    inbox_id = tx.insert_once(
        InboxRow,
        _row(tx, inbound.chat.channel, inbound.external_id, body, now),
        key=["channel", "external_id"],
    )
    if inbox_id is None:
        return
    if inbound.chat.channel is Channel.WEBCHAT:
        webchat.keep_own(tx, inbound, now)
    _process(service, tx, inbound, inbox_id, body, now)


def park(tx: Transaction, channel: Channel, body: bytes, now: datetime) -> None:
    """Keep a body that could not even be read, so that it can be looked at and replayed."""
    external_id = f"unread:{hashlib.sha256(body).hexdigest()}"
    inbox_id = tx.insert_once(
        InboxRow, _row(tx, channel, external_id, body, now), key=["channel", "external_id"]
    )
    if inbox_id is not None:
        _park(tx, inbox_id, channel, body, now)


def replay(service: Service, tx: Transaction, inbox_id: int, inbound: Inbound, now: datetime) -> None:
    """Take a parked event once more. Raises whatever stood in its way then, if it still does."""
    row = parked(tx, inbox_id)
    _route(service, tx, inbound, inbox_id, now)
    tx.connection.execute(
        _INBOX.update().where(_INBOX.c.id == row.id).values(state="done", body="", error_id="")
    )
    audit.record(tx, audit.SYSTEM, "replay", f"inbox:{inbox_id}", now)


def parked(tx: Transaction, inbox_id: int) -> InboxRow:
    """A parked row. Raises RuleError("nothing_parked") when this one is not."""
    row = tx.session.get(InboxRow, inbox_id)
    if row is None or row.state != "parked":
        raise RuleError("nothing_parked", id=inbox_id)
    return row


def _row(
    tx: Transaction, channel: Channel, external_id: str, body: bytes, now: datetime
) -> dict[str, object]:
    return {
        "organisation_id": tx.organisation_id,
        "channel": channel,
        "external_id": external_id,
        "body_hash": hashlib.sha256(body).hexdigest(),
        "state": "done",
        "received_at": now,
        "error_id": "",
        "body": "",
    }


def _process(
    service: Service, tx: Transaction, inbound: Inbound, inbox_id: int, body: bytes, now: datetime
) -> None:
    try:
        with tx.savepoint():
            _route(service, tx, inbound, inbox_id, now)
    except OperationalError:
        raise  # the database itself: nothing of this transaction can be kept
    except RuleError as error:
        _say(tx, inbound, error.sentence, now, inbox_id)
    except Exception as error:  # noqa: BLE001 - a bug of ours must not lose the message nor stop the chat
        log.error("message_failed", inbox_id=inbox_id, **without_words(error))
        _park(tx, inbox_id, inbound.chat.channel, body, now)
        _say(tx, inbound, say("parked_sorry", phone=service.office.phone), now, inbox_id)


def _park(tx: Transaction, inbox_id: int, channel: Channel, body: bytes, now: datetime) -> None:
    error_id = secrets.token_hex(4)
    log.error("message_parked", inbox_id=inbox_id, channel=channel, error_id=error_id)
    tx.connection.execute(
        _INBOX.update()
        .where(_INBOX.c.id == inbox_id)
        .values(state="parked", error_id=error_id, body=body.decode("utf-8", "backslashreplace"))
    )
    audit.record(tx, audit.SYSTEM, "park", f"inbox:{inbox_id}", now, note=error_id)
    text = say("notice_parked", channel=channel, at=now, error_id=error_id, size=len(body), inbox_id=inbox_id)
    for administrator in people.officers_with_role(tx, Role.ADMIN):
        notices.to_officer(tx, administrator, text, now, key=f"parked:{inbox_id}")


# --- where it goes -----------------------------------------------------------------------------------------


def _route(service: Service, tx: Transaction, inbound: Inbound, inbox_id: int, now: datetime) -> None:
    match inbound.event:
        case ReachabilityChanged(reachable):
            people.mark_reachable(tx, inbound.chat, now, reachable=reachable)
            conversations.change_account(tx, inbound.chat, blocked_at=None if reachable else now)
        case Followed():
            _followed(service, tx, inbound, inbox_id, now)
        case StaffWrote():
            by_hand.receive(service, tx, inbound, now)
        case ChatMoved(new_chat):
            rooms.move(tx, inbound.chat, new_chat)
        case AddedToGroup():
            rooms.greet(tx, inbound.chat, now)
        case _ if not inbound.is_private:
            desk.receive(service, tx, inbound, inbox_id, now)
        case _:
            able = looks.abilities(tx, inbound.chat)
            has_window = able.window is not None
            if has_window and _came_back(service, tx, inbound, now):
                return
            _private(service, tx, inbound, able, inbox_id, now)
            if has_window:
                conversations.touch(tx, inbound.chat, now)  # the first message makes the account


def _followed(service: Service, tx: Transaction, inbound: Inbound, inbox_id: int, now: datetime) -> None:
    """A citizen is greeted with the menu, unless they are in the middle of something."""
    people.mark_reachable(tx, inbound.chat, now, reachable=True)
    if people.officer_of(tx, inbound.chat.channel, inbound.sender) is None:
        citizen.greet(service, tx, inbound.chat, inbound.sender, inbox_id, now)
    if conversations.touch(tx, inbound.chat, now):
        outreach.came_back(service, tx, inbound.chat, now)


def _came_back(service: Service, tx: Transaction, inbound: Inbound, now: datetime) -> bool:
    """They turned to us: we may write to them again, and what waited for that leaves.

    Whether that is all there is to their message.
    """
    people.mark_reachable(tx, inbound.chat, now, reachable=True)
    is_owed = conversations.touch(tx, inbound.chat, now)
    if not is_owed or not outreach.came_back(service, tx, inbound.chat, now):
        return False
    return outreach.is_only_a_sign(tx, inbound.chat, inbound.sender, inbound.event, now)


def _private(
    service: Service, tx: Transaction, inbound: Inbound, able: Capabilities, inbox_id: int, now: datetime
) -> None:
    officer = people.officer_of(tx, inbound.chat.channel, inbound.sender)
    code = invites.find_code(inbound.event.text) if isinstance(inbound.event, TextReceived) else None
    if code is not None:
        _say(tx, inbound, invites.use_code(service, tx, inbound, code, now), now, inbox_id)
        return
    if officer is not None and officers.receive(service, tx, inbound, officer, inbox_id, now):
        return
    if able.staff_may_write and by_hand.stands_aside(service, tx, inbound, inbox_id, now):
        return
    citizen.receive(service, tx, inbound.chat, inbound.sender, inbound.event, inbox_id, now)


def _say(tx: Transaction, inbound: Inbound, text: Text, now: datetime, inbox_id: int) -> None:
    outbox.enqueue(
        tx,
        Wish(
            key=f"answer:{inbox_id}",
            address=inbound.chat,
            is_group=not inbound.is_private,
            text=text,
            purpose="answer_now",
        ),
        now,
    )
