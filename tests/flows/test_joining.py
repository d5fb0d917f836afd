"""What rides with what, where each message uses up a month's allowance."""

from datetime import timedelta

from core.channel import Address, Channel, Delivery, Sent
from core.delivery import OnUnknown, Priority
from core.pacing import Pacer
from core.say import Choice, Text, say
from handlers import delivery
from handlers.delivery import Ended
from handlers.service import Service
from storage import outbox
from storage.database import Database
from storage.outbox import Wish
from storage.tables import OutboxRow
from storage.transaction import table
from tests.conftest import NOW

CHAT = Address(Channel.ZALO_BOT, "z")
_OUTBOX = table(OutboxRow)


def line(words: str, *choices: str) -> Text:
    """A message of these words."""
    offered = tuple(Choice(each, each) for each in choices)
    return say("room_to", choices=offered, officer=words, body="…")


def queue(database: Database, *wishes: tuple[str, Text], chat: Address = CHAT, **more: object) -> None:
    with database.transaction() as tx:
        for key, text in wishes:
            outbox.enqueue(tx, Wish(key=key, address=chat, text=text, **more), NOW)  # type: ignore[arg-type]


def pump(
    database: Database, service: Service, *ended: Ended, now_in: timedelta = timedelta()
) -> tuple[Delivery, ...]:
    with database.transaction() as tx:
        return delivery.pump(service, tx, Pacer(), ended, 50, NOW + now_in).deliveries


def ends(sent: Delivery) -> list[Ended]:
    """How the sender says that it arrived."""
    rows = ((sent.id, sent.attempt), *sent.carries)
    return [Ended(row_id, Sent("m1"), attempt=attempt) for row_id, attempt in rows]


def test_words_ride_up_to_the_first_choices_and_nothing_behind_them(
    database: Database, service: Service
) -> None:
    queue(database, ("a", line("Một")), ("b", line("Hai", "Đúng", "Sai")), ("c", line("Ba")))
    queue(database, ("d", line("Bốn", "Khác")), priority=Priority.DESK)

    queue(database, ("e", line("Năm")), chat=Address(Channel.ZALO_BOT, "y"), priority=Priority.DESK)
    queue(database, ("f", line("Sáu", "Được")), chat=Address(Channel.ZALO_BOT, "y"))

    left = pump(database, service)
    (first,) = (each for each in left if "Một" in each.message.text)
    there = [each.message.text for each in left if each.address.chat == "y"]
    assert there == ["Sáu:\n…\n1. Được", "Năm:\n…"], "each once"
    assert first.message.text == "Một:\n…\n\nHai:\n…\n1. Đúng\n2. Sai"
    assert [row_id for row_id, _ in first.carries] == [first.id + 1]
    rest = pump(database, service, *ends(first))
    assert [each.message.text for each in rest] == ["Ba:\n…"]


def test_what_is_too_long_together_leaves_apart_and_in_order(database: Database, service: Service) -> None:
    queue(database, ("a", line("a" * 1_200)), ("b", line("b" * 1_200)), ("c", line("c")))

    (first,) = pump(database, service)
    assert first.carries == ()
    (second,) = pump(database, service, *ends(first))
    assert second.message.text.startswith("b")
    assert second.message.text.endswith("c:\n…")


def test_another_turn_or_another_network_joins_nothing(database: Database, service: Service) -> None:
    other = Address(Channel.TELEGRAM, "t")
    queue(database, ("a", line("Một")), ("later", line("Hai")))
    queue(database, ("b", line("Ba")), ("c", line("Bốn")), chat=other)
    with database.transaction() as tx:
        later = _OUTBOX.update().where(_OUTBOX.c.dedupe_key == "later")
        tx.connection.execute(later.values(created_at=NOW - timedelta(seconds=1)))

    assert sorted(each.message.text for each in pump(database, service)) == ["Ba:\n…", "Một:\n…"]


def test_each_row_of_a_message_that_nobody_saw_end_ends_by_its_own_rules(
    database: Database, service: Service
) -> None:
    queue(database, ("a", line("Một")), on_unknown=OnUnknown.REPEAT)
    queue(database, ("b", line("Hai")), on_unknown=OnUnknown.ASK)
    (sent,) = pump(database, service)
    assert len(sent.carries) == 1
    later = NOW + timedelta(minutes=2)

    with database.transaction() as tx:
        delivery.reap(service, tx, Pacer(), later)
        rows = tx.connection.execute(_OUTBOX.select().order_by(_OUTBOX.c.id)).all()
    assert [row.state for row in rows] == ["queued", "unknown"]
    (again,) = pump(database, service, now_in=timedelta(minutes=10))
    assert again.carries == (), "what may be a repeat says so, and goes alone"
