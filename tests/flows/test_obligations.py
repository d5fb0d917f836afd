"""What officers, leaders and the command line do with a duty."""

from datetime import date

import pytest
from sqlmodel import col, select

from core.errors import RuleError
from core.people import Officer, Role
from core.say import Text
from handlers import extensions, obligations
from handlers.service import Service
from storage.database import Database
from storage.tables import AttachmentRow, ExtensionRow, OfficerChannelRow
from storage.transaction import Transaction
from tests.conftest import Staff
from tests.flows.mornings import Office, at

NOW = at(2026, 3, 10, 9, 0)


@pytest.fixture
def office(database: Database, service: Service, staff: Staff) -> Office:
    return Office(database, service, staff)


@pytest.fixture
def duty(office: Office) -> int:
    """«trước 20/3/2026» of Phòng Kinh tế."""
    return office.duty("Báo cáo quý I", date(2026, 3, 20))


@pytest.fixture
def clerk(staff: Staff) -> Officer:
    return staff.clerk.officer


def words(office: Office, text: Text) -> str:
    return office.service.catalogue.words(text)


def show(office: Office, officer: Officer, duty_id: int) -> str:
    with office.tx() as tx:
        return words(office, obligations.show(office.service, tx, officer, duty_id, NOW))


def work(office: Office, officer: Officer) -> str:
    with office.tx() as tx:
        return words(office, obligations.my_work(office.service, tx, officer, NOW))


def ask(
    office: Office, duty_id: int, officer: Officer, new_due: date, reason: str = "chờ số liệu của thôn"
) -> int:
    """The id of the wish."""
    with office.tx() as tx:
        extensions.ask_extension(office.service, tx, officer, duty_id, new_due, reason, NOW)
        return max(tx.session.exec(select(ExtensionRow.id)))


def photo(tx: Transaction, ticket_id: int | None = None) -> AttachmentRow:
    file = AttachmentRow(
        organisation_id=tx.organisation_id,
        ticket_id=ticket_id,
        channel="webchat",
        file_ref="f1",
        kind="photo",
        created_at=NOW,
    )
    tx.add(file)
    return file


# --- seeing ------------------------------------------------------------------------------------------------


def test_a_duty_shows_its_date_literal_and_strict_and_four_answers(office: Office, clerk: Officer) -> None:
    duty_id = office.duty("Báo cáo quý I", date(2026, 3, 17))

    shown = show(office, clerk, duty_id)

    assert "Hạn: trước 17/3 (nộp chậm nhất hết thứ Hai 16/3)" in shown
    assert "Nguồn: giao trực tiếp" in shown
    assert shown.splitlines()[-4:] == [
        "1. Đã nhận",
        "2. Đã xong (số văn bản / tệp)",
        "3. Xin gia hạn",
        "4. Không phải việc của tôi",
    ]


def test_a_strict_day_off_names_the_working_day_before(office: Office, clerk: Officer) -> None:
    duty_id = office.duty("Nộp danh sách", date(2026, 3, 15))

    assert "trước 15/3 (nộp chậm nhất hết thứ Bảy 14/3, là ngày nghỉ nên cần xong từ thứ Sáu 13/3)" in show(
        office, clerk, duty_id
    )


def test_a_date_of_another_year_carries_the_year(office: Office, clerk: Officer) -> None:
    duty_id = office.duty("Tổng kết", date(2027, 1, 15), before=False)

    assert "Hạn: hết thứ Sáu 15/1/2027" in show(office, clerk, duty_id)


def test_a_duty_of_another_unit_answers_like_one_that_does_not_exist(office: Office, duty: int) -> None:
    stranger = office.join("Lò Văn Páo", "Công an xã").officer
    codes = []
    for wanted in (duty, 999_999):
        with office.tx() as tx, pytest.raises(RuleError) as refused:
            obligations.show(office.service, tx, stranger, wanted, NOW)
        codes.append(refused.value.code)

    assert codes == ["obligation_not_yours"] * 2


def test_the_coordinating_unit_and_leaders_see_every_duty(office: Office, duty: int) -> None:
    assert "1. Đã xong" in show(office, office.staff.desk.officer, duty)
    assert "Đơn vị: Phòng Kinh tế" in show(office, office.staff.leader.officer, duty)


def test_the_administrator_sees_none(office: Office, duty: int) -> None:
    with office.tx() as tx, pytest.raises(RuleError, match="obligation_not_yours"):
        obligations.show(office.service, tx, office.staff.admin.officer, duty, NOW)


def test_my_work_lists_both_halves_and_numbers_open_them(office: Office, duty: int, clerk: Officer) -> None:
    ticket = office.forwarded("Ổ gà lớn ở đầu thôn Nà Cọ", NOW)

    with office.tx() as tx:
        text = obligations.my_work(office.service, tx, clerk, NOW)

    assert {choice.code for choice in text.choices} == {f"duty:{duty}", f"ticket:{ticket.id}"}
    assert words(office, text).startswith("Ông/bà đang có 2 việc.")


def test_my_work_says_so_when_there_is_nothing(office: Office, clerk: Officer) -> None:
    assert work(office, clerk) == "Hiện không có việc nào đang chờ ông/bà."


def test_my_work_of_the_desk_holds_what_nobody_has_received(office: Office) -> None:
    ticket = office.ticket("Đèn đường hỏng", NOW)

    assert ticket.number in work(office, office.staff.desk.officer)


# --- acknowledging, completing, giving back ----------------------------------------------------------------


def test_an_acknowledged_duty_is_left_in_peace_until_three_days_before(
    office: Office, duty: int, clerk: Officer
) -> None:
    with office.tx() as tx:
        said = obligations.acknowledge(office.service, tx, clerk, duty, at(2026, 3, 3, 9))

    assert "đã nhận việc «Báo cáo quý I»" in words(office, said)
    assert office.duty_row(duty).next_remind_at == at(2026, 3, 16)
    assert office.audits(duty)[-1] == ("acknowledge", "open", "acknowledged")
    assert "1. Đã xong" in show(office, clerk, duty)


def test_done_needs_a_number_or_a_file(office: Office, duty: int, clerk: Officer) -> None:
    with office.tx() as tx, pytest.raises(RuleError, match="completion_needs_evidence"):
        obligations.complete(office.service, tx, clerk, duty, " … ", NOW)

    assert office.duty_row(duty).status == "open"


def test_done_keeps_its_evidence_and_ends_the_reminders(office: Office, duty: int, clerk: Officer) -> None:
    version = office.duty_row(duty).version
    with office.tx() as tx:
        said = obligations.complete(office.service, tx, clerk, duty, "45/BC-UBND ngày 13/3", NOW)

    row = office.duty_row(duty)
    assert (row.status, row.evidence, row.next_remind_at) == ("done", "45/BC-UBND ngày 13/3", None)
    assert row.version == version + 1
    assert "đã xong (45/BC-UBND ngày 13/3)" in words(office, said)
    assert office.audits(duty)[-1] == ("complete", "open", "done")
    assert office.violations(NOW) == []


def test_a_file_alone_is_evidence_and_belongs_to_the_duty(office: Office, duty: int, clerk: Officer) -> None:
    with office.tx() as tx:
        file = photo(tx)
        obligations.complete(office.service, tx, clerk, duty, "", NOW, file_ids=(file.id,))
        tx.session.refresh(file)
        assert file.obligation_id == duty


def test_a_file_of_another_matter_is_no_evidence(office: Office, duty: int, clerk: Officer) -> None:
    ticket = office.ticket("Đèn đường hỏng", NOW)
    with office.tx() as tx:
        file = photo(tx, ticket_id=ticket.id)
        with pytest.raises(RuleError, match="completion_needs_evidence"):
            obligations.complete(office.service, tx, clerk, duty, "", NOW, file_ids=(file.id,))


def test_done_twice_says_that_it_is_done(office: Office, duty: int, clerk: Officer) -> None:
    with office.tx() as tx:
        obligations.complete(office.service, tx, clerk, duty, "45/BC-UBND", NOW)
    with office.tx() as tx, pytest.raises(RuleError, match="obligation_is_done"):
        obligations.complete(office.service, tx, clerk, duty, "45/BC-UBND", NOW)


def test_a_duty_given_back_is_told_to_the_coordinating_unit_and_reminds_them_alone(
    office: Office, duty: int, clerk: Officer
) -> None:
    with office.tx() as tx:
        said = obligations.reject(office.service, tx, clerk, duty, "việc của Phòng Văn hóa", NOW)

    assert "Người điều phối đã được báo" in words(office, said)
    (notice,) = office.read(office.staff.desk)
    assert "Bế Văn Soạn báo không phải việc của mình" in notice
    assert notice.endswith("1. Mở việc này")
    assert office.payloads(office.staff.desk) == [f"d:-:duty:{duty}"]
    office.morning(at(2026, 3, 16))
    assert office.read(office.staff.clerk) == []
    assert len(office.read(office.staff.desk)) == 1
    assert "Phòng Kinh tế: Báo cáo quý I" in work(office, office.staff.desk.officer)


def test_giving_back_needs_a_reason(office: Office, duty: int, clerk: Officer) -> None:
    with office.tx() as tx, pytest.raises(RuleError, match="rejection_needs_reason"):
        obligations.reject(office.service, tx, clerk, duty, " ", NOW)


# --- more time ---------------------------------------------------------------------------------------------


def test_more_time_is_asked_of_the_leader_in_private(office: Office, duty: int, clerk: Officer) -> None:
    wish = ask(office, duty, clerk, date(2026, 3, 27))

    (notice,) = office.read(office.staff.leader)
    assert "Hạn hiện nay: trước 20/3" in notice
    assert "Xin lùi tới hết thứ Sáu 27/03/2026" in notice
    assert office.payloads(office.staff.leader) == [f"x:{wish}:0:grant", f"x:{wish}:0:refuse"]
    assert office.duty_row(duty).due == date(2026, 3, 20)


def test_a_granted_wish_moves_the_date_and_the_reminders_and_is_told(
    office: Office, duty: int, clerk: Officer
) -> None:
    wish = ask(office, duty, clerk, date(2026, 3, 27))
    office.tick(at(2026, 3, 10, 9, 1))

    with office.tx() as tx:
        extensions.decide_extension(
            office.service, tx, office.staff.leader.officer, wish, at(2026, 3, 10, 9, 2), granted=True
        )

    row = office.duty_row(duty)
    assert (row.due, row.before, row.strict_due) == (date(2026, 3, 27), False, date(2026, 3, 27))
    assert row.extensions == 1
    told = office.read(office.staff.clerk)
    assert told == ["Lãnh đạo đã đồng ý gia hạn «Báo cáo quý I»: hạn mới là hết thứ Sáu 27/03/2026."]
    office.morning(at(2026, 3, 20))
    assert "Hạn thứ Sáu 27/3 · Báo cáo quý I" in office.read(office.staff.clerk)[0]
    assert office.violations(at(2026, 3, 20)) == []


def test_a_refused_wish_leaves_the_date_and_is_told(office: Office, duty: int, clerk: Officer) -> None:
    wish = ask(office, duty, clerk, date(2026, 3, 27))

    with office.tx() as tx:
        extensions.decide_extension(office.service, tx, office.staff.leader.officer, wish, NOW, granted=False)

    assert office.duty_row(duty).due == date(2026, 3, 20)
    assert office.read(office.staff.clerk)[0].startswith("Lãnh đạo không đồng ý")
    with office.tx() as tx, pytest.raises(RuleError, match="extension_decided"):
        extensions.decide_extension(office.service, tx, office.staff.leader.officer, wish, NOW, granted=True)


def test_the_head_of_the_coordinating_unit_decides_as_well(office: Office, duty: int, clerk: Officer) -> None:
    head = office.join("Hà Thị Bích Lựu", "Văn phòng HĐND và UBND")
    ask(office, duty, clerk, date(2026, 3, 27))
    assert len(office.read(head)) == 1
    assert "Đồng ý gia hạn" in show(office, head.officer, duty)
    assert "Báo cáo quý I" in work(office, head.officer)

    with office.tx() as tx:
        extensions.decide_waiting(office.service, tx, head.officer, duty, NOW, granted=True)

    assert office.duty_row(duty).due == date(2026, 3, 27)


@pytest.mark.parametrize("who", ["clerk", "desk"])
def test_nobody_else_decides(office: Office, duty: int, clerk: Officer, who: str) -> None:
    wish = ask(office, duty, clerk, date(2026, 3, 27))
    officer = {"clerk": clerk, "desk": office.staff.desk.officer}[who]

    with office.tx() as tx, pytest.raises(RuleError, match="obligation_not_yours"):
        extensions.decide_extension(office.service, tx, officer, wish, NOW, granted=True)


def test_more_time_is_not_asked_after_the_date(office: Office, duty: int, clerk: Officer) -> None:
    with office.tx() as tx, pytest.raises(RuleError, match="extension_after_due"):
        extensions.ask_extension(
            office.service, tx, clerk, duty, date(2026, 3, 30), "chờ số liệu", at(2026, 3, 21, 9)
        )


def test_one_wish_at_a_time(office: Office, duty: int, clerk: Officer) -> None:
    ask(office, duty, clerk, date(2026, 3, 27))

    assert "Xin gia hạn" not in show(office, clerk, duty)
    with office.tx() as tx, pytest.raises(RuleError, match="extension_already_asked"):
        extensions.ask_extension(office.service, tx, clerk, duty, date(2026, 3, 30), "chờ thêm số liệu", NOW)


def test_a_wish_ends_with_its_duty(office: Office, duty: int, clerk: Officer) -> None:
    wish = ask(office, duty, clerk, date(2026, 3, 27))
    with office.tx() as tx:
        obligations.complete(office.service, tx, clerk, duty, "45/BC-UBND", NOW)

    with office.tx() as tx:
        states = tx.session.exec(select(ExtensionRow.state).where(col(ExtensionRow.id) == wish)).all()
    assert states == ["dropped"]


def test_the_asker_is_told_when_no_leader_can_be_reached(office: Office, duty: int, clerk: Officer) -> None:
    with office.tx() as tx:
        for link in tx.session.exec(
            select(OfficerChannelRow).where(OfficerChannelRow.officer_id == office.staff.leader.officer.id)
        ):
            link.dead_at = NOW
    with office.tx() as tx:
        said = extensions.ask_extension(
            office.service, tx, clerk, duty, date(2026, 3, 27), "chờ số liệu", NOW
        )

    assert "Chưa gửi được tới lãnh đạo nào" in words(office, said)


# --- the command line --------------------------------------------------------------------------------------


def test_a_duty_can_be_added_fixed_and_dropped(office: Office) -> None:
    with office.tx() as tx:
        added = obligations.add(
            office.service,
            tx,
            title="Báo cáo lũ",
            unit="phong kinh te",
            due=date(2026, 3, 20),
            before=True,
            now=NOW,
        )
        assert "trước 20/3 (nộp chậm nhất hết thứ Năm 19/3)" in words(office, added)
        (line,) = obligations.list_open(office.service, tx, NOW)
        duty_id = int(line.partition(".")[0])

        obligations.fix(office.service, tx, duty_id, unit="Công an", due=date(2026, 3, 25), now=NOW)
        (line,) = obligations.list_open(office.service, tx, NOW)
        assert "Công an xã · hạn hết thứ Tư 25/3" in line

        obligations.cancel(office.service, tx, duty_id, NOW)
        assert obligations.list_open(office.service, tx, NOW) == ["Không có việc nào đang mở."]
    assert office.duty_row(duty_id).next_remind_at is None
    assert [act for act, _, _ in office.audits(duty_id)] == ["add", "reassign", "cancel"]
    assert office.violations(NOW) == []


def test_a_duty_given_back_goes_to_another_unit(office: Office, duty: int, clerk: Officer) -> None:
    policeman = office.join("Lò Văn Páo", "Công an xã", Role.OFFICER)
    with office.tx() as tx:
        obligations.reject(office.service, tx, clerk, duty, "việc của công an", NOW)
        obligations.fix(office.service, tx, duty, unit="Công an xã", now=NOW)

    row = office.duty_row(duty)
    assert (row.status, row.remark) == ("open", "")
    office.morning(at(2026, 3, 11))
    assert "Báo cáo quý I" in office.read(policeman)[0]


@pytest.mark.parametrize(
    ("unit", "due", "code"),
    [
        ("Phòng không có", date(2026, 3, 20), "obligation_unit_unknown"),
        ("Phòng Kinh tế", date(2025, 3, 20), "obligation_due_past"),
    ],
)
def test_an_unknown_unit_or_a_past_date_is_refused(office: Office, unit: str, due: date, code: str) -> None:
    with office.tx() as tx, pytest.raises(RuleError, match=code):
        obligations.add(office.service, tx, title="Việc", unit=unit, due=due, before=False, now=NOW)


def test_an_unknown_number_is_refused(office: Office) -> None:
    with office.tx() as tx, pytest.raises(RuleError, match="obligation_unknown"):
        obligations.cancel(office.service, tx, 12, NOW)
