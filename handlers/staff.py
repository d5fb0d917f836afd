"""One event of one officer on its way through: who acts, where, and how they are answered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.channel import Address, SendKind
from core.conversation.officer_states import State
from core.delivery import OnUnknown, Priority
from core.errors import RuleError
from core.people import Officer
from core.say import Choice, Text, say
from handlers import looks, people
from handlers.service import Service
from storage import outbox
from storage.conversations import Conversation
from storage.outbox import Wish
from storage.transaction import Transaction


@dataclass
class Turn:
    """`key` is the event's own. `press` is the press to be answered, when the event was one."""

    service: Service
    tx: Transaction
    officer: Officer
    chat: Address
    key: str
    now: datetime
    is_private: bool
    inbox_id: int | None = None
    press: str | None = None
    said: int = 0
    is_press_answered: bool = False

    def tell(
        self,
        text: Text,
        *,
        at: Address | None = None,
        press: str = "",
        coalesce: str = "",
        files: tuple[int, ...] = (),
    ) -> None:
        """Queue a message in this chat, or in the officer's private chat `at`."""
        chat = at or self.chat
        is_group = chat == self.chat and not self.is_private
        self.said += 1
        outbox.enqueue(
            self.tx,
            Wish(
                key=f"staff:{self.key}:{self.said}",
                address=chat,
                is_group=is_group,
                text=text,
                press=press,
                priority=Priority.INTERACTIVE,
                files=files,
                coalesce=coalesce,
                subject="" if is_group else f"officer:{self.officer.id}",
                purpose="staff",
                on_unknown=OnUnknown.REPEAT,
            ),
            self.now,
        )

    def replace(self, message_id: str, text: Text) -> None:
        """Put other words, without buttons, in the place of a message of ours here, where that works."""
        if not looks.can_edit(self.tx, self.chat):
            return
        self.said += 1
        outbox.enqueue(
            self.tx,
            Wish(
                key=f"staff:{self.key}:{self.said}",
                address=self.chat,
                kind=SendKind.EDIT,
                is_group=not self.is_private,
                text=text,
                purpose="staff",
                reference=message_id,
                on_unknown=OnUnknown.REPEAT,
            ),
            self.now,
        )

    def hint(self, text: Text) -> None:
        """A short word to the one who acted: over the button when it was a press, else as a message."""
        if self.press is None:
            self.tell(self.addressed(text))
        elif not self.is_press_answered:
            self.is_press_answered = True
            answer_press(self.tx, self.chat, self.press, text, self.now)

    def addressed(self, text: Text, chat: Address | None = None) -> Text:
        """The message with the name of the one it is for, where others read it too."""
        if self.is_private or chat not in (None, self.chat):
            return text
        choices = self.service.catalogue.choices(text)
        return say("room_to", choices=choices, officer=self.officer.name, body=text)

    def private_chat(self) -> Address:
        """Where the officer is written to alone: on this network if they can be, else on another.

        Raises RuleError("private_needed") when no private chat takes messages.
        """
        if self.is_private:
            return self.chat
        chats = people.addresses_of(self.tx, self.officer.id)
        if not chats:
            raise RuleError("private_needed")
        return next((chat for chat in chats if chat.channel == self.chat.channel), chats[0])


@dataclass
class Talk:
    """A step of an officer's dialogue being carried out in `chat`. `state` is the new one."""

    turn: Turn
    chat: Address
    conversation: Conversation
    state: State
    offered: tuple[Choice, ...]

    @property
    def is_private(self) -> bool:
        return self.turn.is_private or self.chat != self.turn.chat

    def tell(self, text: Text, *, press: str = "", coalesce: str = "") -> None:
        """A message that asks nothing."""
        name = f"{coalesce}:{self.conversation.id}" if coalesce else ""
        self.turn.tell(self.turn.addressed(text, self.chat), at=self.chat, press=press, coalesce=name)

    def ask(self, text: Text) -> None:
        """The question of the new state; a number means one of its choices from here on."""
        self.offered = self.turn.service.catalogue.numbered(text)
        self.tell(text, press=self.question_press)

    @property
    def question_press(self) -> str:
        """The front of what the buttons of the question put last carry."""
        return f"d:{question_id(self.conversation, self.state)}"


def question_id(conversation: Conversation, state: State) -> str:
    """What a button of the present question carries: whose dialogue, and which question of it."""
    return f"{conversation.id}.{state.asked}"


def answer_press(tx: Transaction, chat: Address, press: str, text: Text, now: datetime) -> None:
    """Queue the short word that the network shows over a pressed button."""
    outbox.enqueue(
        tx,
        Wish(
            key=f"press:{chat.channel}:{press}",
            address=chat,
            kind=SendKind.PRESS_ANSWER,
            text=text,
            priority=Priority.INTERACTIVE,
            purpose="press",
            reference=press,
            on_unknown=OnUnknown.REPEAT,
        ),
        now,
    )


def guarded(turn: Turn, act: Callable[[], None]) -> RuleError | None:
    """Do it whole or not at all; the broken rule, which the officer was told, or None when it was done."""
    try:
        with turn.tx.savepoint():
            act()
    except RuleError as error:
        turn.is_press_answered = False
        turn.hint(error.sentence)
        return error
    return None
