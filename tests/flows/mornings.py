"""A commune's mornings in a test: duties are added, the clock is moved, and what was sent is read."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from sqlalchemy import Row, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from core.calendar import LOCAL
from core.channel import Address, Channel
from core.conversation.draft import Draft, Identity
from core.people import Officer, Role
from core.say import Text, from_json
from handlers import casework, digest, obligations, tickets
from handlers.invariants import check
from handlers.relay import Reporter
from handlers.service import Service
from storage.database import Database
from storage.tables import AuditRow, ObligationRow, OutboxRow, ReminderRow, TicketRow, UnitRow
from storage.transaction import Transaction, table
from tests.conftest import Member, Staff, join

OUTBOX = table(OutboxRow)
CITIZEN = Reporter(Address(Channel.WEBCHAT, "p:citizen"), Address(Channel.WEBCHAT, "p:citizen"))


def at(year: int, month: int, day: int, hour: int | None = None, minute: int = 0) -> datetime:
    """The UTC moment of a local time; 07:45, the digest's hour, when none is named."""
    clock = time(7, 45) if hour is None else time(hour, minute)
    return datetime.combine(date(year, month, day), clock, LOCAL).astimezone(UTC)


ADDED = at(2026, 3, 2)


@dataclass
class Mornings:
    """The sample commune with its staff. `read` remembers which messages were read already."""

    database: Database
    service: Service
    staff: Staff
    seen: set[int] = field(default_factory=set)

    def tx(self) -> AbstractContextManager[Transaction]:
        return self.database.transaction()

    def duty(
        self,
        title: str,
        due: date,
        *,
        before: bool = True,
        unit: str = "Phòng Kinh tế",
        now: datetime = ADDED,
    ) -> int:
        """A new open duty; its id."""
        with self.tx() as tx:
            obligations.add(self.service, tx, title=title, unit=unit, due=due, before=before, now=now)
            return max(tx.session.exec(select_rows(ObligationRow.id)))

    def duty_row(self, duty_id: int) -> ObligationRow:
        with self.tx() as tx:
            row = tx.session.get(ObligationRow, duty_id)
            assert row is not None
            return row

    def ticket(self, story: str, now: datetime) -> TicketRow:
        """A citizen's matter, just sent."""
        draft = Draft("d1", now, story=(story,), field="giao_thong", identity=Identity.ANONYMOUS)
        with self.tx() as tx:
            return tickets.open_ticket(self.service, tx, draft, CITIZEN, None, now)

    def forwarded(self, story: str, now: datetime, *, unit: str = "Phòng Kinh tế") -> TicketRow:
        """A matter that the desk accepted and sent to a unit at once."""
        ticket = self.ticket(story, now)
        desk = self.staff.desk.officer
        with self.tx() as tx:
            row = tx.session.get(TicketRow, ticket.id)
            assert row is not None
            unit_id = tx.session.exec(select_rows(UnitRow.id).where(col(UnitRow.name) == unit)).one()
            casework.accept(self.service, tx, row, desk, now)
            casework.forward(self.service, tx, row, desk, unit_id, now)
            return row

    def tick(self, now: datetime) -> None:
        with self.tx() as tx:
            digest.remind_due(self.service, tx, now)

    def morning(self, now: datetime) -> None:
        """The tick, and everything that it queued is delivered."""
        self.tick(now)
        self.deliver(now)

    def deliver(self, now: datetime) -> None:
        """The networks take all that waits."""
        with self.tx() as tx:
            for row in self._waiting(tx):
                self._end(tx, row, "sent", now)

    def fail(self, member: Member, now: datetime, *, end: str = "dead") -> None:
        """The member's chat takes none of the reminders that wait."""
        with self.tx() as tx:
            for row in self._waiting(tx):
                if row.chat == member.address.chat:
                    self._end(tx, row, end, now)

    def _waiting(self, tx: Transaction) -> list[Row[tuple[object, ...]]]:
        wanted = OUTBOX.c.state == "queued", OUTBOX.c.purpose.in_(("digest", "reminder"))
        return list(tx.connection.execute(select(OUTBOX).where(*wanted).order_by(OUTBOX.c.id)))

    def _end(self, tx: Transaction, row: Row[tuple[object, ...]], end: str, now: datetime) -> None:
        sent = {"sent_at": now, "provider_id": f"m{row.id}"} if end == "sent" else {"sent_at": None}
        tx.connection.execute(
            update(OUTBOX).where(OUTBOX.c.id == row.id).values(state=end, attempts=1, **sent)
        )
        digest.settled(self.service, tx, row, end, now)

    def read(self, member: Member, *purposes: str) -> list[str]:
        """The messages to this person since the last look, with their numbered choices, unless withdrawn."""
        wanted = purposes or ("digest", "reminder", "notice")
        with self.tx() as tx:
            rows = tx.connection.execute(
                select(OUTBOX)
                .where(
                    OUTBOX.c.chat == member.address.chat,
                    OUTBOX.c.channel == member.address.channel,
                    OUTBOX.c.purpose.in_(wanted),
                    OUTBOX.c.state.in_(("queued", "sent")),
                    OUTBOX.c.id.not_in(self.seen),
                )
                .order_by(OUTBOX.c.id)
            ).all()
        self.seen |= {row.id for row in rows}
        return [self.service.catalogue.words(from_json(row.message)) for row in rows]

    def words(self, text: Text) -> str:
        return self.service.catalogue.words(text)

    def show(self, officer: Officer, duty_id: int, now: datetime) -> str:
        """The duty's card as the officer sees it."""
        with self.tx() as tx:
            return self.words(obligations.show(self.service, tx, officer, duty_id, now))

    def work(self, officer: Officer, now: datetime) -> str:
        """«việc của tôi»."""
        with self.tx() as tx:
            return self.words(obligations.my_work(self.service, tx, officer, now))

    def payloads(self, member: Member) -> list[str]:
        """What the buttons of the person's last message carry."""
        with self.tx() as tx:
            row = tx.connection.execute(
                select(OUTBOX).where(OUTBOX.c.chat == member.address.chat).order_by(OUTBOX.c.id.desc())
            ).first()
        assert row is not None
        text = from_json(row.message)
        return [f"{row.press}:{choice.code}" for choice in self.service.catalogue.choices(text)]

    def reminders(self, duty_id: int) -> list[tuple[str, str, str]]:
        """(stage, day, state) of every reminder of a duty, in order."""
        with self.tx() as tx:
            rows = tx.session.exec(
                select_rows(ReminderRow)
                .where(ReminderRow.obligation_id == duty_id)
                .order_by(col(ReminderRow.id))
            )
            return [(row.stage, row.on_day.isoformat(), row.state) for row in rows]

    def audits(self, duty_id: int) -> list[tuple[str, str, str]]:
        """(act, before, after) of a duty."""
        with self.tx() as tx:
            rows = tx.session.exec(
                select_rows(AuditRow)
                .where(AuditRow.subject == f"obligation:{duty_id}")
                .order_by(col(AuditRow.id))
            )
            return [(row.act, row.before, row.after) for row in rows]

    def join(self, name: str, unit: str, role: Role = Role.OFFICER) -> Member:
        with self.tx() as tx:
            return join(tx, name, unit, role, f"p:{name}")

    def violations(self, now: datetime) -> list[str]:
        """What the check of the database finds."""
        with self.tx() as tx:
            return [str(finding) for finding in check(self.service, tx, now).findings]
