"""The organisation as its administrator describes it: the checked content of the organisation file."""

from datetime import date, time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.text import fold

Clock = Annotated[int, Field(ge=1, le=400)]
Question = Annotated[str, Field(min_length=5, max_length=150)]
Name = Annotated[str, Field(min_length=2, max_length=120)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class About(_Part):
    """[organisation]: who serves here. `leader` and `sealed_keeper` are names of officers."""

    name: Name
    kind: Literal["xa", "phuong", "dac_khu", "tinh", "so", "khac"]
    area: Name
    coordinating_unit: Name
    leader: Name
    sealed_keeper: Name
    citizens_called: Literal["ông/bà", "anh/chị", "cô/bác", "bà con", "quý vị"] = "ông/bà"
    retention_months: Annotated[int, Field(ge=1, le=120)] = 24
    privacy_version: Annotated[str, Field(min_length=1, max_length=20)]
    privacy_notice: Annotated[str, Field(min_length=20, max_length=4000)]
    denunciation_way: Annotated[str, Field(min_length=20, max_length=1000)]


class Unit(_Part):
    """[[units]]: one unit; `head` is the name of the officer who leads it."""

    name: Name
    aliases: tuple[str, ...] = ()
    head: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()


class Session(_Part):
    """A working session of a day, local time."""

    start: time
    end: time

    @model_validator(mode="after")
    def _in_order(self) -> "Session":
        if self.start >= self.end:
            raise ValueError("giờ bắt đầu phải trước giờ kết thúc")
        return self


class Desk(_Part):
    """[desk]: the reception desk. `hours` is printed, `sessions` are counted."""

    unit: Name
    hours: Annotated[str, Field(min_length=3, max_length=200)]
    sessions: Annotated[tuple[Session, ...], Field(min_length=1)]
    address: Annotated[str, Field(min_length=3, max_length=200)]
    phone: Annotated[str, Field(min_length=3, max_length=60)]
    duty: tuple[str, ...] = ()


class FieldConfig(_Part):
    """[[fields]]: a field of matters, the words that point to it, and the unit that usually handles it.

    `questions` are asked of the citizen beside the script's own, each of them may be skipped.
    """

    code: Annotated[str, Field(pattern=r"^[a-z_]{2,40}$")]
    label: Name
    unit: str = ""
    words: tuple[str, ...] = ()
    promised_days: Clock | None = None
    questions: Annotated[tuple[Question, ...], Field(max_length=2)] = ()


class PlaceConfig(_Part):
    """[[places]]: a hamlet, street or school, with the names people still call it by (`formerly`).

    `contact` is for places of a neighbouring authority: how to reach that one. `code` stands in the link of a
    poster hung there (`/start noi-CODE`).
    """

    name: Name
    formerly: tuple[Name, ...] = ()
    contact: Annotated[str, Field(max_length=200)] = ""
    code: Annotated[str, Field(pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$", max_length=20)] = ""


class SwappedDay(_Part):
    """[[calendar.days]]: a day that differs from the week's rule, with the decision that says so."""

    day: date
    worked: bool
    source: Annotated[str, Field(min_length=2, max_length=200)]


class CalendarConfig(_Part):
    """[calendar]: days this organisation works or rests beside the national list."""

    days: tuple[SwappedDay, ...] = ()


class Organisation(_Part):
    """One authority: everything the organisation file says."""

    organisation: About
    units: Annotated[tuple[Unit, ...], Field(min_length=1)]
    desk: Desk
    fields: Annotated[tuple[FieldConfig, ...], Field(min_length=1)]
    places: tuple[PlaceConfig, ...] = ()
    calendar: CalendarConfig = CalendarConfig()

    @model_validator(mode="after")
    def _names_are_known(self) -> "Organisation":
        known = {fold(name) for unit in self.units for name in (unit.name, *unit.aliases)}
        asked = [self.organisation.coordinating_unit, self.desk.unit]
        asked += [field.unit for field in self.fields if field.unit]
        asked += [name for unit in self.units for name in unit.successors]
        for name in asked:
            if fold(name) not in known:
                raise ValueError(f"chưa có đơn vị «{name}» trong [[units]]")
        if len({field.code for field in self.fields}) != len(self.fields):
            raise ValueError("mã lĩnh vực trong [[fields]] bị trùng")
        codes = [place.code for place in self.places if place.code]
        if len(set(codes)) != len(codes):
            raise ValueError("mã nơi trong [[places]] bị trùng")
        return self
