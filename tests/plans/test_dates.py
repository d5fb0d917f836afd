"""The time language, rule by rule. Every sentence here was made up for the test."""

from datetime import date

import pytest

from plans.dates import read_times
from plans.found import Clock, Time
from plans.source import Source

ISSUED = date(2027, 1, 18)


def times(text: str, issued: date | None = ISSUED, *, cell: bool = False) -> list[Time]:
    return read_times(Source.of(text).plain, Clock(issued, issued.year if issued else None), cell=cell)


def only(text: str, *, cell: bool = False) -> Time:
    found = times(text, cell=cell)
    assert len(found) == 1, found
    return found[0]


def test_the_end_of_the_year_is_that_of_a_plan_made_for_a_later_one() -> None:
    for issued, year in ((date(2026, 12, 20), 2027), (date(2027, 1, 18), 2027), (date(2027, 1, 18), None)):
        (found,) = read_times("báo cáo trước cuối năm", Clock(issued, year))
        assert (found.due, found.before) == (date(2027, 12, 31), True)
    (found,) = read_times("báo cáo trước cuối năm nay", Clock(date(2026, 12, 20), 2027))
    assert found.due == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("text", "due", "before"),
    [
        ("nộp sổ quỹ thôn trước ngày 12/4/2027", date(2027, 4, 12), True),
        ("Gửi danh sách trước 12-04-2027", date(2027, 4, 12), True),
        ("xong trước ngày 12.4.2027", date(2027, 4, 12), True),
        ("trước ngày 12 tháng 4 năm 2027 nộp ảnh", date(2027, 4, 12), True),
        ("trước ngày mồng 3 tháng 5 năm 2027", date(2027, 5, 3), True),
        ("trước ngày hai mươi mốt tháng tám năm 2027", date(2027, 8, 21), True),
        ("chậm nhất là ngày 12/4/2027 phải đăng ký", date(2027, 4, 12), False),
        ("nộp không quá ngày 12/4/2027", date(2027, 4, 12), False),
        ("hạn chót nhận bài: 12/4/2027", date(2027, 4, 12), False),
        ("đến hết ngày 12/4/2027 thu xong quỹ", date(2027, 4, 12), False),
        ("họp dân vào ngày 12/4/2027", date(2027, 4, 12), False),
        ("nộp trước và trong ngày 12/4/2027", date(2027, 4, 12), False),
        ("làm xong trước quý III/2027", date(2027, 7, 1), True),
        ("làm xong trước tháng 9/2027", date(2027, 9, 1), True),
        ("xong trước ngày cuối cùng của tháng 4/2027", date(2027, 4, 30), True),
    ],
)
def test_a_day_with_an_announcing_word_is_a_deadline(text: str, due: date, before: bool) -> None:
    time = only(text)
    assert (time.kind, time.due, time.before) == ("deadline", due, before)


def test_the_hour_in_front_of_a_day_is_kept() -> None:
    assert only("gửi bảng kê trước 16 giờ 30 ngày 09/3/2027").due_time == "16:30"
    for no_hour in ("24 giờ ngày 09/3/2027", "25 giờ ngày 09/3/2027", "16 giờ 75 ngày 09/3/2027"):
        found = only(f"gửi bảng kê trước {no_hour}")
        assert (found.due, found.due_time) == (date(2027, 3, 9), None), no_hour
    assert only("chậm nhất 8h00, ngày 09/3/2027").due_time == "08:00"


@pytest.mark.parametrize(
    "text", ["trước ngày 31/11/2027", "chậm nhất ngày 29/02/2027", "trước ngày 15/13/2027", "nộp trước 31/6"]
)
def test_an_impossible_day_stays_undated_and_flagged(text: str) -> None:
    time = only(text)
    assert time.kind == "deadline"
    assert time.due is None
    assert "invalid_date" in time.flags


@pytest.mark.parametrize(
    ("text", "due"),
    [("nộp trước ngày 10/01", date(2028, 1, 10)), ("nộp trước ngày 10/6", date(2027, 6, 10))],
)
def test_a_missing_year_is_the_first_one_after_the_day_of_issue(text: str, due: date) -> None:
    time = only(text)
    assert time.due == due
    assert "year_inferred" in time.flags


def test_a_day_without_a_year_and_without_a_day_of_issue_is_not_guessed() -> None:
    (time,) = read_times("nộp trước ngày 10/6", Clock())
    assert time.due is None
    assert "incomplete_date" in time.flags


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Quý II/2027", date(2027, 4, 1), date(2027, 6, 30)),
        ("Quý I, II/2027", date(2027, 1, 1), date(2027, 6, 30)),
        ("Quí 1I/2027", date(2027, 4, 1), date(2027, 6, 30)),
        ("trong tháng 02/2028", date(2028, 2, 1), date(2028, 2, 29)),
        ("Tháng 8, 9/2027", date(2027, 8, 1), date(2027, 9, 30)),
        ("Tháng 12, 01/2028", date(2027, 12, 1), date(2028, 1, 31)),
        ("từ ngày 05/4 đến ngày 20/4/2027", date(2027, 4, 5), date(2027, 4, 20)),
        ("từ tháng 4 đến tháng 6 năm 2027", date(2027, 4, 1), date(2027, 6, 30)),
        ("ngày 15, 16/3/2027", date(2027, 3, 15), date(2027, 3, 16)),
        ("giữa tháng 5/2027", date(2027, 5, 11), date(2027, 5, 20)),
        ("cuối quý IV/2027", date(2027, 12, 1), date(2027, 12, 31)),
        ("tuần thứ ba của tháng 8/2027", date(2027, 8, 15), date(2027, 8, 21)),
        ("6 tháng cuối năm 2027", date(2027, 7, 1), date(2027, 12, 31)),
        ("giai đoạn 2027 - 2030", date(2027, 1, 1), date(2030, 12, 31)),
        ("Cả năm", date(2027, 1, 1), date(2027, 12, 31)),
    ],
)
def test_a_window_has_a_first_and_a_last_day(text: str, first: date, last: date) -> None:
    time = only(text)
    assert (time.kind, time.period_start, time.period_end, time.due) == ("period", first, last, last)


def test_a_range_that_ends_before_it_begins_is_flagged() -> None:
    assert "reversed_range" in only("từ ngày 20/8/2027 đến ngày 10/8/2027").flags


def test_a_start_without_an_end_is_a_standing_duty() -> None:
    time = only("kể từ ngày 01/7/2027 nhận hồ sơ tại nhà văn hóa")
    assert (time.kind, time.period_start, time.due) == ("continuous", date(2027, 7, 1), None)
    assert only("năm 2028 và các năm tiếp theo", cell=True).period_start == date(2028, 1, 1)


@pytest.mark.parametrize(
    ("text", "freq", "by"),
    [
        ("gửi sổ trực trước ngày 05 hằng tháng", "MONTHLY", ("05",)),
        ("hằng tháng, chậm nhất ngày 28 gửi sổ", "MONTHLY", ("28",)),
        ("ngày 07 và ngày 21 hằng tháng", "MONTHLY", ("07", "21")),
        ("từ ngày 1 đến ngày 7 hằng tháng ghi chỉ số", "MONTHLY", ("01..07",)),
        ("ngày làm việc cuối cùng của tháng", "MONTHLY", ("last_working_day",)),
        ("thứ Ba tuần đầu tiên hằng tháng họp thôn", "MONTHLY", ("1TU",)),
        ("trước ngày 12 của tháng cuối quý", "QUARTERLY", ("03-12", "06-12", "09-12", "12-12")),
        ("chậm nhất 05 tháng 12 hằng năm", "ANNUAL", ("12-05",)),
        ("hằng năm (trước ngày 05/12)", "ANNUAL", ("12-05",)),
        ("định kỳ 6 tháng (trước ngày 20/6)", "SEMIANNUAL", ("06-20",)),
        ("trước ngày 20/6 và 20/12 hằng năm", "SEMIANNUAL", ("06-20", "12-20")),
        ("sáng thứ Bảy hằng tuần dọn đường", "WEEKLY", ("SA",)),
        ("mỗi quý một lần", "QUARTERLY", ()),
        ("ít nhất 02 ngày trong 01 tháng", "MONTHLY", ()),
        ("báo cáo định kỳ 3 tháng/lần", "QUARTERLY", ()),
        ("định kỳ nạo vét mương", "UNSPECIFIED", ()),
    ],
)
def test_words_of_repetition_make_a_recurrence(text: str, freq: str, by: tuple[str, ...]) -> None:
    time = only(text)
    assert time.kind == "recurring"
    assert time.recurrence is not None
    assert (time.recurrence.freq, time.recurrence.by) == (freq, by)


def test_several_frequencies_of_one_clause_are_listed() -> None:
    rhythm = only("nộp bảng kê định kỳ quý, 6 tháng, năm").recurrence
    assert rhythm is not None
    assert rhythm.freqs == ("QUARTERLY", "SEMIANNUAL", "ANNUAL")


def test_a_plan_for_one_year_fixes_the_day_of_a_bracketed_repetition() -> None:
    assert only("hằng năm (trước ngày 05/12)").due == date(2027, 12, 5)


@pytest.mark.parametrize("text", ["Thường xuyên, liên tục.", "thường xuyên dọn cống", "Thường\nxuyên"])
def test_a_standing_duty_is_continuous(text: str) -> None:
    assert only(text).kind == "continuous"


@pytest.mark.parametrize(
    "text",
    [
        "nộp bản sao khi có yêu cầu",
        "báo cáo đột xuất",
        "nếu có vướng mắc, gọi cho văn phòng",
        "Sau khi quy ước được phê duyệt",
    ],
)
def test_a_duty_that_waits_for_an_event_is_on_request(text: str) -> None:
    time = only(text)
    assert time.kind == "on_request"
    assert time.trigger


def test_a_term_from_the_signing_is_dated_and_from_another_event_is_not() -> None:
    signed = only("trong 10 ngày kể từ ngày ký")
    assert signed.due == date(2027, 1, 28)
    received = only("trong thời hạn 02 ngày làm việc kể từ ngày nhận đơn")
    assert received.due is None
    assert received.relative is not None
    assert (received.relative.n, received.relative.unit, received.relative.direction) == (
        2,
        "working_day",
        "after",
    )


def test_a_term_ahead_of_an_event_counts_backwards() -> None:
    time = only("chậm nhất 05 ngày làm việc trước ngày mở hội")
    assert time.before
    assert time.relative is not None
    assert time.relative.direction == "before"


def test_a_fixed_date_outweighs_the_term_in_brackets() -> None:
    assert only("Chậm nhất ngày 10/9/2027 (trước ngày mở hội 20 ngày)").due == date(2027, 9, 10)


@pytest.mark.parametrize(
    "text",
    [
        "Thực hiện Chỉ thị số 77/CT-UBND ngày 02/02/2027 của UBND tỉnh",
        "theo Nghị quyết số 12-NQ/ĐU, ngày 30/12/2026",
        "Luật Tiếp cận thông tin ngày 06/4/2016",
        "Đá Trắng, ngày 11 tháng 01 năm 2027",
        "ngày     tháng    năm 2027",
        "quy chế có hiệu lực từ ngày 01/3/2027",
        "tính đến ngày 31/12/2026, xã có 9 thôn",
        "số liệu lấy từ ngày 01/01/2027 đến ngày 30/6/2027",
        "Ngày 20/11/2026, xã tổ chức gặp mặt giáo viên",
        "năm 2026, xã đã tổ chức 4 buổi họp dân",
        "nhiệm kỳ 2026 - 2031",
        "quy hoạch đến năm 2035, tầm nhìn đến năm 2050",
        "dự toán chi thường xuyên",
        "trung tâm giáo dục thường xuyên",
        "có 2/3 số hộ đồng ý",
        "trực 24/24 giờ",
        "tăng 12/5 so với năm ngoái",
        "giao ban định kỳ",
        "trong dự toán kinh phí hằng năm của xã",
    ],
)
def test_a_date_that_orders_nothing_is_no_deadline(text: str) -> None:
    assert times(text) == []


def test_a_citation_and_a_deadline_in_one_sentence_give_the_deadline() -> None:
    time = only("Theo Quyết định số 9/QĐ-UBND ngày 02/02/2027, các thôn gửi danh sách trước ngày 01/3/2027")
    assert time.due == date(2027, 3, 1)


def test_a_scanned_digit_is_read_and_flagged() -> None:
    time = only("trước ngày l2/4/2027")
    assert time.due == date(2027, 4, 12)
    assert "ocr" in time.flags


def test_a_wrong_weekday_and_a_date_already_past_are_flagged() -> None:
    assert "weekday_mismatch" in only("trước ngày 12/4/2027 (thứ Sáu)").flags
    assert "past_at_issue" in only("trước ngày 12/12/2026").flags


def test_a_lunar_day_is_left_to_a_person() -> None:
    time = only("xong trước ngày 20 tháng Chạp")
    assert time.due is None
    assert "lunar" in time.flags


def test_a_bare_year_names_a_plan_in_prose_and_is_a_time_in_a_time_cell() -> None:
    assert times("thực hiện kế hoạch dân vận năm 2027 của xã") == []
    assert only("Năm 2027", cell=True).due == date(2027, 12, 31)


def test_one_sentence_may_hold_several_times() -> None:
    found = times("báo cáo 6 tháng nộp trước ngày 05/6/2027, báo cáo năm nộp trước ngày 05/12/2027")
    assert [time.due for time in found] == [date(2027, 6, 5), date(2027, 12, 5)]
