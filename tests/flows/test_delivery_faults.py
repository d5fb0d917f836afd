"""One row whose handling hits a bug ends alone: the others go on, the service lives, and people are told."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from core.channel import (
    Address,
    Channel,
    ChatMovedError,
    PermanentSendError,
    SendKind,
    TemporarySendError,
)
from core.people import Role
from core.say import say
from handlers import delivery, notices
from handlers.delivery import Ended
from handlers.service import Service
from storage import outbox
from storage.database import Database
from storage.outbox import Wish
from storage.tables import CardRow, OutboxRow, ReplyRow, RoomRow, TicketRow
from tests.conftest import NOW, Member, join
from tests.flows.office import CITIZEN, ROOM, Office

ANSWER = "Tổ điện đã thay bóng đèn sáng nay, xin cảm ơn ông bà."
NEW_ROOM = Address(Channel.TELEGRAM, "-100999")
OTHER = Address(Channel.TELEGRAM, "7002")
BUG = "gặp lỗi của hệ thống"


@pytest.fixture
def office(database: Database, service: Service) -> Office:
    return Office(database, service)


@pytest.fixture
def admin(office: Office) -> Member:
    with office.database.transaction() as tx:
        name, unit = "Trần Quản Trị", "Văn phòng HĐND và UBND"
        return join(tx, name, unit, Role.ADMIN, "91", channel=Channel.TELEGRAM)


def queue(office: Office, key: str, chat: Address = CITIZEN, **more: object) -> int:
    """A row of the outbox as some use case might have left it."""
    wish = Wish(**{"key": key, "address": chat, "text": say("group_greeting"), **more})  # type: ignore[arg-type]
    with office.database.transaction() as tx:
        found = outbox.enqueue(tx, wish, office.now)
    assert found is not None
    return found


def row_of(office: Office, row_id: int) -> OutboxRow:
    (found,) = office.rows(OutboxRow.id == row_id)
    return found


def lease(office: Office, row_id: int) -> None:
    with office.database.transaction() as tx:
        outbox.lease(tx, [row_id], office.now)


def settle(office: Office, *ended: Ended) -> None:
    with office.database.transaction() as tx:
        delivery.settle(office.service, tx, office.pacer, ended, office.now)


def reap(office: Office, *held: int) -> None:
    with office.database.transaction() as tx:
        delivery.reap(office.service, tx, office.pacer, office.now, frozenset(held))


def hold_answer(office: Office) -> TicketRow:
    """A ticket of the desk with an answer that is confirmed and held."""
    ticket = office.citizen_files()
    office.press(office.hien, "Tiếp nhận", ROOM)
    office.press(office.hien, "Trả lời", ROOM)
    office.press(office.hien, "Trả lời, giải thích", ROOM)
    office.write(office.hien, ANSWER, ROOM, under="xin viết câu trả lời")
    office.press(office.hien, "Gửi", ROOM)
    return ticket


# --- a bug of ours -----------------------------------------------------------------------------------------


def test_a_row_that_cannot_be_printed_ends_alone_and_the_administrator_hears_of_it(
    office: Office, admin: Member
) -> None:
    bad = [
        queue(office, "unknown words", text=say("no_such_key")),
        queue(office, "card of nothing", OTHER, kind=SendKind.EDIT, subject="card:none", purpose="x"),
    ]
    queue(office, "good", ROOM)

    office.deliver()
    office.deliver()

    assert [(row_of(office, each).state, row_of(office, each).error) for each in bad] == [
        ("dead", "failed_inside")
    ] * 2
    assert len(office.screen(ROOM)) == 1
    assert office.text(admin.address).count(BUG) == 2
    assert office.violations() == []


def test_what_arrived_stays_sent_when_its_aftermath_fails_and_the_others_are_settled(
    office: Office, admin: Member
) -> None:
    bad = queue(office, "bad", subject="card:none", purpose="card")
    good = queue(office, "good", OTHER)

    office.deliver()

    assert (row_of(office, bad).state, row_of(office, bad).error) == ("sent", "failed_inside")
    assert (row_of(office, good).state, row_of(office, good).error) == ("sent", "")
    assert office.text(admin.address).count(BUG) == 1
    assert office.violations() == []


def test_a_refusal_whose_aftermath_fails_ends_the_row_and_the_others_go_on(
    office: Office, admin: Member
) -> None:
    bad = queue(office, "bad", subject="card:none", purpose="card")
    queue(office, "good", OTHER)
    office.fails[CITIZEN.chat] = PermanentSendError("refused")

    office.deliver()

    assert (row_of(office, bad).state, row_of(office, bad).error) == ("dead", "failed_inside")
    assert len(office.screen(OTHER)) == 1
    assert office.text(admin.address).count(BUG) == 1


def test_a_bug_in_the_notice_of_a_bug_is_not_told_for_ever(office: Office, admin: Member) -> None:
    bad = queue(office, "officer:1:failed_inside:outbox 1", text=say("no_such_key"))

    office.deliver()

    assert row_of(office, bad).state == "dead"
    assert office.text(admin.address) == ""


def test_a_lease_that_ran_out_on_a_bad_row_does_not_keep_the_others_from_their_end(office: Office) -> None:
    bad, good = queue(office, "bad", kind="bug"), queue(office, "good", OTHER)
    for each in (bad, good):
        lease(office, each)
    office.now += timedelta(minutes=2)

    reap(office)

    assert row_of(office, bad).error == "failed_inside"
    assert row_of(office, good).state == "unknown"


def test_a_held_answer_that_cannot_be_released_does_not_hold_back_the_others(
    office: Office, admin: Member
) -> None:
    bad, good = hold_answer(office), hold_answer(office)
    with office.database.transaction() as tx:
        reply = tx.session.exec(select(ReplyRow).where(ReplyRow.ticket_id == bad.id)).one()
        reply.outcome = "bug"

    office.wait(minutes=1)
    office.wait(minutes=1)

    assert [row.state for row in office.drafts(bad)] == ["dropped"]
    assert [row.state for row in office.drafts(good)] == ["delivered"]
    assert office.text(CITIZEN).count(ANSWER) == 1
    assert f"{bad.number}: tin cho dân không tới được" in office.text(ROOM)
    assert office.text(admin.address).count(BUG) == 1
    assert office.violations() == []


# --- a group that moves to where we are already ------------------------------------------------------------


def test_a_room_linked_anew_before_the_old_one_says_moved_is_one_room(office: Office) -> None:
    first = office.citizen_files()
    with office.database.transaction() as tx:
        tx.add(
            RoomRow(
                organisation_id=tx.organisation_id,
                channel=NEW_ROOM.channel,
                chat=NEW_ROOM.chat,
                linked_at=NOW,
            )
        )
    office.fails[ROOM.chat] = ChatMovedError(NEW_ROOM.chat)

    second = office.citizen_files()

    with office.database.transaction() as tx:
        assert [room.chat for room in tx.session.exec(select(RoomRow))] == [NEW_ROOM.chat]
        cards = tx.session.exec(select(CardRow).where(col(CardRow.is_live)).order_by(col(CardRow.id)))
        assert [(card.ticket_id, card.chat) for card in cards] == [
            (first.id, NEW_ROOM.chat),
            (second.id, NEW_ROOM.chat),
        ]
    assert office.text(NEW_ROOM).count(f"{second.number} ·") == 1
    assert office.violations() == []


# --- nothing gets lost in silence --------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["blocked", "chat_unknown"])
def test_a_desk_room_that_is_lost_gives_its_lines_to_the_desk_privately(
    office: Office, admin: Member, code: str
) -> None:
    office.fails[ROOM.chat] = PermanentSendError(code)
    with office.database.transaction() as tx:
        for key in ("first", "second"):
            notices.to_desk(tx, say("notice_sealed"), office.now, key=key)

    office.deliver()

    for officer in (office.hien, office.luu):
        assert office.text(officer.address).count("tiếp nhận kín") == 2
    assert office.text(admin.address).count("không còn nhắn được vào nhóm") == 1
    with office.database.transaction() as tx:
        assert tx.session.exec(select(RoomRow)).one().left_at == office.now
        notices.to_desk(tx, say("notice_sealed"), office.now, key="third")
    office.deliver()
    assert office.text(office.hien.address).count("tiếp nhận kín") == 3
    assert office.violations() == []


def test_a_line_that_the_only_room_refuses_goes_to_the_desk_privately_and_the_room_stays(
    office: Office,
) -> None:
    office.fails[ROOM.chat] = PermanentSendError("no_rights")
    with office.database.transaction() as tx:
        notices.to_desk(tx, say("notice_sealed"), office.now, key="first")

    office.deliver()

    assert "tiếp nhận kín" in office.text(office.hien.address)
    with office.database.transaction() as tx:
        assert tx.session.exec(select(RoomRow)).one().left_at is None


def test_a_lost_message_about_nothing_known_is_told_to_the_administrators(
    office: Office, admin: Member
) -> None:
    queue(office, "odd", purpose="odd")
    office.fails[CITIZEN.chat] = PermanentSendError("refused")

    office.deliver()

    assert "không tới được người nhận" in office.text(admin.address)


def test_an_answer_in_a_dialogue_that_somebody_left_alarms_nobody(office: Office, admin: Member) -> None:
    queue(office, "d", purpose="dialogue", subject="conversation:1")
    office.fails[CITIZEN.chat] = PermanentSendError("blocked")

    office.deliver()

    assert office.text(admin.address) == ""


# --- words that are to be forgotten ------------------------------------------------------------------------


def test_words_forgotten_while_they_leave_are_forgotten_and_never_sent_empty(
    office: Office, admin: Member
) -> None:
    row = queue(office, "secret", subject="conversation:1", purpose="dialogue")
    lease(office, row)
    with office.database.transaction() as tx:
        outbox.blank(tx, "conversation:1")
    assert row_of(office, row).message == {}

    settle(office, Ended(row, TemporarySendError("connect"), attempt=1))
    office.wait(hours=1)

    assert row_of(office, row).state == "expired"
    assert office.screen(CITIZEN) == []
    assert office.text(admin.address) == ""


def test_a_receipt_that_never_left_keeps_no_secret_either(office: Office) -> None:
    office.fails[CITIZEN.chat] = PermanentSendError("blocked")
    office.citizen_files()
    (receipt,) = office.rows(OutboxRow.purpose == "receipt")
    assert receipt.state == "dead"
    assert receipt.message["fields"]["secret"] == "••••"
