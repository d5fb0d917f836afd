"""The present question of every step, as a message with its choices."""

from typing import assert_never

from core.conversation.context import Context, TicketFact
from core.conversation.details import PAGE
from core.conversation.draft import Draft
from core.conversation.flow import LINES, questions_left
from core.conversation.matters import split_matters
from core.conversation.private_numbers import find_numbers
from core.conversation.review import is_skippable
from core.conversation.states import State
from core.conversation.steps import (
    AddingFiles,
    AddingToTicket,
    AnsweredQuestion,
    AnsweringQuestion,
    AskingBehalf,
    AskingDanger,
    AskingExtra,
    AskingFixed,
    AskingKind,
    AskingLetter,
    AskingReviewReason,
    Cancelling,
    CheckingComplaint,
    CheckingDenunciation,
    CheckingEmergency,
    CheckingNumbers,
    CheckingPin,
    CheckingPlace,
    ChoosingField,
    ConfirmingAnonymity,
    ConfirmingField,
    Consenting,
    Errand,
    GivingAddress,
    GuidingComplaint,
    Identifying,
    Idle,
    ListingAnswers,
    Naming,
    Offering,
    OpenedTicket,
    Phoning,
    PickingTicket,
    Placing,
    Question,
    Rating,
    Resuming,
    Reviewing,
    SplittingMatters,
    StartingAnother,
    Stuck,
    Telling,
    TicketStep,
    WhichTicket,
    Withdrawing,
    WritingToDesk,
)
from core.conversation.summary import SUMMARY, field_label, summary, told
from core.conversation.tickets import find, suitable
from core.say import Choice, Text, Value, say
from core.text import clip
from core.tickets import LIVE, OPEN, Status

_TITLE = 60


def prompt(state: State, context: Context) -> Text:
    """The question of the present step."""
    present = state.step
    if isinstance(present, Idle):
        return _menu(context)
    if isinstance(present, Stuck):
        return _stuck(present.question)
    if isinstance(present, WritingToDesk):
        if context.is_office_open:
            return say("ask_desk_message")
        return say("ask_desk_message_closed", hours=context.office.hours)
    if isinstance(present, Question):
        return _about_draft(present, context)
    return _about_ticket(present, context)


def _menu(context: Context) -> Text:
    """The greeting; with open tickets it begins with how many, and the newest."""
    office = context.office
    live = [ticket for ticket in context.tickets if ticket.status in LIVE]
    if not live:
        return say("menu", office=office.name, hours=office.hours)
    return say(
        "menu_with_tickets",
        office=office.name,
        hours=office.hours,
        count=len(live),
        number=live[0].number,
        title=clip(live[0].title, _TITLE),
        stage=live[0].stage,
    )


def _stuck(question: Question) -> Text:
    codes = ("retry", "skip", "person") if is_skippable(question) else ("retry", "person")
    return say("stuck", choices=tuple(Choice(code) for code in codes))


def _about_draft(step: Question, context: Context) -> Text:
    match step:
        case CheckingNumbers() | SplittingMatters() | CheckingPlace() | AskingExtra() | ConfirmingField():
            return _about_answer(step, context)
        case Consenting():
            office = context.office
            return say("ask_consent", office=office.name, months=office.retention_months)
        case Telling():
            return _telling(step)
        case AddingFiles():
            return say("ask_files", limit=context.max_files, megabytes=context.max_file_bytes // 1_000_000)
        case ChoosingField():
            return _field_page(step, context)
        case Reviewing(draft):
            by = context.receive_by(urgent=draft.is_urgent)
            where: dict[str, Value] = {"desk": context.office.name, "receive_by": by}
            return Text("review", {**summary(draft, context), **where})
        case ListingAnswers(draft):
            return Text("answers_so_far", summary(draft, context), _answered_lines(draft))
        case Resuming(draft):
            return _resume(draft, questions_left(draft, context))
        case Offering(draft):
            return say("offer", summary=told(draft, SUMMARY))
        case _:
            return say(_plain(step))


def _about_answer(
    step: CheckingNumbers | SplittingMatters | CheckingPlace | AskingExtra | ConfirmingField, context: Context
) -> Text:
    """Questions that come from what was answered before."""
    match step:
        case CheckingNumbers(draft):
            return say("check_numbers", number=_number_within(draft))
        case SplittingMatters(draft):
            return say("split_matters", count=len(split_matters(draft.story_text)))
        case CheckingPlace():
            return _place_check(step)
        case AskingExtra(draft, number):
            return _extra(draft, number, context)
        case ConfirmingField(_, guess):
            return say("confirm_field", field=field_label(guess, context))


_PLAIN: dict[type[Question], str] = {
    CheckingEmergency: "check_emergency",
    CheckingDenunciation: "check_denunciation",
    CheckingComplaint: "check_complaint",
    GuidingComplaint: "guide_complaint",
    Placing: "ask_place",
    CheckingPin: "check_pin",
    AskingKind: "ask_kind",
    AskingDanger: "ask_danger",
    Identifying: "ask_identity",
    AskingBehalf: "ask_behalf",
    Naming: "ask_name",
    Phoning: "ask_phone",
    AskingLetter: "ask_letter",
    GivingAddress: "ask_address",
    ConfirmingAnonymity: "confirm_anonymity",
    Cancelling: "ask_cancel",
    StartingAnother: "start_another",
}
"""Questions whose words do not depend on anything."""


def _plain(step: Question) -> str:
    is_near = isinstance(step, Placing) and step.draft.place and "checking_pin" in step.draft.answered
    return "ask_place_near" if is_near else _PLAIN[type(step)]


def _number_within(draft: Draft) -> str:
    """The end of the first number, by which the citizen knows which one is meant."""
    found = [number for text in (*draft.story, *draft.notes) for number in find_numbers(text)]
    return found[0][-3:] if found else ""


def _place_check(step: CheckingPlace) -> Text:
    if step.contact:
        return say("check_place_outside", place=step.place)
    return say("check_place", said=step.said, place=step.place)


def _extra(draft: Draft, number: int, context: Context) -> Text:
    """The organisation's own question; one that left the organisation file meanwhile can only be skipped."""
    asked = context.questions_about(draft.field)[number - 1 : number]
    return say("ask_extra", question=asked[0]) if asked else say("ask_extra_gone")


def _resume(draft: Draft, left: int) -> Text:
    summary = told(draft, _TITLE)
    return say("resume", summary=summary, left=left) if left else say("resume_unsent", summary=summary)


def _telling(step: Telling) -> Text:
    draft = step.draft
    if "telling" in draft.answered and step.is_asked:
        return say("edit_story", summary=told(draft, SUMMARY))
    if step.is_asked:
        return say("ask_story_done", summary=told(draft, SUMMARY))
    return say("go_on_telling") if draft.story else say("ask_story")


def _field_page(step: ChoosingField, context: Context) -> Text:
    shown = [option for option in context.fields if option.code in step.found]
    if not shown:
        shown = list(context.fields[step.page * PAGE : (step.page + 1) * PAGE])
    choices = [Choice(f"field:{option.code}", option.label) for option in shown]
    if len(context.fields) > len(shown):
        choices.append(Choice("more"))
    return say("found_fields" if step.found else "choose_field", choices=(*choices, Choice("unsure")))


def _answered_lines(draft: Draft) -> tuple[Choice, ...]:
    edits = [Choice(f"edit_{line}") for line, questions in LINES.items() if questions[0] in draft.answered]
    return (*edits, Choice("continue"))


def _about_ticket(step: TicketStep, context: Context) -> Text:
    match step:
        case PickingTicket(errand):
            fitting = suitable(errand, context)
            lines = tuple(_line(ticket) for ticket in fitting)
            return say(f"pick_to_{errand}", choices=_numbers(fitting), lines=lines)
        case WhichTicket():
            fitting = suitable(Errand.ADD, context)
            lines = tuple(_line(ticket) for ticket in fitting)
            return say(
                "which_ticket", choices=(*_numbers(fitting), Choice("new"), Choice("person")), lines=lines
            )
        case AddingToTicket(ticket_id) | Withdrawing(ticket_id) | AskingFixed(ticket_id) | Rating(ticket_id):
            return say(_TICKET_KEYS[type(step)], number=_number(ticket_id, context))
        case AskingReviewReason(ticket_id, fixed):
            return say(f"ask_review_reason_{fixed}", number=_number(ticket_id, context))
        case AnsweringQuestion(ticket_id):
            return _question(ticket_id, context)
        case AnsweredQuestion(ticket_id):
            return say("answer_header", number=_number(ticket_id, context))
        case OpenedTicket(ticket_id):
            return _opened(ticket_id, context)
        case _:
            assert_never(step)


_TICKET_KEYS: dict[type[TicketStep], str] = {
    AddingToTicket: "ask_addition",
    Withdrawing: "ask_withdraw",
    AskingFixed: "ask_fixed",
    Rating: "ask_rating",
}


def _number(ticket_id: int, context: Context) -> str:
    ticket = find(context, ticket_id)
    return ticket.number if ticket else ""


def _numbers(tickets: tuple[TicketFact, ...]) -> tuple[Choice, ...]:
    return tuple(
        Choice(f"ticket:{ticket.id}", f"{ticket.number} – {clip(ticket.title, 40)}") for ticket in tickets
    )


def _line(ticket: TicketFact) -> Text:
    title = clip(ticket.title, _TITLE)
    if ticket.due_at is None or ticket.status not in OPEN:
        return say("ticket_line", number=ticket.number, title=title, stage=ticket.stage)
    return say("ticket_line_due", number=ticket.number, title=title, stage=ticket.stage, due=ticket.due_at)


def _question(ticket_id: int, context: Context) -> Text:
    ticket = find(context, ticket_id)
    return say(
        "ask_question_again", number=_number(ticket_id, context), question=ticket.question if ticket else ""
    )


def _opened(ticket_id: int, context: Context) -> Text:
    """What can be done with the opened ticket: only what works in its state."""
    ticket = find(context, ticket_id)
    status = ticket.status if ticket else None
    codes = [
        *(["answer"] if status is Status.AWAITING_CITIZEN else []),
        *(["fixed"] if status is Status.ANSWERED else []),
        *(["add"] if status in LIVE else []),
        *(["withdraw"] if status in OPEN else []),
        "list",
        "leave",
    ]
    return say(
        "opened_ticket", choices=tuple(Choice(code) for code in codes), number=_number(ticket_id, context)
    )
