"""The staff of a commune and a citizen on a network in memory: what the handlers queue appears on screens."""

import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from PIL import Image
from sqlmodel import col, select

from core.channel import (
    Address,
    ButtonPressed,
    Channel,
    Delivery,
    Event,
    Inbound,
    MediaKind,
    MediaReceived,
    MediaRef,
    PermanentSendError,
    SendError,
    SendKind,
    Sent,
    TextReceived,
)
from core.conversation.draft import Draft, Identity, Place
from core.pacing import Limits, Pacer
from core.people import Role
from handlers import alerts, clocks, contacts, delivery, inbound, media, replies, tickets
from handlers.delivery import Ended
from handlers.invariants import check
from handlers.relay import Reporter
from handlers.service import Service
from storage.database import Database
from storage.tables import AuditRow, OutboxRow, ReplyRow, RoomRow, TicketEntryRow, TicketRow
from tests.conftest import NOW, Member, join

ROOM = Address(Channel.TELEGRAM, "-100200300")
CITIZEN = Address(Channel.TELEGRAM, "7001")
NAME = "Chu Văn Hoàng Yến"
PHONE = "0912 345 678"


@dataclass
class Shown:
    """A message on a screen: its words and its buttons, as it looks now."""

    id: str
    text: str
    buttons: dict[str, str]
    files: int = 0


@dataclass
class Office:
    """`screens`: what each chat shows; `toasts`: the words over pressed buttons; `fails`: how chats fail."""

    database: Database
    service: Service
    now: datetime = NOW
    screens: dict[str, list[Shown]] = field(default_factory=dict)
    toasts: list[str] = field(default_factory=list)
    fails: dict[str, SendError] = field(default_factory=dict)
    pacer: Pacer = field(
        default_factory=lambda: Pacer(
            Limits(private_spacing=timedelta(), group_spacing=timedelta(), group_per_minute=10_000)
        )
    )
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        with self.database.transaction() as tx:
            tx.add(
                RoomRow(
                    organisation_id=tx.organisation_id,
                    channel=ROOM.channel,
                    chat=ROOM.chat,
                    linked_at=NOW,
                )
            )
            office, economy = "Văn phòng HĐND và UBND", "Phòng Kinh tế"
            on = Channel.TELEGRAM
            self.hien = join(tx, "Tống Thị Hiên", office, Role.DESK, "11", channel=on)
            self.luu = join(tx, "Hà Thị Bích Lựu", office, Role.DESK, "12", channel=on)
            self.tuyen = join(tx, "Vi Quang Tuyến", economy, Role.OFFICER, "21", channel=on)
            self.dung = join(tx, "Mạc Văn Dũng", "Công an xã", Role.OFFICER, "31", channel=on)
            self.khai = join(tx, "Lương Đình Khải", office, Role.LEADER, "41", channel=on)

    # --- acts ---

    def execute(self, sql: str) -> None:
        """Change the database as no use case would."""
        with self.database.transaction() as tx:
            tx.connection.exec_driver_sql(sql)

    def citizen_files(
        self,
        identity: Identity = Identity.DESK_ONLY,
        story: str = "Đèn đường thôn Nà Cọ tắt từ tối thứ Hai.",
        address: str = "",
    ) -> TicketRow:
        """A ticket of the citizen; its cards are on the screens."""
        draft = Draft(
            id=f"d{next(self.numbers)}",
            started_at=self.now,
            story=(story,),
            place=Place(words="thôn Nà Cọ"),
            field="dien_chieu_sang",
            identity=identity,
            full_name=NAME,
            phone=PHONE,
            wants_letter=bool(address),
            address=address,
        )
        with self.database.transaction() as tx:
            ticket = tickets.open_ticket(self.service, tx, draft, Reporter(CITIZEN, CITIZEN), None, self.now)
            tx.flush()
        self.deliver()
        return ticket

    def send(
        self,
        sender: Member | str,
        chat: Address,
        event: Event,
        *,
        reply_to: str | None = None,
        is_anonymous: bool = False,
    ) -> None:
        """One event of a network, taken in and answered."""
        who = sender if isinstance(sender, str) else sender.sender
        number = next(self.numbers)
        came = Inbound(
            external_id=f"u:{number}",
            chat=chat,
            sender=who,
            event=event,
            is_private=chat != ROOM,
            message_id=f"in{number}",
            reply_to=reply_to,
            is_anonymous=is_anonymous,
        )
        with self.database.transaction() as tx:
            inbound.receive(self.service, tx, came, str(number).encode(), self.now)
        self.deliver()

    def write(
        self, sender: Member | str, text: str, chat: Address | None = None, *, under: str | None = None
    ) -> str:
        """Write in private, or in `chat` (`under` a message that holds these words); what is new there."""
        where = chat or (sender.address if isinstance(sender, Member) else CITIZEN)
        before = len(self.screen(where))
        reply_to = None if under is None else self.find(where, under).id
        self.send(sender, where, TextReceived(text), reply_to=reply_to)
        return "\n---\n".join(shown.text for shown in self.screen(where)[before:])

    def photo(self, sender: Member, chat: Address | None = None, *, under: str | None = None) -> None:
        """Send a photo, alone or under a message that holds these words."""
        where = chat or sender.address
        ref = MediaRef(f"photo{next(self.numbers)}", MediaKind.PHOTO)
        reply_to = None if under is None else self.find(where, under).id
        self.send(sender, where, MediaReceived(ref), reply_to=reply_to)

    def press(self, sender: Member | str, label: str, chat: Address | None = None) -> str:
        """Press the lowest button of this label; the word over it."""
        where = chat or (sender.address if isinstance(sender, Member) else CITIZEN)
        payload = self.payload(where, label)
        self.push(sender, payload, where)
        return self.toasts[-1] if self.toasts else ""

    def push(self, sender: Member | str, payload: str, chat: Address) -> None:
        """Press whatever the payload says, as anybody could."""
        self.send(sender, chat, ButtonPressed(payload, f"cb{next(self.numbers)}"))

    def wait(self, **time: float) -> None:
        """Time goes by; what is due by then leaves."""
        self.now += timedelta(**time)
        with self.database.transaction() as tx:
            clocks.run(self.service, tx, self.now)
            alerts.run(self.service, tx, self.now)
            replies.lapse_drafts(self.service, tx, self.now)
            contacts.hide_shown(self.service, tx, self.now)
        self.deliver()

    # --- what can be seen ---

    def screen(self, chat: Address) -> list[Shown]:
        return self.screens.setdefault(chat.chat, [])

    def find(self, chat: Address, words: str) -> Shown:
        """The lowest message that holds these words."""
        for shown in reversed(self.screen(chat)):
            if words in shown.text:
                return shown
        raise AssertionError(f"«{words}» is not on the screen:\n{self.text(chat)}")

    def payload(self, chat: Address, label: str) -> str:
        for shown in reversed(self.screen(chat)):
            if label in shown.buttons:
                return shown.buttons[label]
        raise AssertionError(f"no button «{label}»:\n{self.text(chat)}")

    def text(self, chat: Address) -> str:
        return "\n---\n".join(shown.text for shown in self.screen(chat))

    def last(self, chat: Address) -> str:
        return self.screen(chat)[-1].text

    def card(self, ticket: TicketRow, chat: Address = ROOM) -> Shown:
        """The ticket's card as it looks now."""
        return next(
            shown for shown in reversed(self.screen(chat)) if shown.text.startswith(f"{ticket.number} ·")
        )

    def ticket(self, ticket: TicketRow) -> TicketRow:
        with self.database.transaction() as tx:
            found = tx.session.get(TicketRow, ticket.id)
            assert found is not None
            return found

    def rows(self, *wanted: object) -> list[OutboxRow]:
        with self.database.transaction() as tx:
            return list(tx.session.exec(select(OutboxRow).where(*wanted).order_by(col(OutboxRow.id))))  # type: ignore[arg-type]

    def notes(self, ticket: TicketRow) -> list[str]:
        with self.database.transaction() as tx:
            wanted = (TicketEntryRow.ticket_id == ticket.id, TicketEntryRow.side == "note")
            return [
                entry.text
                for entry in tx.session.exec(
                    select(TicketEntryRow).where(*wanted).order_by(col(TicketEntryRow.id))
                )
            ]

    def drafts(self, ticket: TicketRow) -> list[ReplyRow]:
        with self.database.transaction() as tx:
            return list(
                tx.session.exec(
                    select(ReplyRow).where(ReplyRow.ticket_id == ticket.id).order_by(col(ReplyRow.id))
                )
            )

    def violations(self) -> list[str]:
        """What the check of the database finds."""
        with self.database.transaction() as tx:
            return [str(finding) for finding in check(self.service, tx, self.now).findings]

    def audits(self, act: str) -> list[AuditRow]:
        with self.database.transaction() as tx:
            return list(
                tx.session.exec(select(AuditRow).where(AuditRow.act == act).order_by(col(AuditRow.id)))
            )

    # --- the network ---

    def deliver(self) -> None:
        """Let everything that may leave arrive, until nothing more comes."""
        ended: list[Ended] = []
        while True:
            with self.database.transaction() as tx:
                claimed = delivery.pump(self.service, tx, self.pacer, ended, 50, self.now).deliveries
            if not claimed:
                return
            ended = [end for each in claimed for end in self._ends(each)]

    def _ends(self, each: Delivery) -> list[Ended]:
        """How the delivery ended, and with it what it carried along."""
        ended = self._arrive(each)
        return [ended, *(Ended(row_id, ended.end) for row_id, _ in each.carries)]

    def _arrive(self, each: Delivery) -> Ended:
        failure = self.fails.get(each.address.chat)
        if failure is not None and each.kind is SendKind.MESSAGE:
            return Ended(each.id, failure)
        match each.kind:
            case SendKind.PRESS_ANSWER:
                self.toasts.append(each.message.text)
                return Ended(each.id, Sent())
            case SendKind.DOWNLOAD:
                content = picture()
                return Ended(each.id, Sent(content=content), media.prepare(content, MediaKind.PHOTO))
            case SendKind.EDIT:
                return Ended(each.id, self._edit(each))
        shown = Shown(f"m{next(self.numbers)}", "", {})
        self._show(shown, each)
        self.screen(each.address).append(shown)
        return Ended(each.id, Sent(shown.id))

    def _edit(self, each: Delivery) -> Sent | SendError:
        for shown in self.screen(each.address):
            if shown.id == each.message_id:
                self._show(shown, each)
                return Sent(shown.id)
        return PermanentSendError("message_gone")

    @staticmethod
    def _show(shown: Shown, each: Delivery) -> None:
        shown.text = each.message.text
        shown.buttons = {button.label: button.payload for row in each.message.buttons for button in row}
        shown.files = len(each.message.files)


def picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(target, "JPEG")
    return target.getvalue()
