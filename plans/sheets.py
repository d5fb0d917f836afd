"""An .xlsx as its reader sees it: sheet by sheet, what stands above a table as lines, the table row by row.

Every cell keeps its sheet and name. Each sheet begins with the line «Trang tính «…»».
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import openpyxl
from lxml.etree import LxmlError  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from plans.found import Where
from plans.pieces import Piece, UnreadablePlan, in_cell, row_pieces

_Row = dict[int, Piece]

_FEWEST_COLUMNS = 3
"""The first row with so many filled cells begins the table."""
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_IN_BRACKETS = re.compile(r"\[[^\]]{0,40}\]|\"[^\"]{0,40}\"|\\.")


def read(data: bytes) -> list[Piece]:
    """The words of a workbook, hidden sheets and rows too. Raises UnreadablePlan."""
    try:
        book = openpyxl.load_workbook(BytesIO(data), data_only=True)
        # Where nobody has calculated a formula yet, the formula itself shall be seen, and asked about.
        formulas = openpyxl.load_workbook(BytesIO(data)) if _has_formulas(data) else book
        return [piece for sheet in book.worksheets for piece in _sheet(sheet, formulas[sheet.title])]
    except (InvalidFileException, LxmlError, zipfile.BadZipFile, KeyError, ValueError, TypeError):
        raise UnreadablePlan("plan_file_broken") from None


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(_FORMULA.search(archive.read(name)) for name in sheets)


def _sheet(sheet: Any, formulas: Any) -> Iterator[Piece]:
    rows = _rows(sheet, formulas)
    if not rows:
        return
    yield Piece(f"Trang tính «{sheet.title}»\n\n", Where(sheet=sheet.title))
    columns = range(min(min(row) for row in rows.values()), max(max(row) for row in rows.values()) + 1)
    in_table = False
    for number, row in rows.items():
        in_table = in_table or len({piece.where for piece in row.values()}) >= _FEWEST_COLUMNS
        if in_table:
            bare = Where(sheet=sheet.title, row=number)
            yield from row_pieces(row.get(column, Piece("", bare)) for column in columns)
        else:
            for piece in row.values():
                yield Piece(f"{piece.text}\n\n", piece.where)
    yield Piece("\n")


def _rows(sheet: Any, formulas: Any) -> dict[int, _Row]:
    """The filled rows in order, each with its filled cells by column.

    A merged cell stands in its first column, and in each of its rows, for each row is read by itself.
    """
    later = _cells(formulas)
    shown = {
        place: cell
        for place, cell in _cells(sheet).items()
        if cell.value is not None or later[place].value is not None
    }
    rows: dict[int, _Row] = {}
    for (number, column), cell in shown.items():
        value = later[number, column].value if cell.value is None else cell.value
        rows.setdefault(number, {})[column] = _piece(sheet.title, cell, value)
    for merged in sheet.merged_cells.ranges:
        origin = rows.get(merged.min_row, {}).get(merged.min_col)
        for number in range(merged.min_row + 1, merged.max_row + 1) if origin else ():
            if number in rows and origin:
                rows[number].setdefault(merged.min_col, origin)
    filled = {number: dict(sorted(row.items())) for number, row in sorted(rows.items())}
    return {number: row for number, row in filled.items() if any(piece.text for piece in row.values())}


def _cells(sheet: Any) -> dict[tuple[int, int], Any]:
    """The cells of the file; asking the sheet for its rows would make all the empty ones between them."""
    cells: dict[tuple[int, int], Any] = sheet._cells  # noqa: SLF001
    return cells


def _piece(sheet: str, cell: Any, value: Any) -> Piece:
    name = f"{get_column_letter(cell.column)}{cell.row}"
    words = in_cell(_words(value, cell.number_format).splitlines())
    return Piece(words, Where(sheet=sheet, row=cell.row, cell=name))


def _words(value: Any, number_format: str) -> str:
    """A value as a clerk would write it: dates by day, month and year, whole numbers without a point."""
    match value:
        case datetime():
            day = _day(value.date(), number_format)
            return f"{value.hour} giờ {value.minute:02d} phút, ngày {day}" if value.time() != time() else day
        case date():
            return _day(value, number_format)
        case bool():
            return "x" if value else ""
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def _day(day: date, number_format: str) -> str:
    """A date as far as its format shows it: «05/2027» is a month, though Excel keeps its first day."""
    shown = _IN_BRACKETS.sub("", number_format.lower())
    if "d" in shown or not ("m" in shown or "y" in shown):
        return f"{day:%d/%m/%Y}"
    return f"tháng {day.month}/{day.year}" if "m" in shown else f"năm {day.year}"
