"""The tokens of accounts that are renewed by use: the pair in force, and what is known of its state."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from core.channel import Channel
from storage.keys import Keys
from storage.tables import ChannelTokenRow
from storage.transaction import Transaction, table

_TOKEN = table(ChannelTokenRow)
_PURPOSE = "channel_token"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two tokens in clear; `expires_at` is the end of the access token."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TokenState:
    """How an account's tokens stand, without the tokens. `renewed_at` is None before the first pair."""

    id: int
    channel: Channel
    account: str
    expires_at: datetime
    renewed_at: datetime | None
    rotating_since: datetime | None
    lost_at: datetime | None


def find(tx: Transaction, keys: Keys, channel: Channel, account: str) -> Pair | None:
    """The pair in force; None before the first. Raises ValueError when it was sealed with another key."""
    row = tx.connection.execute(select(_TOKEN).where(*_of(channel, account))).first()
    if row is None or not row.refresh:
        return None
    return Pair(keys.open(_PURPOSE, row.access), keys.open(_PURPOSE, row.refresh), row.expires_at)


def save(tx: Transaction, keys: Keys, channel: Channel, account: str, pair: Pair, now: datetime) -> None:
    """Put `pair` in force; the one before is kept, and every note on it taken back."""
    _make_row(tx, channel, account, now)
    tx.connection.execute(
        update(_TOKEN)
        .where(*_of(channel, account))
        .values(
            access=keys.seal(_PURPOSE, pair.access),
            refresh=keys.seal(_PURPOSE, pair.refresh),
            previous=_TOKEN.c.refresh,
            expires_at=pair.expires_at,
            renewed_at=now,
            rotating_since=None,
            lost_at=None,
        )
    )


def note(tx: Transaction, channel: Channel, account: str, now: datetime, **moments: datetime | None) -> None:
    """Write `rotating_since` or `lost_at`; a moment that stands already is kept."""
    _make_row(tx, channel, account, now)
    for name, moment in moments.items():
        column = _TOKEN.c[name]
        stands = () if moment is None else (column.is_(None),)
        tx.connection.execute(update(_TOKEN).where(*_of(channel, account), *stands).values({name: moment}))


def states(tx: Transaction) -> list[TokenState]:
    """All accounts that are renewed by use."""
    rows = tx.connection.execute(
        select(_TOKEN).where(_TOKEN.c.organisation_id == tx.organisation_id).order_by(_TOKEN.c.id)
    )
    return [
        TokenState(
            id=row.id,
            channel=Channel(row.channel),
            account=row.account,
            expires_at=row.expires_at,
            renewed_at=row.renewed_at,
            rotating_since=row.rotating_since,
            lost_at=row.lost_at,
        )
        for row in rows
    ]


def _of(channel: Channel, account: str) -> tuple[Any, ...]:
    return _TOKEN.c.channel == channel, _TOKEN.c.account == account


def _make_row(tx: Transaction, channel: Channel, account: str, now: datetime) -> None:
    tx.insert_once(
        ChannelTokenRow,
        {
            "organisation_id": tx.organisation_id,
            "channel": channel,
            "account": account,
            "access": "",
            "refresh": "",
            "previous": "",
            "expires_at": now,
        },
        key=["channel", "account"],
    )
