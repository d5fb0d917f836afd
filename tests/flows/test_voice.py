"""Recordings of citizens: kept as they came, and handed to officers in a form that their network plays."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import pytest

from core.channel import Channel
from core.people import Role
from handlers.housekeeping import run as tidy
from handlers.media import PLAYABLE_MIME, Prepared
from scheduler.voice import VoiceCopies, find_program
from storage.tables import AttachmentRow
from storage.transaction import Transaction
from tests.conftest import NOW, SQLITE
from tests.flows.test_intake import consent, tell
from tests.flows.town import Phone, TelegramPhone, Town, WebPhone, ZaloBotPhone, town

AAC = bytes.fromhex("fff16040039ffcde02004c61766335392e33372e313030000230400e" + 4 * "fff16040017ffc01182007")
"""A quarter of a second of nothing, as Zalo records it."""
DESK = ("Tống Thị Hiên", "Văn phòng HĐND và UBND", Role.DESK)

with_ffmpeg = pytest.mark.skipif(not find_program(), reason="ffmpeg is not installed: apt-get install ffmpeg")


@pytest.fixture
def kind() -> str:
    """What is kept of a file is the same on both databases."""
    return SQLITE


@pytest.fixture
def opening(database_url: str, tmp_path: Path) -> "partial[AbstractAsyncContextManager[Town]]":
    return partial(town, database_url, tmp_path, NOW)


async def spoken(place: Town) -> str:
    """A matter filed on Zalo with a recording; its number."""
    citizen = await place.citizen(Channel.ZALO_BOT)
    assert isinstance(citizen, ZaloBotPhone)
    await consent(citizen)
    await tell(citizen, "Đèn đường trước nhà văn hóa thôn 3 hỏng", "xong")
    await place.zalo_bot.speaks(citizen.chat, AAC)
    assert "tổng 1/10" in await citizen.read()
    await tell(citizen, "xong", "thôn 3", "1", "2", "3", "1")
    return (await citizen.write("gửi")).split("Mã hồ sơ: ")[1][:10]


async def kept(place: Town) -> AttachmentRow:
    found = await place.app.runtime.database.read(lambda tx: tx.session.get_one(AttachmentRow, 1))
    assert isinstance(found, AttachmentRow)
    return found


async def fetched(place: Town, phone: WebPhone) -> tuple[str, str, bytes]:
    """Name, type and content of the newest file on a page."""
    message = next(message for message in reversed(await phone.messages()) if message["files"])
    url = f"{place.app.url}/chat/files/{message['id']}/0"
    async with place.http.get(url, headers={"Authorization": f"Bearer {phone.token}"}) as response:
        assert response.status == 200
        return message["files"][0]["name"], response.content_type, await response.read()


async def asked_for(phone: Phone, number: str) -> str:
    await phone.read()
    return await phone.write(f"tệp {number}")


async def test_without_copies_the_recording_is_handed_over_as_it_came(
    opening: "partial[AbstractAsyncContextManager[Town]]",
) -> None:
    async with opening(voice_copies=False) as place:
        desk = await place.officer(*DESK, Channel.WEBCHAT)
        assert isinstance(desk, WebPhone)
        await asked_for(desk, await spoken(place))
        assert await fetched(place, desk) == ("voice.aac", "audio/aac", AAC)
        assert (await kept(place)).playable_sha256 == ""


@with_ffmpeg
async def test_recording_of_zalo_is_kept_and_its_copy_plays_on_every_network(
    opening: "partial[AbstractAsyncContextManager[Town]]",
) -> None:
    async with opening(voice_copies=True) as place:
        web = await place.officer(*DESK, Channel.WEBCHAT)
        telegram = await place.officer("Hà Thị Bích Lựu", *DESK[1:], Channel.TELEGRAM)
        assert isinstance(web, WebPhone)
        assert isinstance(telegram, TelegramPhone)
        number = await spoken(place)
        row, files = await kept(place), place.app.runtime.service.files
        assert (row.mime, files.path(row.sha256).read_bytes()) == ("audio/aac", AAC)
        copy = files.path(row.playable_sha256).read_bytes()
        await asked_for(web, number)
        assert await fetched(place, web) == ("voice.m4a", PLAYABLE_MIME, copy)
        await asked_for(telegram, number)
        (voice,) = [each["voice"] for each in place.telegram.people.screen(telegram.chat) if "voice" in each]
        assert place.telegram.people.chats.files[voice["file_id"]].content == copy
        await place.app.runtime.database.write(_tidied(place))
        assert files.path(row.playable_sha256).exists()


def _tidied(place: Town) -> Callable[[Transaction], None]:
    def run(tx: Transaction) -> None:
        tidy(place.app.runtime.service, tx, place.clock.now())

    return run


# --- the process -------------------------------------------------------------------------------------------


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], str]:
    """Writes a program in the place of ffmpeg; its path."""

    def write(does: str) -> str:
        path = tmp_path / "program"
        path.write_text(f"#!/bin/sh\n{does}\n")
        path.chmod(0o700)
        return str(path)

    return write


LAST = 'for last in "$@"; do :; done; '


@pytest.mark.parametrize(
    ("does", "seconds"),
    [
        ("exec sleep 60", 0.2),
        ("exit 1", 5),
        (LAST + 'head -c 30000000 /dev/zero > "$last"', 5),
    ],
    ids=["too long", "unreadable", "too large"],
)
async def test_copy_that_fails_or_costs_too_much_leaves_the_recording(
    program: Callable[[str], str], does: str, seconds: float
) -> None:
    recording = Prepared(AAC, "audio/aac")
    assert await VoiceCopies(program(does), seconds).with_copy(recording) == recording


async def test_program_that_is_gone_leaves_the_recording(tmp_path: Path) -> None:
    recording = Prepared(AAC, "audio/aac")
    assert await VoiceCopies(str(tmp_path / "gone")).with_copy(recording) == recording


async def test_process_has_limits_and_no_secret_and_is_given_only_recordings(
    program: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DANVAN_SECRET_KEY", "canary")
    copies = VoiceCopies(program(LAST + '{ /usr/bin/env; ulimit -v; ulimit -t; } > "$last"'))
    made = await copies.with_copy(Prepared(AAC, "audio/aac"))
    assert made.playable.endswith(b"1000000\n20\n")
    assert b"canary" not in made.playable
    photo = Prepared(b"photo", "image/jpeg")
    assert await copies.with_copy(photo) == photo


@with_ffmpeg
async def test_broken_recording_is_kept_without_a_copy() -> None:
    recording = Prepared(AAC[:40] + bytes(500), "audio/ogg")
    assert await VoiceCopies(find_program()).with_copy(recording) == recording
