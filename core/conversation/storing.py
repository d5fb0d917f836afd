"""A dialogue's state as plain JSON values and back. What cannot be read becomes a forgotten `Idle`."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from core.channel import MediaRef
from core.conversation.draft import Draft, Place
from core.conversation.states import State
from core.conversation.step_names import STEP_NAMES, STEP_TYPES
from core.conversation.steps import (
    Idle,
)

SCHEMA = 1


def to_json(state: State) -> dict[str, Any]:
    """The state as plain JSON values; `from_json` gives it back unchanged."""
    return {"schema": SCHEMA, **_encode_fields(state)}


def from_json(data: Mapping[str, Any]) -> State:
    """The stored state. One of another schema or with unknown parts loads as a forgotten `Idle`."""
    if data.get("schema") != SCHEMA:
        return State(Idle(is_forgotten=True))
    try:
        state: State = _decode_fields(
            State, {name: value for name, value in data.items() if name != "schema"}
        )
    except (KeyError, TypeError, ValueError):
        return State(Idle(is_forgotten=True))
    return state


def _encode_fields(value: Any) -> dict[str, Any]:
    return {item.name: _encode(getattr(value, item.name)) for item in fields(value)}


def _encode(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case Enum():
            return value.value
        case tuple():
            return [_encode(item) for item in value]
        case _ if type(value) in STEP_NAMES:
            return {"name": STEP_NAMES[type(value)], **_encode_fields(value)}
        case _ if is_dataclass(value):
            return _encode_fields(value)
        case _:
            return value


_HINTS = {kind: get_type_hints(kind) for kind in (State, Draft, Place, MediaRef, *STEP_NAMES)}


def _decode_fields(kind: type[Any], data: Mapping[str, Any]) -> Any:
    hints = _HINTS[kind]
    unknown = data.keys() - hints.keys()
    if unknown:
        raise ValueError("unknown fields")
    return kind(**{name: _decode(hints[name], value) for name, value in data.items()})


def _decode(kind: Any, value: Any) -> Any:
    if get_origin(kind) is tuple:
        return tuple(_decode(get_args(kind)[0], item) for item in value)
    if isinstance(kind, UnionType):
        return _decode_union(get_args(kind), value)
    if kind is datetime:
        return datetime.fromisoformat(value)
    if is_dataclass(kind):
        assert isinstance(kind, type)
        return _decode_fields(kind, value)
    if issubclass(kind, Enum):
        return kind(value)
    if not isinstance(value, kind) and not (kind is float and isinstance(value, int)):
        raise ValueError("wrong type")
    return value


def _decode_union(kinds: tuple[Any, ...], value: Any) -> Any:
    if NoneType in kinds:
        (kind,) = (item for item in kinds if item is not NoneType)
        return None if value is None else _decode(kind, value)
    kind = STEP_TYPES[value["name"]]
    if kind not in kinds:
        raise ValueError("a step that cannot stand here")
    return _decode_fields(kind, {name: item for name, item in value.items() if name != "name"})
