"""Which messages of a web chat hold words that must go: the person's own, and where the service quoted them.

Both sides write «1» and «có» a hundred times, so a short message proves nothing by standing in another.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.channel import Channel
from core.conversation import storing
from core.conversation.states import draft_of
from core.text import clean
from storage.tables import ConversationRow, OutboxRow, WebMessageRow
from storage.transaction import Transaction, table

_TELLING = 20
"""From so many characters on a message is known again wherever it stands; so many begin every quotation."""
_QUOTATION = re.compile("«([^«»]*)»")

_CONVERSATION = table(ConversationRow)
_MESSAGE = table(WebMessageRow)
_OUTBOX = table(OutboxRow)


def messages_with(tx: Transaction, chat: str, within: str | None) -> list[int]:
    """Ids of the person's messages in a private chat, and of those that repeat them; never a receipt's.

    All of the person's, or those that are part of `within`. A receipt is the only copy of its secret code.
    """
    sealed, began = None if within is None else clean(within), _draft_began(tx, chat)
    said: Sequence[Any] = tx.connection.execute(
        select(_MESSAGE.c.id, _MESSAGE.c.sender, _MESSAGE.c.payload, _MESSAGE.c.created_at, _OUTBOX.c.purpose)
        .join(_OUTBOX, _OUTBOX.c.dedupe_key == _MESSAGE.c.outbox_key, isouter=True)
        .where(_MESSAGE.c.chat == chat)
    ).all()
    own = [row for row in said if row.sender and (sealed is None or _is_part(row, sealed, began))]
    gone = [_on_one_line(words) for words in (*map(_words, own), sealed or "") if words.strip()]
    others = [row for row in said if not row.sender and row.purpose != "receipt"]
    return [row.id for row in (*own, *(row for row in others if _repeats(_words(row), gone)))]


def _is_part(row: Any, sealed: str, draft_began: datetime | None) -> bool:
    """Whether an own message belongs to the sealed words, of which it may be a piece."""
    words = _words(row)
    if not words or words not in sealed:
        return False
    if draft_began is None or row.created_at >= draft_began or len(words) >= _TELLING:
        return True
    return f"\n{words}\n" in f"\n{sealed}\n"


def _repeats(words: str, gone: Sequence[str]) -> bool:
    """Whether a message of the service repeats one of these, each of them on one line as it is quoted."""
    line = _on_one_line(words)
    if any(piece[:_TELLING] in line for piece in gone if len(piece) >= _TELLING):
        return True
    short = {piece for piece in gone if len(piece) < _TELLING}
    return bool(short) and not short.isdisjoint(_quoted(words))


def _quoted(words: str) -> Iterator[str]:
    """Every line, also without the name in front of it, and everything in quotation marks."""
    for line in words.splitlines():
        yield _on_one_line(line)
        yield _on_one_line(line.partition(": ")[2])
    yield from map(_on_one_line, _QUOTATION.findall(words))


def _draft_began(tx: Transaction, chat: str) -> datetime | None:
    """When the draft of this private chat began, or None when there is none: then all may belong to it."""
    state = tx.connection.execute(
        select(_CONVERSATION.c.state).where(
            _CONVERSATION.c.channel == Channel.WEBCHAT,
            _CONVERSATION.c.chat == chat,
            _CONVERSATION.c.sender == chat,
        )
    ).scalar()
    draft = draft_of(storing.from_json(state).step) if state else None
    return draft.started_at if draft else None


def _words(row: Any) -> str:
    return str(row.payload.get("text", ""))


def _on_one_line(words: str) -> str:
    return " ".join(words.split())
