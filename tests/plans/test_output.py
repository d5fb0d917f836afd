"""Lines of `danvan dates`."""

import json
from typing import Any

import pytest

from plans import answer_line


def answer(**asked: Any) -> dict[str, Any]:
    line = answer_line(json.dumps(asked, ensure_ascii=False))
    assert "\n" not in line
    read: dict[str, Any] = json.loads(line)
    return read


def test_a_line_is_answered_with_its_reading() -> None:
    read = answer(text="nộp sổ trước ngày 12/4/2027", doc_date="2027-01-18", id="7")
    assert (read["obligation"], read["kind"], read["due"], read["before"]) == (
        True,
        "deadline",
        "2027-04-12",
        True,
    )


def test_a_line_that_orders_nothing_says_so() -> None:
    assert answer(text="số liệu tính đến ngày 31/12/2026", doc_date="2027-01-18")["obligation"] is False


def test_half_year_and_year_reports_of_one_line_come_together() -> None:
    read = answer(
        text="báo cáo 6 tháng trước ngày 08/6, báo cáo năm trước ngày 08/12 hằng năm", doc_date="2027-01-18"
    )
    assert read["recurrence"] == {"freq": "SEMIANNUAL", "by": ["06-08", "12-08"]}


@pytest.mark.parametrize(
    "line", ["", "không phải json", "[]", "null", '{"text": 5}', '{"doc_date": "2027-01-18"}']
)
def test_an_unreadable_line_is_answered_too(line: str) -> None:
    assert "error" in json.loads(answer_line(line))


@pytest.mark.parametrize("day", ["hôm nay", 5, "2027-02-30"])
def test_a_day_of_issue_that_is_no_date_is_an_error(day: object) -> None:
    assert answer(text="trước ngày 12/4", doc_date=day) == {"error": "doc_date_is_not_a_date"}
