"""The organisation file: read, checked, loaded, and loaded again."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from core.errors import RuleError
from core.say import say
from handlers import people
from handlers.organisation import Organisation
from handlers.service import Service
from handlers.setup import OrganisationFileError, initialise, load_file
from storage.database import Database
from storage.schema import migrate
from storage.tables import AuditRow, CalendarDayRow, OrganisationRow, UnitRow
from storage.transaction import Transaction
from tests.conftest import NOW, SAMPLE
from texts import Catalogue

SAMPLE_TEXT = SAMPLE.read_text(encoding="utf-8")


def problems(text: str, catalogue: Catalogue) -> str:
    with pytest.raises(OrganisationFileError) as caught:
        load_file(text)
    return "\n".join(catalogue.body(problem) for problem in caught.value.problems)


def test_sample_names_twenty_fields_and_the_rest(organisation: Organisation) -> None:
    codes = [field.code for field in organisation.fields]
    assert len(codes) == 21
    assert codes[-1] == "khac"
    assert all(field.words for field in organisation.fields[:-1])


def test_sample_words_are_lower_case_phrases(organisation: Organisation) -> None:
    words = [word for field in organisation.fields for word in field.words]
    assert [word for word in words if word != word.lower()] == []


def test_units_heads_and_hours_reach_the_service(
    database: Database, service: Service, tx: Transaction
) -> None:
    unit = people.unit_named(tx, "phong kt")
    assert unit is not None
    assert (unit.name, unit.head) == ("Phòng Kinh tế", "Vi Quang Tuyến")
    assert service.office.phone == "0299 000 0100"
    assert [f"{start:%H:%M}-{end:%H:%M}" for start, end in service.calendar.sessions] == [
        "07:30-11:30",
        "13:30-17:00",
    ]


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 2, 17), False),
        (date(2026, 4, 27), False),
        (date(2026, 8, 22), True),
        (date(2027, 2, 8), False),
        (date(2028, 1, 26), False),
        (date(2026, 3, 10), True),
    ],
)
def test_national_holidays_of_three_years_are_known(service: Service, day: date, worked: bool) -> None:
    assert service.calendar.is_working_day(day) is worked


def test_day_of_the_file_wins_over_the_national_list(
    tx: Transaction, organisation: Organisation, service: Service
) -> None:
    swapped = '[[calendar.days]]\nday = 2026-04-27\nworked = true\nsource = "Thông báo 1/TB-UBND"\n'
    initialise(tx, load_file(SAMPLE_TEXT + swapped), NOW)
    assert service.refreshed(tx).calendar.is_working_day(date(2026, 4, 27))
    initialise(tx, organisation, NOW)
    assert not service.refreshed(tx).calendar.is_working_day(date(2026, 4, 27))


def test_citizens_are_called_as_the_file_says_and_as_before_when_it_says_so_again(
    tx: Transaction, organisation: Organisation, service: Service
) -> None:
    otherwise = SAMPLE_TEXT.replace('citizens_called = "ông/bà"', 'citizens_called = "bà con"')
    initialise(tx, load_file(otherwise), NOW)
    changed = service.refreshed(tx)
    greeting = say("menu", office=changed.office.name, hours=changed.office.hours)
    words = changed.catalogue.words(greeting)
    assert words.startswith("Kính chào bà con.")
    assert "Bà con cần việc gì?" in words
    entries = changed.catalogue.entries.values()
    assert not any("ông/bà" in entry.text.casefold() for entry in entries)
    initialise(tx, organisation, NOW)
    assert changed.refreshed(tx).catalogue == service.catalogue


def test_loading_again_changes_nothing_but_the_record(tx: Transaction, organisation: Organisation) -> None:
    def counts() -> list[int]:
        rows = (OrganisationRow, UnitRow, CalendarDayRow)
        return [len(tx.session.exec(select(row)).all()) for row in rows]

    before = counts()
    initialise(tx, organisation, NOW)
    assert counts() == before
    assert [row.act for row in tx.session.exec(select(AuditRow))] == ["init", "init_again"]


def test_unit_that_left_the_file_is_closed_and_may_come_back(
    tx: Transaction, organisation: Organisation
) -> None:
    without = SAMPLE_TEXT.replace('name = "Công an xã"', 'name = "Đội Trật tự"').replace(
        'unit = "Công an xã"', 'unit = "Đội Trật tự"'
    )
    initialise(tx, load_file(without), NOW)
    assert "Công an xã" not in [unit.name for unit in people.units(tx)]
    closed = tx.session.exec(select(UnitRow).where(UnitRow.name == "Công an xã")).one()
    assert closed.valid_to == date(2026, 3, 10)
    initialise(tx, organisation, NOW)
    assert "Công an xã" in [unit.name for unit in people.units(tx)]
    assert "Đội Trật tự" not in [unit.name for unit in people.units(tx)]


def test_before_init_every_use_says_so(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new.db")
    migrate(database.engine)
    with pytest.raises(RuleError, match="not_initialised"), database.transaction() as tx:
        people.units(tx)
    database.close()


def test_broken_toml_names_its_line(catalogue: Catalogue) -> None:
    assert "Dòng 3" in problems('[organisation]\nname = "Xã"\nkind = \n', catalogue)


def test_every_wrong_entry_is_named_with_its_remedy(catalogue: Catalogue) -> None:
    broken = (
        SAMPLE_TEXT.replace('kind = "xa"', 'kind = "huyen"')
        .replace('head = "Vi Quang Tuyến"', 'boss = "Vi Quang Tuyến"')
        .replace('phone = "0299 000 0100"\n', "")
        .replace("start = 13:30:00", "start = 18:30:00")
        .replace('area = "xã Suối Mây, tỉnh An Sơn"', 'area = "x"')
        .replace("retention_months = 24", 'retention_months = "lâu"')
    )
    said = problems(broken, catalogue)
    assert "Phần [organisation], mục «kind»: giá trị không hợp lệ. Chọn một trong: xa, phuong" in said
    assert "Phần [[units]] thứ 2, mục «boss»: mục không có trong mẫu" in said
    assert "Phần [desk], mục «phone»: còn thiếu" in said
    assert "Phần [desk], mục «sessions 2»: giờ bắt đầu phải trước giờ kết thúc" in said
    assert "Phần [organisation], mục «area»: quá ngắn" in said
    assert "mục «retention_months»: giá trị không đúng dạng" in said


def test_unknown_unit_is_named(catalogue: Catalogue) -> None:
    said = problems(SAMPLE_TEXT.replace('unit = "Công an xã"', 'unit = "Công an huyện"'), catalogue)
    assert "Toàn tệp: chưa có đơn vị «Công an huyện» trong [[units]]" in said
