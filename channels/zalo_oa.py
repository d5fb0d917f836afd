"""Official Account out: one delivery becomes one or more messages, and ends in one of the four ends."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from channels.zalo_oa_account import ZaloOaAccount
from channels.zalo_oa_errors import ATTACHMENT_EXPIRED, BAD_PARAMETER, RefusedCall
from channels.zalo_oa_message import (
    ContactCard,
    Message,
    Part,
    Upload,
    as_button_template,
    parts_of,
    plain,
    with_buttons,
)
from core.channel import (
    Delivery,
    Outgoing,
    OutgoingFile,
    PermanentSendError,
    SendError,
    SendKind,
    Sent,
    Template,
    TemporarySendError,
    UnknownOutcome,
)

SEND_PATH = "/v3.0/oa/message/cs"
TEMPLATE_PATH = "/v3.0/oa/message/template"
PHONE_PATH = "/message/template"

# Below the lease of an outbox row (60 s): past it another worker might take the row for abandoned.
_DELIVERY_SECONDS = 55.0
# How long the rest of a half-delivered message may wait for its turn, and how often.
_REST_PAUSE = timedelta(seconds=15)
_REST_ATTEMPTS = 3

_Ready = tuple[Part, str]
"""A part and the id of its upload, empty for words."""


class ZaloOaSender:
    """The road out to an Official Account; see `core.channel.Sender`.

    Files to send lie under `files`; `link` gives the public address of one that Zalo does not take;
    `template_result` is the approved template that says how a matter stands, empty for none; `contact_card`
    stands below a question for a telephone number. All uploads are done before the first message leaves. A
    message of several parts is never begun again once one of them arrived: the rest is tried for a few
    seconds, then the outcome is unknown.
    """

    def __init__(
        self,
        account: ZaloOaAccount,
        *,
        files: Path,
        link: Callable[[OutgoingFile], str],
        template_result: str = "",
        contact_card: ContactCard | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._account = account
        self._files = files.resolve()
        self._link = link
        self._template_result = template_result
        self._contact_card = contact_card
        self._pause = pause
        # Documents and clients disagree on how buttons are wrapped; whichever was taken last comes first.
        self._wrappers = [with_buttons, as_button_template]

    async def deliver(self, delivery: Delivery) -> Sent:
        """Carry out one outbox row. `Sent.message_id` is the message that holds the words and the buttons."""
        until = asyncio.get_running_loop().time() + _DELIVERY_SECONDS
        try:
            match delivery.kind:
                case SendKind.MESSAGE:
                    return await self._message(delivery, until)
                case SendKind.EDIT:
                    raise PermanentSendError("cannot_edit")
                case SendKind.PRESS_ANSWER:
                    return Sent()  # a tap shows nothing that waits for an answer
                case SendKind.DOWNLOAD:
                    async with _in_time(until, TemporarySendError("no_answer")):
                        return Sent(content=await self._account.fetch(delivery.reference or ""))
        except OSError:  # the network's own were turned into the errors of the core
            raise PermanentSendError("file_missing") from None

    async def _message(self, delivery: Delivery, until: float) -> Sent:
        chat = delivery.address.chat
        if delivery.message.template is not None:
            async with _in_time(until, UnknownOutcome("no_answer")):
                return await self._templated(delivery, delivery.message.template)
        async with _in_time(until, TemporarySendError("no_answer")):  # nothing is shown to anybody yet
            parts = await self._parts(delivery.message)
            ready = [(part, await self._uploaded(part.upload) if part.upload else "") for part in parts]
        async with _in_time(until, UnknownOutcome("no_answer")):
            carrier = await self._send(chat, ready[0])
            for each in ready[1:]:
                carrier = await self._rest(chat, each)
            if delivery.message.ask_contact and self._contact_card is not None:
                await self._offer(chat, self._contact_card)
        return Sent(carrier)

    async def _templated(self, delivery: Delivery, template: Template) -> Sent:
        """By the person's id or by a telephone number; neither needs an open window, both cost money.

        Nobody waits for money or a package here: a person can take over at once.
        """
        if not self._template_result:
            raise PermanentSendError("no_template")
        wish: dict[str, Any] = {
            "template_id": self._template_result,
            "template_data": dict(template.values),
        }
        try:
            if not template.phone:
                wish["user_id"] = delivery.address.chat
                return Sent(_given(await self._account.call("POST", TEMPLATE_PATH, body=wish), "message_id"))
            wish |= {"phone": _abroad(template.phone), "tracking_id": f"danvan-{delivery.id}"}
            answer = await self._account.call("POST", PHONE_PATH, body=wish, on_template_host=True)
        except TemporarySendError as error:
            if error.code == "account_refused":
                raise PermanentSendError(error.code) from None
            raise
        return Sent(_given(answer, "msg_id"))

    async def _parts(self, message: Outgoing) -> list[Part]:
        """The messages it takes; off the event loop only when there are files to look at."""

        def lay_out() -> list[Part]:
            return parts_of(message, files=self._files, link=self._link)

        return await asyncio.to_thread(lay_out) if message.files else lay_out()

    async def _rest(self, chat: str, ready: _Ready) -> str:
        """Send a later part of a message whose first part has arrived."""
        attempt = 1
        while True:
            try:
                return await self._send(chat, ready)
            except TemporarySendError as error:
                wait = error.retry_after or timedelta(seconds=attempt)
            except PermanentSendError:
                raise UnknownOutcome("partly_sent") from None
            if attempt == _REST_ATTEMPTS or wait > _REST_PAUSE:
                raise UnknownOutcome("partly_sent")
            await self._pause(wait.total_seconds())
            attempt += 1

    async def _send(self, chat: str, ready: _Ready) -> str:
        """Send one part: the id of the message."""
        part, given_id = ready
        if part.upload:
            return await self._send_upload(chat, part.upload, given_id)
        if part.buttons:
            return await self._send_buttons(chat, part)
        return await self._post(chat, plain(part))

    async def _offer(self, chat: str, card: ContactCard) -> None:
        """Show the card below its question, which has arrived and takes a typed number as well."""
        with suppress(SendError):
            await self._post(chat, card.message())

    async def _send_upload(self, chat: str, upload: Upload, given_id: str) -> str:
        try:
            return await self._post(chat, upload.message(given_id))
        except RefusedCall as error:
            if error.number != ATTACHMENT_EXPIRED:
                raise
        return await self._post(chat, upload.message(await self._uploaded(upload)))

    async def _send_buttons(self, chat: str, part: Part) -> str:
        """With buttons in one wrapper or the other, else without: the numbers in the words suffice."""
        for number, wrapper in enumerate(self._wrappers):
            try:
                sent = await self._post(chat, wrapper(part))
            except RefusedCall as error:
                if error.number != BAD_PARAMETER:
                    raise
            else:
                if number:
                    self._wrappers = self._wrappers[::-1]
                return sent
        return await self._post(chat, plain(part))

    async def _post(self, chat: str, message: Message) -> str:
        body = {"recipient": {"user_id": chat}, "message": message}
        return _given(await self._account.call("POST", SEND_PATH, body=body), "message_id")

    async def _uploaded(self, upload: Upload) -> str:
        """The id Zalo gives the file. Nothing is shown to anybody yet, so a missing answer means not done."""
        try:
            answer = await self._account.upload(upload.path, upload.name, upload.content, upload.mime)
        except UnknownOutcome as error:
            raise TemporarySendError(error.code) from None
        return _given(answer, upload.id_key)


@asynccontextmanager
async def _in_time(until: float, late: SendError) -> AsyncIterator[None]:
    """Raises `late` once the loop's clock is at `until`."""
    try:
        async with asyncio.timeout_at(until):
            yield
    except TimeoutError:
        raise late from None


def _abroad(phone: str) -> str:
    """A number 0… as 84…, the only form taken there."""
    return "84" + phone.removeprefix("0")


def _given(answer: dict[str, Any], key: str) -> str:
    data = answer.get("data")
    return str(data.get(key) or "") if isinstance(data, dict) else ""
