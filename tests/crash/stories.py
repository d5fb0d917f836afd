"""The two stories that are killed at every point: a citizen's matter, and a plan's duty."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlmodel import col, select

from core.channel import Address, Channel
from core.people import Role
from core.tickets import Status
from handlers import plan_files, plans
from handlers.service import Service
from plans import extract
from storage.tables import (
    AttachmentRow,
    ObligationRow,
    OutboxRow,
    PlanChangeRow,
    PlanDraftRow,
    ReminderRow,
    RoomRow,
    TicketRow,
)
from storage.transaction import Transaction
from tests.conftest import NOW, join
from tests.crash.story import Order, Person, Story, Wait
from tests.crash.world import ROOM, World

ANSWER = "Tổ điện đã thay bóng đèn sáng nay, xin cảm ơn ông bà."
_OFFICE, _ECONOMY = "Văn phòng HĐND và UBND", "Phòng Kinh tế"

_citizen = Person("7001", Address(Channel.TELEGRAM, "7001"))
_desk = Person("11", ROOM)
_clerk = Person("21", Address(Channel.TELEGRAM, "21"))
_reviewer = Person("41", Address(Channel.TELEGRAM, "41"))


def _staff(tx: Transaction) -> None:
    tx.add(RoomRow(organisation_id=tx.organisation_id, channel=ROOM.channel, chat=ROOM.chat, linked_at=NOW))
    join(tx, "Tống Thị Hiên", _OFFICE, Role.DESK, "11", channel=Channel.TELEGRAM)
    join(tx, "Bế Văn Soạn", _ECONOMY, Role.OFFICER, "21", channel=Channel.TELEGRAM)
    join(tx, "Ngô Minh Trí", _OFFICE, Role.ADMIN, "31", channel=Channel.TELEGRAM)
    join(tx, "Hà Thị Bích Lựu", _OFFICE, Role.OFFICER, "41", channel=Channel.TELEGRAM)


def _matter_ends(_: Service, tx: Transaction, world: World) -> list[str]:
    """One ticket, closed by the citizen who has read its number and the answer; the photo is kept."""
    tickets = tx.session.exec(select(TicketRow)).all()
    if len(tickets) != 1:
        return [f"{len(tickets)} tickets"]
    (ticket,) = tickets
    read = [line["text"] for line in world.of("seen") if line["chat"] == _citizen.chat.chat]
    wrong = []
    if (ticket.status, ticket.fixed) != (Status.CLOSED, "done") or ticket.rating is None:
        wrong.append(f"the ticket ends as {ticket.status}, {ticket.fixed}, {ticket.rating}")
    if not any(ANSWER in text for text in read):
        wrong.append("the answer never reached the citizen")
    wrong += _receipt(tx, ticket, read, world)
    photos = [(row.state, row.ticket_id) for row in tx.session.exec(select(AttachmentRow))]
    if photos != [("stored", ticket.id)]:
        wrong.append(f"the photo ends as {photos}")
    return wrong


def _receipt(tx: Transaction, ticket: TicketRow, read: list[str], world: World) -> list[str]:
    """The receipt names this ticket; when it perhaps got lost, the desk was told so."""
    (row,) = tx.session.exec(select(OutboxRow).where(OutboxRow.purpose == "receipt"))
    if row.message["fields"]["number"] != ticket.number:
        return ["the receipt names another ticket"]
    if row.state == "sent":
        return [] if any(ticket.number in text for text in read) else ["a receipt sent was never seen"]
    told = f"desk:undelivered:{row.id}:"
    if row.state == "unknown" and any(line["key"].startswith(told) for line in world.of("seen")):
        return []
    return [f"the receipt ends as {row.state}, and nobody was told"]


MATTER = Story(
    name="citizen's matter",
    begins=NOW,
    prepare=_staff,
    steps=(
        _citizen.writes("greets", "xin chào"),
        _citizen.writes("begins", "1"),
        _citizen.writes("consents", "1"),
        _citizen.writes("tells", "Đèn đường thôn Nà Cọ tắt từ tối thứ Hai, trẻ con đi học về rất khó."),
        _citizen.writes("told", "xong"),
        _citizen.shows("photo"),
        _citizen.writes("shown", "xong"),
        _citizen.writes("place", "thôn Nà Cọ, gần nhà văn hóa"),
        _citizen.writes("field", "1"),
        _citizen.writes("danger", "2"),
        _citizen.writes("identity", "1"),
        _citizen.writes("name", "Chu Văn Hoàng Yến"),
        _citizen.writes("no phone", "bỏ qua"),
        _citizen.writes("no letter", "1"),
        _citizen.writes("sends", "gửi"),
        _desk.presses("accepts", "accept"),
        _desk.presses("asks", "ask"),
        _desk.answers("question", "Đèn ở gần nhà số mấy?"),
        _desk.presses("question goes", "send"),
        Wait("question held", timedelta(seconds=21)),
        _citizen.writes("answers", "Trước cửa nhà số 12."),
        _desk.presses("replies", "answer"),
        _desk.presses("explains", "explained"),
        _desk.answers("answer", ANSWER),
        _desk.presses("answer goes", "send"),
        Wait("answer held", timedelta(seconds=21)),
        _citizen.writes("done", "đã xong"),
        _citizen.writes("rates", "1"),
    ),
    ends=_matter_ends,
)

# --- a duty ------------------------------------------------------------------------------------------------

_PLAN = """ỦY BAN NHÂN DÂN
XÃ SUỐI MÂY
Số: 12/KH-UBND
Suối Mây, ngày 05 tháng 01 năm 2026

KẾ HOẠCH
Thực hiện công tác dân vận chính quyền năm 2026

II. NỘI DUNG
1. Phòng Kinh tế xã rà soát các khoản đóng góp của thôn, gửi Văn phòng trước ngày 20/3/2026.
2. Phòng Kinh tế gửi danh sách hộ vay vốn trước ngày 31/11/2026.
"""
_EVENING = datetime(2026, 3, 9, 11, tzinfo=UTC)


def _bring(service: Service, tx: Transaction, now: datetime) -> None:
    digest = sha256(_PLAN.encode()).hexdigest()
    proposal = plans.propose(service, tx, extract(_PLAN), "ke-hoach.txt", digest, now)
    plan_files.bring(service, tx, proposal, _PLAN, "Hà Thị Bích Lựu", now)


def _duty_ends(_: Service, tx: Transaction, world: World) -> list[str]:
    """The plan stands there once as it was reviewed, its first duty is done, and the officer heard of it in
    one digest."""
    duties = tx.session.exec(select(ObligationRow).order_by(col(ObligationRow.id))).all()
    found = [(row.status, row.acknowledged_at is not None, row.evidence) for row in duties]
    wrong = []
    if found != [("done", True, "45/BC-UBND ngày 10/3"), ("open", False, "")]:
        wrong.append(f"the duties end as {found}")
    drafts = [(row.state, row.plan_id) for row in tx.session.exec(select(PlanDraftRow))]
    changes = [change.field for change in tx.session.exec(select(PlanChangeRow))]
    if (drafts, changes) != ([("confirmed", 1)], ["due"]):
        wrong.append(f"the review ends as {drafts}, {changes}")
    reminders = [row.state for row in tx.session.exec(select(ReminderRow))]
    if reminders != ["digested"]:
        wrong.append(f"the reminders end as {reminders}")
    digests = {line["row"] for line in world.of("seen") if line["key"].startswith("digest:2:")}
    if len(digests) != 1:
        wrong.append(f"{len(digests)} digests to the officer")
    return wrong


DUTY = Story(
    name="duty of a plan",
    begins=_EVENING,
    prepare=_staff,
    steps=(
        Order("brought", _bring),
        _reviewer.writes("reviews", "soát"),
        _reviewer.writes("fixes", "sửa 2 hạn trước 30/11"),
        _reviewer.presses("looks", "finish"),
        _reviewer.presses("saves", "save"),
        Wait("night", timedelta(hours=13, minutes=45)),
        _clerk.writes("opens", "1"),
        _clerk.writes("acknowledges", "1"),
        _clerk.presses("finishes", "done"),
        _clerk.writes("reports", "45/BC-UBND ngày 10/3"),
    ),
    ends=_duty_ends,
)

STORIES = (MATTER, DUTY)
