"""A Bot API server, the account that talks to it, and the sender over it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from channels.telegram import TelegramSender
from channels.telegram_account import TelegramAccount
from channels.telegram_message import KeyboardWords
from tests.fakes.telegram import FakeTelegram

WORDS = KeyboardWords(location="Gửi vị trí của tôi", contact="Gửi số điện thoại của tôi")


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as running:
        yield running


@pytest.fixture
async def account(telegram: FakeTelegram) -> AsyncIterator[TelegramAccount]:
    async with TelegramAccount(telegram.token, host=telegram.host) as opened:
        yield opened


@pytest.fixture
def pauses() -> list[float]:
    """How long the sender waited, in seconds; no time passes."""
    return []


@pytest.fixture
def sender(account: TelegramAccount, tmp_path: Path, pauses: list[float]) -> TelegramSender:
    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    return TelegramSender(account, files=tmp_path, words=WORDS, pause=pause)
