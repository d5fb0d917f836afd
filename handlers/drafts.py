"""What an officer is writing, until it is confirmed: begun, saved, shown as it will be seen, held, undone."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from core.channel import Address, Channel, MediaKind
from core.conversation.officer_drafts import UNDO_SECONDS
from core.conversation.officer_states import Reply, ReplyKind
from core.errors import RuleError
from core.people import Officer
from core.say import Label, Text, say
from core.text import split_message
from core.tickets import MAX_QUESTIONS, NEEDS_DATE, Act, Outcome, Status
from handlers import access, casework, tickets
from handlers.service import Service
from handlers.staff import Turn
from storage.tables import AttachmentRow, ReplyRow, TicketRow
from storage.transaction import Transaction

_MESSAGE_UNITS = 4096
"""What one message of the narrowest network holds; only the count of messages in a preview rests on it."""


def check(tx: Transaction, officer: Officer, ticket: TicketRow, kind: ReplyKind) -> None:
    """Raise RuleError when such a message could not leave now."""
    status = Status(ticket.status)
    act = Act.ASK if kind is ReplyKind.QUESTION else Act.PROPOSE
    if kind is ReplyKind.ANSWER and status is Status.AWAITING_APPROVAL:
        act = Act.ANSWER
    if kind is ReplyKind.QUESTION and ticket.questions_asked >= MAX_QUESTIONS:
        raise RuleError("too_many_questions", most=MAX_QUESTIONS)
    casework.allowed(tx, ticket, officer, act)


def begin(
    turn: Turn, ticket: TicketRow, kind: ReplyKind, *, text: str = "", copied: ReplyRow | None = None
) -> Reply:
    """A new draft in this chat; `copied` fills it with what a unit reported."""
    check(turn.tx, turn.officer, ticket, kind)
    row = ReplyRow(
        organisation_id=turn.tx.organisation_id,
        ticket_id=ticket.id,
        officer_id=turn.officer.id,
        channel=turn.chat.channel,
        chat=turn.chat.chat,
        kind=kind,
        text=copied.text if copied else text,
        outcome=copied.outcome if copied else "",
        promised_on=copied.promised_on if copied else None,
        created_at=turn.now,
        touched_at=turn.now,
    )
    turn.tx.add(row)
    if copied:
        _copy_files(turn.tx, copied.id, row.id)
    return as_reply(row, ticket)


def as_reply(row: ReplyRow, ticket: TicketRow) -> Reply:
    """The stored draft as the dialogue sees it."""
    return Reply(
        id=row.id,
        ticket_id=ticket.id,
        number=ticket.number,
        kind=ReplyKind(row.kind),
        text=row.text,
        outcome=Outcome(row.outcome) if row.outcome else None,
        promised_on=row.promised_on,
    )


def row_of(turn: Turn, reply: Reply, state: str) -> ReplyRow:
    """The officer's own row in this state. Raises RuleError("reply_gone")."""
    row = turn.tx.session.get(ReplyRow, reply.id)
    if row is None or row.officer_id != turn.officer.id or row.state != state:
        raise RuleError("reply_gone", number=reply.number)
    return row


def save(turn: Turn, reply: Reply) -> ReplyRow:
    """Store what the draft holds now."""
    row = row_of(turn, reply, "draft")
    row.text = reply.text
    row.outcome = reply.outcome or ""
    row.promised_on = reply.promised_on
    row.touched_at = turn.now
    return row


def preview(turn: Turn, reply: Reply) -> Text:
    """The message as it will be seen, where it goes and how long it is, with what can be done now."""
    ticket = access.ticket_for(turn.tx, turn.officer, reply.ticket_id)
    files = _attached(turn.tx, reply.id)
    if reply.kind is ReplyKind.RESULT:
        assert reply.outcome is not None
        return say(
            "reply_preview_result",
            number=reply.number,
            outcome=Label(f"outcome.{reply.outcome}"),
            files=files,
            day=_day(reply),
            message=reply.text,
        )
    message = as_seen(turn.service, ticket, reply, turn.now)
    words = turn.service.catalogue.words(message)
    return say(
        "reply_preview",
        number=reply.number,
        channel=Label(f"channel.{ticket.channel}"),
        length=len(words),
        pieces=len(split_message(words, _MESSAGE_UNITS)),
        files=files,
        message=message,
    )


def _attached(tx: Transaction, reply_id: int) -> Text:
    """All that goes along; a document is counted as well as a photo."""
    photos = len(photo_ids(tx, reply_id))
    others = len(_files(tx, reply_id, ("waiting", "stored"), tuple(MediaKind))) - photos
    if others:
        return say("reply_photos_and_files", photos=photos, others=others)
    return say("reply_photos", photos=photos)


def _day(reply: Reply) -> tuple[Text, ...]:
    if reply.promised_on is None or reply.outcome not in NEEDS_DATE:
        return ()
    return (say("reply_preview_day", day=reply.promised_on),)


def as_seen(service: Service, ticket: TicketRow, reply: Reply, now: datetime) -> Text:
    """What the citizen gets."""
    if reply.kind is ReplyKind.QUESTION:
        return casework.question_text(service, ticket, reply.text, now)
    assert reply.outcome is not None
    return casework.answer_text(ticket, reply.outcome, reply.text, reply.promised_on)


def hold(turn: Turn, reply: Reply) -> None:
    """Confirmed: it leaves in some seconds unless it is undone. Whoever answers holds the ticket."""
    ticket = access.ticket_for(turn.tx, turn.officer, reply.ticket_id)
    check(turn.tx, turn.officer, ticket, reply.kind)
    row = save(turn, reply)
    row.state = "held"
    row.release_at = turn.now + timedelta(seconds=UNDO_SECONDS)
    if ticket.holder_id is None:
        casework.hold(turn.service, turn.tx, ticket, turn.officer, turn.now)


def undo(turn: Turn, reply: Reply) -> None:
    """A draft again. Raises RuleError("reply_gone") when it has left already."""
    row = row_of(turn, reply, "held")
    row.state = "draft"
    row.release_at = None
    row.touched_at = turn.now


def keep_as_note(tx: Transaction, row: ReplyRow, ticket: TicketRow, officer: Officer, now: datetime) -> None:
    """It stays inside, on the ticket's timeline."""
    tickets.note(tx, ticket, "note", row.text, now, is_public=False, officer=officer)
    row.state = "note"
    row.ended_at = now


def drop(turn: Turn, reply: Reply) -> None:
    """It will not be sent."""
    row = row_of(turn, reply, "draft")
    row.state = "dropped"
    row.ended_at = turn.now


def chat_of(row: ReplyRow) -> Address:
    """Where the draft is written."""
    return Address(Channel(row.channel), row.chat)


# --- its files ---------------------------------------------------------------------------------------------


def photo_ids(tx: Transaction, reply_id: int) -> tuple[int, ...]:
    """Photos of the draft that are here or on their way."""
    return _files(tx, reply_id, ("waiting", "stored"), (MediaKind.PHOTO,))


def stored_photos(tx: Transaction, reply_id: int) -> tuple[int, ...]:
    """Photos of the draft that are here: what counts as proof."""
    return _files(tx, reply_id, ("stored",), (MediaKind.PHOTO,))


def stored_files(tx: Transaction, reply_id: int) -> tuple[int, ...]:
    """Files of the draft that can be sent."""
    return _files(tx, reply_id, ("stored",), tuple(MediaKind))


def has_waiting_files(tx: Transaction, reply_id: int) -> bool:
    """Whether a file of the draft is still being fetched."""
    return bool(_files(tx, reply_id, ("waiting",), tuple(MediaKind)))


def _files(
    tx: Transaction, reply_id: int, states: tuple[str, ...], kinds: tuple[MediaKind, ...]
) -> tuple[int, ...]:
    tx.flush()
    found = tx.session.exec(
        select(AttachmentRow.id)
        .where(
            AttachmentRow.reply_id == reply_id,
            col(AttachmentRow.state).in_(states),
            col(AttachmentRow.kind).in_(kinds),
        )
        .order_by(col(AttachmentRow.id))
    )
    return tuple(found)


def _copy_files(tx: Transaction, source: int, target: int) -> None:
    """The same stored files beside another draft. Raises RuleError("files_on_their_way")."""
    if has_waiting_files(tx, source):
        raise RuleError("files_on_their_way")
    for file_id in stored_files(tx, source):
        file = tx.session.get(AttachmentRow, file_id)
        assert file is not None
        tx.add(AttachmentRow(**file.model_dump(exclude={"id", "reply_id"}), reply_id=target))
