"""What a network counts by the month: how much of it is used, told before it is used up."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import String, cast, func, select

from core.channel import Channel, SendKind
from core.people import Role
from core.quota import QUOTAS, Usage, level, month_start
from core.say import Label, Text, say
from handlers import notices, people
from handlers.service import Service
from storage.tables import AccountRow, InboxRow, OutboxRow
from storage.transaction import Transaction, table

_ACCOUNT, _INBOX, _OUTBOX = table(AccountRow), table(InboxRow), table(OutboxRow)


def usage(tx: Transaction, channel: Channel, now: datetime) -> Usage:
    """This month's messages both ways, and the people who ever wrote there."""
    since = month_start(now)
    arrived = select(func.count()).where(_INBOX.c.channel == channel, _INBOX.c.received_at >= since)
    # What left as one message has one id there.
    message = func.coalesce(func.nullif(_OUTBOX.c.provider_id, ""), cast(_OUTBOX.c.id, String))
    left = select(func.count(message.distinct())).where(
        _OUTBOX.c.channel == channel, _OUTBOX.c.kind == SendKind.MESSAGE, _OUTBOX.c.sent_at >= since
    )
    known = select(func.count()).where(_ACCOUNT.c.channel == channel)
    count = tx.connection.execute
    return Usage(
        messages=count(arrived).scalar_one() + count(left).scalar_one(), people=count(known).scalar_one()
    )


def nearly_used(tx: Transaction, now: datetime) -> Iterator[tuple[Channel, int, Text]]:
    """The networks that reached a level of their quota, the level, and the sentence about it."""
    for channel, quota in QUOTAS.items():
        used = usage(tx, channel, now)
        reached = level(used, quota)
        if reached:
            text = say(
                "notice_quota",
                channel=Label(f"channel.{channel}"),
                messages=used.messages,
                most_messages=quota.messages,
                people=used.people,
                most_people=quota.people,
            )
            yield channel, reached, text


def watch(service: Service, tx: Transaction, now: datetime) -> None:  # noqa: ARG001 - the shape of a tick
    """A tick: the administrators hear of each level once a month, over another network if they have one."""
    for channel, reached, text in nearly_used(tx, now):
        key = f"quota:{channel}:{month_start(now):%Y-%m-%d}:{reached}"
        for administrator in people.officers_with_role(tx, Role.ADMIN):
            notices.to_officer(tx, administrator, text, now, key=key, not_over=channel)
