"""What the command line does with duties."""

from datetime import date

import pytest

from core.errors import RuleError
from core.people import Officer, Role
from handlers import obligations
from tests.flows.mornings import Mornings, at

NOW = at(2026, 3, 10, 9, 0)


def test_a_duty_can_be_added_fixed_and_dropped(office: Mornings) -> None:
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
        assert "trước 20/3 (nộp chậm nhất hết thứ Năm 19/3)" in office.words(added)
        (line,) = obligations.list_open(office.service, tx, NOW)
        duty_id = int(line.partition(".")[0])

        obligations.fix(office.service, tx, duty_id, unit="Công an", due=date(2026, 3, 25), now=NOW)
        (line,) = obligations.list_open(office.service, tx, NOW)
        assert "Công an xã · hạn: hết thứ Tư 25/3" in line

        obligations.cancel(office.service, tx, duty_id, NOW)
        assert obligations.list_open(office.service, tx, NOW) == ["Không có việc nào đang mở."]
    assert office.duty_row(duty_id).next_remind_at is None
    assert [act for act, _, _ in office.audits(duty_id)] == ["add", "reassign", "cancel"]
    assert office.violations(NOW) == []


def test_a_duty_given_back_goes_to_another_unit(office: Mornings, duty: int, clerk: Officer) -> None:
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
def test_an_unknown_unit_or_a_past_date_is_refused(office: Mornings, unit: str, due: date, code: str) -> None:
    with office.tx() as tx, pytest.raises(RuleError, match=code):
        obligations.add(office.service, tx, title="Việc", unit=unit, due=due, before=False, now=NOW)


def test_an_unknown_number_is_refused(office: Mornings) -> None:
    with office.tx() as tx, pytest.raises(RuleError, match="obligation_unknown"):
        obligations.cancel(office.service, tx, 12, NOW)
