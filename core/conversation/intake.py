"""S2–S4: the story, the files, the place."""

import re
from dataclasses import replace

from core.channel import MediaKind
from core.conversation.context import Context
from core.conversation.draft import Draft, Place, answer, mark, reopen
from core.conversation.effects import Effect, Say
from core.conversation.events import (
    ChoiceMade,
    ConversationEvent,
    MediaGiven,
    PlaceShared,
    TextGiven,
    Word,
    WordSaid,
)
from core.conversation.flow import next_question, reopen_checks, settle_checks
from core.conversation.places import find_place
from core.conversation.steps import (
    AddingFiles,
    CheckingPin,
    CheckingPlace,
    Placing,
    Telling,
)
from core.conversation.turn import (
    ASK,
    BURST_SECONDS,
    Turn,
    keep_file,
    onward,
    placed,
    rest_noted,
    screened,
    tell_on,
    told,
    unheard,
)
from core.coordinates import find_point
from core.say import say
from core.text import fold

_ONLY_LINK = re.compile(r"(?:https?://|www\.)\S+")
_SHORTEST_STORY = 10
_NOT_THERE = re.compile(r"(?:da )?(?:khong|ko|k|sai|chua dung)\b(?! (?:co|chay|sang|thu|gom)\b)")
_UNKNOWN_PLACE = frozenset({"khong biet", "ko biet", "k biet", "khong ro", "ko ro", "k ro", "khong nho"})


def telling(step: Telling, event: ConversationEvent, context: Context) -> Turn:
    """S2: messages join until «xong»."""
    match event:
        case TextGiven(text):
            return _told(step, text, context)
        case WordSaid(Word.DONE) | ChoiceMade("yes"):
            return _finish(step, context)
        case ChoiceMade("no") | WordSaid(Word.ADD):
            go_on = Telling(step.draft, was_asked=True)
            return told(go_on, say("story_go_on"), is_asked=False)
        case ChoiceMade("rewrite"):
            return Turn(Telling(reopen(reopen_checks(replace(step.draft, story=())), "telling")))
        case MediaGiven():
            return _shown(step, event, context)
        case _:
            return unheard(step, event, context)


def _told(step: Telling, text: str, context: Context) -> Turn:
    draft, is_long = tell_on(reopen_checks(step.draft), text)
    rest: tuple[Effect, ...] = (rest_noted(draft),) if is_long else ()
    after = screened(replace(step, draft=draft, is_asked=False), context)
    if not isinstance(after, Telling):
        return Turn(after, rest)
    key = "story_only_link" if _ONLY_LINK.fullmatch(draft.story_text.strip()) else "story_noted"
    return Turn(after, (*rest, Say(say(key), ASK, BURST_SECONDS)), is_asked=False)


def _shown(step: Telling, event: MediaGiven, context: Context) -> Turn:
    """A file within the story. Its caption is part of it and may call for a card."""
    kept = keep_file(replace(step, is_asked=False), event, context)
    assert isinstance(kept.step, Telling)
    after = screened(kept.step, context)
    return replace(kept, step=after, is_asked=not isinstance(after, Telling))


def _finish(step: Telling, context: Context) -> Turn:
    draft = step.draft
    has_voice_or_picture = any(media.kind is not MediaKind.DOCUMENT for media in draft.media)
    if len(draft.story_text.strip()) < _SHORTEST_STORY and not has_voice_or_picture:
        return told(Telling(draft, was_asked=True), say("story_too_short"), is_asked=False)
    return onward(settle_checks(draft, context), step, context)


def adding_files(step: AddingFiles, event: ConversationEvent, context: Context) -> Turn:
    """S3: pictures, recordings, papers."""
    match event:
        case MediaGiven():
            return keep_file(step, event, context)
        case WordSaid(Word.DONE) | ChoiceMade("done" | "no"):
            return onward(step.draft, step, context)
        case _:
            return unheard(step, event, context)


def placing(step: Placing, event: ConversationEvent, context: Context) -> Turn:
    """S4: a pin, words, or nowhere."""
    draft = step.draft
    match event:
        case PlaceShared():
            return Turn(next_question(placed(draft, event), context))
        case ChoiceMade("pin"):
            return told(step, say("how_to_pin"), is_asked=False)
        case ChoiceMade("no") if draft.place:
            return onward(draft, step, context)
        case ChoiceMade("nowhere"):
            return onward(replace(draft, place=Place(nowhere=True)), step, context)
        case TextGiven(text) if fold(text) in _UNKNOWN_PLACE:
            return onward(mark(draft, "needs_place"), step, context)
        case TextGiven(text):
            return _placed_by_words(step, text, context)
        case _:
            return unheard(step, event, context)


def _placed_by_words(step: Placing, text: str, context: Context) -> Turn:
    point = find_point(text)
    if point:
        return Turn(next_question(placed(step.draft, PlaceShared(*point)), context))
    if len(text.strip()) < 2:
        return Turn(step, is_missed=True)
    draft = reopen(step.draft, "checking_place")
    if len(text.split()) < 2 or (context.places and find_place(text, context.places) is None):
        draft = mark(draft, "needs_place")
    return onward(replace(draft, place=_with_words(draft, text)), step, context)


def _with_words(draft: Draft, text: str) -> Place:
    """The words alone, or added to a pin that was confirmed as near («gần đó, để tôi viết thêm»)."""
    if draft.place and "checking_pin" in draft.answered:
        return replace(draft.place, words=text)
    return Place(words=text)


def checking_pin(step: CheckingPin, event: ConversationEvent, context: Context) -> Turn:
    """Is the pin where it happened, or only where the citizen stands?"""
    draft = step.draft
    match event:
        case ChoiceMade("yes"):
            return onward(draft, step, context)
        case ChoiceMade("no"):
            return Turn(Placing(reopen(replace(draft, place=None), "placing")))
        case ChoiceMade("near"):
            return Turn(Placing(reopen(answer(draft, "checking_pin"), "placing")))
        case PlaceShared():
            return Turn(CheckingPin(placed(draft, event)))
        case TextGiven(text) if _NOT_THERE.match(fold(text)):
            return Turn(Placing(reopen(replace(draft, place=None), "placing")))
        case TextGiven(text) if draft.place:
            return onward(replace(draft, place=replace(draft.place, words=text)), step, context)
        case _:
            return unheard(step, event, context)


def checking_place(step: CheckingPlace, event: ConversationEvent, context: Context) -> Turn:
    """Is the old name this place of today? A neighbour's place: how to reach them, or send anyway."""
    draft = step.draft
    match event:
        case ChoiceMade("yes") if draft.place:
            return onward(replace(draft, place=replace(draft.place, now_called=step.place)), step, context)
        case ChoiceMade("contact"):
            return told(step, say("place_contact", place=step.place, contact=step.contact))
        case ChoiceMade("send"):
            return onward(mark(draft, "outside_area"), step, context)
        case ChoiceMade("no"):
            return Turn(Placing(reopen(replace(draft, place=None), "placing")))
        case TextGiven(text):
            return _placed_by_words(Placing(draft), text, context)
        case PlaceShared():
            return Turn(next_question(placed(draft, event), context))
        case _:
            return unheard(step, event, context)
