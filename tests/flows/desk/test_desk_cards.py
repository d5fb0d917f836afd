"""Cards follow rights: who may no longer read a ticket gets no more of it."""

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from core.channel import Inbound, TextReceived, UnknownOutcome
from core.errors import RuleError
from core.people import Role
from handlers import casework, invites, people, registry
from storage.tables import CardRow, OfficerChannelRow, TicketRow, UnitRow
from storage.transaction import table
from tests.conftest import NOW, Member
from tests.flows.office import PHONE, ROOM, Office

MOVED = "hồ sơ không còn ở đơn vị"
OFFICE, ECONOMY = "Văn phòng HĐND và UBND", "Phòng Kinh tế"


@pytest.fixture
def ticket(office: Office, ticket: TicketRow) -> TicketRow:
    """A ticket that lies with Phòng Kinh tế, whose officer is Tuyến."""
    office.press(office.hien, "Chuyển gợi ý", ROOM)
    return ticket


def live(office: Office) -> list[str]:
    """Private chats that have a live card."""
    with office.database.transaction() as tx:
        wanted = (col(CardRow.is_live), col(CardRow.is_room).is_(False))
        return list(tx.session.exec(select(CardRow.chat).where(*wanted).order_by(CardRow.id)))


def change(office: Office, ticket: TicketRow) -> None:
    """Something happens to the ticket, so that its cards are drawn again."""
    with office.database.transaction() as tx:
        found = tx.session.get(TicketRow, ticket.id)
        assert found is not None
        casework.hold(office.service, tx, found, office.luu.officer, office.now)
    office.deliver()


def reads_nothing_more(office: Office, ticket: TicketRow, member: Member) -> bool:
    before = office.text(member.address)
    change(office, ticket)
    return MOVED in office.last(member.address) and office.text(member.address) == before


def test_disabled_officer_gets_no_more_of_a_ticket(office: Office, ticket: TicketRow) -> None:
    with office.database.transaction() as tx:
        registry.disable(tx, office.tuyen.officer, office.now)
    office.deliver()
    assert live(office) == []
    assert reads_nothing_more(office, ticket, office.tuyen)


def test_card_that_has_not_left_yet_never_leaves_for_a_disabled_officer(office: Office) -> None:
    found = office.citizen_files()
    office.press(office.hien, "Tiếp nhận", ROOM)
    with office.database.transaction() as tx:
        row = tx.session.get(TicketRow, found.id)
        assert row is not None
        casework.forward(
            office.service, tx, row, office.hien.officer, office.tuyen.officer.unit_id, office.now
        )
        registry.disable(tx, office.tuyen.officer, office.now)
    office.deliver()
    assert (office.text(office.tuyen.address), live(office)) == ("", [])


def test_lost_phone_gets_no_more_of_a_ticket(office: Office, ticket: TicketRow) -> None:
    with office.database.transaction() as tx:
        invites.link(tx, office.service.keys, office.tuyen.officer, office.now, only=True)
    office.deliver()
    assert reads_nothing_more(office, ticket, office.tuyen)


@pytest.mark.parametrize(("unit", "role"), [(ECONOMY, Role.ADMIN), ("Công an xã", Role.OFFICER)])
def test_officer_invited_anew_keeps_only_the_cards_they_may_read(
    office: Office, ticket: TicketRow, unit: str, role: Role
) -> None:
    tuyen = office.tuyen
    with office.database.transaction() as tx:
        code = invites.invite_officer(
            tx, office.service.keys, name="Vi Quang Tuyến", unit=unit, role=role, now=office.now
        )
        came = Inbound("1", tuyen.address, tuyen.sender, TextReceived(""), is_private=True)
        invites.use_code(office.service, tx, came, code, office.now)
    office.deliver()
    assert reads_nothing_more(office, ticket, tuyen)


def test_officer_invited_again_as_before_keeps_the_card(office: Office, ticket: TicketRow) -> None:
    with office.database.transaction() as tx:
        invites.invite_officer(
            tx,
            office.service.keys,
            name="Vi Quang Tuyến",
            unit=ECONOMY,
            role=Role.OFFICER,
            now=office.now,
        )
    change(office, ticket)
    assert live(office) == [office.tuyen.address.chat]


def test_card_in_a_chat_that_became_another_officers_is_not_drawn_again(
    office: Office, ticket: TicketRow
) -> None:
    with office.database.transaction() as tx:
        links, old, new = table(OfficerChannelRow), office.tuyen.officer.id, office.dung.officer.id
        tx.connection.execute(update(links).where(links.c.officer_id == old).values(officer_id=new))
    change(office, ticket)
    assert MOVED in office.last(office.tuyen.address)
    assert live(office) == []


# --- closed units, and contacts ----------------------------------------------------------------------------


def test_closed_unit_gets_no_ticket_and_old_ones_still_name_it(office: Office, ticket: TicketRow) -> None:
    fresh = office.citizen_files(story="Đèn cổng chợ tắt.")
    office.press(office.hien, "Tiếp nhận", ROOM)
    with office.database.transaction() as tx:
        unit = tx.session.get(UnitRow, office.tuyen.officer.unit_id)
        assert unit is not None
        unit.valid_to = NOW.date()
        tx.flush()
        assert people.unit_named(tx, ECONOMY) is None
        row = tx.session.get(TicketRow, fresh.id)
        assert row is not None
        with pytest.raises(RuleError, match="unit_gone"), tx.savepoint():
            casework.forward(office.service, tx, row, office.hien.officer, unit.id, office.now)
    assert office.ticket(fresh).unit_id is None
    change(office, ticket)
    assert ECONOMY in office.card(ticket).text


def test_contact_that_perhaps_arrived_is_not_sent_a_second_time(office: Office) -> None:
    office.citizen_files()
    office.press(office.hien, "Xem liên hệ", ROOM)
    office.fails[office.hien.address.chat] = UnknownOutcome("timeout")
    office.write(office.hien, "goi xac minh")
    del office.fails[office.hien.address.chat]
    office.wait(minutes=2)
    assert PHONE not in office.text(office.hien.address)
    office.wait(minutes=9)
    assert PHONE not in str([row.message for row in office.rows()])
