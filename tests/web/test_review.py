"""The page of a plan under review: who gets in, what its forms do, and what it looks like to others."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlmodel import col, select

from core.people import Role
from handlers import plan_access, registry
from storage.tables import AuditRow, OfficerRow, OrganisationRow, PlanAccessRow, PlanDraftRow, PlanItemRow
from tests.conftest import NOW, Staff, join
from tests.flows.test_plan_review import PLAN
from tests.web.conftest import World
from tests.web.reviewing import Browser, Desk, laid_out


@pytest.fixture
async def desk(world: World, staff: Staff) -> Desk:
    return laid_out(world, staff)


async def test_only_a_fresh_link_of_one_who_may_review_opens_the_page(desk: Desk) -> None:
    """Without link, with another's, a used one, an old one, after leaving: the same page for all."""
    stranger = Browser(desk.world, {})
    nothing = await (await stranger.get("/soat/1")).text()
    assert "Xin nhắn «soát»" in nothing

    async def closed(browser: Browser, path: str = "/soat/1") -> bool:
        answer = await browser.get(path)
        return (answer.status, await answer.text()) == (404, nothing)

    link = desk.link(desk.staff.desk)
    assert await closed(stranger, "/soat/999")
    assert await closed(stranger, link[:-1] + ("A" if link[-1] != "A" else "B"))
    for _ in range(2):  # what a chat network does to show what is behind a link
        looked = await stranger.get(link)
        assert (looked.status, looked.cookies) == (200, {})
    owner = Browser(desk.world, {})
    opened = await owner.post(link)
    cookie = opened.cookies["__Host-soat-1"]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"], cookie["path"]) == (
        True,
        True,
        "Strict",
        "/",
    )
    assert "Soát kế hoạch 12/KH-UBND" in await owner.page()
    assert (await stranger.post(link)).status == 404
    assert await closed(stranger, link)
    assert await closed(Browser(desk.world, {"__Host-soat-2": owner.cookies["__Host-soat-1"]}), "/soat/2")

    late = desk.link(desk.staff.admin)
    of_unit = desk.link(desk.staff.officer)
    assert (await stranger.post(of_unit)).status == 404
    desk.clock.move(plan_access.LINK_VALID)
    assert await closed(stranger, late)
    desk.clock.move(plan_access.IDLE - plan_access.LINK_VALID - timedelta(minutes=1))
    assert "Soát kế hoạch" in await owner.page()
    desk.clock.move(plan_access.IDLE)
    assert await closed(owner)


async def test_rights_end_at_once_with_the_officer_the_role_and_the_session(desk: Desk) -> None:
    with desk.world.runtime.database.transaction() as tx:
        gone = join(tx, "Nông Thị Sen", "Văn phòng HĐND và UBND", Role.OFFICER, "p:sen")
        moved = join(tx, "Lò Văn Páo", "Văn phòng HĐND và UBND", Role.OFFICER, "p:pao")
    browsers = [await desk.browser(who) for who in (gone, moved, desk.staff.leader)]
    with desk.world.runtime.database.transaction() as tx:
        registry.disable(tx, gone.officer, NOW)
        tx.session.get_one(OfficerRow, moved.officer.id).unit_id = desk.staff.officer.officer.unit_id
    assert (await browsers[2].act("/thoat")).status == 200
    assert [(await browser.get("/soat/1")).status for browser in browsers] == [404, 404, 404]


async def test_a_draft_of_another_organisation_does_not_exist(desk: Desk) -> None:
    browser = await desk.browser(desk.staff.desk)
    with desk.world.runtime.database.transaction() as tx:
        other = OrganisationRow(name="UBND xã khác", config={}, loaded_at=NOW)
        tx.add(other)
        for row in (tx.session.get_one(PlanDraftRow, 1), tx.session.exec(select(PlanAccessRow)).one()):
            row.organisation_id = other.id
    answer = await browser.get("/soat/1")
    assert (answer.status, "12/KH-UBND" in await answer.text()) == (404, False)


async def test_what_changes_something_needs_the_form_of_this_page(desk: Desk) -> None:
    browser = await desk.browser(desk.staff.desk)
    other = await desk.browser(desk.staff.leader)
    for token in ("", "0" * 32, other.token(await other.page()), "ắ"):
        for path in ("/viec/5", "/them", "/hoan-tac", "/xong", "/thoat"):
            assert (await browser.post(f"/soat/1{path}", token=token, act="drop")).status == 403
    assert "đã bỏ" not in await browser.page()
    crossed = await desk.world.client.post(
        "/soat/1/viec/5", data={"act": "drop"}, headers={"Origin": "https://evil.example"}
    )
    assert crossed.status == 403
    assert (await browser.get("/soat/1/viec/5")).status == 405


async def test_the_page_fixes_drops_adds_and_saves_as_chat_does(desk: Desk) -> None:
    browser = await desk.browser(desk.staff.desk)
    page = await browser.page()
    assert 'href="#viec-5"' in page
    assert 'data-numbers="2 3" data-begins="2, 3"' in page
    assert "Ngày ghi trong văn bản không có trên lịch" in page
    assert "còn 3" in page
    blocked = await (await browser.get("/soat/1/xong")).text()
    assert "còn 3 việc phải trả lời" in blocked
    assert "Lưu và bắt đầu nhắc" not in blocked
    assert (await browser.act("/xong")).status == 409
    assert desk.rows() == []

    wrong = await browser.act("/viec/6", act="save", time="31/11", was_time="")
    assert (wrong.status, "Ngày «31/11» không có trên lịch" in await wrong.text()) == (422, True)
    saved = await browser.act("/viec/6", act="save", time="trước 30/11/2026", was_time="", loc="chua-chac")
    assert saved.headers["Location"] == "/soat/1?bao=saved&loc=chua-chac#viec-6"
    unit = re.search(r'<option value="(\d+)">Công an xã', page)
    assert unit is not None
    assert (await browser.act("/viec/5", act="save", unit=unit[1], was_unit="")).status == 303
    assert (await browser.act("/viec/5", act="save", unit="99999", was_unit="")).status == 422
    assert (await browser.act("/viec/7", act="drop")).status == 303
    start = PLAN.index("thường xuyên tiếp nhận")
    added = await browser.act(
        "/them",
        title="Tiếp nhận phản ánh <b>",
        unit=unit[1],
        time="30/6/2026",
        start=str(start),
        end=str(start + 12),
    )
    assert added.headers["Location"] == "/soat/1?bao=added#viec-8"
    assert "Tiếp nhận phản ánh &lt;b&gt;" in await browser.page()
    assert (await browser.act("/viec/8", act="drop")).status == 303
    assert (await browser.act("/hoan-tac")).headers["Location"] == "/soat/1?bao=undone#viec-8"

    summary = await (await browser.get("/soat/1/xong")).text()
    assert "Sẽ nhắc 6 việc" in summary
    assert "Người nhận nhắc: Vi Quang Tuyến, Bế Văn Soạn" in summary
    assert "nhắc lần đầu 07:45" in summary
    seen = re.search(r'name="seen" value="(\d+)"', summary)
    assert seen is not None
    token = browser.token(summary)
    await browser.act("/viec/1", act="drop")
    stale = await browser.post("/soat/1/xong", token=token, seen=seen[1])
    assert (stale.status, "vừa được sửa" in await stale.text(), desk.rows()) == (409, True, [])
    await browser.act("/hoan-tac")
    assert (await browser.post("/soat/1/xong", token=token, seen="9" * 5000)).status == 409
    seen = re.search(r'name="seen" value="(\d+)"', await (await browser.get("/soat/1/xong")).text())
    assert seen is not None
    twice = await asyncio.gather(*(browser.post("/soat/1/xong", token=token, seen=seen[1]) for _ in range(2)))
    assert sorted(answer.status for answer in twice) == [200, 303]
    assert "Đã lưu kế hoạch 12/KH-UBND" in await browser.page()
    rows = desk.rows()
    assert [row.status for row in rows] == ["open"] * 7
    assert rows[-1].source_text == "thường xuyên"
    assert rows[-1].span_start is not None
    with desk.world.runtime.database.transaction() as tx:
        mine = AuditRow.officer_id == desk.staff.desk.officer.id
        acts = {row.act for row in tx.session.exec(select(AuditRow).where(mine))}
        hashes = [(row.link_hmac, row.session_hmac) for row in tx.session.exec(select(PlanAccessRow))]
    assert {"review_opened", "review_due", "review_unit", "review_dropped", "review_confirmed"} <= acts
    assert browser.cookies["__Host-soat-1"] not in str(hashes)


async def test_two_who_edit_at_once_keep_each_others_fields_and_see_who_wrote(desk: Desk) -> None:
    """A form shown before somebody's change writes only what its owner changed; the last on a field wins."""
    one, two = await desk.browser(desk.staff.desk), await desk.browser(desk.staff.leader)
    stale = {"was_title": "Báo cáo kết quả", "was_unit": "", "was_time": "10/11/2026"}
    page = await one.page()
    units = dict(re.findall(r'<option value="(\d+)">([^<]+)</option>', page))
    ids = {name: number for number, name in units.items()}
    await one.act("/viec/5", act="save", title="Báo cáo năm học", unit="", time="10/11/2026", **stale)
    await two.act(
        "/viec/5",
        act="save",
        title="Báo cáo kết quả",
        unit=ids["Công an xã"],
        time="10/11/2026",
        **stale,
    )
    over = await one.act("/viec/5", act="save", unit=ids["Phòng Kinh tế"], was_unit="")
    assert over.headers["Location"] == "/soat/1?bao=overwritten#viec-5"
    shown = await two.page("?bao=overwritten")
    assert "Báo cáo năm học" in shown
    assert "đơn vị: Tống Thị Hiên, 09:00 10/03" in shown
    late = await two.act("/hoan-tac")
    assert (late.status, "Tống Thị Hiên đã sửa tiếp chỗ này" in await late.text()) == (422, True)


async def test_taking_back_one_field_leaves_what_another_field_answered(desk: Desk) -> None:
    def doubts(*given: str) -> list[str]:
        with desk.world.runtime.database.transaction() as tx:
            row = tx.session.exec(select(PlanItemRow).where(PlanItemRow.number == 5)).one()
            row.doubts = list(given) or row.doubts
            return row.doubts

    one, two = await desk.browser(desk.staff.desk), await desk.browser(desk.staff.leader)
    doubts("plan_doubt.lead_unknown", "plan_doubt.weekend")
    (unit,) = re.findall(r'<option value="(\d+)">Công an xã', await one.page())[:1]
    await one.act("/viec/5", act="save", unit=unit, was_unit="")
    await two.act("/viec/5", act="save", time="11/11/2026", was_time="10/11/2026")
    await one.act("/hoan-tac")
    assert doubts() == ["plan_doubt.lead_unknown"]


async def test_what_a_form_leaves_empty_or_makes_very_long_gets_its_own_sentence(desk: Desk) -> None:
    with desk.world.runtime.database.transaction() as tx:
        tx.session.exec(select(PlanItemRow).where(PlanItemRow.number == 5)).one().title = "Ắ" * 6000
    browser = await desk.browser(desk.staff.desk)
    (unit,) = re.findall(r'<option value="(\d+)">Công an xã', await browser.page())[:1]
    long = {"title": "Ắ" * 6000, "was_title": "Ắ" * 6000}
    for fields, sentence in (
        ({"unit": "", "was_unit": unit}, "Chưa chọn đơn vị"),
        ({"unit": "9" * 5000, "was_unit": ""}, "không còn trong danh sách"),
        ({"time": " ", "was_time": "10/11/2026"}, "Chưa ghi hạn"),
    ):
        answer = await browser.act("/viec/5", act="save", **long, **fields)
        assert (answer.status, sentence in await answer.text()) == (422, True), sentence
    assert (await browser.act("/viec/5", act="save", **long, unit=unit, was_unit="")).status == 303


async def test_a_unit_is_given_to_all_duties_of_the_same_words_at_once(desk: Desk) -> None:
    with desk.world.runtime.database.transaction() as tx:
        for row in tx.session.exec(select(PlanItemRow)):
            row.lead_words, row.unit_id = "Các trường học", None
    browser = await desk.browser(desk.staff.desk)
    await browser.act("/viec/2", act="drop")
    page = await browser.page()
    assert "cho cả 5 việc khác cùng ghi «Các trường học»" in page
    (unit,) = re.findall(r'<option value="(\d+)">Công an xã', page)[:1]
    await browser.act("/viec/5", act="save", unit=unit, was_unit="", same="1")
    with desk.world.runtime.database.transaction() as tx:
        rows = tx.session.exec(select(PlanItemRow).order_by(col(PlanItemRow.number))).all()
    assert [row.unit_id == int(unit) for row in rows] == [True, False, True, True, True, True, True]
