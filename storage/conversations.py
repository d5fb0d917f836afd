"""Where each dialogue stands, and the chat accounts behind them. Core statements: this is the hot path."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, select, update

from core.channel import Address, Channel
from core.say import Choice
from storage.prepared import Prepared
from storage.tables import AccountRow, ConversationRow
from storage.transaction import Transaction, table

_CONVERSATION = table(ConversationRow)
_ACCOUNT = table(AccountRow)

_OF_ACCOUNT = and_(_ACCOUNT.c.channel == _CONVERSATION.c.channel, _ACCOUNT.c.sender == _CONVERSATION.c.sender)
_STANDING = select(
    *(_CONVERSATION.c[name] for name in ("id", "channel", "chat", "sender")),
    *(_CONVERSATION.c[name] for name in ("state", "offered", "version", "wake_at")),
    _ACCOUNT.c.consent_version,
).join_from(_CONVERSATION, _ACCOUNT, _OF_ACCOUNT, isouter=True)
_FIND = Prepared(
    _STANDING.where(
        _CONVERSATION.c.channel == bindparam("channel"),
        _CONVERSATION.c.chat == bindparam("chat"),
        _CONVERSATION.c.sender == bindparam("sender"),
    ).with_for_update(of=_CONVERSATION)
)
_SAVE = Prepared(
    update(_CONVERSATION)
    .where(_CONVERSATION.c.id == bindparam("row_id"))
    .values({name: bindparam(name) for name in ("state", "offered", "version", "updated_at", "wake_at")})
)
_AGREE = Prepared(
    update(_ACCOUNT)
    .where(_ACCOUNT.c.channel == bindparam("on"), _ACCOUNT.c.chat == bindparam("in"))
    .values(
        consent_version=bindparam("version"), consent_answer=bindparam("answer"), consent_at=bindparam("now")
    )
)
_FIND_CONSENT = Prepared(
    select(_ACCOUNT.c.consent_version).where(
        _ACCOUNT.c.channel == bindparam("channel"), _ACCOUNT.c.sender == bindparam("sender")
    )
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A stored dialogue. `state` is empty for a new one; `offered` are the choices shown last.

    `agreed_to`: the wording its citizen agreed to, empty for none, None when they have no account yet.
    """

    id: int
    chat: Address
    sender: str
    state: dict[str, Any]
    offered: tuple[Choice, ...]
    version: int
    wake_at: datetime | None
    agreed_to: str | None = None


def load(tx: Transaction, chat: Address, sender: str, now: datetime) -> Conversation:
    """The dialogue of a person in a chat, locked until the transaction ends; made when there is none."""
    found = tx.run(_FIND, {"channel": chat.channel, "chat": chat.chat, "sender": sender})
    if found:
        return _conversation(found[0])
    made = tx.insert_once(
        ConversationRow,
        {
            "organisation_id": tx.organisation_id,
            "channel": chat.channel,
            "chat": chat.chat,
            "sender": sender,
            "state": {},
            "offered": [],
            "version": 0,
            "updated_at": now,
        },
        key=["channel", "chat", "sender"],
    )
    if made is None:  # by somebody else, just now
        return load(tx, chat, sender, now)
    return Conversation(made, chat, sender, state={}, offered=(), version=0, wake_at=None)


def save(
    tx: Transaction,
    conversation: Conversation,
    now: datetime,
    *,
    state: dict[str, Any],
    offered: tuple[Choice, ...],
    wake_at: datetime | None,
) -> None:
    """Store where the dialogue stands now."""
    tx.run(
        _SAVE,
        {
            "row_id": conversation.id,
            "state": state,
            "offered": [[choice.code, choice.label] for choice in offered],
            "version": conversation.version + 1,
            "updated_at": now,
            "wake_at": wake_at,
        },
    )


def to_wake(tx: Transaction, now: datetime, limit: int) -> list[Conversation]:
    """Dialogues whose wished moment has come, the earliest first."""
    rows = tx.connection.execute(
        _STANDING.where(_CONVERSATION.c.wake_at <= now)
        .order_by(_CONVERSATION.c.wake_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=_CONVERSATION)
    )
    return [_conversation(row) for row in rows]


def consent_version(tx: Transaction, chat: Address, sender: str, now: datetime) -> str:
    """Which wording the citizen agreed to, empty for none. Makes the account at first contact."""
    made = tx.insert_once(
        AccountRow,
        {
            "organisation_id": tx.organisation_id,
            "channel": chat.channel,
            "sender": sender,
            "chat": chat.chat,
            "created_at": now,
            "consent_version": "",
            "consent_answer": "",
            "is_owed": False,
        },
        key=["channel", "sender"],
    )
    if made is not None:
        return ""
    (found,) = tx.run(_FIND_CONSENT, {"channel": chat.channel, "sender": sender})
    return str(found.consent_version)


def agree(tx: Transaction, chat: Address, *, version: str, answer: str, now: datetime) -> None:
    """Store the proof of consent with the account that writes from this private chat."""
    tx.run(_AGREE, {"on": chat.channel, "in": chat.chat, "version": version, "answer": answer, "now": now})


def change_account(tx: Transaction, chat: Address, **values: Any) -> None:
    """Write consent or reachability of the account that writes from this private chat."""
    tx.connection.execute(
        update(_ACCOUNT)
        .where(_ACCOUNT.c.channel == chat.channel, _ACCOUNT.c.chat == chat.chat)
        .values(**values)
    )


def touch(tx: Transaction, chat: Address, now: datetime) -> bool:
    """Note that the citizen of this private chat wrote; whether something waits for that."""
    mine = (_ACCOUNT.c.channel == chat.channel, _ACCOUNT.c.chat == chat.chat)
    noted = update(_ACCOUNT).where(*mine).values(last_at=now, blocked_at=None)
    return any(tx.connection.execute(noted.returning(_ACCOUNT.c.is_owed)).scalars().all())


def staffed_until(tx: Transaction, chat: Address) -> datetime | None:
    """Until when this private chat is left to a person who wrote in it by hand."""
    return _moment(tx, chat, "staffed_until")


def last_at(tx: Transaction, chat: Address) -> datetime | None:
    """When the citizen of this private chat last wrote, where that is kept."""
    return _moment(tx, chat, "last_at")


def _moment(tx: Transaction, chat: Address, name: str) -> datetime | None:
    mine = (_ACCOUNT.c.channel == chat.channel, _ACCOUNT.c.chat == chat.chat)
    found: datetime | None = tx.connection.execute(select(_ACCOUNT.c[name]).where(*mine)).scalar()
    return found


def _conversation(row: Any) -> Conversation:
    return Conversation(
        id=row.id,
        chat=Address(Channel(row.channel), row.chat),
        sender=row.sender,
        state=row.state,
        offered=tuple(Choice(code, label) for code, label in row.offered),
        version=row.version,
        wake_at=row.wake_at,
        agreed_to=row.consent_version,
    )
