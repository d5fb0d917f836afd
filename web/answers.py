"""Reading bodies with limits, and answering in words a person understands."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import aiohttp_jinja2
from aiohttp import web

from core.conversation.context import Office
from core.say import Text
from texts import Catalogue

READ_SECONDS = 10.0
MAX_JSON = 256 * 1024


class Refusal(Exception):  # noqa: N818 - an answer on its way out
    """What stops a request: a status, the key of the sentence, and how long to wait before the next try."""

    def __init__(self, status: int, key: str, *, retry_after: float = 0, **fields: int) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.retry_after = retry_after
        self.fields = fields

    def sentence(self, catalogue: Catalogue) -> str:
        """What the person reads; empty when the refusal is not worth a word."""
        return catalogue.body(Text(self.key, self.fields)) if self.key else ""


def unlisted_page(
    request: web.Request,
    office: Office,
    name: str,
    values: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> web.StreamResponse:
    """A page of this template, for one person alone: no search engine keeps it."""
    context = {"office": office, **(values or {})}
    answer = aiohttp_jinja2.render_template(name, request, context, status=status)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


async def read_body(request: web.Request, limit: int = MAX_JSON) -> bytes:
    """The body. Raises Refusal when it is larger than `limit` bytes or too slow."""
    if (request.content_length or 0) > limit:
        raise Refusal(413, "web_too_big")
    body = bytearray()
    try:
        async with asyncio.timeout(READ_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > limit:
                    raise Refusal(413, "web_too_big")
    except TimeoutError as error:
        raise Refusal(408, "web_too_slow") from error
    return bytes(body)


async def read_json(request: web.Request) -> dict[str, Any]:
    """The JSON object of the body. Raises Refusal when it is none."""
    body = await read_body(request)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "web_bad_request") from error
    if not isinstance(value, dict):
        raise Refusal(400, "web_bad_request")
    return value


def bearer(request: web.Request) -> str:
    """The token of the Authorization header. Raises Refusal without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refusal(401, "web_unknown_page")
    return token.strip()
