"""JSON as networks send it."""

import json
from typing import Any

import orjson


def from_json(body: bytes) -> Any:
    """What the body says. Raises ValueError or RecursionError.

    The quick reader refuses half a surrogate pair, which people do send.
    """
    try:
        return orjson.loads(body)
    except ValueError:
        return json.loads(body)
