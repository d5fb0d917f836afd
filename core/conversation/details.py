"""S5 and S7: field, kind, danger, and who may know the sender."""

import re
from dataclasses import replace

from core.conversation.context import Context
from core.conversation.draft import (
    Draft,
    Extra,
    Identity,
    Kind,
    answer,
    mark,
    nameless,
    note,
    reopen,
    unmark,
)
from core.conversation.effects import Say
from core.conversation.events import ChoiceMade, ConversationEvent, PhoneShared, TextGiven
from core.conversation.flow import EXTRAS
from core.conversation.screening import is_emergency, search_fields
from core.conversation.steps import (
    AskingBehalf,
    AskingDanger,
    AskingExtra,
    AskingKind,
    AskingLetter,
    ChoosingField,
    ConfirmingAnonymity,
    ConfirmingField,
    GivingAddress,
    Identifying,
    Naming,
    Phoning,
)
from core.conversation.turn import Turn, onward, unheard
from core.phones import vietnamese_phone
from core.say import say
from core.text import clip, fold

PAGE = 8
"""Fields on one screen."""

LONGEST_EXTRA = 300
"""Characters kept of an answer to a further question, and of an address."""

_NAME = re.compile(r"[^\W\d_][^\d_<>@#/\\{}\[\]]*")
_MOST_NAMES = 7
_SHORTEST_ADDRESS = 5
_INTRODUCING = re.compile(
    r"^(?:(?:dạ|da|vâng|tên|ten|của|cua|tôi|toi|em|mình|minh|con|cháu|chau) )*(?:là|la|tên|ten)[: ]+"
    r"|[ ,]+(?:ở|o) (?:thôn|thon|xóm|xom|tổ|to|bản|ban|ấp|ap|khu)\b.*$",
    re.IGNORECASE,
)
_NUMBER_WITHIN = re.compile(r"(?:\+|00)?\d(?:[\s.\-()]?\d){8,11}")
_NAMELESS = re.compile(
    r"(?:an danh|giau ten|(?:khong|ko|k) ?(?:muon|noi|cho|neu|can|thich)?(?: (?:noi|cho|neu|de))?(?: ten)?$)"
)
_WISH = re.compile(r"(?:da )?(?:(?:co|can|muon)\b|(?:cho (?:toi )?)?xin (?:ban|van ban|giay)\b)")
_DECLINED = re.compile(r"(?:da )?(?:khong|ko|k|kg|hong|thoi)\b")
_DANGER = {"yes": True, "no": False, "unsure": None}


def confirming_field(step: ConfirmingField, event: ConversationEvent, context: Context) -> Turn:
    """Is the guess right?"""
    match event:
        case ChoiceMade("yes"):
            return onward(_with_field(step.draft, step.guess), step, context)
        case ChoiceMade("other"):
            return Turn(ChoosingField(step.draft))
        case ChoiceMade("unsure"):
            return onward(_with_field(step.draft, ""), step, context)
        case TextGiven(text):
            return _searched(step, text, context)
        case _:
            return unheard(step, event, context)


def choosing_field(step: ChoosingField, event: ConversationEvent, context: Context) -> Turn:
    """Eight fields a page, or a typed word that finds some."""
    codes = {option.code for option in context.fields}
    match event:
        case ChoiceMade("more"):
            pages = -(-len(codes) // PAGE)
            return Turn(ChoosingField(step.draft, 0 if step.found else (step.page + 1) % max(pages, 1)))
        case ChoiceMade("unsure"):
            return onward(_with_field(step.draft, ""), step, context)
        case ChoiceMade(code) if code.removeprefix("field:") in codes:
            return onward(_with_field(step.draft, code.removeprefix("field:")), step, context)
        case TextGiven(text):
            return _searched(step, text, context)
        case _:
            return unheard(step, event, context)


def _with_field(draft: Draft, code: str) -> Draft:
    """The draft in this field; what was asked about another one is no answer any more."""
    if code == draft.field:
        return draft
    return reopen(replace(draft, field=code, extras=()), *EXTRAS)


def _searched(step: ConfirmingField | ChoosingField, text: str, context: Context) -> Turn:
    found = search_fields(text, context.fields)
    if len(found) == 1:
        return Turn(ConfirmingField(step.draft, found[0]))
    if found:
        return Turn(ChoosingField(step.draft, found=found[:PAGE]))
    return Turn(replace(step, draft=note(step.draft, text)), is_missed=True)


def asking_extra(step: AskingExtra, event: ConversationEvent, context: Context) -> Turn:
    """A question of the organisation about the field, answered in words; «bỏ qua» leaves it."""
    draft = step.draft
    match event:
        case TextGiven(text):
            question = context.questions_about(draft.field)[step.number - 1 : step.number]
            others = tuple(extra for extra in draft.extras if extra.question not in question)
            extras = (*others, *(Extra(asked, clip(text, LONGEST_EXTRA)) for asked in question))
            return onward(replace(draft, extras=extras), step, context)
        case ChoiceMade("skip"):
            return onward(draft, step, context)
        case _:
            return unheard(step, event, context)


def asking_kind(step: AskingKind, event: ConversationEvent, context: Context) -> Turn:
    """A report, a suggestion, or both; asked only when the story leaves it open."""
    draft = step.draft
    match event:
        case ChoiceMade("report"):
            return onward(replace(draft, kind=Kind.FEEDBACK), step, context)
        case ChoiceMade("suggest"):
            return onward(replace(draft, kind=Kind.PROPOSAL), step, context)
        case ChoiceMade("both"):
            return onward(mark(replace(draft, kind=Kind.FEEDBACK), "both_kinds"), step, context)
        case _:
            return unheard(step, event, context)


def asking_danger(step: AskingDanger, event: ConversationEvent, context: Context) -> Turn:
    """Does it endanger people?"""
    match event:
        case ChoiceMade(code) if code in _DANGER:
            return onward(replace(step.draft, is_dangerous=_DANGER[code]), step, context)
        case _:
            return unheard(step, event, context)


def identifying(step: Identifying, event: ConversationEvent, context: Context) -> Turn:
    """Who may know the sender."""
    match event:
        case ChoiceMade(code) if code in set(Identity):
            return onward(replace(step.draft, identity=Identity(code)), step, context)
        case _:
            return unheard(step, event, context)


def naming(step: Naming, event: ConversationEvent, context: Context) -> Turn:
    """A name of two to sixty letters."""
    match event:
        case TextGiven(text) if _NAMELESS.match(fold(text)):
            return Turn(Identifying(reopen(step.draft, "identifying")))
        case TextGiven(text):
            return _named(step, text, context)
        case _:
            return unheard(step, event, context)


def _named(step: Naming, text: str, context: Context) -> Turn:
    """The name within «tôi là Hoa ở thôn 3» or «Hoa 0912 345 678»; the number is kept as well."""
    number = _NUMBER_WITHIN.search(text)
    phone = vietnamese_phone(number[0]) if number else ""
    words = text.replace(number[0], " ") if number and phone else text
    name = _INTRODUCING.sub("", " ".join(words.split())).strip(" ,.;:-")
    is_name = _NAME.fullmatch(name) and sum(ch.isalpha() for ch in name) >= 2
    if not is_name or len(name.split()) > _MOST_NAMES or is_emergency(text):
        return Turn(step, (Say(say("name_unclear")),), is_asked=False, is_missed=True)
    draft = replace(step.draft, full_name=name)
    return onward(answer(replace(draft, phone=phone), "phoning") if phone else draft, step, context)


def phoning(step: Phoning, event: ConversationEvent, context: Context) -> Turn:
    """A number to call, or none."""
    match event:
        case ChoiceMade("skip"):
            return onward(replace(step.draft, phone=""), step, context)
        case TextGiven(said) if _DECLINED.match(fold(said)) and not _NUMBER_WITHIN.search(said):
            return onward(replace(step.draft, phone=""), step, context)
        case TextGiven(said) | PhoneShared(said):
            number = _NUMBER_WITHIN.search(said)
            phone = vietnamese_phone(number[0] if number else said)
            if phone:
                return onward(replace(step.draft, phone=phone), step, context)
            return Turn(step, (Say(say("phone_wrong")),), is_asked=False, is_missed=True)
        case _:
            return unheard(step, event, context)


def asking_behalf(step: AskingBehalf, event: ConversationEvent, context: Context) -> Turn:
    """For oneself, or for somebody who cannot write?"""
    match event:
        case ChoiceMade("self"):
            return onward(unmark(step.draft, "on_behalf"), step, context)
        case ChoiceMade("other"):
            return onward(mark(step.draft, "on_behalf"), step, context)
        case _:
            return unheard(step, event, context)


def asking_letter(step: AskingLetter, event: ConversationEvent, context: Context) -> Turn:
    """An answer here is enough, or it shall also come on paper."""
    match event:
        case ChoiceMade(code) if code in {"yes", "no"}:
            return _lettered(step, context, wants_letter=code == "yes")
        case TextGiven(text) if _DECLINED.match(fold(text)):
            return _lettered(step, context, wants_letter=False)
        case TextGiven(text) if _WISH.match(fold(text)):
            return _lettered(step, context, wants_letter=True)
        case _:
            return unheard(step, event, context)


def _lettered(step: AskingLetter, context: Context, *, wants_letter: bool) -> Turn:
    address = step.draft.address if wants_letter else ""
    return onward(replace(step.draft, wants_letter=wants_letter, address=address), step, context)


def giving_address(step: GivingAddress, event: ConversationEvent, context: Context) -> Turn:
    """Where the letter goes, in the citizen's own words."""
    match event:
        case TextGiven(text) if sum(ch.isalnum() for ch in text) >= _SHORTEST_ADDRESS:
            return onward(replace(step.draft, address=clip(text, LONGEST_EXTRA)), step, context)
        case _:
            return unheard(step, event, context)


def confirming_anonymity(step: ConfirmingAnonymity, event: ConversationEvent, context: Context) -> Turn:
    """Anonymous after all that was said about it?"""
    draft = step.draft
    match event:
        case ChoiceMade("yes"):
            return onward(nameless(draft), step, context)
        case ChoiceMade("no"):
            return Turn(Identifying(reopen(draft, "identifying")))
        case _:
            return unheard(step, event, context)
