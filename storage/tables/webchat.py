"""The web chat is a network of our own: its identities, rooms and messages."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from storage.tables.base import Owned, json_column, moment, optional_moment


class WebIdentityRow(Owned, table=True):
    """A web-chat identity: a bearer token (stored as a hash) and its private chat.

    `look`: the network in whose manner the demo shows it, with that network's limits, since `look_at`; empty
    for our own.
    """

    __tablename__ = "web_identity"
    token_hash: str = Field(unique=True)
    chat: str = Field(unique=True)
    label: str = ""
    look: str = ""
    look_at: datetime | None = optional_moment()
    created_at: datetime = moment()


class WebRoomMemberRow(Owned, table=True):
    __tablename__ = "web_room_member"
    __table_args__ = (UniqueConstraint("room", "identity_id"),)
    room: str
    identity_id: int = Field(foreign_key="web_identity.id")


class WebMessageRow(Owned, table=True):
    """A message in the web chat, as the page shows it. `seq` grows with every change of a chat."""

    __tablename__ = "web_message"
    __table_args__ = (
        UniqueConstraint("outbox_key"),
        Index("ix_web_message_chat", "chat", "seq"),
    )
    chat: str
    seq: int
    outbox_key: str
    sender: str = ""
    payload: dict[str, Any] = json_column()
    created_at: datetime = moment()


class WebUploadRow(Owned, table=True):
    """A file a page has handed over; fetched into the files like one of any other network.

    `identity_id` is None for one that came through a one-time link.
    """

    __tablename__ = "web_upload"
    ref: str = Field(unique=True)
    identity_id: int | None = Field(default=None, foreign_key="web_identity.id")
    name: str = ""
    path: str
    size_bytes: int
    created_at: datetime = moment()
