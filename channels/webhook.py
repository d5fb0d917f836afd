"""What a network says about where it delivers."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self


@dataclass(frozen=True, slots=True)
class WebhookState:
    """Where a network delivers and how that goes. An empty `url` means polling.

    `pending` and `last_error` are empty where the network does not tell them.
    """

    url: str
    pending: int = 0
    last_error: str = ""
    allowed_updates: Sequence[str] = ()


class WebhookAccount(Protocol):
    """An account of a network that can deliver to us. All raise the send errors of `core.channel`."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def webhook(self) -> WebhookState: ...

    async def set_webhook(self, url: str, *, secret: str) -> None: ...

    async def delete_webhook(self) -> None: ...
