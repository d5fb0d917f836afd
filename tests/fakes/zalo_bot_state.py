"""What the fake Zalo Bot Platform knows, its switches, and how it answers."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

Json = dict[str, Any]
MAX_TEXT = 2000
MOST_PEOPLE = 50
"""Of one bot on the basic plan."""


@dataclass(frozen=True)
class Fault:
    """What the next call meets instead of its answer."""

    status: int = 200
    body: Json | str = ""


@dataclass
class Switches:
    """Where documents and captures differ, and what the platform does at its worst.

    `twice`: every event is delivered so. `is_reversed`: events held back by `held` leave newest first.
    `keeps_offline`: what is said while nobody polls waits; the platform is said to drop it.
    `refuses_beside_webhook`: a poll beside a webhook is refused instead of waiting in vain.
    `spent_is_good_http`: a spent month is told with HTTP 200. `probes`: a new webhook is tried at once.
    """

    wrapped: bool = False
    photo_field: str = "photo_url"
    twice: bool = False
    held: bool = False
    is_reversed: bool = False
    keeps_offline: bool = True
    refuses_beside_webhook: bool = False
    spent_is_good_http: bool = False
    probes: bool = False


def good(result: Json | None = None) -> web.Response:
    return web.json_response({"ok": True} if result is None else {"ok": True, "result": result})


def bad(code: int, words: str, *, status: int | None = None) -> web.Response:
    body = {"ok": False, "error_code": code, "description": words}
    return web.json_response(body, status=code if status is None else status)


async def wish_of(request: web.Request) -> Json:
    """The parameters, from wherever a client puts them: JSON, a form, parts, the query, or nowhere."""
    if request.method == "POST" and request.content_type == "application/json" and request.can_read_body:
        found: Json = await request.json()
        return found
    if request.method == "POST" and request.can_read_body:
        return {name: str(value) for name, value in (await request.post()).items()}
    return dict(request.query)
