"""Prints messages: `Text` (a key with values) in, Vietnamese words out.

A file `vi/*.toml` holds one table per message: `text` with blanks such as {number}, and, where the message
asks for a choice, `choices` as [code, label] pairs; `asks` names what a network may offer to send. With
`numbered = false` the words themselves say what to type, and numbers mean the lines of the message. The table
`labels` holds single words under dotted keys. A blank takes whatever `core.say.Value` allows; a list of texts
is printed one a line.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from importlib import resources
from typing import TypeVar
from zoneinfo import ZoneInfo

from core.say import Choice, Label, Text, Value

BLANK = re.compile(r"\{([a-z_]+)\}")
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

ADDRESS = "ông/bà"
"""How the words as written call a citizen; officers are called otherwise."""

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of the catalogue."""

    text: str
    choices: tuple[Choice, ...]
    asks: str = ""
    is_numbered: bool = True

    @property
    def blanks(self) -> frozenset[str]:
        """Names of the values the text needs."""
        return frozenset(BLANK.findall(self.text))


@dataclass(frozen=True)
class Catalogue:
    """All messages and labels of one language. Citizens are called `address`; `plain`: as it was written."""

    entries: Mapping[str, Entry]
    labels: Mapping[str, str]
    address: str = ADDRESS
    plain: "Catalogue | None" = None

    def addressing(self, form: str) -> "Catalogue":
        """The same words, in which a citizen is called `form` instead of «ông/bà»."""
        plain = self.plain or self
        if form == ADDRESS:
            return plain
        entries = {
            key: replace(
                entry,
                text=_called(entry.text, form),
                choices=tuple(Choice(choice.code, _called(choice.label, form)) for choice in entry.choices),
            )
            for key, entry in plain.entries.items()
        }
        labels = {key: _called(label, form) for key, label in plain.labels.items()}
        return Catalogue(entries, labels, form, plain)

    def label(self, key: str) -> str:
        """The word under `key`. Raises KeyError for an unknown one: a test keeps the catalogue whole."""
        return self.labels[key]

    def choices(self, text: Text) -> tuple[Choice, ...]:
        """What the message offers, every choice with its label."""
        static = self.entries[text.key].choices
        if not text.choices:
            return static
        known = {choice.code: choice.label for choice in static}
        return tuple(
            choice
            if choice.label
            else Choice(choice.code, known.get(choice.code) or self._code_label(choice.code))
            for choice in text.choices
        )

    def numbered(self, text: Text) -> tuple[Choice, ...]:
        """The choices that a number or a label in words stands for."""
        return self.choices(text) if self.entries[text.key].is_numbered else ()

    def asks(self, text: Text) -> str:
        """What a network may offer to send with one touch: "location", "contact" or nothing."""
        return self.entries[text.key].asks

    def body(self, text: Text) -> str:
        """The words without the numbered choices."""
        entry = self.entries[text.key]
        return BLANK.sub(lambda match: self._print(text.fields[match.group(1)]), entry.text).strip()

    def words(self, text: Text) -> str:
        """The whole message: words, then the choices as numbered lines, so that no button is needed."""
        lines = [f"{number}. {choice.label}" for number, choice in enumerate(self.numbered(text), 1)]
        return "\n".join([self.body(text), *lines])

    def called(self, words: str) -> str:
        """Words from elsewhere, in which citizens are called as here."""
        return _called(words, self.address)

    def _code_label(self, code: str) -> str:
        return self.labels[f"choice.{code.partition(':')[0]}"]

    def _print(self, value: Value) -> str:
        match value:
            case Label(key):
                return self.label(key)
            case Text():
                return self.body(value)
            case tuple():
                return "\n".join(self.body(item) for item in value)
            case datetime():
                return self._moment(value)
            case date():
                return self._day(value)
            case _:
                return str(value)

    def _moment(self, value: datetime) -> str:
        local = value.astimezone(_ZONE)
        return f"{local:%H:%M} {self._day(local.date())}"

    def _day(self, value: date) -> str:
        return f"{self._weekdays[value.weekday()]} {value:%d/%m/%Y}"

    @cached_property
    def _weekdays(self) -> tuple[str, ...]:
        return tuple(self.labels[f"weekday.{number}"] for number in range(7))


def _called(words: str, form: str) -> str:
    return words.replace(ADDRESS, form).replace(ADDRESS.capitalize(), form.capitalize())


def load() -> Catalogue:
    """The Vietnamese catalogue. Raises ValueError when a key stands twice."""
    entries: dict[str, Entry] = {}
    labels: dict[str, str] = {}
    for path in sorted(resources.files("texts").joinpath("vi").iterdir(), key=lambda item: item.name):
        if not path.name.endswith(".toml"):
            continue
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        _add(labels, tables.pop("labels", {}), path.name)
        _add(entries, {key: _entry(table) for key, table in tables.items()}, path.name)
    return Catalogue(entries, labels)


def _entry(table: Mapping[str, object]) -> Entry:
    pairs = table.get("choices", [])
    assert isinstance(pairs, list)
    choices = tuple(Choice(code, label) for code, label in pairs)
    is_numbered = bool(table.get("numbered", True))
    return Entry(str(table["text"]), choices, str(table.get("asks", "")), is_numbered)


def _add(into: dict[str, V], new: Mapping[str, V], source: str) -> None:
    twice = into.keys() & new.keys()
    if twice:
        raise ValueError(f"{source}: already defined: {', '.join(sorted(twice))}")
    into.update(new)
