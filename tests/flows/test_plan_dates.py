"""What a person may type for the time of a duty under review, and what it is taken to mean."""

import unicodedata
from datetime import date, time

import pytest

from core.errors import RuleError
from core.obligations import ObligationKind
from handlers.plan_dates import WrittenTime, read
from plans.found import Clock

TODAY = date(2026, 3, 10)
THIS_YEAR = Clock(date(2026, 1, 5), 2026)
NO_YEAR = Clock()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("14/6", WrittenTime(None, date(2026, 6, 14))),
        ("1/3", WrittenTime(None, date(2027, 3, 1))),
        ("TRƯỚC ngày 14/6/2026", WrittenTime(None, date(2026, 6, 14), before=True)),
        ("quý II", WrittenTime(None, date(2026, 6, 30))),
        ("17 giờ ngày 14/6", WrittenTime(None, date(2026, 6, 14), due_time=time(17))),
        ("24 giờ ngày 14/6", WrittenTime(None, date(2026, 6, 14))),
        ("17:30 ngày 14/6/2026", WrittenTime(None, date(2026, 6, 14), due_time=time(17, 30))),
        ("trước 7:30 ngày 14/6", WrittenTime(None, date(2026, 6, 14), before=True, due_time=time(7, 30))),
        ("thường xuyên", WrittenTime(ObligationKind.CONTINUOUS)),
    ],
)
def test_a_time_is_read_in_every_way_it_is_written(words: str, expected: WrittenTime) -> None:
    assert read(words, TODAY, THIS_YEAR) == expected
    assert read(unicodedata.normalize("NFD", words), TODAY, THIS_YEAR) == expected


@pytest.mark.parametrize(
    "words",
    [
        "31/2",
        "31/4 2026",
        "31 tháng 2 năm 2026",
        "14/6 và 15/6",
        "14/6-20/6",
        "đến 5 hạn 14/6",
        "25 giờ ngày 14/6",
        "17:75 ngày 14/6",
        "31/12/9999",
        "14/6/0026",
    ],
)
def test_a_time_read_only_in_part_is_no_time(words: str) -> None:
    with pytest.raises(RuleError, match="review_day_unreadable"):
        read(words, TODAY, THIS_YEAR)


def test_a_day_without_its_year_belongs_to_the_year_of_a_plan_for_later() -> None:
    december = date(2026, 12, 22)
    for words in ("31/12", "tháng 12", "cuối năm", "trong năm", "17 giờ ngày 31/12"):
        assert read(words, december, Clock(date(2026, 12, 20), 2027)).due == date(2027, 12, 31), words
    assert read("31/12", december, NO_YEAR).due == date(2026, 12, 31)
    assert read("1/1", december, NO_YEAR).due == date(2027, 1, 1)
    for words, code in (("quý II", "review_day_unreadable"), (" ", "review_day_missing")):
        with pytest.raises(RuleError, match=code):
            read(words, december, NO_YEAR)
