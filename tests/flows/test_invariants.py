"""The check of the database finds what breaks an invariant, and nothing where nothing is broken."""

import io
from datetime import date, timedelta

import pytest
from PIL import Image
from sqlalchemy.exc import IntegrityError

from core.channel import MediaKind, MediaReceived, MediaRef
from core.people import Role
from handlers import digest, obligations, plan_access
from handlers.invariants import check
from handlers.service import Service
from storage.database import Database
from storage.tables import OrganisationRow, PlanDraftRow, UnitRow
from storage.transaction import Transaction
from tests.conftest import NOW, SQLITE, Staff, join
from tests.flows.office import CITIZEN, ROOM, Office

_LONG_AGO = "'2026-03-01 00:00:00+00:00'"
_BROKEN = {
    "I02": "UPDATE inbox SET state = 'parked'",
    "I05": "UPDATE outbox SET subject = 'ticket:9999' WHERE purpose = 'receipt'",
    "I06": "UPDATE outbox SET reference = '' WHERE reference <> ''",
    "I07": "UPDATE outbox SET provider_id = '' WHERE purpose = 'receipt'",
    "I08": f"UPDATE outbox SET state = 'sending', leased_until = {_LONG_AGO} WHERE purpose = 'receipt'",
    "I11": f"UPDATE reminder SET state = 'queued', created_at = {_LONG_AGO}",
    "I12": "UPDATE obligation SET status = 'cancelled'",
    "I13": f"UPDATE outbox SET purpose = 'digest', not_before = {_LONG_AGO} WHERE purpose = 'receipt'",
    "I16": "UPDATE ticket SET status = 'closed'",
    "I18": "UPDATE attachment SET sha256 = 'aa' WHERE state = 'stored'",
    "I19": "UPDATE attachment SET sha256 = '{with_camera}' WHERE state = 'stored'",
    "I27": "UPDATE plan_access SET opened_at = '2027-03-12 00:00:00+00:00'",
}
"""What no use case does, under the code of the check that must name it."""

_NUMBERED = {"I32": "DELETE FROM audit WHERE id = 1"}
"""The same where numbers have no gaps: a sequence of PostgreSQL may leave some out by itself."""

_REFUSED = (
    "UPDATE ticket_entry SET inbox_id = (SELECT min(inbox_id) FROM ticket_entry)",  # I03
    "UPDATE ticket SET number = (SELECT min(number) FROM ticket)",  # I04
    "UPDATE inbox SET external_id = (SELECT min(external_id) FROM inbox)",  # I28
)
"""What the database itself does not let happen."""


@pytest.fixture
def office(database: Database, service: Service) -> Office:
    """A commune amid its work: two matters, a photo, a question sent, a duty reminded of, a plan's page."""
    office = Office(database, service)
    office.citizen_files(story="Rác chợ Nà Cọ ba ngày nay chưa ai dọn.")
    office.citizen_files()
    office.press(office.hien, "Tiếp nhận", ROOM)
    office.press(office.hien, "Hỏi thêm", ROOM)
    office.write(office.hien, "Đèn ở cột số mấy, thưa ông bà?", ROOM, under="Tống Thị Hiên")
    office.press(office.hien, "Gửi", ROOM)
    office.wait(seconds=30)
    office.send("7001", CITIZEN, MediaReceived(MediaRef("photo1", MediaKind.PHOTO)))
    office.write("7001", "Cột số 12 ạ")
    office.write("7001", "Cột 13 cũng tắt")
    with database.transaction() as tx:
        obligations.add(
            service,
            tx,
            title="Báo cáo tuần",
            unit="Phòng Kinh tế",
            due=date(2026, 3, 12),
            before=True,
            now=NOW - timedelta(days=8),
        )
    with database.transaction() as tx:
        digest.remind_due(service, tx, office.now)
        officer = office.tuyen.officer
        draft = PlanDraftRow(
            organisation_id=tx.organisation_id,
            officer_id=officer.id,
            state="open",
            file_name="ke-hoach.docx",
            problems=[],
            created_at=NOW,
        )
        tx.add(draft)
        plan_access.give_link(service, tx, officer, draft, office.now)
    return office


def _found(office: Office, tx: Transaction) -> set[str]:
    return {each.code for each in check(office.service, tx, office.now).findings}


def test_what_breaks_an_invariant_is_named_or_refused(database: Database, office: Office, kind: str) -> None:
    photo = io.BytesIO()
    camera = Image.Exif()
    camera[0x010F] = "Máy ảnh"
    Image.new("RGB", (8, 8)).save(photo, "JPEG", exif=camera)
    with_camera = office.service.files.keep(photo.getvalue())
    assert office.violations() == []
    unseen = []
    for code, sql in (_BROKEN | (_NUMBERED if kind == SQLITE else {})).items():
        with database.transaction() as tx, tx.connection.begin_nested() as nested:
            changed = tx.connection.exec_driver_sql(sql.format(with_camera=with_camera))
            if changed.rowcount == 0 or code not in _found(office, tx):
                unseen.append(code)
            nested.rollback()
    assert unseen == []
    for sql in _REFUSED:
        with pytest.raises(IntegrityError), database.transaction() as tx:
            tx.connection.exec_driver_sql(sql)
    assert office.violations() == []


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
