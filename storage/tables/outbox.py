"""Everything the service wants of a network, kept until it is settled."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text

from storage.tables.base import Owned, json_column, moment, optional_moment


class OutboxRow(Owned, table=True):
    """One wish to a network. States: queued → sending → sent | queued | unknown | dead, expired, cancelled.

    `message` is the catalogue key with its values (core.say), printed when the row is claimed; `press` is
    the front of its buttons' payloads. `coalesce` names what a later row of the same name replaces while it
    waits. `subject` (such as "ticket:12") and `purpose` let the row be found, cancelled and accounted for.
    `on_unknown`: repeat (once, marked) or ask (a person decides). `instead_of`: the row that the same message
    was first, when it goes to a second chat of its officer.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        Index(
            "ix_outbox_waiting",
            "priority",
            "not_before",
            "id",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index(
            "ix_outbox_chat",
            "channel",
            "chat",
            sqlite_where=text("state IN ('queued', 'sending')"),
            postgresql_where=text("state IN ('queued', 'sending')"),
        ),
        Index("ix_outbox_subject", "subject", "purpose"),
        Index(
            "ix_outbox_instead_of",
            "instead_of",
            sqlite_where=text("instead_of IS NOT NULL"),
            postgresql_where=text("instead_of IS NOT NULL"),
        ),
    )
    dedupe_key: str
    coalesce: str = ""
    subject: str = ""
    purpose: str = ""
    channel: str
    chat: str
    is_group: bool = False
    kind: str
    priority: int
    message: dict[str, Any] = json_column()
    press: str = ""
    files: list[int] = json_column()
    message_id: str = ""
    reference: str = ""
    state: str = "queued"
    attempts: int = 0
    not_before: datetime = moment()
    expires_at: datetime | None = optional_moment()
    leased_until: datetime | None = optional_moment()
    created_at: datetime = moment()
    sent_at: datetime | None = optional_moment()
    provider_id: str = ""
    error: str = ""
    on_unknown: str = "ask"
    instead_of: int | None = None
