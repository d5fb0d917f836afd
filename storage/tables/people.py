"""Units, officers, the chat accounts bound to them, and the rooms of the desk."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.tables.base import Owned, json_column, moment, optional_moment


class UnitRow(Owned, table=True):
    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)
    name: str
    aliases: list[str] = json_column()
    head: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


class OfficerRow(Owned, table=True):
    """A person who works here. Rights come from `role` and `unit_id`, never from a chat group."""

    __tablename__ = "officer"
    name: str
    unit_id: int = Field(foreign_key="unit.id")
    role: str
    is_active: bool = True
    created_at: datetime = moment()


class OfficerChannelRow(Owned, table=True):
    """A chat account joined to an officer by a one-time code. `dead_at`: it refused our messages."""

    __tablename__ = "officer_channel"
    __table_args__ = (UniqueConstraint("channel", "sender"),)
    officer_id: int = Field(foreign_key="officer.id", index=True)
    channel: str
    sender: str
    chat: str
    linked_at: datetime = moment()
    dead_at: datetime | None = optional_moment()


class InviteRow(Owned, table=True):
    """A one-time code, stored as HMAC. `officer_id` null: it joins a desk room."""

    __tablename__ = "invite"
    code_hmac: str = Field(unique=True)
    officer_id: int | None = Field(default=None, foreign_key="officer.id")
    expires_at: datetime = moment()
    used_at: datetime | None = optional_moment()


class RoomRow(Owned, table=True):
    """A group chat that serves as the desk."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("channel", "chat"),)
    channel: str
    chat: str
    linked_at: datetime = moment()
    left_at: datetime | None = optional_moment()
