"""What Telegram answers when it does not do what was asked, as the four ends of a send."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from channels.telegram_request import NotSentError
from core.channel import (
    ChatMovedError,
    PermanentSendError,
    SendError,
    TemporarySendError,
    UnknownOutcome,
)

NOT_MODIFIED = "message is not modified"
QUERY_TOO_OLD = "query is too old"
NO_TEXT_TO_EDIT = "there is no text in the message to edit"

# A wrong token stays wrong until the administrator acts; asking every few seconds would only get us banned.
_TOKEN_PAUSE = timedelta(minutes=10)

_KINDS: Mapping[type[TelegramError], Callable[[], SendError]] = {
    Forbidden: lambda: PermanentSendError("blocked"),
    InvalidToken: lambda: TemporarySendError("bad_token", _TOKEN_PAUSE),
    Conflict: lambda: TemporarySendError("conflict"),
    NotSentError: lambda: TemporarySendError("unreachable"),
}

# The description is all Telegram gives: codes 400 and 413 mean many things. First match counts.
_REFUSALS = (
    ("message to edit not found", "message_gone"),
    ("message can't be edited", "message_gone"),
    ("message_id_invalid", "message_gone"),
    ("chat not found", "chat_unknown"),
    ("group chat was deactivated", "chat_unknown"),
    ("user not found", "chat_unknown"),
    ("peer_id_invalid", "chat_unknown"),
    ("not enough rights", "no_rights"),
    ("have no rights", "no_rights"),
    ("chat_write_forbidden", "no_rights"),
    ("chat_restricted", "no_rights"),
    ("topic_closed", "no_rights"),
    ("file is too big", "file_too_big"),
    ("request entity too large", "file_too_big"),
    ("file_id", "file_gone"),
    ("file is temporarily unavailable", "file_gone"),
    ("message is too long", "text_too_long"),
    ("message caption is too long", "text_too_long"),
)


def says(error: TelegramError, phrase: str) -> bool:
    """Whether the description holds the (lower-case) phrase."""
    return phrase in error.message.casefold()


def as_send_error(error: TelegramError) -> SendError:
    """The end this error stands for. What is not known to be refused or unsent counts as unknown."""
    if isinstance(error, RetryAfter):
        return TemporarySendError("rate_limited", _as_timedelta(error.retry_after))
    if isinstance(error, ChatMigrated):
        return ChatMovedError(str(error.new_chat_id))
    if make := _KINDS.get(type(error)):
        return make()
    return _by_description(error)


def _by_description(error: TelegramError) -> SendError:
    for phrase, code in _REFUSALS:
        if says(error, phrase):
            return PermanentSendError(code)
    if says(error, "too many requests"):
        return TemporarySendError("rate_limited")
    if isinstance(error, BadRequest):
        return PermanentSendError("refused")
    return UnknownOutcome("no_answer")


def _as_timedelta(value: int | timedelta) -> timedelta:
    return value if isinstance(value, timedelta) else timedelta(seconds=value)
