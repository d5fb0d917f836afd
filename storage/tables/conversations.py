"""Citizens' chat accounts, where each dialogue stands, and what came in."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from storage.tables.base import Owned, json_column, moment, optional_moment


class AccountRow(Owned, table=True):
    """A citizen's chat account: consent and reachability, no name.

    `last_at`: their last message, where a network counts from it; `is_owed`: something waits for their next
    one. `staffed_until`: so long the chat is left to a person who wrote in it by hand.
    """

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("channel", "sender"), Index("ix_account_chat", "channel", "chat"))
    channel: str
    sender: str
    chat: str
    created_at: datetime = moment()
    consent_version: str = ""
    consent_answer: str = ""
    consent_at: datetime | None = optional_moment()
    blocked_at: datetime | None = optional_moment()
    last_at: datetime | None = optional_moment()
    is_owed: bool = False
    staffed_until: datetime | None = optional_moment()


class ConversationRow(Owned, table=True):
    """Where a person is in a dialogue. `offered` are the choices last shown, so that «2» has a meaning."""

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("channel", "chat", "sender"),
        Index(
            "ix_conversation_wake",
            "wake_at",
            sqlite_where=text("wake_at IS NOT NULL"),
            postgresql_where=text("wake_at IS NOT NULL"),
        ),
    )
    channel: str
    chat: str
    sender: str
    state: dict[str, Any] = json_column()
    offered: list[list[str]] = json_column()
    version: int = 0
    updated_at: datetime = moment()
    wake_at: datetime | None = optional_moment()


class InboxRow(Owned, table=True):
    """One event a network gave us. The pair (channel, external_id) makes a repeat harmless.

    `state` done | parked. The body is kept only for a parked row, to be replayed.
    """

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)
    channel: str
    external_id: str
    body_hash: str
    state: str
    received_at: datetime = moment()
    error_id: str = ""
    body: str = ""


class PageLinkRow(Owned, table=True):
    """A one-time link from a dialogue to a page of ours; of its token only the hash. It ends with its row.

    `page` and `subject` as in `handlers.page_links`. `browser_hash`: who began to use it; `files`: how many
    came through it.
    """

    __tablename__ = "page_link"
    token_hash: str = Field(unique=True)
    conversation_id: int = Field(foreign_key="conversation.id", index=True)
    page: str
    subject: str
    browser_hash: str = ""
    files: int = 0
    expires_at: datetime = moment()


class HeldRow(Owned, table=True):
    """What a citizen said in a chat that a person holds; gone once the dialogue has heard it."""

    __tablename__ = "held"
    __table_args__ = (Index("ix_held_chat", "channel", "chat"),)
    channel: str
    chat: str
    sender: str
    inbox_id: int
    event: dict[str, Any] = json_column()
    created_at: datetime = moment()


class SealedRow(Owned, table=True):
    """Text of a denunciation, encrypted for the keeper. Nothing else of it is stored anywhere."""

    __tablename__ = "sealed"
    ciphertext: str
    created_at: datetime = moment()
    opened_at: datetime | None = optional_moment()
    opened_by: int | None = Field(default=None, foreign_key="officer.id")
