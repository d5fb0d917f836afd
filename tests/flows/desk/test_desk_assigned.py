"""What a leader assigns stays where it went, and who handled a contested matter does not look again."""

import pytest

from core.tickets import Status
from storage.tables import TicketRow
from tests.flows.desk.test_desk_units import contest
from tests.flows.office import CITIZEN, ROOM, Office

ASSIGNED = "không trả lại được nữa"
REASON = "không thuộc phòng Kinh tế"


@pytest.fixture
def ticket(office: Office, ticket: TicketRow) -> TicketRow:
    """A ticket that lies with Phòng Kinh tế."""
    office.press(office.hien, "Chuyển gợi ý", ROOM)
    return ticket


@pytest.fixture
def assigned(office: Office, ticket: TicketRow) -> TicketRow:
    """Returned twice, then given to Phòng Kinh tế by the leader."""
    for _ in range(2):
        office.press(office.tuyen, "Trả lại")
        office.write(office.tuyen, REASON)
        if office.ticket(ticket).returns == 1:
            office.press(office.hien, "Chuyển gợi ý", ROOM)
    office.press(office.khai, "Phòng Kinh tế")
    assert office.ticket(ticket).status == Status.FORWARDED
    return ticket


def test_card_of_an_assigned_ticket_offers_no_return(office: Office, assigned: TicketRow) -> None:
    buttons = list(office.card(assigned, office.tuyen.address).buttons)
    assert buttons == ["Nhận việc", "Xem tệp"]
    office.press(office.tuyen, "Nhận việc")
    assert "Trả lại" not in office.card(assigned, office.tuyen.address).buttons


@pytest.mark.parametrize("is_taken", [False, True])
def test_third_return_is_refused_by_an_old_button_and_by_words(
    office: Office, assigned: TicketRow, is_taken: bool
) -> None:
    if is_taken:
        office.press(office.tuyen, "Nhận việc")
    office.push(office.tuyen, f"t:{assigned.id}:0:return", office.tuyen.address)
    assert ASSIGNED in office.toasts[-1]
    assert ASSIGNED in office.write(office.tuyen, "trả lại", under=f"{assigned.number} ·")
    assert office.ticket(assigned).returns == 2


def test_reason_asked_for_before_the_assignment_returns_nothing_after_it(
    office: Office, ticket: TicketRow
) -> None:
    office.press(office.tuyen, "Trả lại")
    with office.database.transaction() as tx:
        tx.session.get_one(TicketRow, ticket.id).is_assigned = True
    office.write(office.tuyen, REASON)
    assert ASSIGNED in office.last(office.tuyen.address)
    assert office.ticket(ticket).status == Status.FORWARDED


def test_unit_may_return_what_the_desk_alone_gave_it(office: Office, ticket: TicketRow) -> None:
    office.press(office.tuyen, "Trả lại")
    office.write(office.tuyen, REASON)
    office.press(office.hien, "Chuyển gợi ý", ROOM)
    assert "Trả lại" in office.card(ticket, office.tuyen.address).buttons


def test_review_is_refused_to_the_unit_that_handled_it(office: Office, ticket: TicketRow) -> None:
    contest(office)
    unit = office.tuyen.officer.unit_id
    office.push(office.khai, f"t:{ticket.id}:0:unit:{unit}", office.khai.address)
    assert "giao đơn vị khác" in office.toasts[-1]
    office.push(office.khai, f"t:{ticket.id}:0:suggested", office.khai.address)
    assert "giao đơn vị khác" in office.toasts[-1]
    assert office.ticket(ticket).status == Status.UNDER_REVIEW


def test_third_contest_shows_where_to_meet_and_tells_the_leader_how_often(
    office: Office, ticket: TicketRow
) -> None:
    office.execute(f"UPDATE ticket SET reviews = 2 WHERE id = {ticket.id}")
    contest(office)
    told = office.find(CITIZEN, "giao người khác xem lại").text
    assert "gặp trực tiếp tại Trụ sở UBND xã Suối Mây" in told
    assert "xem xét lại, lần thứ 3: xin anh/chị trực tiếp xem" in office.text(office.khai.address)


def test_review_is_refused_to_the_unit_that_handled_it_by_words(office: Office, ticket: TicketRow) -> None:
    contest(office)
    office.push(office.khai, f"t:{ticket.id}:0:forward", office.khai.address)
    assert "Phòng Kinh tế" not in office.last(office.khai.address)
    office.write(office.khai, "Phòng Kinh tế")
    assert office.ticket(ticket).status == Status.UNDER_REVIEW
    office.write(office.khai, "công an xã")
    assert office.ticket(ticket).unit_id == office.dung.officer.unit_id
