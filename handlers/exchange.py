"""One event of one citizen on its way through: what the effects need and what they leave behind."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.channel import Address
from core.conversation.answers import press_prefix
from core.conversation.effects import Say
from core.conversation.states import State
from core.delivery import Priority
from core.say import Choice
from handlers import page_links
from handlers.relay import Reporter
from handlers.service import Service
from storage import outbox
from storage.conversations import Conversation
from storage.outbox import Wish
from storage.transaction import Transaction


@dataclass
class Exchange:
    """`offered` are the choices a number means next; `wake_at` when the dialogue wants to be woken."""

    service: Service
    tx: Transaction
    conversation: Conversation
    inbox_id: int | None
    now: datetime
    state: State = field(default_factory=State)
    offered: tuple[Choice, ...] = ()
    wake_at: datetime | None = None
    answers: int = 0

    @property
    def reporter(self) -> Reporter:
        """Who writes, and where an answer goes."""
        chat = self.conversation.chat
        return Reporter(Address(chat.channel, self.conversation.sender), chat)

    def say(self, wish: Say) -> None:
        """Queue an answer in this chat; its choices become what a number means next."""
        text = page_links.as_possible_on(
            self.service, self.tx, self.conversation, self.state, wish.text, self.now
        )
        choices = self.service.catalogue.choices(text)
        if choices:
            self.offered = choices
        self.answers += 1
        key = f"{self.conversation.id}:{self.conversation.version}"
        outbox.enqueue(
            self.tx,
            Wish(
                key=f"dialogue:{key}:{self.answers}",
                address=self.conversation.chat,
                text=text,
                press=press_prefix(self.state),
                priority=Priority.INTERACTIVE,
                coalesce=f"dialogue:{self.conversation.id}:{wish.coalesce}" if wish.coalesce else "",
                subject=f"conversation:{self.conversation.id}",
                purpose="dialogue",
                not_before=self.now + timedelta(seconds=wish.delay_seconds),
            ),
            self.now,
        )
