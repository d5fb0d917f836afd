"""Files on their way in: what a picture may cost, and what becomes of files nobody waits for any more."""

import io
import struct
import zlib

import pytest
from PIL import Image
from sqlalchemy import update
from sqlmodel import select

from core.channel import Address, Channel, MediaKind, MediaRef, SendKind, Sent
from core.pacing import Pacer
from core.say import say
from handlers import delivery, housekeeping, media
from handlers.delivery import Ended
from handlers.media import Prepared, RefusedFileError
from handlers.service import Service
from storage import outbox
from storage.database import Database
from storage.outbox import Wish
from storage.tables import AttachmentRow, OutboxRow
from storage.transaction import Transaction, table
from tests.conftest import NOW

CHAT = Address(Channel.TELEGRAM, "7001")


def drawn(size: tuple[int, int], mode: str, kind: str) -> bytes:
    """A picture that lies on its side, as its camera data says."""
    target, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new(mode, size).save(target, kind, exif=exif)
    return target.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


HEAD = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))


def test_photo_of_fifty_million_points_is_made_smaller_and_upright() -> None:
    found = media.prepare(drawn((8000, 6000), "RGB", "JPEG"), MediaKind.PHOTO)
    with Image.open(io.BytesIO(found.content)) as picture:
        assert picture.size == (1920, 2560)
        assert not picture.getexif()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "I;16", "RGB"])
def test_picture_of_any_depth_is_drawn_again(mode: str) -> None:
    target = io.BytesIO()
    Image.new(mode, (300, 200)).save(target, "PNG")
    found = media.prepare(target.getvalue(), MediaKind.PHOTO)
    with Image.open(io.BytesIO(found.content)) as picture:
        assert (picture.size, picture.mode, found.mime) == ((300, 200), "RGB", "image/jpeg")


def test_small_file_with_too_many_points_is_refused_before_it_is_unpacked() -> None:
    content = drawn((8000, 5000), "RGBA", "PNG")
    assert len(content) < 200_000
    with pytest.raises(RefusedFileError, match="pixels"):
        media.prepare(content, MediaKind.PHOTO)


@pytest.mark.parametrize(
    "content",
    [
        png(HEAD, chunk(b"tRNS", b"\x00"), chunk(b"IDAT", zlib.compress(bytes(200))), chunk(b"IEND", b"")),
        png(HEAD, chunk(b"pHYs", b"\x00"), chunk(b"IDAT", b"nonsense"), chunk(b"IEND", b"")),
        png(chunk(b"IHDR", b"\x00\x00")),
        drawn((64, 64), "RGB", "TIFF"),
        drawn((64, 64), "RGB", "JPEG")[:300],
        b"II*\x00\x08\x00\x00\x00",
        b"PK\x03\x04" + b"PK\x05\x06" + bytes(10),
    ],
)
def test_odd_file_is_refused_and_never_tried_again(content: bytes) -> None:
    with pytest.raises(RefusedFileError):
        media.prepare(content, MediaKind.PHOTO)


@pytest.mark.parametrize(
    ("mime", "channel", "name"),
    [
        ("audio/ogg", Channel.TELEGRAM, "ghi-am.ogg"),
        ("audio/ogg", Channel.WEBCHAT, "ghi-am.m4a"),
        ("audio/aac", Channel.TELEGRAM, "ghi-am.m4a"),
        ("audio/aac", Channel.ZALO_OA, "ghi-am.m4a"),
        ("audio/mpeg", Channel.ZALO_BOT, "ghi-am.mp3"),
    ],
)
def test_recording_goes_as_it_came_where_it_plays_and_as_its_copy_elsewhere(
    service: Service, tx: Transaction, mime: str, channel: Channel, name: str
) -> None:
    kept = AttachmentRow(
        organisation_id=tx.organisation_id,
        channel=Channel.ZALO_BOT,
        file_ref="v",
        kind=MediaKind.VOICE,
        name=f"ghi-am.{media.extension(mime)}",
        state="stored",
        mime=mime,
        sha256="a" * 64,
        playable_sha256="b" * 64,
        created_at=NOW,
    )
    tx.add(kept)
    tx.flush()
    outbox.enqueue(tx, Wish(key="k", address=Address(channel, "1"), text=say("help"), files=(kept.id,)), NOW)
    (leaving,) = delivery.pump(service, tx, Pacer(), [], 5, NOW).deliveries
    (file,) = leaving.message.files
    assert file.name == name
    assert (file.path.endswith("b" * 64), file.mime == media.PLAYABLE_MIME) == 2 * (name.endswith("m4a"),)


# --- files nobody waits for --------------------------------------------------------------------------------


@pytest.fixture
def claimed(service: Service, tx: Transaction) -> int:
    """A photo of a draft whose download has left; the id of its row in the queue."""
    media.keep(tx, MediaRef("f", MediaKind.PHOTO), CHAT, NOW, draft_id="d1")
    (row,) = delivery.pump(service, tx, Pacer(), [], 5, NOW).deliveries
    return row.id


def give_up(tx: Transaction) -> None:
    """As the dialogue does it, with a plain statement."""
    tx.connection.execute(update(table(AttachmentRow)).values(draft_id="", state="dropped"))


def states(tx: Transaction) -> list[str]:
    tx.flush()
    return list(tx.connection.execute(select(table(AttachmentRow).c.state)).scalars())


@pytest.mark.parametrize("file", [Prepared(b"photo", "image/jpeg"), RefusedFileError("broken")])
@pytest.mark.parametrize("is_swept", [False, True])
def test_file_that_arrives_after_its_draft_was_given_up_is_not_kept(
    service: Service, tx: Transaction, claimed: int, file: Prepared | RefusedFileError, is_swept: bool
) -> None:
    give_up(tx)
    if is_swept:
        housekeeping.run(service, tx, NOW)
    assert (
        delivery.pump(service, tx, Pacer(), [Ended(claimed, Sent(content=b"x"), file)], 5, NOW).deliveries
        == ()
    )
    assert states(tx) == ([] if is_swept else ["dropped"])
    assert list(service.files.root.rglob("*")) == []


def test_download_of_a_draft_given_up_does_not_leave(service: Service, tx: Transaction) -> None:
    media.keep(tx, MediaRef("f", MediaKind.PHOTO), CHAT, NOW, draft_id="d1")
    give_up(tx)
    housekeeping.run(service, tx, NOW)
    assert [row.state for row in tx.session.exec(select(OutboxRow))] == ["cancelled"]


def test_rows_of_a_draft_given_up_go_first_and_its_file_the_night_after(
    service: Service, database: Database
) -> None:
    digest = service.files.keep(b"photo")
    with database.transaction() as tx:
        media.keep(tx, MediaRef("f", MediaKind.PHOTO), CHAT, NOW, draft_id="d1")
        tx.flush()
        tx.connection.execute(update(table(AttachmentRow)).values(sha256=digest, state="dropped"))
    with database.transaction() as tx:
        housekeeping.run(service, tx, NOW)
        tx.connection.rollback()
    assert service.files.path(digest).exists(), "the night was taken back: the row still names the file"
    with database.transaction() as tx:
        housekeeping.run(service, tx, NOW)
        assert states(tx) == []
    assert service.files.path(digest).exists()
    with database.transaction() as tx:
        housekeeping.run(service, tx, NOW)
    assert not service.files.path(digest).exists()


def test_many_files_do_not_hold_up_an_answer(database: Database, service: Service) -> None:
    """Four come in at once; a message queued after twenty of them leaves with the first round."""
    with database.transaction() as tx:
        for number in range(20):
            ref = MediaRef(f"file-{number}", MediaKind.PHOTO, "anh.jpg", 1000)
            media.keep(tx, ref, Address(Channel.TELEGRAM, f"9{number}"), NOW, draft_id="d1")
        outbox.enqueue(tx, Wish(key="answer", address=CHAT, text=say("group_greeting")), NOW)
    with database.transaction() as tx:
        first = delivery.pump(service, tx, Pacer(), [], 96, NOW).deliveries
        second = delivery.pump(service, tx, Pacer(), [], 96, NOW).deliveries
    assert [each.kind for each in first] == [SendKind.MESSAGE, *[SendKind.DOWNLOAD] * 4]
    assert second == ()
