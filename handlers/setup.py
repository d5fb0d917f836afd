"""Loads the organisation file: reads it, says what is wrong with it, and brings the database in line."""

import re
import tomllib
from collections.abc import Iterable
from datetime import date, datetime

import holidays
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy import delete, insert
from sqlmodel import col, select

from core.calendar import local_day
from core.say import Text, say
from core.text import fold
from handlers import audit
from handlers.organisation import Organisation, SwappedDay, Unit
from storage.tables import CalendarDayRow, OrganisationRow, UnitRow
from storage.transaction import Transaction, table

YEARS_AHEAD = 2
"""Calendar years seeded beyond the present one; `init` run again moves the window."""

_PROBLEMS = {
    "missing": "file_missing",
    "extra_forbidden": "file_extra",
    "string_too_short": "file_short",
    "string_too_long": "file_long",
    "too_short": "file_short",
    "literal_error": "file_choice",
    "value_error": "file_rule",
}


class OrganisationFileError(Exception):
    """The file cannot be used. `problems` are lines for its author: where, what, how to mend."""

    def __init__(self, problems: Iterable[Text]) -> None:
        super().__init__("organisation file")
        self.problems = tuple(problems)


def load_file(text: str) -> Organisation:
    """The organisation a file describes. Raises OrganisationFileError."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        line = place.group(1) if place else str(text.count("\n") + 1)
        raise OrganisationFileError([say("file_syntax", line=line)]) from error
    try:
        return Organisation.model_validate(content)
    except ValidationError as error:
        raise OrganisationFileError(_problem(each) for each in error.errors()) from error


def initialise(tx: Transaction, organisation: Organisation, now: datetime) -> None:
    """Create the organisation or bring it in line with its file; run again it changes nothing more.

    A unit that left the file is closed, never deleted: officers, tickets and duties refer to it.
    """
    row = tx.session.exec(select(OrganisationRow)).first()
    first = row is None
    row = row or OrganisationRow(name="", config={}, loaded_at=now)
    row.name = organisation.organisation.name
    row.config = organisation.model_dump(mode="json")
    row.loaded_at = now
    tx.add(row)
    _load_units(tx, organisation.units, local_day(now))
    _load_calendar(tx, organisation.calendar.days, local_day(now).year)
    audit.record(tx, audit.SYSTEM, "init" if first else "init_again", f"organisation:{row.id}", now)
    tx.flush()


def _load_units(tx: Transaction, units: tuple[Unit, ...], today: date) -> None:
    mine = col(UnitRow.organisation_id) == tx.organisation_id
    known = {fold(row.name): row for row in tx.session.exec(select(UnitRow).where(mine))}
    for unit in units:
        row = known.pop(fold(unit.name), None) or UnitRow(organisation_id=tx.organisation_id, name=unit.name)
        row.name = unit.name
        row.aliases = list(unit.aliases)
        row.head = unit.head
        row.valid_from = unit.valid_from
        row.valid_to = unit.valid_to
        tx.add(row)
    for gone in known.values():
        gone.valid_to = gone.valid_to or today


def _load_calendar(tx: Transaction, swapped: tuple[SwappedDay, ...], year: int) -> None:
    """Write the days of this year and the next ones anew; days of past years stay as they were counted."""
    days = _national_days(range(year, year + YEARS_AHEAD + 1))
    days |= {each.day: ("work" if each.worked else "off", each.source) for each in swapped}
    target = table(CalendarDayRow)
    tx.connection.execute(
        delete(target).where(
            target.c.organisation_id == tx.organisation_id,
            (target.c.day >= date(year, 1, 1)) | target.c.day.in_([each.day for each in swapped]),
        )
    )
    owner = tx.organisation_id
    tx.connection.execute(
        insert(target),
        [
            {"organisation_id": owner, "day": day, "kind": kind, "source": source}
            for day, (kind, source) in sorted(days.items())
        ],
    )


def _national_days(years: range) -> dict[date, tuple[str, str]]:
    """Public holidays with their days in lieu, and the week-end days worked in exchange."""
    national = holidays.country_holidays("VN", years=years, language="vi")
    days = {day: ("off", name) for day, name in national.items()}
    worked = {day for day in national.weekend_workdays if day.year in years}
    return days | dict.fromkeys(worked, ("work", "holidays"))


def _problem(error: ErrorDetails) -> Text:
    key = _PROBLEMS.get(error["type"], "file_value")
    where = _place(error["loc"])
    limits = error.get("ctx", {})
    match key:
        case "file_short":
            return say(key, where=where, limit=int(limits["min_length"]))
        case "file_long":
            return say(key, where=where, limit=int(limits["max_length"]))
        case "file_choice":
            return say(
                key, where=where, expected=str(limits["expected"]).replace("'", "").replace(" or ", ", ")
            )
        case "file_rule":
            return say(key, where=where, reason=str(limits["error"]))
        case _:
            return say(key, where=where)


def _place(path: tuple[int | str, ...]) -> Text:
    """Where in the file, counted as people count."""
    if not path:
        return say("file_place_whole")
    section, *rest = path
    if rest and isinstance(rest[0], int):
        return say("file_place_item", section=section, number=rest[0] + 1, entry=_key(rest[1:]))
    return say("file_place_key", section=section, entry=_key(rest))


def _key(path: list[int | str]) -> str:
    return " ".join(str(step + 1 if isinstance(step, int) else step) for step in path)
