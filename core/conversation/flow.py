"""Which question comes next: the first of the script that applies and has no answer yet.

Because the next question follows from the draft alone, editing an answer, pressing an old button and coming
back after days all return to where the citizen was.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from core.conversation import screening
from core.conversation.context import Context
from core.conversation.draft import Draft, Identity, answer, reopen
from core.conversation.matters import split_matters
from core.conversation.places import doubtful_place
from core.conversation.private_numbers import find_numbers
from core.conversation.step_names import STEP_NAMES
from core.conversation.steps import (
    AddingFiles,
    AskingBehalf,
    AskingDanger,
    AskingExtra,
    AskingKind,
    AskingLetter,
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
    GivingAddress,
    GuidingComplaint,
    Identifying,
    Naming,
    Phoning,
    Placing,
    Question,
    Reviewing,
    SplittingMatters,
    Step,
    Telling,
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One question of the script."""

    name: str
    build: Callable[[Draft, Context], Question]
    applies: Callable[[Draft, Context], bool]


def _always(_draft: Draft, _context: Context) -> bool:
    return True


def _is_named(draft: Draft, _context: Context) -> bool:
    return draft.identity is not Identity.ANONYMOUS


def _field_question(draft: Draft, context: Context) -> Question:
    guess = screening.guess_field(draft.story_text, context.fields)
    return ConfirmingField(draft, guess) if guess else ChoosingField(draft)


def _tells(draft: Draft, finds: Callable[[str], bool]) -> bool:
    """Whether a check finds its words in the story, or in one message of it: that one may lack the accents
    which the others have."""
    return any(finds(text) for text in dict.fromkeys((draft.story_text, *draft.story)))


def _has_numbers(draft: Draft, _context: Context) -> bool:
    return any(find_numbers(text) for text in (*draft.story, *draft.notes))


def _tells_several(draft: Draft, _context: Context) -> bool:
    return bool(split_matters(draft.story_text))


def _is_place_doubtful(draft: Draft, context: Context) -> bool:
    return doubtful_place(draft.place, context.places) is not None


def _place_question(draft: Draft, context: Context) -> Question:
    found = doubtful_place(draft.place, context.places)
    return (
        CheckingPlace(draft, found.place.name, found.said, found.place.contact) if found else Placing(draft)
    )


def _extra(number: int) -> "_Entry":
    return _Entry(
        f"asking_extra_{number}",
        lambda draft, _: AskingExtra(draft, number),
        lambda draft, context: len(context.questions_about(draft.field)) >= number,
    )


EXTRAS = ("asking_extra_1", "asking_extra_2")

_SCRIPT = (
    _Entry(
        "checking_emergency",
        lambda draft, _: CheckingEmergency(draft),
        lambda draft, _: _tells(draft, screening.is_emergency),
    ),
    _Entry(
        "checking_denunciation",
        lambda draft, _: CheckingDenunciation(draft),
        lambda draft, _: _tells(draft, screening.is_denunciation),
    ),
    _Entry("consenting", lambda draft, _: Consenting(draft), lambda _, context: not context.has_consented),
    _Entry("telling", lambda draft, _: _telling(draft), _always),
    _Entry("checking_numbers", lambda draft, _: CheckingNumbers(draft), _has_numbers),
    _Entry("splitting_matters", lambda draft, _: SplittingMatters(draft), _tells_several),
    _Entry(
        "checking_complaint",
        lambda draft, _: CheckingComplaint(draft),
        lambda draft, _: _tells(draft, screening.is_complaint),
    ),
    _Entry("adding_files", lambda draft, _: AddingFiles(draft), _always),
    _Entry("placing", lambda draft, _: Placing(draft), _always),
    _Entry("checking_pin", lambda draft, _: CheckingPin(draft), lambda draft, _: _has_pin(draft)),
    _Entry("checking_place", _place_question, _is_place_doubtful),
    _Entry("choosing_field", _field_question, lambda _, context: bool(context.fields)),
    *(_extra(number) for number in (1, 2)),
    _Entry(
        "asking_kind",
        lambda draft, _: AskingKind(draft),
        lambda draft, _: screening.clear_kind(draft.story_text) is None,
    ),
    _Entry("asking_danger", lambda draft, _: AskingDanger(draft), _always),
    _Entry(
        "asking_behalf",
        lambda draft, _: AskingBehalf(draft),
        lambda draft, _: _tells(draft, screening.is_on_behalf),
    ),
    _Entry("identifying", lambda draft, _: Identifying(draft), _always),
    _Entry("naming", lambda draft, _: Naming(draft), _is_named),
    _Entry("phoning", lambda draft, _: Phoning(draft), _is_named),
    _Entry("asking_letter", lambda draft, _: AskingLetter(draft), _is_named),
    _Entry(
        "giving_address",
        lambda draft, _: GivingAddress(draft),
        lambda draft, context: draft.wants_letter and _is_named(draft, context),
    ),
    _Entry(
        "confirming_anonymity",
        lambda draft, _: ConfirmingAnonymity(draft),
        lambda draft, context: not _is_named(draft, context),
    ),
)
_BY_NAME = {entry.name: entry for entry in _SCRIPT}

REVISABLE = frozenset(
    {"adding_files", "placing", "choosing_field", "asking_kind", "asking_danger", "identifying"}
)
"""Questions whose old buttons still change the answer while the draft is open."""

LINES: dict[str, tuple[str, ...]] = {
    "story": ("telling",),
    "place": ("placing", "checking_pin", "checking_place"),
    "field": ("choosing_field", *EXTRAS, "asking_danger"),
    "files": ("adding_files",),
    "sender": (
        "identifying",
        "naming",
        "phoning",
        "asking_letter",
        "giving_address",
        "confirming_anonymity",
    ),
}
"""The lines of the review, and the questions behind each."""


_ABOUT_SENDER = ("consenting", *LINES["sender"])


def _telling(draft: Draft) -> Question:
    has_begun = bool(draft.story or draft.media)
    return Telling(draft, is_asked=has_begun, was_asked=has_begun)


def _has_pin(draft: Draft) -> bool:
    return draft.place is not None and draft.place.latitude is not None


_SCREENED = (
    "checking_emergency",
    "checking_denunciation",
    "checking_numbers",
    "splitting_matters",
    "checking_complaint",
    "asking_kind",
)
_ANSWERED_BY_MARK = {"checking_emergency": "emergency_words", "checking_denunciation": "maybe_denunciation"}


def settle_checks(draft: Draft, context: Context) -> Draft:
    """The finished story, screened once: checks that do not apply need not be looked at again."""
    idle = [name for name in _SCREENED if not _BY_NAME[name].applies(draft, context)]
    kind = screening.clear_kind(draft.story_text)
    return answer(replace(draft, kind=kind or draft.kind), *idle)


def reopen_checks(draft: Draft) -> Draft:
    """The story changed: every check counts again, but the cards the citizen has already answered."""
    unseen = (name for name in _SCREENED if _ANSWERED_BY_MARK.get(name) not in draft.marks)
    return reopen(draft, *unseen)


def begin_further(draft: Draft, context: Context) -> Question | None:
    """The next matter that was told in the same breath, from the same sender; None when there is none."""
    if not draft.further:
        return None
    story, *later = draft.further
    begun = Draft(
        context.fresh_id,
        context.now,
        story=(story,),
        identity=draft.identity,
        full_name=draft.full_name,
        phone=draft.phone,
        wants_letter=draft.wants_letter,
        address=draft.address,
        answered=tuple(name for name in draft.answered if name in _ABOUT_SENDER),
        touched_at=context.now,
        further=tuple(later),
    )
    seen = {
        name: code
        for name, code in _ANSWERED_BY_MARK.items()
        if code in draft.marks and _BY_NAME[name].applies(begun, context)
    }
    begun = answer(replace(begun, marks=tuple(seen.values())), "telling", *seen)
    return next_question(settle_checks(begun, context), context)


def next_question(draft: Draft, context: Context) -> Question:
    """The first question without an answer; the review when all have one."""
    for entry in _SCRIPT:
        if entry.name not in draft.answered and entry.applies(draft, context):
            return entry.build(draft, context)
    return Reviewing(draft)


def questions_left(draft: Draft, context: Context) -> int:
    """How many questions still stand before the review."""
    return sum(entry.name not in draft.answered and entry.applies(draft, context) for entry in _SCRIPT)


def opened_fields(step: Step, context: Context) -> tuple[str, ...]:
    """The questions about the field that stand open although the citizen is past them."""
    if not isinstance(step, Question):
        return ()
    draft = step.draft
    is_past = "asking_danger" in draft.answered or isinstance(step, AskingKind | AskingDanger)
    entries = (_BY_NAME[name] for name in ("choosing_field", *EXTRAS) if is_past)
    return tuple(
        entry.name for entry in entries if entry.name not in draft.answered and entry.applies(draft, context)
    )


def question_name(step: Step) -> str:
    """The script's name of the question a step asks."""
    match step:
        case ConfirmingField():
            return "choosing_field"
        case GuidingComplaint():
            return "checking_complaint"
        case AskingExtra(_, number):
            return EXTRAS[number - 1]
        case _:
            return STEP_NAMES[type(step)]


def revise(draft: Draft, name: str, context: Context) -> Question:
    """The question `name` asked again; its answer stays until replaced."""
    return _BY_NAME[name].build(draft, context)


def edit_line(draft: Draft, line: str, context: Context) -> Question:
    """The first question behind a line of the review; the ones that follow from it are opened again."""
    first, *others = LINES[line]
    return revise(reopen(draft, *others), first, context)


def previous_question(step: Question, context: Context) -> Question | None:
    """Where «quay lại» leads: out of an edit, else to the question before. None before the first."""
    draft = step.draft
    name = question_name(step)
    if name in draft.answered:
        return next_question(draft, context)
    for earlier in reversed(_before(name)):
        is_settled = earlier.name in draft.answered and earlier.name in _RETURNABLE
        if is_settled and earlier.applies(draft, context):
            return earlier.build(reopen(draft, earlier.name), context)
    return None


_RETURNABLE = frozenset(_BY_NAME) - {
    "checking_emergency",
    "checking_denunciation",
    "consenting",
    "checking_numbers",
    "splitting_matters",
    "checking_complaint",
    "checking_place",
}


def _before(name: str) -> tuple[_Entry, ...]:
    names = [entry.name for entry in _SCRIPT]
    return _SCRIPT[: names.index(name)] if name in names else _SCRIPT
