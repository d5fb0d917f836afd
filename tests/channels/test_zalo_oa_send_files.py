"""Files of a delivery of the Official Account: uploaded, made smaller, or linked."""

import io
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from channels.zalo_oa import ZaloOaSender
from channels.zalo_oa_account import ZaloOaAccount
from core.channel import MediaKind, Outgoing, OutgoingFile, PermanentSendError, TemporarySendError
from tests.channels.test_zalo_oa_send import YES_NO, delivery, end_of, texts
from tests.fakes.zalo_oa import CS, FakeZaloOa, Fault, error_page, lost_answer, refused
from tests.fakes.zalo_oa_methods import MB
from tests.fakes.zalo_oa_state import Citizen

IMAGE, FILE = "/v2.0/oa/upload/image", "/v2.0/oa/upload/file"


@pytest.fixture
async def zalo() -> AsyncIterator[FakeZaloOa]:
    async with FakeZaloOa() as running:
        yield running


@pytest.fixture
async def account(zalo: FakeZaloOa) -> AsyncIterator[ZaloOaAccount]:
    async with zalo.account() as opened:
        yield opened


@pytest.fixture
def sender(account: ZaloOaAccount, tmp_path: Path) -> ZaloOaSender:
    def link(file: OutgoingFile) -> str:
        return f"https://suoimay.example/tep/{file.path}"

    return ZaloOaSender(account, files=tmp_path, link=link)


@pytest.fixture
def citizen(zalo: FakeZaloOa) -> Citizen:
    return zalo.people.citizen("Hoa")


def stored(folder: Path, name: str, content: bytes = b"%PDF-1.7") -> OutgoingFile:
    (folder / name).write_bytes(content)
    return OutgoingFile(name, name, MediaKind.DOCUMENT, "application/pdf")


def photo(folder: Path, name: str = "anh.jpg", *, side: int = 40, form: str = "JPEG") -> OutgoingFile:
    """A picture of noise, which no codec makes small."""
    noise = random.Random(side).randbytes(side * side * 3)
    target = io.BytesIO()
    Image.frombytes("RGB", (side, side), noise).save(target, form, quality=95)
    (folder / name).write_bytes(target.getvalue())
    return OutgoingFile(name, name, MediaKind.PHOTO, "image/jpeg")


async def test_small_photo_goes_as_it_is_before_the_words(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen, tmp_path: Path
) -> None:
    file = photo(tmp_path)
    sent = await sender.deliver(delivery(citizen, Outgoing("Đã sửa xong", YES_NO, (file,))))
    picture, words = zalo.screen(citizen)
    [element] = picture.message["attachment"]["payload"]["elements"]
    assert zalo.state.uploads[element["attachment_id"]].content == (tmp_path / "anh.jpg").read_bytes()
    assert (words.text, len(words.buttons), sent.message_id) == ("Đã sửa xong", 2, words.id)


@pytest.mark.parametrize(("name", "form"), [("lon.jpg", "JPEG"), ("lon.png", "PNG")])
async def test_large_photo_is_made_smaller(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen, tmp_path: Path, name: str, form: str
) -> None:
    file = photo(tmp_path, name, side=1500, form=form)
    assert (tmp_path / name).stat().st_size > MB
    await sender.deliver(delivery(citizen, Outgoing("", (), (file,))))
    [upload] = zalo.state.uploads.values()
    assert upload.name == "lon.jpg"
    assert len(upload.content) <= 1_000_000
    assert Image.open(io.BytesIO(upload.content)).format == "JPEG"


async def test_photo_that_cannot_be_read_goes_as_a_link(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen, tmp_path: Path
) -> None:
    (tmp_path / "hong.jpg").write_bytes(b"not a picture")
    file = OutgoingFile("hong.jpg", "hỏng.jpg", MediaKind.PHOTO, "image/jpeg")
    await sender.deliver(delivery(citizen, Outgoing("Ảnh", (), (file,))))
    assert texts(zalo, citizen) == ["Ảnh\nhỏng.jpg: https://suoimay.example/tep/hong.jpg"]


@pytest.mark.parametrize("name", ["Biên bản.pdf", "don.DOC", "đơn.docx", "so.csv"])
async def test_document_is_uploaded_under_its_own_name(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen, tmp_path: Path, name: str
) -> None:
    await sender.deliver(delivery(citizen, Outgoing("Kèm tệp", (), (stored(tmp_path, name),))))
    [(token, upload)] = zalo.state.uploads.items()
    assert (upload.name, upload.content) == (name, b"%PDF-1.7")
    assert zalo.screen(citizen)[0].message == {"attachment": {"type": "file", "payload": {"token": token}}}


@pytest.mark.parametrize(("name", "size"), [("bang.xlsx", 8), ("phim.mp4", 8), ("to.pdf", 5_000_001)])
async def test_other_files_stand_in_the_text_as_links(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen, tmp_path: Path, name: str, size: int
) -> None:
    file = stored(tmp_path, name, bytes(size))
    await sender.deliver(delivery(citizen, Outgoing("Kèm tệp", YES_NO, (file,))))
    [shown] = zalo.screen(citizen)
    assert shown.text == f"Kèm tệp\n{name}: https://suoimay.example/tep/{name}"
    assert len(shown.buttons) == 2


@pytest.mark.parametrize("path", ["khong-co.pdf", str(Path(__file__)), "../../../../../../etc/passwd"])
async def test_files_outside_the_folder_or_gone_are_refused(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen, path: str
) -> None:
    file = OutgoingFile(path, "a.pdf", MediaKind.DOCUMENT, "application/pdf")
    with pytest.raises(PermanentSendError, match="file_missing"):
        await sender.deliver(delivery(citizen, Outgoing("Kèm tệp", (), (file,))))
    assert zalo.calls == []


async def test_upload_that_expired_is_made_once_more(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen, tmp_path: Path
) -> None:
    zalo.fail(CS, refused(-100))
    await sender.deliver(delivery(citizen, Outgoing("", (), (stored(tmp_path, "a.pdf"),))))
    assert len(zalo.made(FILE)) == 2
    assert len(zalo.screen(citizen)) == 1
    zalo.fail(CS, refused(-100), refused(-100))
    end = await end_of(sender, delivery(citizen, Outgoing("", (), (stored(tmp_path, "a.pdf"),))))
    assert (isinstance(end, PermanentSendError), end.code) == (True, "attachment_expired")


@pytest.mark.parametrize("fault", [lost_answer(), error_page(502)])
async def test_upload_without_an_answer_has_shown_nothing_to_anybody(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen, tmp_path: Path, fault: Fault
) -> None:
    zalo.fail(IMAGE, fault)
    with pytest.raises(TemporarySendError, match="no_answer"):
        await sender.deliver(delivery(citizen, Outgoing("Ảnh", (), (photo(tmp_path),))))
    assert zalo.screen(citizen) == []
