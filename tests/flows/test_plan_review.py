"""A plan sent in chat: read, reviewed there, corrected, saved; nothing is scheduled before."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from core.channel import Address, Channel, Inbound, TextReceived
from core.people import Role
from handlers import inbound, people, plan_files, registry
from scheduler import plan_reading
from scheduler.ticks import clean_up
from storage.tables import (
    AttachmentRow,
    ObligationRow,
    OfficerChannelRow,
    OutboxRow,
    PlanChangeRow,
    PlanDraftRow,
    PlanItemRow,
)
from storage.transaction import Transaction
from tests.conftest import NOW
from tests.flows.town import Phone, TelegramPhone, Town, WebPhone, town
from tests.plans import programs
from tests.plans.documents import blank_scan, workbook

PLAN = """ỦY BAN NHÂN DÂN
XÃ SUỐI MÂY
Số: 12/KH-UBND
Suối Mây, ngày 05 tháng 01 năm 2026

KẾ HOẠCH
Thực hiện công tác dân vận chính quyền năm 2026

II. NỘI DUNG
1. Phòng Kinh tế xã rà soát các khoản đóng góp của thôn, gửi Văn phòng trước ngày 20/3/2026.
2. Công an xã, Phòng Văn hóa - Xã hội tổ chức đối thoại với Nhân dân trong Quý II/2026.
3. Văn phòng HĐND và UBND thường xuyên tiếp nhận phản ánh của Nhân dân.
4. Các trường học báo cáo kết quả chậm nhất ngày 10/11/2026.
5. Phòng Kinh tế gửi danh sách hộ vay vốn trước ngày 31/11/2026.
6. Trung tâm Phục vụ hành chính công báo cáo năm trước ngày 15/10/2025.
"""
OFFICE = "Văn phòng HĐND và UBND"


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path, NOW) as opened:
        yield opened


async def send_plan(phone: Phone, text: str = PLAN) -> str:
    """Send the plan as a file; the answer and what was found."""
    if isinstance(phone, WebPhone):
        ref = await phone.upload("ke-hoach.txt", text.encode())
        await phone.post({"file": ref})
    else:
        assert isinstance(phone, TelegramPhone)
        phone.town.telegram.people.send_document(phone.person, "ke-hoach.txt", text.encode())
    return await phone.read()


async def stored(place: Town) -> list[ObligationRow]:
    return await place.app.runtime.database.read(
        lambda tx: list(tx.session.exec(select(ObligationRow).order_by(col(ObligationRow.id))))
    )


async def draft(place: Town) -> PlanDraftRow:
    return await place.app.runtime.database.read(lambda tx: tx.session.exec(select(PlanDraftRow)).one())


async def test_a_plan_is_reviewed_and_saved_in_web_chat(place: Town) -> None:
    phone = await place.officer("Hà Thị Bích Lựu", OFFICE, Role.OFFICER, Channel.WEBCHAT)
    await place.officer("Bế Văn Soạn", "Phòng Kinh tế", Role.OFFICER, Channel.WEBCHAT)

    shown = await send_plan(phone)
    assert "Đã nhận tệp ke-hoach.txt" in shown
    assert "Soát kế hoạch 12/KH-UBND: 7 việc. Còn 3 việc phải trả lời" in shown
    assert "1. Rà soát các khoản đóng góp của thôn, gửi Văn phòng · Phòng Kinh tế · trước 20/3" in shown
    assert "5. ⚠ Báo cáo kết quả · chưa rõ đơn vị («Các trường học») · hết thứ Ba 10/11" in shown
    assert "Ngày ghi trong văn bản không có trên lịch" in shown
    assert await stored(place) == []

    blocked = await phone.press("Xong")
    assert "Chưa lưu được: còn 3 việc phải trả lời." in blocked
    assert "6. Gửi danh sách hộ vay vốn: chưa có ngày cụ thể để nhắc" in blocked

    assert "Mục II.4: «" in await phone.write("xem 5")
    assert "5. Báo cáo kết quả · Phòng Văn hóa - Xã hội" in await phone.write("sua 5 don vi van hoa")
    assert "trước 30/11 (nộp chậm nhất hết Chủ nhật 29/11" in await phone.write("sửa 6 hạn trước 30/11")
    assert "7. (đã bỏ)" in await phone.write("bỏ 2, 7")
    back = await phone.press("Hoàn tác")
    assert ("2. Tổ chức đối thoại" in back, "7. ⚠" in back) == (True, True)
    assert "7. (đã bỏ)" in await phone.write("bo 7")
    assert "1. Rà soát khoản thu · " in await phone.write("sửa 1 việc rà soát khoản thu".replace("rà", "Rà"))
    assert await stored(place) == []

    summary = await phone.write("xong")
    assert "Lưu kế hoạch 12/KH-UBND? Sẽ nhắc 5 việc:" in summary
    assert "• Phòng Kinh tế: 2 việc, nhắc lần đầu 11/3 · Bế Văn Soạn" in summary
    assert "• Công an xã: 1 việc" in summary
    assert "chưa có ai kết nối chat" in summary
    assert "1 việc không có ngày" in summary
    assert await stored(place) == []

    assert "Đã lưu kế hoạch 12/KH-UBND" in await phone.write("xong")
    rows = await stored(place)
    assert [row.status for row in rows] == ["open"] * 6
    assert (rows[0].title, rows[0].due, rows[0].before) == ("Rà soát khoản thu", date(2026, 3, 20), True)
    assert (rows[5].strict_due, rows[5].doubts) == (date(2026, 11, 29), [])
    assert (await draft(place)).state == "confirmed"
    assert "Không có kế hoạch nào đang chờ soát" in await phone.write("soát")

    again = await send_plan(phone)
    assert "Tệp này đã được nhập trước đây" in again
    assert len(await stored(place)) == 6


async def test_a_plan_on_telegram_survives_other_work_and_wrong_words(place: Town) -> None:
    """The review waits in the database: another question, «hủy» and a colleague do not lose it."""
    phone = await place.officer("Ngô Minh Trí", OFFICE, Role.ADMIN, Channel.TELEGRAM)
    colleague = await place.officer("Hà Thị Bích Lựu", OFFICE, Role.OFFICER, Channel.ZALO_BOT)
    assert "[Mở trang soát | Xong | Hủy]" in await send_plan(phone)

    for wrong, answer in (
        ("sửa 5 hạn 31/11", "Ngày «31/11» không có trên lịch"),
        ("sửa 5 hạn 1/3/2026", "đã qua nên không nhắc được"),
        ("sửa 5 đơn vị Phòng Nội vụ", "Không rõ «Phòng Nội vụ» là đơn vị nào. Các đơn vị: "),
        ("sửa 5", "Sửa gì ở việc 5?"),
        ("bỏ 3, 50", "Không có việc số 50 trong bản soát này (có từ 1 đến 7)"),
        (f"sửa 1 việc {'Rà soát ' * 700}", "dài quá 300 chữ cái nên chưa ghi"),
        ("sửa 1 việc Rà", "Tên việc quá ngắn"),
        ("bỏ 1-300", "nhiều nhất 200 việc, nên chưa sửa gì"),
        ("trang 9", "Danh sách có 1 trang"),
        ("sửa giúp tôi", "Tôi chưa hiểu. Ví dụ: «sửa 3 hạn 14/6»"),
        ("hoàn tác", "Anh/chị chưa sửa gì"),
    ):
        assert answer in await phone.write(wrong), wrong

    assert "Đã ghi" in await phone.write("sửa 5 đơn vị Công an xã")
    assert "Để lại, soát sau" in await phone.write("hủy")
    assert "còn nguyên" in await phone.write("1")

    assert "5. Báo cáo kết quả · Công an xã" in await colleague.write("soát")
    assert "Đã sửa đơn vị: Ngô Minh Trí, 09:00" in await colleague.write("5")
    assert "Mục này Ngô Minh Trí vừa sửa trước đó" in await colleague.write("sửa 5 đơn vị Phòng Kinh tế")
    assert "Báo cáo kết quả · Phòng Kinh tế" in await phone.write("soat")
    assert "Hà Thị Bích Lựu đã sửa tiếp chỗ này" in await phone.write("hoàn tác")

    assert "7. (đã bỏ)" in await colleague.write("bỏ 6-7")
    assert "chọn 1 để lưu" in await colleague.write("xong")
    assert "Đã lưu kế hoạch" in await colleague.write("1")
    assert "đã được lưu hoặc đã bỏ" in await phone.write("bỏ 1")
    assert len(await stored(place)) == 5


async def test_only_a_summary_that_was_read_as_it_stands_can_be_saved(place: Town) -> None:
    """Not after «Chưa lưu được», not once somebody changed something, not while the summary is on its way."""
    phone = await place.officer("Lương Đình Khải", OFFICE, Role.LEADER, Channel.WEBCHAT)
    colleague = await place.officer("Hà Thị Bích Lựu", OFFICE, Role.OFFICER, Channel.ZALO_BOT)
    await send_plan(phone)
    assert "Chưa lưu được: còn 3 việc" in await phone.write("xong")
    await colleague.write("soát")
    await colleague.write("bỏ 5-7")
    assert "Lưu kế hoạch 12/KH-UBND? Sẽ nhắc 3 việc" in await phone.write("xong")
    await colleague.write("bỏ 1")
    again = await phone.write("xong")
    assert "vừa được sửa" in again
    assert "Sẽ nhắc 2 việc" in again
    assert await stored(place) == []

    def two_at_once(tx: Transaction) -> None:
        found = select(OfficerChannelRow).where(OfficerChannelRow.channel == Channel.ZALO_BOT)
        row = tx.session.exec(found).one()
        for number in range(2):
            said = Inbound(
                f"at-once-{number}", Address(row.channel, row.chat), row.sender, TextReceived("xong")
            )
            inbound.receive(place.app.runtime.service, tx, said, b"{}", NOW)

    await place.app.runtime.database.write(two_at_once)
    said = await colleague.read()
    assert "Sẽ nhắc 2 việc" in said
    assert "còn đang gửi" in said
    assert await stored(place) == []
    assert "Đã lưu kế hoạch" in await colleague.write("xong")


async def test_what_was_standing_is_dropped_only_by_a_plain_choice(place: Town) -> None:
    phone = await place.officer("Lương Đình Khải", OFFICE, Role.LEADER, Channel.WEBCHAT)
    await send_plan(phone)
    await phone.press("Hủy")
    assert "Không có việc nào được lưu" in await phone.press("Bỏ hẳn, không lưu")
    assert (await draft(place)).state == "dropped"
    assert await stored(place) == []
    await clean_up(place.app.runtime)
    files = await place.app.runtime.database.read(lambda tx: list(tx.session.exec(select(AttachmentRow))))
    assert files == []


async def test_an_officer_of_another_unit_brings_no_plan(place: Town) -> None:
    phone = await place.officer("Bế Văn Soạn", "Phòng Kinh tế", Role.OFFICER, Channel.WEBCHAT)
    assert "Tệp này cho việc nào?" in await send_plan(phone)
    assert "đơn vị điều phối, lãnh đạo và người quản trị" in await phone.write("soát")


async def test_a_file_that_cannot_be_read_is_explained_and_leaves_nothing(place: Town) -> None:
    phone = await place.officer("Lương Đình Khải", OFFICE, Role.LEADER, Channel.WEBCHAT)
    assert isinstance(phone, WebPhone)
    await phone.post({"file": await phone.upload("hong.docx", b"PK\x03\x04 khong phai docx")})
    assert "Tệp bị hỏng hoặc tải lên chưa trọn vẹn" in await phone.read()
    endless = "".join(
        f"{n}. Công an xã báo cáo trước ngày 20/5/2026.\n" for n in range(plan_files.MOST_DUTIES + 1)
    )
    assert "dài quá mức" in await send_plan(phone, PLAN + endless)
    assert "Không có kế hoạch nào đang chờ soát" in await phone.write("soát")


def as_before_reading(tx: Transaction, tries: int) -> PlanDraftRow:
    row = tx.session.exec(select(PlanDraftRow)).one()
    row.state, row.tries, row.sha256 = "waiting", tries, ""
    for item in tx.session.exec(select(PlanItemRow)):
        tx.session.delete(item)
    return row


async def test_a_plan_whose_reading_was_cut_off_is_read_after_the_restart(place: Town) -> None:
    """The file was fetched and the process died: the next tick reads it, but not for ever."""
    phone = await place.officer("Lương Đình Khải", OFFICE, Role.LEADER, Channel.WEBCHAT)
    await send_plan(phone)
    database = place.app.runtime.database

    await database.write(lambda tx: as_before_reading(tx, 1))
    await place.wait(timedelta(seconds=15))
    assert "Soát kế hoạch 12/KH-UBND: 7 việc" in await phone.read()
    await database.write(lambda tx: as_before_reading(tx, 3))
    await place.wait(timedelta(seconds=15))
    assert "gặp trục trặc khi đọc tệp" in await phone.read()
    assert (await draft(place)).state == "unreadable"


async def test_a_workbook_is_reviewed_with_the_cells_it_was_read_from(place: Town) -> None:
    phone = await place.officer("Lương Đình Khải", OFFICE, Role.LEADER, Channel.WEBCHAT)
    assert isinstance(phone, WebPhone)
    await phone.post({"file": await phone.upload("giao-viec.xlsx", workbook())})
    found = await phone.read()
    assert "Soát kế hoạch 23/KH-UBND" in found
    assert "Trong tệp: trang tính PL1, ô E8" in await phone.write("xem 1")
    assert "«Cột lạ»" in found
    assert "(trang tính PL1, ô F5)" in found


async def test_a_scan_that_takes_long_is_read_once_and_nothing_waits_for_it(
    place: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = tmp_path / "go"
    seen = ["I. NHIỆM VỤ", "1. Phòng Kinh tế báo cáo", "trước ngày 20/3/2026."]
    code = programs.waiting_tesseract(go, seen)
    programs.put_on_path(monkeypatch, tmp_path / "bin", "tesseract", code)
    monkeypatch.setattr(plan_reading, "PATIENCE", 0.01)
    phone = await place.officer("Lương Đình Khải", OFFICE, Role.LEADER, Channel.WEBCHAT)
    assert isinstance(phone, WebPhone)
    await phone.post({"file": await phone.upload("quet.pdf", blank_scan("PDF"))})
    await phone.read()
    while not place.app.runtime.reading:
        await place.wait(timedelta(seconds=15))
    await place.wait(timedelta(seconds=15))
    assert place.app.runtime.reading
    assert (await draft(place)).tries == 1
    go.touch()
    await asyncio.wait(place.app.runtime.reading.values())
    assert "1 việc" in await phone.read()


async def test_the_end_of_the_service_does_not_wait_for_a_scan(
    place: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = programs.waiting_tesseract(tmp_path / "never", [])
    programs.put_on_path(monkeypatch, tmp_path / "bin", "tesseract", code)
    monkeypatch.setattr(plan_reading, "PATIENCE", 0.01)
    phone = await place.officer("Lương Đình Khải", OFFICE, Role.LEADER, Channel.WEBCHAT)
    assert isinstance(phone, WebPhone)
    await phone.post({"file": await phone.upload("quet.pdf", blank_scan("PDF"))})
    while not place.app.runtime.reading:
        await place.wait(timedelta(seconds=15))
    await plan_reading.end(place.app.runtime)
    assert not place.app.runtime.reading
    assert (await draft(place)).state == "waiting"


async def test_who_left_while_their_plan_was_read_is_shown_nothing_of_it(place: Town) -> None:
    phone = await place.officer("Lương Đình Khải", OFFICE, Role.LEADER, Channel.WEBCHAT)
    await send_plan(phone)

    def leaves(tx: Transaction) -> None:
        officer = people.officer_by_id(tx, as_before_reading(tx, 1).officer_id)
        assert officer is not None
        registry.disable(tx, officer, NOW)

    await place.app.runtime.database.write(leaves)
    await phone.read()
    await place.wait(timedelta(seconds=15))
    assert await phone.read() == ""
    assert (await draft(place)).state == "dropped"


async def test_the_link_in_chat_is_not_kept_in_the_queue(place: Town) -> None:
    phone = await place.officer("Lương Đình Khải", OFFICE, Role.LEADER, Channel.ZALO_BOT)
    web = await place.officer("Hà Thị Bích Lựu", OFFICE, Role.OFFICER, Channel.WEBCHAT)
    await send_plan(web)
    await phone.write("soát")
    said = await phone.write("mở trang")
    secret = said.partition("/soat/mo/")[2].split()[0]
    assert len(secret) >= 32
    rows = await place.app.runtime.database.read(lambda tx: list(tx.session.exec(select(OutboxRow))))
    assert [row.id for row in rows if secret in str(row.message)] == []
    changes = await place.app.runtime.database.read(lambda tx: list(tx.session.exec(select(PlanChangeRow))))
    assert changes == []
