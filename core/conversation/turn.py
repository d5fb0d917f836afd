"""What answering one event comes to, before the machine makes a state of it."""

from dataclasses import dataclass, replace

from core.channel import MediaRef
from core.conversation.context import Context
from core.conversation.draft import Draft, Place, answer, mark, note, reopen
from core.conversation.effects import DropDraft, Effect, KeepMedia, RefuseConsent, Say
from core.conversation.events import (
    ChoiceMade,
    ConversationEvent,
    MediaGiven,
    PhoneShared,
    PlaceShared,
    TextGiven,
    Unreadable,
)
from core.conversation.flow import next_question, question_name, reopen_checks
from core.conversation.steps import (
    AskingLetter,
    CheckingDenunciation,
    CheckingEmergency,
    ConfirmingAnonymity,
    GivingAddress,
    Identifying,
    Naming,
    Phoning,
    Question,
    Step,
    TicketStep,
    WritingToDesk,
)
from core.phones import vietnamese_phone
from core.say import Text, say

MAX_STORY = 5_000
"""Characters of a story; what is longer goes to the notes."""

BURST_SECONDS = 2
"""How long an answer waits for more messages of the same burst or album."""


ASK = "ask"
"""The name of the dialogue's one delayed answer: a later question replaces it while it waits."""

MENU = "menu"

WHO_SENDS = Identifying | Naming | Phoning | AskingLetter | GivingAddress | ConfirmingAnonymity
"""Steps where words that are no answer are not kept: they may name somebody who wants to have no name."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The next step (None: the errand is over, back to a waiting draft or to rest) and the wished effects.

    `is_asked`: the new step's question is said after the effects. `is_missed`: the input was not an answer.
    `coalesce` joins the question with later ones of a burst. `parks` sets a draft aside.
    """

    step: Step | None
    effects: tuple[Effect, ...] = ()
    is_asked: bool = True
    is_missed: bool = False
    coalesce: str = ""
    parks: Draft | None = None


def told(step: Step, text: Text, *, is_asked: bool = True) -> Turn:
    """Say something, then ask the step's question (again)."""
    return Turn(step, (Say(text),), is_asked=is_asked)


def onward(draft: Draft, step: Question, context: Context, *effects: Effect) -> Turn:
    """The step's question is answered: go to the first one that is not."""
    return Turn(next_question(answer(draft, question_name(step)), context), effects)


def unheard(step: Question, event: ConversationEvent, context: Context) -> Turn:
    """An input that is no answer here. What is useful later is kept, words become a note."""
    draft = step.draft
    match event:
        case MediaGiven():
            return keep_file(step, event, context)
        case PlaceShared():
            return told(replace(step, draft=placed(draft, event)), say("place_kept"))
        case PhoneShared(phone) if has_consented(draft, context) and vietnamese_phone(phone):
            kept = answer(replace(draft, phone=vietnamese_phone(phone)), "phoning")
            return told(replace(step, draft=kept), say("phone_kept"))
        case PhoneShared() | Unreadable():
            return Turn(
                step, (Say(say("unreadable"), f"unreadable:{draft.id}", BURST_SECONDS),), is_missed=True
            )
        case TextGiven() if isinstance(step, WHO_SENDS):
            return Turn(step, is_missed=True)
        case TextGiven(text):
            return Turn(replace(step, draft=note(draft, text)), is_missed=True)
        case ChoiceMade():
            return Turn(step)
        case _:
            return Turn(step, is_missed=True)


def placed(draft: Draft, event: PlaceShared) -> Draft:
    """The draft with a pin, which is still to be confirmed."""
    place = Place(words=event.label, latitude=event.latitude, longitude=event.longitude)
    return answer(reopen(replace(draft, place=place), "checking_pin"), "placing")


def unheard_errand(step: TicketStep | WritingToDesk, _event: ConversationEvent) -> Turn:
    """An input that is no answer at a step without a draft."""
    return Turn(step, is_missed=True)


def tell_on(draft: Draft, text: str) -> tuple[Draft, bool]:
    """The draft with a further piece of the story, and whether some of it had to go to the notes."""
    if not text:
        return draft, False
    room = MAX_STORY - len(draft.story_text) - len(draft.story)
    head, rest = text[: max(room, 0)], text[max(room, 0) :]
    if head:
        draft = replace(draft, story=(*draft.story, head))
    return note(draft, rest), bool(rest)


def new_draft(context: Context, text: str = "") -> Draft:
    """An empty draft, or one that begins with `text`."""
    draft, _ = tell_on(Draft(context.fresh_id, context.now, touched_at=context.now), text)
    return draft


def rest_noted(draft: Draft) -> Say:
    """The sentence about a story that is too long."""
    return Say(say("story_rest_noted", limit=MAX_STORY), f"rest:{draft.id}", BURST_SECONDS)


def has_consented(draft: Draft, context: Context) -> bool:
    """Whether this draft may be stored."""
    return context.has_consented or "consenting" in draft.answered


def keep_file(step: Question, event: MediaGiven, context: Context, *, asks: bool = False) -> Turn:
    """A file at a step of a draft: kept, or refused with the reason; the caption joins the story.

    `asks` answers with the step's question instead of the count of files.
    """
    draft, is_long = tell_on(step.draft, event.caption)
    draft = reopen_checks(draft) if event.caption else draft
    refusal = refuse_file(draft, event.media, context)
    effects: tuple[Effect, ...] = (rest_noted(draft),) if is_long else ()
    if refusal:
        return Turn(
            replace(step, draft=draft),
            (*effects, Say(refusal, f"{refusal.key}:{draft.id}", BURST_SECONDS)),
            False,
        )
    draft = replace(draft, media=(*draft.media, event.media))
    if has_consented(draft, context):
        effects = (*effects, KeepMedia(event.media, draft.id))
    after = replace(step, draft=draft)
    if asks:
        return Turn(after, effects, coalesce=ASK)
    received = say("files_received", count=len(draft.media), limit=context.max_files)
    return Turn(after, (*effects, Say(received, ASK, BURST_SECONDS)), is_asked=False)


def refuse_file(draft: Draft, media: MediaRef, context: Context) -> Text | None:
    """Why a file cannot be taken, None when it can."""
    limit_mb = context.max_file_bytes // 1_000_000
    if media.size_bytes is not None and media.size_bytes > context.max_file_bytes:
        return say("file_too_big", size=-(-media.size_bytes // 1_000_000), limit=limit_mb)
    if len(draft.media) >= context.max_files:
        return say("too_many_files", limit=context.max_files)
    return None


def screened(step: Question, context: Context) -> Question:
    """The step, or the emergency or denunciation card when the story now calls for it."""
    urgent = next_question(step.draft, context)
    return urgent if isinstance(urgent, CheckingEmergency | CheckingDenunciation) else step


def blank(draft: Draft, context: Context) -> Effect:
    """The effect that leaves nothing of a draft behind."""
    return DropDraft(draft.id) if has_consented(draft, context) else RefuseConsent()


def marked(draft: Draft, *codes: str) -> Draft:
    """The draft with marks for the desk."""
    for code in codes:
        draft = mark(draft, code)
    return draft
