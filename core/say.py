"""A message as data: a key of the catalogue, the values of its blanks, and the choices it offers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Label:
    """A word of the catalogue, such as the name of a status, used as the value of a blank."""

    key: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing a person may answer. Without `label` the catalogue's word for the code is used."""

    code: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """What to say. `choices` empty means those the catalogue lists under the key, if any."""

    key: str
    fields: "Mapping[str, Value]" = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()


Value = str | int | float | date | datetime | Label | Text | tuple[Text, ...]


def say(key: str, *, choices: tuple[Choice, ...] = (), **fields: Value) -> Text:
    """The message `key` with its blanks filled."""
    return Text(key, fields, choices)


def to_json(text: Text) -> dict[str, Any]:
    """The message as plain JSON values; `from_json` gives it back unchanged."""
    return {
        "key": text.key,
        "fields": {name: _value_to_json(value) for name, value in text.fields.items()},
        "choices": [[choice.code, choice.label] for choice in text.choices],
    }


def from_json(data: Mapping[str, Any]) -> Text:
    """The message stored by `to_json`."""
    return Text(
        key=data["key"],
        fields={name: _value_from_json(value) for name, value in data["fields"].items()},
        choices=tuple(Choice(code, label) for code, label in data["choices"]),
    )


def _value_to_json(value: Value) -> Any:
    match value:
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case Label(key):
            return {"label": key}
        case Text():
            return {"text": to_json(value)}
        case tuple():
            return {"lines": [to_json(item) for item in value]}
        case _:
            return value


def _value_from_json(value: Any) -> Value:
    match value:
        case {"moment": str(moment)}:
            return datetime.fromisoformat(moment)
        case {"day": str(day)}:
            return date.fromisoformat(day)
        case {"label": str(key)}:
            return Label(key)
        case {"text": text}:
            return from_json(text)
        case {"lines": lines}:
            return tuple(from_json(line) for line in lines)
        case str() | int() | float():
            return value
        case _:
            raise ValueError("not a message value")
