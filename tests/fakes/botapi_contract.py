"""The published Bot API as data: every call a fake server receives is held against it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CONTRACT = Path(__file__).parents[2].parent / "shared" / "contracts" / "telegram-botapi.json"
NOT_CHECKED = "../shared/contracts is not beside the project: calls are not checked against the Bot API"


@dataclass(frozen=True, slots=True)
class Contract:
    """Methods and types of the Bot API."""

    methods: Mapping[str, Any]
    types: Mapping[str, Any]

    def problems(self, method: str, params: Mapping[str, Any], files: Mapping[str, Any]) -> list[str]:
        """What is wrong with the call. `params` as on the wire: text of a form, or values of a JSON body."""
        if method not in self.methods:
            return [f"{method}: unknown method"]
        fields = {field["name"]: field for field in self.methods[method].get("fields", [])}
        return list(self._call_problems(method, fields, params, files))

    def is_a(self, value: object, kind: str) -> bool:
        """Whether the JSON value has the published shape of `kind`, for instance an Update."""
        return self._fits(value, kind)

    def _call_problems(
        self,
        method: str,
        fields: Mapping[str, Any],
        params: Mapping[str, Any],
        files: Mapping[str, Any],
    ) -> Iterator[str]:
        attached = {name for name in files if f"attach://{name}" in json.dumps(dict(params))}
        for name in fields.keys() - params.keys() - files.keys():
            if fields[name]["required"]:
                yield f"{method}.{name}: required, missing"
        for name in (params.keys() | files.keys()) - fields.keys() - attached:
            yield f"{method}.{name}: unknown field"
        for name in files.keys() & fields.keys():
            if "InputFile" not in fields[name]["types"]:
                yield f"{method}.{name}: takes no file"
        for name in params.keys() & fields.keys():
            types = fields[name]["types"]
            if not any(self._fits(value, kind) for value in _readings(params[name]) for kind in types):
                yield f"{method}.{name}: not one of {', '.join(types)}"

    def _fits(self, value: object, kind: str) -> bool:
        if kind in _PLAIN:
            return _PLAIN[kind](value)
        if kind.startswith("Array of "):
            inner = kind.removeprefix("Array of ")
            return isinstance(value, list) and all(self._fits(item, inner) for item in value)
        known = self.types.get(kind, {})
        if "subtypes" in known:
            return any(self._fits(value, sub) for sub in known["subtypes"])
        return isinstance(value, dict) and self._fits_object(value, known.get("fields", []))

    def _fits_object(self, value: Mapping[str, Any], fields: list[Any]) -> bool:
        by_name = {field["name"]: field for field in fields}
        complete = all(name in value for name, field in by_name.items() if field["required"])
        return complete and all(
            name in by_name and any(self._fits(item, kind) for kind in by_name[name]["types"])
            for name, item in value.items()
        )


_PLAIN = {
    "String": lambda value: isinstance(value, str),
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "Boolean": lambda value: isinstance(value, bool),
    "InputFile": lambda value: isinstance(value, str) and value.startswith("attach://"),
}


def _readings(value: object) -> list[object]:
    """A form field is text; what it stands for may be a number, a truth value or an object."""
    if not isinstance(value, str):
        return [value]
    try:
        return [value, json.loads(value)]
    except ValueError:
        return [value]


@cache
def load_contract() -> Contract | None:
    """The contract, or None where it is not beside the project (then nothing is checked)."""
    if not CONTRACT.exists():
        return None
    data = json.loads(CONTRACT.read_text(encoding="utf-8"))
    return Contract(data["methods"], data["types"])


def problems_of(method: str, params: Mapping[str, Any], files: Mapping[str, Any]) -> list[str]:
    """What the Bot API would object to; nothing when there is no contract to hold it against."""
    contract = load_contract()
    return contract.problems(method, params, files) if contract else []
