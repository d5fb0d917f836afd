"""S9 and coming back: review and send, edit, cancel, resume, start another, get unstuck."""

import re
from dataclasses import replace

from core.conversation.context import Context
from core.conversation.draft import Draft, Identity, mark, nameless
from core.conversation.effects import Effect, Say, SubmitDraft
from core.conversation.events import ChoiceMade, ConversationEvent, MediaGiven, TextGiven
from core.conversation.flow import EXTRAS, LINES, begin_further, edit_line, next_question, question_name
from core.conversation.home import ask_person
from core.conversation.steps import (
    Cancelling,
    Idle,
    ListingAnswers,
    Question,
    Resuming,
    Reviewing,
    StartingAnother,
    Stuck,
    Telling,
)
from core.conversation.summary import SUMMARY
from core.conversation.turn import ASK, Turn, blank, keep_file, new_draft, onward, tell_on, told, unheard
from core.say import say
from core.text import clip, fold

_EDITS = {f"edit_{line}": line for line in LINES}

_CHANGE = r"(?:(?:toi )?(?:muon |can |cho (?:toi )?|xin )?(?:sua|doi|thay|chinh|ghi)(?: lai)? )"
_MEANT = (
    ("sender", re.compile(rf"an danh|giau ten|{_CHANGE}(?:ho )?(?:ten|so dien thoai|sdt|nguoi gui)\b")),
    ("place", re.compile(rf"{_CHANGE}(?:noi|cho|dia diem|dia chi|vi tri)\b")),
    ("field", re.compile(rf"{_CHANGE}(?:linh vuc|muc nguy hiem)\b")),
    (
        "files",
        re.compile(r"(?:toi )?(?:muon |can |cho (?:toi )?)?(?:them|gui them) (?:anh|hinh|tep|video|file)\b"),
    ),
    ("story", re.compile(rf"{_CHANGE}(?:loi ke|noi dung|cau chuyen)\b")),
)

_SKIPPABLE = frozenset(
    {
        "checking_numbers",
        "splitting_matters",
        "adding_files",
        "placing",
        "checking_pin",
        "checking_place",
        "choosing_field",
        *EXTRAS,
        "asking_kind",
        "asking_danger",
        "asking_behalf",
        "phoning",
        "asking_letter",
        "giving_address",
    }
)


def reviewing(step: Reviewing, event: ConversationEvent, context: Context) -> Turn:
    """Send, change a line, or throw away."""
    match event:
        case ChoiceMade("send"):
            return _sent(step.draft, context)
        case ChoiceMade("cancel"):
            return Turn(Cancelling(step.draft))
        case ChoiceMade(code) if code in _EDITS:
            return Turn(edit_line(step.draft, _EDITS[code], context))
        case TextGiven(text) if line := _line_meant(text):
            return Turn(edit_line(step.draft, line, context))
        case _:
            return unheard(step, event, context)


def _line_meant(text: str) -> str:
    """The line that words like «đổi địa điểm thành thôn 5» or «ẩn danh đi» want to change, or empty."""
    folded = fold(text)
    return next((line for line, words in _MEANT if words.match(folded)), "")


def _sent(draft: Draft, context: Context) -> Turn:
    """The ticket opens; an anonymous sender leaves neither name nor number."""
    if draft.identity is Identity.ANONYMOUS:
        draft = nameless(draft)
    later: tuple[Effect, ...] = ()
    if not context.is_office_open:
        later = (Say(say("sent_out_of_hours", hours=context.office.hours)),)
    further = begin_further(draft, context)
    if further is None:
        return Turn(Idle(sent_draft=draft.id), (SubmitDraft(draft), *later), is_asked=False)
    return Turn(further, (SubmitDraft(draft), *later, _next_matter(further)))


def _next_matter(question: Question) -> Say:
    return Say(say("next_matter", summary=clip(question.draft.story_text, SUMMARY)))


def listing_answers(step: ListingAnswers, event: ConversationEvent, context: Context) -> Turn:
    """Which of the answers given so far to change."""
    match event:
        case ChoiceMade("continue"):
            return Turn(next_question(step.draft, context))
        case ChoiceMade(code) if code in _EDITS and LINES[_EDITS[code]][0] in step.draft.answered:
            return Turn(edit_line(step.draft, _EDITS[code], context))
        case _:
            return unheard(step, event, context)


def list_answers(draft: Draft, context: Context) -> Question:
    """The review when nothing is open, else the list of what was answered."""
    question = next_question(draft, context)
    return question if isinstance(question, Reviewing) else ListingAnswers(draft)


def cancelling(step: Cancelling, event: ConversationEvent, context: Context) -> Turn:
    """Throw away, set aside, or go on."""
    draft = step.draft
    match event:
        case ChoiceMade("drop"):
            return _dropped(draft, context)
        case ChoiceMade("leave"):
            return Turn(Idle(), (Say(say("draft_left")),), is_asked=False, parks=draft)
        case ChoiceMade("no"):
            return Turn(next_question(draft, context))
        case _:
            return unheard(step, event, context)


def _dropped(draft: Draft, context: Context) -> Turn:
    """Only this matter is thrown away: what was told with it comes up next."""
    dropped = (blank(draft, context), Say(say("draft_dropped")))
    further = begin_further(draft, context)
    if further is None:
        return Turn(None, dropped, is_asked=False)
    return Turn(further, (*dropped, _next_matter(further)))


def resuming(step: Resuming, event: ConversationEvent, context: Context) -> Turn:
    """Go on, look at the answers, or begin something new. What was said meanwhile goes along."""
    draft = step.draft
    match event:
        case ChoiceMade("continue"):
            return Turn(next_question(_with_said(step, context), context))
        case ChoiceMade("review"):
            return Turn(list_answers(_with_said(step, context), context))
        case ChoiceMade("new"):
            begun = new_draft(context, step.said)
            return Turn(next_question(begun, context), (blank(draft, context),))
        case TextGiven(text):
            said = f"{step.said}\n{text}" if step.said else text
            return Turn(replace(step, said=said), coalesce=ASK)
        case MediaGiven():
            return keep_file(step, event, context, asks=True)
        case _:
            return unheard(step, event, context)


def _with_said(step: Resuming, context: Context) -> Draft:
    """What was said on coming back continues an open story, and is a note to a finished one."""
    draft = step.draft
    if not step.said:
        return draft
    if isinstance(next_question(draft, context), Telling):
        return tell_on(draft, step.said)[0]
    return replace(draft, notes=(*draft.notes, step.said))


def starting_another(step: StartingAnother, event: ConversationEvent, context: Context) -> Turn:
    """Finish this one first, or set it aside for a new matter."""
    match event:
        case ChoiceMade("finish"):
            return Turn(next_question(step.draft, context))
        case ChoiceMade("park"):
            return Turn(next_question(new_draft(context), context), parks=step.draft)
        case _:
            return unheard(step, event, context)


def is_skippable(step: Question) -> bool:
    """Whether the question may stay without an answer."""
    return question_name(step) in _SKIPPABLE


def skip(step: Question, context: Context) -> Turn:
    """«bỏ qua»: the question is left without an answer, where that is allowed."""
    name = question_name(step)
    if name not in _SKIPPABLE:
        return told(step, say("cannot_skip"))
    draft = mark(step.draft, "needs_place") if name == "placing" and step.draft.place is None else step.draft
    return onward(draft, step, context)


def unstuck(step: Stuck, code: str, context: Context) -> Turn:
    """Try again, skip, or a person."""
    match code:
        case "retry":
            return Turn(step.question)
        case "skip" if is_skippable(step.question):
            return skip(step.question, context)
        case "person":
            return ask_person(context, step.question.draft)
        case _:
            return Turn(step)
