"""Plans, the duties found in them, their reminders and extensions."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from storage.tables.base import Owned, json_column, moment, optional_moment


class PlanRow(Owned, table=True):
    """A plan document that was imported. The same file, told by its hash, is never imported twice."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("organisation_id", "sha256"),)
    number: str = ""
    title: str
    issuer: str = ""
    issued_on: date | None = None
    file_name: str
    sha256: str
    imported_at: datetime = moment()


class ObligationRow(Owned, table=True):
    """A duty with a deadline. `due` is the date as written; `strict_due` the last day that keeps it.

    `doubts` are codes of the labels `plan_doubt.*`: why a person has to look before it is confirmed.
    `remark`: what a unit said when it gave the duty back.
    """

    __tablename__ = "obligation"
    __table_args__ = (
        Index(
            "ix_obligation_remind",
            "next_remind_at",
            sqlite_where=text("next_remind_at IS NOT NULL"),
            postgresql_where=text("next_remind_at IS NOT NULL"),
        ),
    )
    plan_id: int | None = Field(default=None, foreign_key="plan.id", index=True)
    section: str = ""
    title: str
    source_text: str = ""
    span_start: int | None = None
    span_end: int | None = None
    kind: str
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    lead_words: str = ""
    cooperate_words: str = ""
    direct_words: str = ""
    report_to: str = ""
    via: str = ""
    due: date | None = None
    before: bool = False
    due_time: str = ""
    period_start: date | None = None
    strict_due: date | None = None
    overdue_after: datetime | None = optional_moment()
    due_phrase: str = ""
    doubts: list[str] = json_column()
    status: str
    remark: str = ""
    acknowledged_at: datetime | None = optional_moment()
    done_at: datetime | None = optional_moment()
    evidence: str = ""
    extensions: int = 0
    next_remind_at: datetime | None = optional_moment()
    version: int = 0
    created_at: datetime = moment()


class ReminderRow(Owned, table=True):
    """One stage of one obligation for one person.

    `state`: queued, then digested (in the morning's message), sent (in one of its own), cancelled or
    undeliverable.
    """

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("obligation_id", "stage", "on_day", "officer_id"),)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    officer_id: int = Field(foreign_key="officer.id")
    stage: str
    on_day: date
    state: str
    outbox_id: int | None = Field(default=None, foreign_key="outbox.id")
    created_at: datetime = moment()


class ExtensionRow(Owned, table=True):
    """A wish for more time. `state`: asked, then granted, refused, or dropped (the duty itself has ended)."""

    __tablename__ = "extension"
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    officer_id: int = Field(foreign_key="officer.id")
    reason: str
    old_due: date
    new_due: date
    state: str = "asked"
    decided_by: int | None = Field(default=None, foreign_key="officer.id")
    created_at: datetime = moment()
    decided_at: datetime | None = optional_moment()
