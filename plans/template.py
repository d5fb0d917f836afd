"""A workbook to fill in: headings the reader knows, an invented example, and hints beside the cells."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

_COLUMNS = (
    ("plan_template.number", 6),
    ("plan_template.task", 60),
    ("plan_template.lead", 26),
    ("plan_template.cooperate", 26),
    ("plan_template.start", 16),
    ("plan_template.due", 26),
    ("plan_template.note", 30),
)
_HEADING_ROW, _LAST_ROW = 2, 500
_SHADE = "DDE8F3"


def template(words: Callable[[str], str], today: date) -> bytes:
    """The bytes of an .xlsx; `words` gives the label of a key. The example lies in the year after `today`."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = words("plan_template.sheet")
    sheet["A1"] = words("plan_template.title")
    sheet["A1"].font = Font(bold=True, size=14)
    for column, (key, width) in enumerate(_COLUMNS, 1):
        cell = sheet.cell(_HEADING_ROW, column, words(key))
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor=_SHADE)
        cell.alignment = Alignment(wrap_text=True, horizontal="center")
        sheet.column_dimensions[cell.column_letter].width = width
    example = (
        1,
        words("plan_template.example_task"),
        words("plan_template.example_lead"),
        words("plan_template.example_cooperate"),
        None,
        date(today.year + 1, 3, 20),
        words("plan_template.example_note"),
    )
    for column, value in enumerate(example, 1):
        sheet.cell(_HEADING_ROW + 1, column, value)
    for name in ("E", "F"):
        for row in range(_HEADING_ROW + 1, _LAST_ROW + 1):
            sheet[f"{name}{row}"].number_format = "dd/mm/yyyy"
    sheet.add_data_validation(_only_days(words))
    sheet.add_data_validation(_hint("B", words("plan_template.task"), words("plan_template.how")))
    sheet.add_data_validation(_hint("F", words("plan_template.due"), words("plan_template.due_hint")))
    sheet.freeze_panes = f"A{_HEADING_ROW + 1}"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _only_days(words: Callable[[str], str]) -> DataValidation:
    """The first day is a date, or left blank."""
    rule = DataValidation(type="date", operator="greaterThan", formula1="DATE(2000,1,1)", allow_blank=True)
    rule.errorTitle, rule.error = words("plan_template.start"), words("plan_template.not_a_day")
    rule.showErrorMessage = True
    rule.add(f"E{_HEADING_ROW + 1}:E{_LAST_ROW}")
    return rule


def _hint(column: str, title: str, told: str) -> DataValidation:
    """Words that Excel shows beside a cell of the column; no rule, for a time may be a date or words."""
    rule = DataValidation(type=None, allow_blank=True)
    rule.promptTitle, rule.prompt, rule.showInputMessage = title, told, True
    rule.add(f"{column}{_HEADING_ROW + 1}:{column}{_LAST_ROW}")
    return rule
