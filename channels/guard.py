"""What may leave for an outside network: everything, only named addresses, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from core.channel import Address, Delivery, Sender, SendKind, Sent

log = structlog.get_logger()

MayLeave = Callable[[Address], bool]


@dataclass(frozen=True, slots=True)
class GuardedSender:
    """A sender that hands on only what may leave; the rest counts as sent and is noted without its words.

    Downloads pass: they tell nobody anything.
    """

    inner: Sender
    may_leave: MayLeave

    async def deliver(self, delivery: Delivery) -> Sent:
        """See `core.channel.Sender`."""
        if delivery.kind is SendKind.DOWNLOAD or self.may_leave(delivery.address):
            return await self.inner.deliver(delivery)
        log.info(
            "message_held_back", outbox_id=delivery.id, channel=delivery.address.channel, kind=delivery.kind
        )
        return Sent(f"held:{delivery.id}")
