"""What must hold after a story that died on the way, between what the network saw and what is stored."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, select

from core.channel import SendKind
from core.delivery import OnUnknown
from core.say import say
from handlers.invariants import check
from scheduler.drain import IN_FLIGHT
from storage.tables import InboxRow, OutboxRow
from storage.transaction import Transaction, table
from tests.crash.lives import Life, body_of
from tests.crash.world import ROOM, World

_INBOX = table(InboxRow)
_OUTBOX = table(OutboxRow)


def verdict(life: Life, tx: Transaction) -> list[str]:
    """Every violation, in words; empty when all holds."""
    world, service = life.world, life.runtime.service
    rows = {row.id: row for row in tx.connection.execute(select(_OUTBOX))}
    return [
        *(str(finding) for finding in check(service, tx, life.clock.now()).findings),
        *_acknowledged_is_stored(tx, world),
        *_copies(world),
        *_repeats(world, rows, service.catalogue.body(say("message_repeated", body=""))),
        *_order(world, rows),
        *_nothing_waits(rows),
        *life.story.ends(service, tx, world),
    ]


def told_privately(tx: Transaction) -> list[str]:
    """What private chats were told, by keys without the ticket's version: the same after every crash.

    Notices to staff are left out: they also tell of the crash.
    """
    query = select(_OUTBOX.c.dedupe_key).where(
        _OUTBOX.c.chat != ROOM.chat, _OUTBOX.c.kind == SendKind.MESSAGE, _OUTBOX.c.purpose != "notice"
    )
    keys = tx.connection.execute(query).scalars()
    return sorted(key.rpartition(":")[0] if key.startswith("ticket:") else key for key in keys)


def _acknowledged_is_stored(tx: Transaction, world: World) -> Iterator[str]:
    """I01: what the network was told is taken is there, once, as it was sent."""
    stored = Counter((row.external_id, row.body_hash) for row in tx.connection.execute(select(_INBOX)))
    acknowledged = set(world.acknowledged)
    for line in world.of("posted"):
        key = (line["step"], hashlib.sha256(body_of(line["act"])).hexdigest())
        if line["step"] in acknowledged and stored[key] != 1:
            yield f"I01 {line['step']} was acknowledged and is stored {stored[key]} times"


def _copies(world: World) -> Iterator[str]:
    """I09 and I10: the network sees a row again only when a crash left its outcome open."""
    abandoned = Counter(row for line in world.of("opened") for row in line["abandoned"])
    seen = Counter(line["row"] for line in world.of("seen"))
    for row, times in seen.items():
        if times > 1 + abandoned[row]:
            yield f"I09 row {row} was seen {times} times with {abandoned[row]} unknown outcomes"
    repeats = sum(times - 1 for times in seen.values())
    in_flight = [len(line["abandoned"]) for line in world.of("opened")]
    if repeats > sum(in_flight) or max(in_flight) > IN_FLIGHT:
        yield f"I10 {repeats} repeats after crashes with {in_flight} messages in flight"


def _repeats(world: World, rows: dict[int, Row[Any]], mark: str) -> Iterator[str]:
    """To a citizen nothing goes again but by a person's wish, to staff once and marked; none is made up."""
    resent = [line["act"].get("press", "").rpartition(":resend:")[2] for line in world.of("posted")]
    copies: dict[int, list[str]] = {}
    for line in world.of("seen"):
        copies.setdefault(line["row"], []).append(line["text"])
    for row in rows.values():
        texts = copies.get(row.id, [])
        if row.state == "sent" and not texts:
            yield f"row {row.id} ({row.purpose}) is marked as sent and was never seen"
        if row.kind != SendKind.MESSAGE:
            continue
        if row.on_unknown == OnUnknown.ASK:
            if len(texts) > 1 + resent.count(row.reference.removeprefix("reply:") or "-"):
                yield f"row {row.id} ({row.purpose}) was sent {len(texts)} times without a person's wish"
        elif len(texts) > 2 or sum(not text.startswith(mark) for text in texts) > 1:
            yield f"row {row.id} ({row.purpose}) was repeated {len(texts)} times or without a mark"


def _order(world: World, rows: dict[int, Row[Any]]) -> Iterator[str]:
    """I14: within a chat and a class, messages leave in the order in which they were queued."""
    doubtful = {row for line in world.of("opened") for row in line["abandoned"]}
    last: dict[tuple[str, int], int] = {}
    for line in world.of("seen"):
        row = rows[line["row"]]
        if row.id in doubtful or row.kind not in {SendKind.MESSAGE, SendKind.EDIT}:
            continue
        place = (row.chat, row.priority)
        if row.id < last.get(place, 0):
            yield f"I14 row {row.id} left after row {last[place]}"
        last[place] = row.id


def _nothing_waits(rows: dict[int, Row[Any]]) -> Iterator[str]:
    """Every message came to an end that somebody hears of."""
    for row in rows.values():
        if row.state not in {"sent", "unknown", "cancelled"}:
            yield f"row {row.id} ({row.purpose}) ends as {row.state} {row.error}"
