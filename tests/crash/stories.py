"""The two stories that are killed at every point: a citizen's matter, and a plan's duty."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlmodel import col, select

from core.channel import Address, Channel
from core.people import Role
from core.tickets import Status
from handlers import plans
from handlers.duties import OPERATOR
from handlers.service import Service
from plans import extract
from storage.tables import AttachmentRow, ObligationRow, OutboxRow, RoomRow, TicketRow
from storage.transaction import Transaction
from tests.conftest import NOW, join
from tests.crash.story import Order, Person, Story, Wait
from tests.crash.world import ROOM, World

ANSWER = "Tổ điện đã thay bóng đèn sáng nay, xin cảm ơn ông bà."
_OFFICE, _ECONOMY = "Văn phòng HĐND và UBND", "Phòng Kinh tế"

_citizen = Person("7001", Address(Channel.TELEGRAM, "7001"))
_desk = Person("11", ROOM)
_clerk = Person("21", Address(Channel.TELEGRAM, "21"))


def _staff(tx: Transaction) -> None:
    tx.add(
        RoomRow(organisation_id=tx.organisation_id, channel=ROOM.channel, chat=ROOM.chat, linked_at=NOW)
    )
    join(tx, "Tống Thị Hiên", _OFFICE, Role.DESK, "11", channel=Channel.TELEGRAM)
    join(tx, "Bế Văn Soạn", _ECONOMY, Role.OFFICER, "21", channel=Channel.TELEGRAM)
    join(tx, "Ngô Minh Trí", _OFFICE, Role.ADMIN, "31", channel=Channel.TELEGRAM)


def _matter_ends(_: Service, tx: Transaction, world: World) -> list[str]:
    """One ticket, closed by the citizen who has read its number and the answer; the photo is kept."""
    tickets = tx.session.exec(select(TicketRow)).all()
    if len(tickets) != 1:
        return [f"{len(tickets)} tickets"]
    (ticket,) = tickets
    read = [line["text"] for line in world.of("seen") if line["chat"] == _citizen.chat.chat]
    wrong = []
    if (ticket.status, ticket.fixed, ticket.rating) != (Status.CLOSED, "yes", 4):
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
        _citizen.writes("sends", "gửi"),
        _desk.presses("accepts", "Tiếp nhận"),
        _desk.presses("asks", "Hỏi thêm"),
        _desk.writes("question", "Đèn ở gần nhà số mấy?", under="một câu hỏi rõ ràng"),
        _desk.presses("question goes", "Gửi"),
        Wait("question held", timedelta(seconds=21)),
        _citizen.writes("answers", "Trước cửa nhà số 12."),
        _desk.presses("replies", "Trả lời"),
        _desk.presses("explains", "Trả lời, giải thích"),
        _desk.writes("answer", ANSWER, under="xin viết câu trả lời"),
        _desk.presses("answer goes", "Gửi"),
        Wait("answer held", timedelta(seconds=21)),
        _citizen.writes("done", "đã xong"),
        _citizen.writes("rates", "4"),
    ),
    ends=_matter_ends,
)

STORIES = (MATTER,)
