"""How far the history of an account has been read, and who hears that a webhook brings nothing."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from core.calendar import local_day
from core.channel import Channel, Inbound
from core.people import Role
from core.say import Label, say
from handlers import notices, people
from storage.tables import InboxRow, ServiceStateRow
from storage.transaction import Transaction, table

_INBOX = table(InboxRow)


def read_until(tx: Transaction, channel: Channel) -> int | None:
    """The moment up to which everything has been taken in, in milliseconds; None before the first time."""
    known = tx.session.get(ServiceStateRow, _key(channel))
    return None if known is None else int(known.value)


def note(tx: Transaction, channel: Channel, until: int) -> None:
    """Everything up to this moment has been taken in."""
    tx.session.merge(ServiceStateRow(key=_key(channel), value=until))


def unknown(tx: Transaction, found: Collection[Inbound]) -> list[Inbound]:
    """Those that were not taken in before."""
    return [each for each in found if not _is_known(tx, each)]


def tell(tx: Transaction, channel: Channel, count: int, now: datetime, *, is_whole: bool) -> None:
    """Once a day the administrators hear that messages had to be fetched, and whether some may be missing."""
    key = "notice_caught_up" if is_whole else "notice_caught_up_in_part"
    text = say(key, channel=Label(f"channel.{channel}"), count=count)
    for administrator in people.officers_with_role(tx, Role.ADMIN):
        notices.to_officer(
            tx, administrator, text, now, key=f"{key}:{channel}:{local_day(now)}", not_over=channel
        )


def _is_known(tx: Transaction, event: Inbound) -> bool:
    wanted = (_INBOX.c.channel == event.chat.channel, _INBOX.c.external_id == event.external_id)
    return tx.connection.execute(select(_INBOX.c.id).where(*wanted)).first() is not None


def _key(channel: Channel) -> str:
    return f"read_until_{channel}"
