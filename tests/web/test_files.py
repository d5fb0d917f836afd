"""Files in both directions: size, ownership, and what a browser is allowed to do with them."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import FormData

from channels.webchat import MAX_FILE_BYTES
from core.channel import (
    Address,
    Channel,
    Delivery,
    MediaKind,
    MediaReceived,
    Outgoing,
    OutgoingFile,
    PermanentSendError,
    SendKind,
)
from handlers import uploads
from tests.web.conftest import Page, World


async def sent_file(world: World, page: Page, content: bytes, name: str, mime: str) -> str:
    """Where a page fetches a file that the service sent it."""
    files = world.runtime.service.files
    file = OutgoingFile(str(files.path(files.keep(content))), name, MediaKind.DOCUMENT, mime)
    return f"/chat/files/{await world.say(page.chat, Outgoing('Tệp', files=(file,)))}/0"


def download(reference: str) -> Delivery:
    """What fetches an upload, as it does a file of any other network."""
    address = Address(Channel.WEBCHAT, "p:x")
    return Delivery(1, "d", address, SendKind.DOWNLOAD, Outgoing(""), reference=reference)


async def test_a_file_handed_over_can_be_fetched_whole(world: World) -> None:
    page, content = await world.page(), bytes(range(256)) * 4000
    await page.send(file=(await (await page.upload(content)).json())["ref"])
    inbound, _ = world.received[0]
    assert isinstance(inbound.event, MediaReceived)
    assert (await world.sender.deliver(download(inbound.event.media.file_id))).content == content


async def test_the_largest_file_is_taken_and_the_next_byte_refused(world: World) -> None:
    page = await world.page()
    assert (await page.upload(b"x" * MAX_FILE_BYTES)).status == 201
    answer = await page.upload(b"x" * (MAX_FILE_BYTES + 1))
    assert answer.status == 413
    assert len(list(world.uploads.iterdir())) == 1, "the refused file leaves nothing behind"


async def test_a_file_of_40_mb_gets_its_sentence(world: World) -> None:
    page = await world.page()
    answer = await page.upload(b"x" * 40_000_000, "phim.mp4")
    assert answer.status == 413
    assert "20 MB" in (await answer.json())["error"]
    assert (await page.send(text="vẫn gửi được")).status == 200


async def test_a_file_of_40_mb_that_does_not_name_its_length_gets_its_sentence_too(world: World) -> None:
    page = await world.page()

    async def endless() -> object:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="phim.mp4"\r\n\r\n'
        for _ in range(40):
            yield b"x" * 1_000_000
        yield b"\r\n--b--\r\n"

    headers = page.headers | {"Content-Type": "multipart/form-data; boundary=b"}
    answer = await world.client.post("/chat/files", data=endless(), headers=headers)
    assert answer.status == 413
    assert "20 MB" in (await answer.json())["error"]
    assert list(world.uploads.iterdir()) == []


async def test_a_client_that_asks_first_is_told_before_it_sends(world: World) -> None:
    page = await world.page()
    headers = page.headers | {"Content-Type": "multipart/form-data; boundary=b", "Expect": "100-continue"}
    headers["Content-Length"] = "40000000"
    answer = await world.client.post("/chat/files", headers=headers, data=b"", skip_auto_headers=[])
    assert answer.status == 413


@pytest.mark.parametrize("kind", ["no form", "wrong field", "broken"])
async def test_a_body_without_a_file_is_refused(world: World, kind: str) -> None:
    page = await world.page()
    form = FormData()
    form.add_field("other", b"x", filename="x")
    if kind == "wrong field":
        answer = await world.client.post("/chat/files", data=form, headers=page.headers)
    else:
        headers = page.headers | ({} if kind == "no form" else {"Content-Type": "multipart/form-data"})
        answer = await world.client.post("/chat/files", data=b"nonsense", headers=headers)
    assert answer.status == 400
    assert (await answer.json())["error"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ba\\ảnh.png", "ảnh.png"),
        ("x" * 300 + ".pdf", "x" * 109 + "….pdf"),
        ("", "tep"),
        ("\u202egpj.exe", "gpj.exe"),
    ],
)
def test_a_name_from_outside_becomes_one_harmless_line(given: str, kept: str) -> None:
    assert uploads.file_name(given) == kept


async def test_only_who_may_read_the_chat_gets_its_file(world: World) -> None:
    page, other = await world.page(), await world.page()
    address = await sent_file(world, page, b"noi dung", "Trả lời.pdf", "application/pdf")
    answer = await world.client.get(address, headers=page.headers)
    assert (answer.status, await answer.read()) == (200, b"noi dung")
    assert (await world.client.get(address, headers=other.headers)).status == 404
    assert (await world.client.get(address)).status == 401
    assert (await world.client.get(address[:-1] + "7", headers=page.headers)).status == 404


@pytest.mark.parametrize(
    ("mime", "is_shown"),
    [("image/jpeg", True), ("image/svg+xml", False), ("text/html", False), ("application/pdf", False)],
)
async def test_only_plain_pictures_are_shown_and_nothing_in_a_file_runs(
    world: World, mime: str, is_shown: bool
) -> None:
    page = await world.page()
    address = await sent_file(world, page, b"<script>alert(1)</script>", 'a"\r\nb.html', mime)
    answer = await world.client.get(address, headers=page.headers)
    assert answer.headers["Content-Disposition"].startswith("inline" if is_shown else "attachment")
    assert answer.content_type == (mime if is_shown else "application/octet-stream")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_path_outside_the_files_is_never_served(world: World, tmp_path: Path) -> None:
    page = await world.page()
    secret = tmp_path / "secret"
    secret.write_text("khóa", encoding="utf-8")
    file = OutgoingFile(str(secret), "x", MediaKind.DOCUMENT, "text/plain")
    message_id = await world.say(page.chat, Outgoing("Tệp", files=(file,)))
    assert (await world.client.get(f"/chat/files/{message_id}/0", headers=page.headers)).status == 404


async def test_uploads_long_fetched_go(world: World) -> None:
    page = await world.page()
    ref = (await (await page.upload(b"old")).json())["ref"]
    world.runtime.clock.move(uploads.KEPT + timedelta(minutes=1))
    await page.upload(b"new")
    assert [path.read_bytes() for path in world.uploads.iterdir()] == [b"new"]
    with pytest.raises(PermanentSendError):
        await world.sender.deliver(download(ref))


async def test_thirty_files_an_hour_are_enough(world: World) -> None:
    page = await world.page()
    for _ in range(30):
        assert (await page.upload(b"x")).status == 201
    answer = await page.upload(b"x")
    assert answer.status == 429
    assert "30 tệp" in (await answer.json())["error"]


async def test_files_side_by_side_do_not_pass_the_thirty(world: World) -> None:
    page = await world.page()
    answers = await asyncio.gather(*(page.upload(b"x") for _ in range(80)))
    assert [answer.status for answer in answers].count(201) == 30
    assert len(list(world.uploads.iterdir())) == 30


async def test_a_file_that_was_not_kept_does_not_count(world: World) -> None:
    page = await world.page()
    headers = page.headers | {"Content-Type": "multipart/form-data"}
    for _ in range(31):
        assert (await world.client.post("/chat/files", data=b"x", headers=headers)).status == 400
    assert (await page.upload(b"x")).status == 201


async def test_new_pages_of_one_address_share_two_hundred_files_an_hour(world: World) -> None:
    here, elsewhere = {"X-Forwarded-For": "203.0.113.7"}, {"X-Forwarded-For": "203.0.113.8"}
    statuses = []
    for _ in range(7):
        page = await world.page()
        statuses += [(await page.upload(b"x", headers=here)).status for _ in range(30)]
    assert (statuses.count(201), statuses[-1]) == (200, 429)
    assert (await page.upload(b"x", headers=elsewhere)).status == 201
    assert "200 tệp" in (await (await page.upload(b"x", headers=here)).json())["error"]


async def test_a_file_of_ones_own_is_not_fetched_again(world: World) -> None:
    page = await world.page()
    ref = (await (await page.upload(b"\xff\xd8\xff\xe0 picture")).json())["ref"]
    assert (await page.send("own-file-1", file=ref)).status == 200
    stream = await page.events()
    (shown,) = [message for message in await stream.until_ready() if message["from"] == "me"]
    answer = await world.client.get(f"/chat/files/{shown['id']}/0", headers=page.headers)
    assert answer.status == 404


async def test_a_number_no_database_can_hold_is_refused(world: World) -> None:
    page = await world.page()
    assert (await page.send("press-1", press="c:-:idle:0:1", message_id="9" * 20)).status == 400
