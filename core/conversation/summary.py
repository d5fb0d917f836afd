"""What a draft says, in a few lines: for the review and wherever the citizen is reminded of it."""

from collections import Counter
from functools import reduce

from core.channel import MediaKind
from core.conversation.context import Context
from core.conversation.draft import Draft, Identity
from core.say import Label, Value, say
from core.text import clip

SUMMARY = 160
"""Characters shown of a story."""

_DANGER = {True: "danger.yes", False: "danger.no", None: "danger.unsure"}


def summary(draft: Draft, context: Context) -> dict[str, Value]:
    """The lines of the review."""
    return {
        "story": _told_with_notes(draft),
        "place": _place(draft),
        "field": _field(draft, context),
        "danger": Label(_DANGER[draft.is_dangerous]),
        "files": _files(draft),
        "sender": _sender(draft),
    }


def _field(draft: Draft, context: Context) -> Value:
    """The field, and what was answered about it."""
    label = field_label(draft.field, context)
    if not draft.extras:
        return label
    answers = " · ".join(f"{extra.question} {extra.answer}" for extra in draft.extras)
    return say("summary_field", field=label, extras=clip(answers, SUMMARY))


def _told_with_notes(draft: Draft) -> Value:
    """The story, and beside it what was kept of words that answered no question."""
    story = told(draft, SUMMARY)
    if not draft.notes:
        return story
    return say("summary_noted", story=story, kept=clip(" · ".join(draft.notes), SUMMARY))


_PARTS = {
    MediaKind.PHOTO: "summary_photos",
    MediaKind.VOICE: "summary_recordings",
    MediaKind.VIDEO: "summary_videos",
    MediaKind.DOCUMENT: "summary_papers",
}


def _files(draft: Draft) -> Value:
    """How many of each kind; kinds that are not there are not named."""
    kinds = Counter(media.kind for media in draft.media)
    parts = [say(key, count=kinds[kind]) for kind, key in _PARTS.items() if kinds[kind]]
    if not parts:
        return Label("summary.no_files")
    return reduce(lambda before, part: say("summary_with", before=before, part=part), parts)


def _place(draft: Draft) -> Value:
    place = draft.place
    if place is None:
        return Label("summary.no_place")
    if place.nowhere:
        return Label("summary.nowhere")
    if place.latitude is not None and place.longitude is not None:
        pin = f"{place.latitude:.5f}, {place.longitude:.5f}"
        words = clip(place.words, SUMMARY)
        return say("summary_pin_near", pin=pin, words=words) if words else say("summary_pin", pin=pin)
    words = clip(place.words, SUMMARY)
    return say("summary_place_now", words=words, now=place.now_called) if place.now_called else words


def _sender(draft: Draft) -> Value:
    if draft.identity is None:
        return Label("summary.not_yet")
    identity = Label(f"identity.{draft.identity}")
    if draft.identity is Identity.ANONYMOUS:
        return identity
    if draft.wants_letter:
        key, address = "summary_sender_letter", draft.address or Label("summary.no_address")
        return say(key, identity=identity, name=draft.full_name, phone=draft.phone, address=address)
    return say("summary_sender", identity=identity, name=draft.full_name, phone=draft.phone)


def told(draft: Draft, limit: int) -> Value:
    """The story in short; of a story without words, what else there is."""
    if draft.story:
        return clip(draft.story_text, limit)
    return Label("summary.files") if draft.media else Label("summary.nothing")


def field_label(code: str, context: Context) -> Value:
    for option in context.fields:
        if option.code == code:
            return option.label
    return Label("summary.desk_chooses")
