"""Plans under review: what was found in one, what people changed, and who may open its page."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from storage.tables.base import Owned, json_column, moment, optional_moment


class PlanDraftRow(Owned, table=True):
    """A plan before anything of it is scheduled. `state`: waiting (its file is still to come or to be read),
    open, then confirmed, dropped or unreadable.

    `text` is the document as it was read, to which `problems` ({code, text, start, end, where}) and the
    places of the duties point. `channel` and `chat`: where it is reviewed in chat. `tries` to read it end at
    a few: a file that brings the service down is not read for ever.
    """

    __tablename__ = "plan_draft"
    __table_args__ = (Index("ix_plan_draft_state", "organisation_id", "state"),)
    officer_id: int = Field(foreign_key="officer.id")
    state: str
    attachment_id: int | None = Field(default=None, foreign_key="attachment.id", index=True)
    channel: str = ""
    chat: str = ""
    file_name: str
    sha256: str = ""
    number: str = ""
    title: str = ""
    issuer: str = ""
    issued_on: date | None = None
    year: int | None = None
    text: str = ""
    problems: list[dict[str, Any]] = json_column()
    plan_id: int | None = Field(default=None, foreign_key="plan.id")
    tries: int = 0
    created_at: datetime = moment()
    ended_at: datetime | None = optional_moment()


class PlanItemRow(Owned, table=True):
    """A duty as it would be stored now. `number` is what people call it by and never changes.

    `span_*` is its place in the squeezed text, `raw_*` in the draft's text. `doubts`: labels that nobody has
    answered yet. `source_place`: the fields of `plans.Where` that apply.
    """

    __tablename__ = "plan_draft_item"
    __table_args__ = (UniqueConstraint("draft_id", "number"),)
    draft_id: int = Field(foreign_key="plan_draft.id")
    number: int
    section: str = ""
    title: str
    source_text: str = ""
    span_start: int | None = None
    span_end: int | None = None
    raw_start: int | None = None
    raw_end: int | None = None
    kind: str
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    lead_words: str = ""
    cooperate_words: str = ""
    direct_words: str = ""
    report_to: str = ""
    via: str = ""
    due: date | None = None
    before: bool = False
    due_time: str = ""
    due_phrase: str = ""
    period_start: date | None = None
    confidence: float = 1.0
    doubts: list[str] = json_column()
    source_place: dict[str, Any] = json_column()
    is_dropped: bool = False
    is_added: bool = False


class PlanChangeRow(Owned, table=True):
    """One change of one field by one person. `before` and `after` hold the columns it touched.

    `wish` is the same for all that one wish changed: it is taken back as one.
    """

    __tablename__ = "plan_draft_change"
    draft_id: int = Field(foreign_key="plan_draft.id", index=True)
    item_id: int = Field(foreign_key="plan_draft_item.id")
    officer_id: int = Field(foreign_key="officer.id")
    wish: str
    field: str
    before: dict[str, Any] = json_column()
    after: dict[str, Any] = json_column()
    at: datetime = moment()
    undone_at: datetime | None = optional_moment()


class PlanAccessRow(Owned, table=True):
    """One officer's way to the page of one draft: a link that opens once, then the browser that opened it.

    Both secrets are stored as HMAC.
    """

    __tablename__ = "plan_access"
    draft_id: int = Field(foreign_key="plan_draft.id", index=True)
    officer_id: int = Field(foreign_key="officer.id")
    link_hmac: str = Field(unique=True)
    link_until: datetime = moment()
    opened_at: datetime | None = optional_moment()
    session_hmac: str | None = Field(default=None, unique=True)
    session_until: datetime | None = optional_moment()
    seen_at: datetime | None = optional_moment()
