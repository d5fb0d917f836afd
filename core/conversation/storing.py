"""A dialogue's state as plain JSON values and back. What cannot be read becomes a forgotten `Idle`."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from enum import Enum
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from core.channel import MediaRef
from core.conversation.draft import Draft, Extra, Place
from core.conversation.states import State
from core.conversation.step_names import STEP_NAMES, STEP_TYPES
from core.conversation.steps import Idle

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


_PLAIN = frozenset({str, int, float, bool, NoneType})
_KINDS: tuple[type[Any], ...] = (State, Draft, Place, Extra, MediaRef, *STEP_NAMES)
# Asked of each type once: looking at types takes longer than reading and writing the values.
_DEFAULTS = {kind: tuple((item.name, item.default) for item in fields(kind)) for kind in _KINDS}
_HINTS = {kind: get_type_hints(kind) for kind in _KINDS}


def _encode_fields(value: Any) -> dict[str, Any]:
    """Its fields without those that stand at their default."""
    encoded: dict[str, Any] = {}
    for name, default in _DEFAULTS[type(value)]:
        item = getattr(value, name)
        if item != default:
            encoded[name] = _encode(item)
    return encoded


def _encode(value: Any) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple:
        return [_encode(item) for item in value]
    if kind in STEP_NAMES:
        return {"name": STEP_NAMES[kind], **_encode_fields(value)}
    if kind in _DEFAULTS:
        return _encode_fields(value)
    return value.isoformat() if isinstance(value, datetime) else value.value


def _decode_fields(kind: Any, data: Mapping[str, Any]) -> Any:
    """Raises KeyError for a field the kind does not have."""
    readers = _readers(kind)
    return kind(**{name: readers[name](value) for name, value in data.items()})


@cache
def _readers(kind: Any) -> dict[str, Callable[[Any], Any]]:
    return {name: _reader(hint) for name, hint in _HINTS[kind].items()}


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """How a stored value of this type is read."""
    if get_origin(kind) is tuple:
        item = _reader(get_args(kind)[0])
        return lambda value: tuple(item(each) for each in value)
    if isinstance(kind, UnionType):
        return _union_reader(get_args(kind))
    if kind is datetime:
        return datetime.fromisoformat
    if kind in _DEFAULTS:
        return partial(_decode_fields, kind)
    if issubclass(kind, Enum):
        by_value: Callable[[Any], Any] = kind
        return by_value
    return partial(_plain, (float, int) if kind is float else kind)


def _union_reader(kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    if NoneType not in kinds:
        return partial(_decode_step, frozenset(kinds))
    (kind,) = (item for item in kinds if item is not NoneType)
    read = _reader(kind)
    return lambda value: None if value is None else read(value)


def _decode_step(kinds: frozenset[type[Any]], value: Mapping[str, Any]) -> Any:
    kind = STEP_TYPES[value["name"]]
    if kind not in kinds:
        raise ValueError("a step that cannot stand here")
    return _decode_fields(kind, {name: item for name, item in value.items() if name != "name"})


def _plain(kind: type[Any] | tuple[type[Any], ...], value: Any) -> Any:
    if not isinstance(value, kind):
        raise ValueError("wrong type")
    return value
