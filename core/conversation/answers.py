"""Understands what a citizen sent against the question asked: numbers, labels, yes and no, words, presses.

Never guesses between two: what fits nothing, or two things, is passed on as text.
"""

import re
from functools import lru_cache

from core.channel import (
    ButtonPressed,
    ContactShared,
    Event,
    LocationShared,
    MediaReceived,
    MessageEdited,
    TextReceived,
)
from core.conversation.events import (
    ChoiceMade,
    ConversationEvent,
    Entered,
    MediaGiven,
    OldPress,
    PhoneShared,
    PlaceShared,
    TextEdited,
    TextGiven,
    TicketPressed,
    Unreadable,
    Word,
    WordSaid,
)
from core.conversation.screening import writes_accents
from core.conversation.spoken import (
    ACCENTED_WORDS,
    FILLER,
    FINISHED,
    NO,
    NO_CODES,
    NO_FOLDED,
    NUMBER,
    NUMBER_WORDS,
    NUMBER_WORDS_ACCENTED,
    SENDING,
    SHORT_FOLDED,
    WORD_BY_COMMAND,
    WORDS,
    YES,
    YES_FOLDED,
)
from core.conversation.states import State, draft_id, step_name
from core.conversation.steps import (
    AddingToTicket,
    AnsweringQuestion,
    GivingAddress,
    Naming,
    Step,
    Telling,
)
from core.say import Choice
from core.text import clean, fold

PRESS_PREFIX = "c"
_POLITE_END = re.compile(r" (?:ạ|a|nhé|nhe|nha|đi|em|luôn)$")

_POSTER = re.compile(
    r"/start(?:@\w+)? (?=noi-|lv-)"
    r"(?:noi-(?P<place>[a-z0-9-]{1,30}?))?(?:(?:--)?lv-(?P<field>[a-z0-9_]{2,40}))?"
)
"""«/start noi-na-co», «/start lv-dat_dai» or both, joined by two hyphens: no more than a deep link takes."""

_VERSIONED = frozenset(
    {
        "reviewing",
        "listing_answers",
        "picking_ticket",
        "opened_ticket",
        "adding_to_ticket",
        "which_ticket",
        "answering_question",
        "answered_question",
        "withdrawing",
        "asking_fixed",
        "rating",
        "asking_review_reason",
    }
)
"""Steps where the same button can mean another content or another ticket: only the asked version counts."""

_BEFORE_SENDING = frozenset({"telling", "adding_files"})
"""Steps where «gửi» only says that this part is done: nothing leaves before the review."""

_FREE_TEXT = frozenset(
    {
        "idle",
        "telling",
        "adding_files",
        "placing",
        "choosing_field",
        "naming",
        "phoning",
        "giving_address",
        "writing_to_desk",
        "adding_to_ticket",
        "which_ticket",
        "answering_question",
        "answered_question",
        "asking_review_reason",
    }
)
"""Steps that take words as they are: there a part of a label is no answer, save two words of the menu."""


def resolve(event: Event, state: State, offered: tuple[Choice, ...]) -> ConversationEvent:
    """What the event means in this state. `offered` are the choices shown last, with labels.

    They do not count at a step that asks for words: there «2» is what the citizen says.
    """
    match event:
        case TextReceived(text):
            return _text(clean(text), state, () if _asks_for_words(state.step) else offered)
        case ButtonPressed(payload):
            return _press(payload, state)
        case MediaReceived(media, caption):
            return MediaGiven(media, clean(caption))
        case LocationShared(latitude, longitude, label):
            return PlaceShared(latitude, longitude, clean(label))
        case ContactShared(phone, own=True):
            return PhoneShared(phone)
        case MessageEdited(_, text):
            return TextEdited(clean(text))
        case _:
            return Unreadable()


def _asks_for_words(step: Step) -> bool:
    if isinstance(step, Telling):
        return not step.is_asked
    return isinstance(step, Naming | GivingAddress | AnsweringQuestion | AddingToTicket)


def chosen(text: str, offered: tuple[Choice, ...], *, exact: bool = True) -> str:
    """The code of the choice that the text names by its number or label, empty when it names none or two.

    Without `exact` the beginning or the end of a label is enough.
    """
    return _number(text, offered) or _label(text, offered, exact=exact)


def press_prefix(state: State) -> str:
    """What stands before `:{code}` in the payload of a button of the present question."""
    return f"{PRESS_PREFIX}:{draft_id(state)}:{step_name(state)}:{state.asked_version}"


def ticket_press_prefix(question: str, ticket_id: int) -> str:
    """The same for a message about a ticket, valid in every state. `question`: "fixed" or "rating"."""
    return f"{PRESS_PREFIX}:-:{question}:0:{question}:{ticket_id}"


def _press(payload: str, state: State) -> ConversationEvent:
    parts = payload.split(":", 4)
    if len(parts) != 5 or parts[0] != PRESS_PREFIX:
        return OldPress("-", "", "")
    _, draft, step, version, code = parts
    about_ticket = re.fullmatch(r"(fixed|rating):(\d{1,18}):([a-z_]+)", code)
    if about_ticket:
        return TicketPressed(int(about_ticket[2]), about_ticket[1], about_ticket[3])
    is_current = draft == draft_id(state) and step == step_name(state)
    if is_current and (step not in _VERSIONED or version == str(state.asked_version)):
        return ChoiceMade(code)
    return OldPress(draft, step, code)


def _text(text: str, state: State, offered: tuple[Choice, ...]) -> ConversationEvent:
    name = step_name(state)
    if not text:
        return Unreadable()
    if text.startswith("/"):
        return _command(text)
    folded = fold(text)
    if folded == "0":
        return WordSaid(Word.BACK)
    if name == "consenting":
        return _consent(text, offered)
    code = _number(text, offered) or _label(text, offered, exact=True)
    if code:
        return ChoiceMade(code)
    word = _global_word(text)
    if name in _BEFORE_SENDING and folded in SENDING:
        word = Word.DONE
    if word:
        return WordSaid(word)
    takes_part = name not in _FREE_TEXT or (name == "idle" and " " in folded)
    code = _yes_no(text, offered) or (_label(text, offered, exact=False) if takes_part else "")
    return ChoiceMade(code) if code else TextGiven(text)


def _command(text: str) -> ConversationEvent:
    """A slash word; what follows `/start` is the link of a poster, or was for those who hand out codes."""
    poster = _POSTER.fullmatch(text)
    if poster:
        return Entered(poster["place"] or "", poster["field"] or "")
    head = fold(text.split(maxsplit=1)[0].partition("@")[0]).replace(" ", "").replace("_", "")
    whole = fold(text).replace(" ", "").replace("_", "")
    word = WORD_BY_COMMAND.get(whole) or WORD_BY_COMMAND.get(head)
    return WordSaid(word) if word else TextGiven(text)


def _global_word(text: str) -> Word | None:
    """The word when it is the whole message. «hủy» is a word, «huy» written among accents is a name."""
    folded = fold(text)
    word = WORDS.get(folded)
    if word and folded in SHORT_FOLDED and writes_accents(text):
        return word if ACCENTED_WORDS.get(_bare(text)) == folded else None
    return word or (Word.DONE if FINISHED.fullmatch(folded) else None)


def _bare(text: str) -> str:
    return text.casefold().strip(" .,!?;:«»\"'()[]")


def _number(text: str, offered: tuple[Choice, ...]) -> str:
    """The code at the number the text is, empty when it is none or out of range."""
    if not offered:
        return ""
    whole = NUMBER.fullmatch(_without_filler(text))
    if whole and not re.search(r"[-+/]\s*\d", text):
        return _at(int(whole[1]), offered)
    bare = _POLITE_END.sub("", _bare(text))
    for lead in ("chọn ", "số ", "chon ", "so "):
        bare = bare.removeprefix(lead)
    table = NUMBER_WORDS_ACCENTED if writes_accents(bare) else NUMBER_WORDS
    return _at(table.get(bare, 0), offered)


def _at(number: int, offered: tuple[Choice, ...]) -> str:
    return offered[number - 1].code if 1 <= number <= len(offered) else ""


def _label(text: str, offered: tuple[Choice, ...], *, exact: bool) -> str:
    """The code of the only choice whose label is the text (`exact`), or begins or ends with it."""
    wanted = _without_filler(text)
    if not wanted:
        return ""
    fits = [
        choice.code
        for choice in offered
        if _fits(text, wanted, choice.label, exact=exact) and not _is_other_word(text, choice.label)
    ]
    return fits[0] if len(fits) == 1 else ""


def _fits(text: str, wanted: str, label: str, *, exact: bool) -> bool:
    """A negation is on both sides or on neither, but one after the words a label begins with is no matter:
    «ẩn danh» is «Ẩn danh – không ai biết tên tôi», «đồng ý» is not «Không đồng ý»."""
    whole = _words_of_label(label)
    if not wanted.startswith("da "):
        whole = whole.removeprefix("da ")  # «xong» names «Đã xong»
    is_part = not exact and len(wanted) >= 3
    if is_part and whole.startswith(f"{wanted} "):
        return True
    is_same = wanted == whole or (is_part and whole.endswith(f" {wanted}"))
    return is_same and _is_negated(text) == _is_negated(label)


def _is_other_word(text: str, label: str) -> bool:
    """«Dừng» and «Đúng» are alike without accents: a label of one word must match the accents written."""
    words = _tokens(label)
    return len(words) == 1 and writes_accents(text) and words[0] not in _tokens(clean(text))


def _without_filler(text: str) -> str:
    """Folded, without polite words around it. «đã» is no «dạ», and «k» is «không»."""
    tokens = ["khong" if token in {"k", "ko", "kg", "khg"} else token for token in fold(text).split()]
    polite = {"toi", "em", "tui", "minh"} | (set() if text.casefold().lstrip().startswith("đã") else {"da"})
    while tokens and tokens[-1] in {"a", "nhe", "nha", "di", "luon", "em", "day"}:
        tokens.pop()
    while len(tokens) > 1 and tokens[0] in polite:
        tokens.pop(0)
    return " ".join(tokens)


@lru_cache(maxsize=256)
def _words_of_label(label: str) -> str:
    """The same of a label. Every message is compared with the few that were offered."""
    return _without_filler(label)


def _tokens(text: str) -> list[str]:
    return re.sub(r"[^\w]+", " ", text.casefold()).split()


def _is_negated(text: str) -> bool:
    if writes_accents(text):
        return any(token in NO for token in _tokens(text))
    return any(token in NO_FOLDED for token in _tokens(text))


def _is_yes_no(text: str) -> bool:
    """Whether the text is made only of words that say yes or no."""
    tokens = _tokens(text)
    if writes_accents(text):
        return all(token in YES | NO | FILLER for token in tokens)
    return all(token in YES_FOLDED | NO_FOLDED | FILLER for token in tokens)


def _has_yes(text: str) -> bool:
    known = YES if writes_accents(text) else YES_FOLDED
    return any(token in known for token in _tokens(text))


def _yes_no(text: str, offered: tuple[Choice, ...]) -> str:
    """The code for a plain yes or no; a negation anywhere makes it no («dạ không»)."""
    codes = [choice.code for choice in offered]
    if not _is_yes_no(text):
        return ""
    if _is_negated(text):
        return next((code for code in NO_CODES if code in codes), "")
    return "yes" if _has_yes(text) and "yes" in codes else ""


def _consent(text: str, offered: tuple[Choice, ...]) -> ConversationEvent:
    """Yes to the processing of data is only a number or an explicit «đồng ý» without a negation."""
    code = _number(text, offered)
    if code:
        return ChoiceMade(code, text)
    says = "đồng ý" if writes_accents(text) else "dong y"
    if says in " ".join(_tokens(text)):
        return ChoiceMade("no" if _is_negated(text) else "yes", text)
    if _is_yes_no(text) and _is_negated(text):
        return ChoiceMade("no", text)
    code = _label(text, offered, exact=True)
    if code and code != "yes":
        return ChoiceMade(code, text)
    word = _global_word(text)
    return WordSaid(word) if word else TextGiven(text)
