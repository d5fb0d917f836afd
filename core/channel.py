"""What crosses the border of a chat network: who, where, what came in, what goes out, and how a send ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Protocol


class Channel(StrEnum):
    """A chat network. All are equal in the core."""

    TELEGRAM = "telegram"
    ZALO_OA = "zalo_oa"
    ZALO_BOT = "zalo_bot"
    WEBCHAT = "webchat"


@dataclass(frozen=True, slots=True)
class Address:
    """One chat of one network: a person's private chat, or a room."""

    channel: Channel
    chat: str

    def __str__(self) -> str:
        return f"{self.channel}:{self.chat}"


# --- what comes in -----------------------------------------------------------------------------------------


class MediaKind(StrEnum):
    """What a file is to the person who sent it."""

    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class MediaRef:
    """A file still lying with the network: how to fetch it and what the sender said of it."""

    file_id: str
    kind: MediaKind
    name: str = ""
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class TextReceived:
    text: str


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """A press on a button of ours. `payload` comes from outside and is never trusted."""

    payload: str
    callback_id: str | None = None


@dataclass(frozen=True, slots=True)
class MediaReceived:
    """One file; an album arrives as several of these with the same `album`."""

    media: MediaRef
    caption: str = ""
    album: str | None = None


@dataclass(frozen=True, slots=True)
class LocationShared:
    latitude: float
    longitude: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class ContactShared:
    """A phone number card. `own` is true only when the network vouches that it is the sender's."""

    phone: str
    own: bool


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A sticker, a poll, a dice: something real that carries nothing for us."""


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """The sender changed a message already sent. What we keep is a record: the old text stays."""

    message_id: str
    text: str


@dataclass(frozen=True, slots=True)
class ReachabilityChanged:
    """The person blocked (`reachable` false) or unblocked the service."""

    reachable: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """The person began to follow the service: it may write to them, and greets them."""


@dataclass(frozen=True, slots=True)
class StaffWrote:
    """A person wrote to this chat by hand, in the network's own console; `Inbound.sender` is their id there.

    `text` is empty for a picture or a file.
    """

    text: str


@dataclass(frozen=True, slots=True)
class ChatMoved:
    """A group became a supergroup: the same room under a new id."""

    new_chat: str


@dataclass(frozen=True, slots=True)
class AddedToGroup:
    """Somebody put the service into a group."""


Event = (
    TextReceived
    | ButtonPressed
    | MediaReceived
    | LocationShared
    | ContactShared
    | NotUnderstood
    | MessageEdited
    | ReachabilityChanged
    | Followed
    | StaffWrote
    | ChatMoved
    | AddedToGroup
)


@dataclass(frozen=True, slots=True)
class Inbound:
    """One event from a network. `external_id` is the network's natural key and makes repeats harmless.

    `message_id` is the message that came in, or, for a press, the message whose button was pressed.
    `is_anonymous`: written in the name of the group or of a channel, so `sender` says nothing of the person.
    """

    external_id: str
    chat: Address
    sender: str
    event: Event
    is_private: bool = True
    message_id: str | None = None
    reply_to: str | None = None
    is_anonymous: bool = False


# --- what goes out -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A stored file to send: `path` lies in the data folder, `kind` decides how it is shown."""

    path: str
    name: str
    kind: MediaKind
    mime: str


@dataclass(frozen=True, slots=True)
class Template:
    """The values of a text the network has approved, for somebody who may not be written to freely.

    `phone` (0…): to whoever has this number, in the place of the chat.
    """

    values: Mapping[str, str]
    phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message with its words ready. Choices stand in the text as numbers; buttons repeat them.

    `template` goes in the place of the words where there is one.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    files: tuple[OutgoingFile, ...] = ()
    ask_location: bool = False
    ask_contact: bool = False
    template: Template | None = None


class SendKind(StrEnum):
    """What one outbox row asks of the network."""

    MESSAGE = "message"
    EDIT = "edit"
    PRESS_ANSWER = "press_answer"
    DOWNLOAD = "download"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One claimed outbox row on its way. `key` is stable over attempts: a network that can, dedupes by it.

    `message_id` is the message to edit; `reference` the press to answer or the file to download. `carries`:
    further rows whose words are in the message, each with its attempt; they end as this one does.
    """

    id: int
    key: str
    address: Address
    kind: SendKind
    message: Outgoing
    message_id: str | None = None
    reference: str | None = None
    attempt: int = 1
    carries: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """The network took it. `message_id` is its id there; `content` the bytes of a download."""

    message_id: str = ""
    content: bytes = field(default=b"", repr=False)


class SendError(Exception):
    """A send that did not end in `Sent`. `code` is stable and fit for a log; it holds no personal data."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TemporarySendError(SendError):
    """Surely not delivered; may be tried again, after `retry_after` when the network named it."""

    def __init__(self, code: str, retry_after: timedelta | None = None) -> None:
        super().__init__(code)
        self.retry_after = retry_after


class PermanentSendError(SendError):
    """Refused for good: blocked, unknown chat, too big."""


class ChatMovedError(SendError):
    """Not delivered: the chat has the new id `new_chat`."""

    def __init__(self, new_chat: str) -> None:
        super().__init__("chat_moved")
        self.new_chat = new_chat


class UnknownOutcome(SendError):  # noqa: N818 - it is not known to be an error
    """The bytes left and no answer came: perhaps delivered, so never blindly sent again."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a network can show and carry. `max_text` of one message, in UTF-16 units.

    `edits`: a message once sent can be changed; where it cannot, what matters is said in a new one.
    `location`: a pin arrives. `files`: documents and video do, as photos do everywhere. `window`: how long
    after somebody's last message they may be written to, the first `free` of it without a fee; None where
    that never ends. `staff_may_write`: in a console of its own.
    `counts_messages`: each message uses up an allowance of the month.
    `plays`: endings of the recordings that its people can listen to.
    """

    max_text: int
    edits: bool
    location: bool
    files: bool = True
    window: timedelta | None = None
    free: timedelta | None = None
    staff_may_write: bool = False
    counts_messages: bool = False
    plays: frozenset[str] = frozenset({"mp3", "m4a", "wav"})


CAPABILITIES: Mapping[Channel, Capabilities] = {
    Channel.TELEGRAM: Capabilities(
        4096, edits=True, location=True, plays=frozenset({"ogg", "mp3", "m4a", "wav"})
    ),
    Channel.ZALO_OA: Capabilities(
        2000,
        edits=False,
        location=True,
        window=timedelta(days=7),
        free=timedelta(hours=48),
        staff_may_write=True,
    ),
    Channel.ZALO_BOT: Capabilities(2000, edits=False, location=False, files=False, counts_messages=True),
    Channel.WEBCHAT: Capabilities(20_000, edits=True, location=True),
}


class Sender(Protocol):
    """The only road out. `deliver` raises the send errors above and nothing else."""

    async def deliver(self, delivery: Delivery) -> Sent: ...


Senders = Mapping[Channel, Sender]
