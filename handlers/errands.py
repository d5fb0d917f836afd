"""Carries out what an officer's dialogue asked for, in the transaction of the message."""

from collections.abc import Callable
from typing import Any

from sqlmodel import col, select

from core.conversation.officer_drafts import wants_content
from core.conversation.officer_effects import (
    AskExtension,
    AskToLeave,
    ClassifyTicket,
    CompleteDuty,
    ConfirmPlan,
    DropPlan,
    DropReply,
    ForwardTicket,
    GiveBack,
    HoldReply,
    KeepFile,
    NoteReply,
    OfficerEffect,
    ProposeResult,
    RejectDuty,
    RevealContact,
    ReviewPlan,
    SaveReply,
    ShowPreview,
    Tell,
    UndoReply,
)
from core.conversation.officer_states import AsCitizen, Idle
from core.errors import RuleError
from core.say import Text, say
from handlers import (
    access,
    casework,
    classification,
    contacts,
    drafts,
    extensions,
    media,
    notices,
    obligations,
    people,
    plan_chat,
)
from handlers.shown import LINE
from handlers.staff import Talk, question_id
from storage.tables import AttachmentRow, TicketRow

EVIDENCE = "evidence"
"""The side of a file that shows a duty to be done."""


def carry_out(talk: Talk, effect: OfficerEffect) -> None:
    """Do one thing. Raises RuleError when a rule forbids it."""
    _ERRANDS[type(effect)](talk, effect)


def _tell(talk: Talk, effect: Tell) -> None:
    if effect.is_question:
        talk.ask(_where_to_answer(talk, effect.text))
    else:
        talk.tell(effect.text, press=_line(talk), coalesce=effect.coalesce)


def _where_to_answer(talk: Talk, question: Text) -> Text:
    """In a room people talk among themselves as well: only a reply is content."""
    if talk.is_private or not wants_content(talk.state.step):
        return question
    choices = talk.turn.service.catalogue.choices(question)
    return say("room_asks", choices=choices, question=question)


def _line(talk: Talk) -> str:
    """By it a reply to this message finds the question that still stands."""
    is_asking = not isinstance(talk.state.step, Idle | AsCitizen)
    return f"{LINE}{question_id(talk.conversation, talk.state)}" if is_asking else ""


def _show_preview(talk: Talk, effect: ShowPreview) -> None:
    talk.ask(drafts.preview(talk.turn, effect.reply))


def _save(talk: Talk, effect: SaveReply) -> None:
    drafts.save(talk.turn, effect.reply)


def _keep_file(talk: Talk, effect: KeepFile) -> None:
    turn = talk.turn
    if effect.reply is not None:
        drafts.row_of(turn, effect.reply, "draft")
        media.keep(turn.tx, effect.media, turn.chat, turn.now, reply_id=effect.reply.id, side="desk")
        return
    media.keep(turn.tx, effect.media, turn.chat, turn.now, obligation_id=effect.obligation_id, side=EVIDENCE)


def _hold(talk: Talk, effect: HoldReply) -> None:
    drafts.hold(talk.turn, effect.reply)


def _undo(talk: Talk, effect: UndoReply) -> None:
    drafts.undo(talk.turn, effect.reply)


def _note(talk: Talk, effect: NoteReply) -> None:
    turn = talk.turn
    row = drafts.save(turn, effect.reply)
    drafts.keep_as_note(turn.tx, row, _ticket(talk, effect.reply.ticket_id), turn.officer, turn.now)
    talk.tell(say("officer_noted", number=effect.reply.number))


def _drop(talk: Talk, effect: DropReply) -> None:
    drafts.drop(talk.turn, effect.reply)


def _propose(talk: Talk, effect: ProposeResult) -> None:
    turn, reply = talk.turn, effect.reply
    assert reply.outcome is not None
    ticket = _ticket(talk, reply.ticket_id)
    row = drafts.save(turn, reply)
    casework.propose(turn.service, turn.tx, ticket, turn.officer, reply.outcome, reply.text, turn.now)
    row.state = "released"
    notices.result_reported(turn.tx, ticket, turn.officer, row, turn.now)
    talk.tell(say("officer_result_sent", number=reply.number))


def _forward(talk: Talk, effect: ForwardTicket) -> None:
    turn = talk.turn
    ticket = _ticket(talk, effect.ticket_id)
    casework.forward(turn.service, turn.tx, ticket, turn.officer, effect.unit_id, turn.now)
    unit = people.unit_by_id(turn.tx, effect.unit_id)
    talk.tell(say("officer_forwarded", number=ticket.number, unit=unit.name if unit else ""))


def _classify(talk: Talk, effect: ClassifyTicket) -> None:
    turn = talk.turn
    ticket = _ticket(talk, effect.ticket_id)
    classification.change(
        turn.service,
        turn.tx,
        ticket,
        turn.officer,
        turn.now,
        kind=effect.kind,
        field=effect.field,
        level=effect.pace,
    )
    changed = Text("officer_classified", classification.words(turn.service, ticket))
    talk.tell(changed, press=f"t:{ticket.id}:{ticket.version}")


def _reveal(talk: Talk, effect: RevealContact) -> None:
    turn = talk.turn
    if not talk.is_private:
        raise RuleError("private_needed")
    ticket = _ticket(talk, effect.ticket_id)
    found = casework.reveal_contact(turn.tx, ticket, turn.officer, effect.purpose, turn.now)
    if found is None:
        talk.tell(say("officer_no_contact", number=ticket.number))
        return
    contacts.show(turn, talk.chat, ticket, found)


def _give_back(talk: Talk, effect: GiveBack) -> None:
    turn = talk.turn
    ticket = _ticket(talk, effect.ticket_id)
    casework.give_back(turn.service, turn.tx, ticket, turn.officer, effect.reason, turn.now)
    talk.tell(say("officer_given_back", number=ticket.number))


def _ticket(talk: Talk, ticket_id: int) -> TicketRow:
    return access.ticket_for(talk.turn.tx, talk.turn.officer, ticket_id)


# --- duties ------------------------------------------------------------------------------------------------


def _complete(talk: Talk, effect: CompleteDuty) -> None:
    turn = talk.turn
    files = turn.tx.session.exec(
        select(AttachmentRow.id).where(
            AttachmentRow.obligation_id == effect.obligation_id,
            AttachmentRow.side == EVIDENCE,
            col(AttachmentRow.state).in_(("waiting", "stored")),
        )
    ).all()
    text = obligations.complete(
        turn.service,
        turn.tx,
        turn.officer,
        effect.obligation_id,
        effect.evidence,
        turn.now,
        file_ids=tuple(files),
    )
    talk.tell(text, press=f"o:{effect.obligation_id}:0")


def _extend(talk: Talk, effect: AskExtension) -> None:
    turn = talk.turn
    text = extensions.ask_extension(
        turn.service,
        turn.tx,
        turn.officer,
        effect.obligation_id,
        effect.new_due,
        effect.reason,
        turn.now,
    )
    talk.tell(text, press=f"o:{effect.obligation_id}:0")


def _reject(talk: Talk, effect: RejectDuty) -> None:
    turn = talk.turn
    text = obligations.reject(
        turn.service, turn.tx, turn.officer, effect.obligation_id, effect.reason, turn.now
    )
    talk.tell(text, press=f"o:{effect.obligation_id}:0")


_ERRANDS: dict[type[Any], Callable[[Talk, Any], None]] = {
    Tell: _tell,
    ShowPreview: _show_preview,
    SaveReply: _save,
    KeepFile: _keep_file,
    HoldReply: _hold,
    UndoReply: _undo,
    NoteReply: _note,
    DropReply: _drop,
    ProposeResult: _propose,
    ForwardTicket: _forward,
    ClassifyTicket: _classify,
    RevealContact: _reveal,
    GiveBack: _give_back,
    CompleteDuty: _complete,
    AskExtension: _extend,
    RejectDuty: _reject,
    ReviewPlan: plan_chat.carry_out,
    AskToLeave: plan_chat.ask_to_leave,
    ConfirmPlan: plan_chat.confirm,
    DropPlan: plan_chat.drop,
}
