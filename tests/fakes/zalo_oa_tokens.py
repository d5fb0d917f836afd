"""Where a test keeps the tokens of an Official Account: in memory, out of reach on order."""

import asyncio

from channels.zalo_oa_tokens import Tokens
from core.errors import TemporarilyUnavailable


class MemoryTokenStore:
    """`saved` and `previous` grow by every save, `rotations` counts the notes, `broken` saves fail."""

    def __init__(self, tokens: Tokens | None = None) -> None:
        self.tokens = tokens
        self.saved: list[Tokens] = []
        self.previous: list[Tokens | None] = []
        self.begun = asyncio.Event()
        self.rotations = 0
        self.broken = 0
        self.is_lost = False

    @property
    def is_rotating(self) -> bool:
        """Whether a note of a rotation stands without a save."""
        return self.begun.is_set()

    async def load(self) -> Tokens | None:
        return self.tokens

    async def save(self, tokens: Tokens, *, previous: Tokens | None) -> None:
        if self.broken:
            self.broken -= 1
            raise TemporarilyUnavailable
        self.tokens = tokens
        self.saved.append(tokens)
        self.previous.append(previous)
        self.begun.clear()
        self.is_lost = False

    async def rotating(self) -> None:
        self.begun.set()
        self.rotations += 1

    async def unspent(self) -> None:
        self.begun.clear()

    async def lost(self) -> None:
        self.is_lost = True
