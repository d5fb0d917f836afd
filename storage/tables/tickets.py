"""Citizens' tickets with their contacts, timeline, files, cards and replies."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from storage.tables.base import Owned, json_column, moment, optional_moment


class TicketRow(Owned, table=True):
    """A citizen's matter. Who sent it stands only in `reporter_*`: an HMAC to find it again from the same
    chat, and a sealed account id that the relay opens to deliver.

    `promised_from` is when the promised term began; `is_assigned`: a leader gave it to the unit, which keeps
    it; `nudged_at`: the citizen was last reminded. At `moved_at` it came to its status; at `alert_at` its
    clocks are looked at next, and `alerted` names the warnings already given.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("secret_hmac"),
        Index("ix_ticket_reporter", "reporter_hmac"),
        Index("ix_ticket_status", "organisation_id", "status"),
        Index(
            "ix_ticket_alert",
            "alert_at",
            sqlite_where=text("alert_at IS NOT NULL"),
            postgresql_where=text("alert_at IS NOT NULL"),
        ),
    )
    number: str
    secret_hmac: str
    reporter_hmac: str
    reporter_sealed: str
    channel: str
    status: str
    left_status: str = ""
    kind: str
    field: str = ""
    title: str
    story: str
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    identity: str
    is_urgent: bool = False
    is_complex: bool = False
    marks: list[str] = json_column()
    holder_id: int | None = Field(default=None, foreign_key="officer.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    returns: int = 0
    is_assigned: bool = False
    question: str = ""
    questions_asked: int = 0
    outcome: str = ""
    created_at: datetime = moment()
    receive_by: datetime = moment()
    promised_by: datetime | None = optional_moment()
    promised_from: datetime | None = optional_moment()
    legal_by: datetime = moment()
    question_until: datetime | None = optional_moment()
    paused_at: datetime | None = optional_moment()
    paused_seconds: int = 0
    answered_at: datetime | None = optional_moment()
    feedback_until: datetime | None = optional_moment()
    moved_at: datetime = moment()
    alert_at: datetime | None = optional_moment()
    alerted: list[str] = json_column()
    nudged_at: datetime | None = optional_moment()
    closed_at: datetime | None = optional_moment()
    spoken_at: datetime | None = optional_moment()
    fixed: str = ""
    rating: int | None = None
    reviews: int = 0
    version: int = 0


class TicketContactRow(Owned, table=True):
    """Name, phone and address for a letter, apart from the ticket: no ordinary read carries them."""

    __tablename__ = "ticket_contact"
    ticket_id: int = Field(foreign_key="ticket.id", unique=True)
    full_name: str
    phone: str = ""
    address: str = ""


class TicketEntryRow(Owned, table=True):
    """A line of the ticket's timeline. `side`: citizen, desk, by_hand, unit, note, system."""

    __tablename__ = "ticket_entry"
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    inbox_id: int | None = Field(default=None, foreign_key="inbox.id", unique=True)
    side: str
    officer_id: int | None = Field(default=None, foreign_key="officer.id")
    text: str
    is_public: bool
    created_at: datetime = moment()


class AttachmentRow(Owned, table=True):
    """A file of a draft, a ticket or an obligation. `state`: waiting, stored, refused, lost.

    `sha256` names the stored bytes under the data folder; photos are re-encoded first, so they hold no place.
    `playable_sha256`: a copy of a recording that plays everywhere, empty where there is none.
    """

    __tablename__ = "attachment"
    draft_id: str = Field(default="", index=True)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    reply_id: int | None = Field(default=None, index=True)
    obligation_id: int | None = Field(default=None, foreign_key="obligation.id")
    side: str = "citizen"
    channel: str
    file_ref: str
    kind: str
    name: str = ""
    size_bytes: int | None = None
    state: str = "waiting"
    mime: str = ""
    sha256: str = ""
    playable_sha256: str = ""
    created_at: datetime = moment()


class CardRow(Owned, table=True):
    """The live message of a ticket in a room or an officer's chat; edited in place when it changes."""

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("ticket_id", "channel", "chat"),
        Index("ix_card_message", "channel", "chat", "message_id"),
    )
    ticket_id: int = Field(foreign_key="ticket.id")
    channel: str
    chat: str
    message_id: str = ""
    is_room: bool = False
    is_live: bool = True
    drawn: int = 0


class ReplyRow(Owned, table=True):
    """What an officer is writing to a citizen. A reply is a draft until confirmed, then held 20 seconds.

    `kind` answer | question | result (of a unit, to the desk).
    `state`: draft → held → released → delivered | failed | doubtful; or note (kept inside), dropped.
    `failure` says why it did not arrive, as a code of the labels `failure.*`. It was last written
    on at `touched_at`.
    """

    __tablename__ = "reply"
    __table_args__ = (
        Index(
            "ix_reply_release",
            "release_at",
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
    )
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    officer_id: int = Field(foreign_key="officer.id")
    channel: str
    chat: str
    kind: str
    text: str = ""
    outcome: str = ""
    promised_on: date | None = None
    state: str = "draft"
    failure: str = ""
    release_at: datetime | None = optional_moment()
    created_at: datetime = moment()
    touched_at: datetime = moment()
    ended_at: datetime | None = optional_moment()
