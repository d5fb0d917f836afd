"""What comes in through a one-time link enters the dialogue as if it had come from the network itself."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from channels import page
from core.channel import Event, Inbound, LocationShared, MediaReceived, MediaRef, TextReceived
from core.conversation.steps import AddingFiles, AddingToTicket
from handlers import inbound, officers, page_links, uploads
from handlers.page_links import OpenLink, Page
from handlers.service import Service
from handlers.uploads import Upload
from storage.tables import InboxRow
from storage.transaction import Transaction, table

_INBOX = table(InboxRow)
_DONE = "xong"
"""As the citizen would type it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Files that were handed on: the link after them, the uploads now kept, and whether there was no room
    for more."""

    link: OpenLink
    kept: frozenset[Upload]
    is_full: bool


def take_files(
    service: Service,
    tx: Transaction,
    token: str,
    browser: str,
    form_id: str,
    files: Sequence[Upload],
    now: datetime,
) -> Taken | None:
    """Hand on the files of a form; None when the link opens nothing (any more).

    A form that is sent again, known by its id, is not taken again: then nothing of it is kept.
    """
    link = _open(service, tx, Page.FILES, token, browser, now)
    if link is None:
        return None
    kept: list[Upload] = []
    for number, upload in enumerate(files):
        part = f"{form_id}:{number}"
        if _is_repeated(tx, link, part):
            continue
        if link.room == 0:
            return Taken(link, frozenset(kept), is_full=True)
        _take(service, tx, link, part, upload, browser, now)
        link = replace(link, files=link.files + 1, room=link.room - 1)
        kept.append(upload)
    return Taken(link, frozenset(kept), is_full=False)


def _take(
    service: Service, tx: Transaction, link: OpenLink, part: str, upload: Upload, browser: str, now: datetime
) -> None:
    """Without its size: the limit that the dialogue knows is the networks', and the page has its own."""
    ref, name = uploads.keep(tx, None, upload, now), uploads.file_name(upload.name)
    page_links.begin(tx, link, browser)
    _hand_on(service, tx, link, part, MediaReceived(MediaRef(ref, uploads.kind_of(name), name)), now)


def finish_files(
    service: Service, tx: Transaction, token: str, browser: str, now: datetime
) -> OpenLink | None:
    """No more files: the link ends, and a dialogue that asks for files goes on; None as above."""
    link = _open(service, tx, Page.FILES, token, browser, now)
    if link is None:
        return None
    page_links.end(tx, link)
    if isinstance(link.step, AddingFiles | AddingToTicket):
        _hand_on(service, tx, link, _DONE, TextReceived(_DONE), now)
    return link


def take_pin(
    service: Service, tx: Transaction, token: str, point: tuple[float, float], now: datetime
) -> OpenLink | None:
    """Hand a pin on, which ends the link; None as above."""
    link = _open(service, tx, Page.PIN, token, "", now)
    if link is None:
        return None
    page_links.end(tx, link)
    _hand_on(service, tx, link, Page.PIN, LocationShared(*point), now)
    return link


def _open(
    service: Service, tx: Transaction, page_: Page, token: str, browser: str, now: datetime
) -> OpenLink | None:
    """The link, while what comes through it reaches the citizen's dialogue it was given for."""
    page_links.lock(tx, token)
    link = page_links.find(tx, page_, token, browser, now)
    if link is None or not officers.leaves_floor(service, tx, link.chat, link.sender, now):
        return None
    return link


def _is_repeated(tx: Transaction, link: OpenLink, part: str) -> bool:
    known = select(_INBOX.c.id).where(
        _INBOX.c.channel == link.chat.channel, _INBOX.c.external_id == _external_id(link, part)
    )
    return tx.connection.execute(known).first() is not None


def _hand_on(
    service: Service, tx: Transaction, link: OpenLink, part: str, event: Event, now: datetime
) -> None:
    event_in = Inbound(_external_id(link, part), link.chat, link.sender, event)
    body = json.dumps(page.envelope(event_in), ensure_ascii=False, sort_keys=True).encode()
    inbound.receive(service, tx, event_in, body, now)


def _external_id(link: OpenLink, part: str) -> str:
    return f"page:{link.token_hash[:32]}:{part}"
