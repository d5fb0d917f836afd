"""What is wished for is queued once, leaves in order, and is found again by what it is about."""

from datetime import timedelta

import pytest
from sqlmodel import select

from core.channel import Address, Channel, SendKind
from core.delivery import Priority
from core.say import say
from storage import outbox
from storage.outbox import Wish, enqueue
from storage.tables import OutboxRow
from storage.transaction import Transaction
from tests.conftest import NOW

HOME = Address(Channel.TELEGRAM, "1")
OTHER = Address(Channel.TELEGRAM, "2")


def wish(key: str, address: Address = HOME, **more: object) -> Wish:
    return Wish(**{"key": key, "address": address, "text": say("x", key_=key), **more})  # type: ignore[arg-type]


def due(tx: Transaction, minutes: int = 0) -> list[str]:
    return [row.dedupe_key for row in outbox.due(tx, NOW + timedelta(minutes=minutes), 100)]


def test_same_wish_is_queued_once(tx: Transaction) -> None:
    assert enqueue(tx, wish("a"), NOW) is not None
    assert enqueue(tx, wish("a", OTHER), NOW) is None
    assert due(tx) == ["a"]


def test_key_of_a_sent_message_is_never_used_again(tx: Transaction) -> None:
    row_id = enqueue(tx, wish("a"), NOW)
    assert row_id is not None
    outbox.change(tx, row_id, state="sent")
    assert enqueue(tx, wish("a"), NOW) is None


def test_one_chat_is_served_in_order_and_chats_do_not_wait_for_each_other(tx: Transaction) -> None:
    for key, address in (("a", HOME), ("b", HOME), ("c", OTHER)):
        enqueue(tx, wish(key, address), NOW)
    assert due(tx) == ["a", "c"]


def test_younger_message_waits_while_the_older_is_on_its_way(tx: Transaction) -> None:
    first = enqueue(tx, wish("a"), NOW)
    enqueue(tx, wish("b"), NOW)
    assert first is not None
    outbox.lease(tx, [first], NOW)
    assert due(tx) == []
    outbox.change(tx, first, state="sent")
    assert due(tx) == ["b"]


def test_message_that_was_put_off_holds_back_what_came_after_it(tx: Transaction) -> None:
    enqueue(tx, wish("a", not_before=NOW + timedelta(minutes=1)), NOW)
    enqueue(tx, wish("b"), NOW)
    assert due(tx) == []
    assert due(tx, minutes=1) == ["a"]


def test_urgent_classes_leave_first_and_do_not_wait_for_a_digest(tx: Transaction) -> None:
    enqueue(tx, wish("digest", priority=Priority.DIGEST), NOW)
    enqueue(tx, wish("card", priority=Priority.DESK), NOW)
    enqueue(tx, wish("reply", priority=Priority.INTERACTIVE), NOW)
    assert due(tx) == ["reply", "card", "digest"]


@pytest.mark.parametrize("kind", [SendKind.PRESS_ANSWER, SendKind.DOWNLOAD])
def test_presses_and_downloads_wait_for_nothing(tx: Transaction, kind: SendKind) -> None:
    enqueue(tx, wish("a"), NOW)
    enqueue(tx, wish("b", kind=kind, reference="f"), NOW)
    assert due(tx) == ["a", "b"]


def test_waiting_edit_is_replaced_by_the_newer_one(tx: Transaction) -> None:
    first = enqueue(tx, wish("a", coalesce="card:1", kind=SendKind.EDIT), NOW)
    assert enqueue(tx, wish("b", coalesce="card:1", kind=SendKind.EDIT), NOW) == first
    enqueue(tx, wish("c", OTHER, coalesce="card:1", kind=SendKind.EDIT), NOW)
    rows = tx.session.exec(select(OutboxRow)).all()
    assert [row.message["fields"]["key_"] for row in rows] == ["b", "c"]


def test_edit_on_its_way_is_not_replaced(tx: Transaction) -> None:
    first = enqueue(tx, wish("a", coalesce="card:1"), NOW)
    assert first is not None
    outbox.lease(tx, [first], NOW)
    assert enqueue(tx, wish("b", coalesce="card:1"), NOW) != first


def test_cancelling_takes_back_what_waits_about_a_subject(tx: Transaction) -> None:
    enqueue(tx, wish("a", subject="ticket:1", purpose="reminder"), NOW)
    enqueue(tx, wish("b", OTHER, subject="ticket:1", purpose="reply"), NOW)
    enqueue(tx, wish("c", Address(Channel.TELEGRAM, "3"), subject="ticket:2"), NOW)
    assert outbox.cancel(tx, subject="ticket:1", purpose="reminder") == 1
    assert due(tx) == ["b", "c"]
    assert outbox.cancel(tx, subject="ticket:1") == 1
    assert due(tx) == ["c"]


def test_lease_that_ran_out_is_found(tx: Transaction) -> None:
    first = enqueue(tx, wish("a"), NOW)
    assert first is not None
    outbox.lease(tx, [first], NOW)
    assert outbox.abandoned(tx, NOW + timedelta(seconds=59)) == []
    (row,) = outbox.abandoned(tx, NOW + timedelta(seconds=60))
    assert (row.id, row.attempts) == (first, 1)
    assert outbox.address_of(row) == HOME


def test_a_resting_network_holds_its_bulk_messages_only(tx: Transaction) -> None:
    zalo = Address(Channel.ZALO_BOT, "z")
    enqueue(tx, wish("reminder", priority=Priority.REMINDER), NOW)
    enqueue(tx, wish("elsewhere", zalo, priority=Priority.REMINDER), NOW)
    enqueue(tx, wish("file", OTHER, kind=SendKind.DOWNLOAD, priority=Priority.DIGEST), NOW)
    enqueue(tx, wish("answer"), NOW)
    found = outbox.due(tx, NOW, 100, {Channel.TELEGRAM})
    assert [row.dedupe_key for row in found] == ["answer", "elsewhere", "file"]


def test_the_next_moment_is_that_of_the_first_row_that_still_waits(tx: Transaction) -> None:
    assert outbox.next_due(tx, NOW) is None
    enqueue(tx, wish("now"), NOW)
    assert outbox.next_due(tx, NOW) is None
    for minutes in (5, 3):
        later = NOW + timedelta(minutes=minutes)
        enqueue(tx, wish(f"in-{minutes}", OTHER, not_before=later, priority=Priority.DESK), NOW)
    assert outbox.next_due(tx, NOW) == NOW + timedelta(minutes=3)
