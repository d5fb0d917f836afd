"""Column kinds and the rows that belong to no half of the work."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel, UTCDateTime


def moment(**options: Any) -> Any:
    """A column for a point in time, UTC."""
    return Field(sa_type=UTCDateTime, **options)


def optional_moment(**options: Any) -> Any:
    """A column for a point in time that may not have come yet."""
    return Field(default=None, sa_type=UTCDateTime, nullable=True, **options)


def json_column() -> Any:
    """A column for plain JSON values."""
    return Field(sa_type=JSON)


class OrganisationRow(SQLModel, table=True):
    __tablename__ = "organisation"
    id: int = Field(default=None, primary_key=True)
    name: str
    config: dict[str, Any] = json_column()
    loaded_at: datetime = moment()


class Owned(SQLModel):
    """Base of every row that belongs to an organisation. `id` is given by the database on flush."""

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")


class CalendarDayRow(Owned, table=True):
    """A day whose kind differs from the week's rule: a holiday (off) or a worked Saturday (work)."""

    __tablename__ = "calendar_day"
    __table_args__ = (UniqueConstraint("organisation_id", "day"),)
    day: date
    kind: str
    source: str


class AuditRow(Owned, table=True):
    """Who did what. For tickets and obligations `before` and `after` replay to the present state."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject", "subject"),)
    at: datetime = moment()
    actor: str
    officer_id: int | None = Field(default=None, foreign_key="officer.id")
    act: str
    subject: str
    before: str = ""
    after: str = ""
    note: str = ""


class ServiceStateRow(SQLModel, table=True):
    """Small facts of the running service, such as the day the digest last went out."""

    __tablename__ = "service_state"
    key: str = Field(primary_key=True)
    value: Any = Field(sa_column=Column("value", JSON))
