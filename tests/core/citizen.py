"""A citizen and a service in memory: what is typed goes through `resolve` and `step` and is printed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import texts
from core.calendar import Calendar
from core.channel import (
    ButtonPressed,
    ContactShared,
    Event,
    LocationShared,
    MediaKind,
    MediaReceived,
    MediaRef,
    NotUnderstood,
    TextReceived,
)
from core.clocks import ClockPolicy
from core.conversation import storing
from core.conversation.answers import press_prefix, resolve
from core.conversation.context import Context, FieldOption, Office, TicketFact
from core.conversation.draft import Draft
from core.conversation.effects import Effect, GiveConsent, Say, SubmitDraft, WakeAt
from core.conversation.events import ConversationEvent, TimedOut
from core.conversation.machine import prompt, step
from core.conversation.states import State
from core.conversation.steps import AddingFiles
from core.say import Label, Text
from core.tickets import STAGES, Status

CATALOGUE = texts.load()
STORY = "Đèn đường trước nhà số 12 tắt ba hôm nay"
MORNING = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)

OFFICE = Office(
    name="xã Tân Lập",
    hours="7:30–11:30 và 13:30–17:00, thứ Hai đến thứ Sáu",
    address="số 1 đường Trung Tâm",
    phone="0200 000 000",
    privacy_version="2026-11",
    privacy_notice="Toàn văn thông báo.",
    denunciation_way="gửi phong bì dán kín tới người được giao",
    retention_months=24,
    lookup_url="https://xa.example/tra-cuu",
)

_NAMES = (
    "Đất đai",
    "Môi trường",
    "Giao thông",
    "Chiếu sáng",
    "Cấp nước",
    "Giáo dục",
    "Y tế",
    "Nông nghiệp",
    "Khác",
)
_WORDS = {
    "Môi trường": ("rác", "mùi hôi"),
    "Chiếu sáng": ("đèn đường", "đèn"),
    "Giao thông": ("ổ gà", "đèn đỏ"),
}
_FOLDED = {
    "Môi trường": ("rac", "mui hoi"),
    "Chiếu sáng": ("den duong", "den"),
    "Giao thông": ("o ga", "den do"),
}
FIELDS = tuple(
    FieldOption(f"field_{number}", name, _WORDS.get(name, ()), _FOLDED.get(name, ()))
    for number, name in enumerate(_NAMES)
)


def ticket(number: int = 1, status: Status = Status.ACCEPTED, **fields: object) -> TicketFact:
    """A ticket of this chat."""
    fact = TicketFact(
        id=number,
        number=f"PA-7K{number}-48{number}",
        title=f"Đèn đường tổ {number} tắt",
        status=status,
        stage=Label(STAGES[status]),
        due_at=MORNING + timedelta(days=3),
    )
    return replace(fact, **fields)  # type: ignore[arg-type]


class Citizen:
    """One private chat. Every state passes through its stored form, as it does in the service."""

    def __init__(self, *tickets: TicketFact, consented: bool = False, now: datetime = MORNING) -> None:
        self.state = State()
        self.effects: list[Effect] = []
        self.last: tuple[Effect, ...] = ()
        self.drafts = 0
        self.context = Context(
            now=now,
            office=OFFICE,
            fields=FIELDS,
            has_consented=consented,
            tickets=tickets,
            fresh_id="d0",
            calendar=Calendar({}),
            clocks=ClockPolicy(),
        )

    def types(self, *messages: str) -> str:
        """Type messages one after another; what was answered to the last one."""
        for message in messages:
            self.sends(TextReceived(message))
        return self.answer

    def presses(self, code: str) -> str:
        """Press a button of the present question."""
        return self.sends(ButtonPressed(f"{press_prefix(self.state)}:{code}"))

    def shows(
        self, name: str = "anh", size: int = 1000, kind: MediaKind = MediaKind.PHOTO, caption: str = ""
    ) -> str:
        """Send a file."""
        return self.sends(MediaReceived(MediaRef(name, kind, name, size), caption))

    def pins(self, latitude: float = 21.0, longitude: float = 105.8) -> str:
        return self.sends(LocationShared(latitude, longitude))

    def shares_phone(self, phone: str) -> str:
        return self.sends(ContactShared(phone, own=True))

    def sticks(self) -> str:
        return self.sends(NotUnderstood())

    def waits(self, time: timedelta) -> str:
        """Let time pass and wake the dialogue."""
        self.passes(time)
        return self.gets(TimedOut())

    def passes(self, time: timedelta) -> None:
        """Let time pass."""
        self.context = replace(self.context, now=self.context.now + time)

    def sends(self, event: Event) -> str:
        offered = CATALOGUE.choices(prompt(self.state, self.context))
        return self.gets(resolve(event, self.state, offered))

    def gets(self, event: ConversationEvent) -> str:
        state, self.last = step(self.state, event, self.context)
        self.state = storing.from_json(storing.to_json(state))
        assert self.state == state
        self.effects.extend(self.last)
        for effect in self.last:
            self._carry_out(effect)
        return self.answer

    def _carry_out(self, effect: Effect) -> None:
        self.drafts += 1
        tickets = self.context.tickets
        if isinstance(effect, SubmitDraft):
            tickets = (ticket(len(tickets) + 1, Status.SUBMITTED, spoken_at=self.context.now), *tickets)
        self.context = replace(
            self.context,
            has_consented=self.context.has_consented or isinstance(effect, GiveConsent),
            tickets=tickets,
            fresh_id=f"d{self.drafts}",
        )

    @property
    def said(self) -> list[Text]:
        """The messages of the last answer."""
        return [effect.text for effect in self.last if isinstance(effect, Say)]

    @property
    def answer(self) -> str:
        """The last answer as printed."""
        return "\n".join(CATALOGUE.words(text) for text in self.said)

    @property
    def keys(self) -> list[str]:
        """The names of the last answer's texts."""
        return [text.key for text in self.said]

    def of(self, kind: type) -> list[Effect]:
        """The effects of one kind so far."""
        return [effect for effect in self.effects if isinstance(effect, kind)]

    @property
    def wake(self) -> datetime | None:
        """When the dialogue last asked to be woken."""
        wishes = [effect.when for effect in self.effects if isinstance(effect, WakeAt)]
        return wishes[-1] if wishes else None

    def at_review(self) -> "Citizen":
        """The whole script, quickly, up to the review."""
        self.types("xin chào", "1", "1", STORY, "xong", "2", "thôn 3, gần chợ")
        self.types("1", "2", "1", "Nguyễn Thị Hoa", "bỏ qua", "1")
        assert self.keys == ["review"], self.answer
        return self


def told(citizen: Citizen) -> Citizen:
    """Past consent, the story told, at the files."""
    citizen.types("xin chào", "1", "1", STORY, "xong")
    assert isinstance(citizen.state.step, AddingFiles)
    return citizen


def submitted(citizen: Citizen) -> Draft:
    """The draft of the one ticket that was sent."""
    (effect,) = citizen.of(SubmitDraft)
    assert isinstance(effect, SubmitDraft)
    return effect.draft
