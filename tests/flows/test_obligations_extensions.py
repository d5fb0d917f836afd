"""More time for a duty: asked for, granted, refused."""

from datetime import date

import pytest
from sqlmodel import col, select

from core.errors import RuleError
from core.people import Officer
from handlers import extensions, obligations
from storage.tables import ExtensionRow, OfficerChannelRow
from tests.flows.mornings import Mornings, at

NOW = at(2026, 3, 10, 9, 0)


def ask(
    office: Mornings, duty_id: int, officer: Officer, new_due: date, reason: str = "chờ số liệu của thôn"
) -> int:
    """The id of the wish."""
    with office.tx() as tx:
        extensions.ask_extension(office.service, tx, officer, duty_id, new_due, reason, NOW)
        return max(tx.session.exec(select(ExtensionRow.id)))


def test_more_time_is_asked_of_the_leader_in_private(office: Mornings, duty: int, clerk: Officer) -> None:
    wish = ask(office, duty, clerk, date(2026, 3, 27))

    (notice,) = office.read(office.staff.leader)
    assert "Hạn hiện nay: trước 20/3" in notice
    assert "Xin lùi tới hết thứ Sáu 27/03/2026" in notice
    assert office.payloads(office.staff.leader) == [f"x:{wish}:0:grant", f"x:{wish}:0:refuse"]
    assert office.duty_row(duty).due == date(2026, 3, 20)


def test_a_granted_wish_moves_the_date_and_the_reminders_and_is_told(
    office: Mornings, duty: int, clerk: Officer
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


def test_a_refused_wish_leaves_the_date_and_is_told(office: Mornings, duty: int, clerk: Officer) -> None:
    wish = ask(office, duty, clerk, date(2026, 3, 27))

    with office.tx() as tx:
        extensions.decide_extension(office.service, tx, office.staff.leader.officer, wish, NOW, granted=False)

    assert office.duty_row(duty).due == date(2026, 3, 20)
    assert office.read(office.staff.clerk)[0].startswith("Lãnh đạo không đồng ý")
    with office.tx() as tx, pytest.raises(RuleError, match="extension_decided"):
        extensions.decide_extension(office.service, tx, office.staff.leader.officer, wish, NOW, granted=True)


def test_the_head_of_the_coordinating_unit_decides_as_well(
    office: Mornings, duty: int, clerk: Officer
) -> None:
    head = office.join("Hà Thị Bích Lựu", "Văn phòng HĐND và UBND")
    ask(office, duty, clerk, date(2026, 3, 27))
    assert len(office.read(head)) == 1
    assert "Đồng ý gia hạn" in office.show(head.officer, duty, NOW)
    assert "Báo cáo quý I" in office.work(head.officer, NOW)

    with office.tx() as tx:
        extensions.decide_waiting(office.service, tx, head.officer, duty, NOW, granted=True)

    assert office.duty_row(duty).due == date(2026, 3, 27)


@pytest.mark.parametrize("who", ["clerk", "desk"])
def test_nobody_else_decides(office: Mornings, duty: int, clerk: Officer, who: str) -> None:
    wish = ask(office, duty, clerk, date(2026, 3, 27))
    officer = {"clerk": clerk, "desk": office.staff.desk.officer}[who]

    with office.tx() as tx, pytest.raises(RuleError, match="obligation_not_yours"):
        extensions.decide_extension(office.service, tx, officer, wish, NOW, granted=True)


def test_more_time_is_not_asked_after_the_date(office: Mornings, duty: int, clerk: Officer) -> None:
    with office.tx() as tx, pytest.raises(RuleError, match="extension_after_due"):
        extensions.ask_extension(
            office.service, tx, clerk, duty, date(2026, 3, 30), "chờ số liệu", at(2026, 3, 21, 9)
        )


def test_one_wish_at_a_time(office: Mornings, duty: int, clerk: Officer) -> None:
    ask(office, duty, clerk, date(2026, 3, 27))

    assert "Xin gia hạn" not in office.show(clerk, duty, NOW)
    with office.tx() as tx, pytest.raises(RuleError, match="extension_already_asked"):
        extensions.ask_extension(office.service, tx, clerk, duty, date(2026, 3, 30), "chờ thêm số liệu", NOW)


def test_a_wish_ends_with_its_duty(office: Mornings, duty: int, clerk: Officer) -> None:
    wish = ask(office, duty, clerk, date(2026, 3, 27))
    with office.tx() as tx:
        obligations.complete(office.service, tx, clerk, duty, "45/BC-UBND", NOW)

    with office.tx() as tx:
        states = tx.session.exec(select(ExtensionRow.state).where(col(ExtensionRow.id) == wish)).all()
    assert states == ["dropped"]


def test_the_asker_is_told_when_no_leader_can_be_reached(office: Mornings, duty: int, clerk: Officer) -> None:
    with office.tx() as tx:
        for link in tx.session.exec(
            select(OfficerChannelRow).where(OfficerChannelRow.officer_id == office.staff.leader.officer.id)
        ):
            link.dead_at = NOW
    with office.tx() as tx:
        said = extensions.ask_extension(
            office.service, tx, clerk, duty, date(2026, 3, 27), "chờ số liệu", NOW
        )

    assert "Chưa gửi được tới lãnh đạo nào" in office.words(said)
