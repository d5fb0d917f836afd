"""Every table, once. SQLModel classes are the definition; the hot path uses their columns in Core statements.

Times are aware and in UTC. `organisation_id` stands on every row: one schema serves many organisations.
Status values are the strings of the enums in `core`; the database does not repeat the rules.
"""

from sqlmodel import SQLModel

from storage.tables.base import AuditRow, CalendarDayRow, OrganisationRow, Owned, ServiceStateRow
from storage.tables.channels import ChannelTokenRow
from storage.tables.conversations import (
    AccountRow,
    ConversationRow,
    HeldRow,
    InboxRow,
    PageLinkRow,
    SealedRow,
)
from storage.tables.obligations import ExtensionRow, ObligationRow, PlanRow, ReminderRow
from storage.tables.outbox import OutboxRow
from storage.tables.people import InviteRow, OfficerChannelRow, OfficerRow, RoomRow, UnitRow
from storage.tables.reviews import PlanAccessRow, PlanChangeRow, PlanDraftRow, PlanItemRow
from storage.tables.tickets import (
    AttachmentRow,
    CardRow,
    ReplyRow,
    TicketContactRow,
    TicketEntryRow,
    TicketRow,
)
from storage.tables.webchat import WebIdentityRow, WebMessageRow, WebRoomMemberRow, WebUploadRow

metadata = SQLModel.metadata

__all__ = [
    "AccountRow",
    "AttachmentRow",
    "AuditRow",
    "CalendarDayRow",
    "CardRow",
    "ChannelTokenRow",
    "ConversationRow",
    "ExtensionRow",
    "HeldRow",
    "InboxRow",
    "InviteRow",
    "ObligationRow",
    "OfficerChannelRow",
    "OfficerRow",
    "OrganisationRow",
    "OutboxRow",
    "Owned",
    "PageLinkRow",
    "PlanAccessRow",
    "PlanChangeRow",
    "PlanDraftRow",
    "PlanItemRow",
    "PlanRow",
    "ReminderRow",
    "ReplyRow",
    "RoomRow",
    "SealedRow",
    "ServiceStateRow",
    "TicketContactRow",
    "TicketEntryRow",
    "TicketRow",
    "UnitRow",
    "WebIdentityRow",
    "WebMessageRow",
    "WebRoomMemberRow",
    "WebUploadRow",
    "metadata",
]
