"""`danvan console`: the terminal as a page of the web chat of a running service."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.console import Console
from core.errors import RuleError
from tests.conftest import NOW
from tests.flows.town import Town, town


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path, NOW) as opened:
        yield opened


async def talk(place: Town, kept: Path, *said: str) -> str:
    """Everything the terminal showed."""
    shown: list[str] = []

    async def lines() -> AsyncIterator[str]:
        for line in said:
            yield line
            await place.settle()

    await Console(place.app.url, kept, shown.append, quiet_seconds=0.3).talk(lines())
    return "\n".join(shown)


async def test_what_is_typed_is_answered_with_numbered_choices(place: Town, tmp_path: Path) -> None:
    shown = await talk(place, tmp_path / "kept" / "citizen.json", "xin chào\n", "\n", "1\n")
    assert "1. Gửi phản ánh, kiến nghị" in shown
    assert "Ông/bà có đồng ý không?" in shown


async def test_the_next_talk_goes_on_where_the_last_one_ended(place: Town, tmp_path: Path) -> None:
    kept = tmp_path / "citizen.json"
    await talk(place, kept, "xin chào", "1")
    shown = await talk(place, kept, "1")
    assert "Xin ông/bà kể việc" in shown
    assert "đồng ý không" not in shown, "what was shown before is not shown again"


async def test_an_identity_the_service_does_not_know_is_replaced(place: Town, tmp_path: Path) -> None:
    kept = tmp_path / "citizen.json"
    kept.write_text('{"token": "of another service", "chat": "p:1"}', encoding="utf-8")
    assert "1. Gửi phản ánh, kiến nghị" in await talk(place, kept, "xin chào")


async def test_without_a_service_the_remedy_is_named(tmp_path: Path) -> None:
    async def nothing() -> AsyncIterator[str]:
        for line in ():
            yield line

    with pytest.raises(RuleError, match="console_no_service"):
        await Console("http://127.0.0.1:9", tmp_path / "kept.json", print).talk(nothing())
