"""The check of the database finds what breaks an invariant."""

from core.people import Role
from handlers.invariants import check
from handlers.service import Service
from storage.tables import OrganisationRow, UnitRow
from storage.transaction import Transaction
from tests.conftest import NOW, Staff, join


def test_a_row_that_refers_to_another_organisation_is_named(
    tx: Transaction, service: Service, staff: Staff
) -> None:
    other = OrganisationRow(name="Xã Đồi Sim", config={}, loaded_at=NOW)
    tx.session.add(other)
    tx.session.flush()
    unit = UnitRow(organisation_id=other.id, name="Phòng Mượn Người", aliases=[])
    tx.add(unit)
    lent = join(tx, "Khúc Thị Lan", "Phòng Kinh tế", Role.OFFICER, "p:lent").officer
    assert check(service, tx, NOW).findings == ()
    tx.connection.exec_driver_sql(f"UPDATE officer SET unit_id = {unit.id} WHERE id = {lent.id}")
    found = [(each.code, each.what, each.rows) for each in check(service, tx, NOW).findings]
    assert ("I20", "officer.unit_id crosses organisations", (str(lent.id),)) in found
