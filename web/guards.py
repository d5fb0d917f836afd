"""What every request passes: foreign origins are turned away, refusals get words, answers get headers."""

import math
from urllib.parse import urlsplit

import aiohttp_jinja2
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from core.errors import TemporarilyUnavailable
from core.failure import without_words
from handlers.runtime import Runtime
from web.answers import Refusal

log = structlog.get_logger()

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src blob:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'"
)
_OFF = ("accelerometer", "autoplay", "camera", "display-capture", "gyroscope", "microphone", "payment", "usb")
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(["geolocation=(self)", *(f"{name}=()" for name in _OFF)]),
    "Cache-Control": "no-store",
}
_ERRORS = {403: "web_forbidden", 404: "web_not_found", 405: "web_bad_request", 413: "web_too_big"}
HOOKS = "/hook/"
"""Where networks deliver."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """A signal of aiohttp: headers on every answer, errors of aiohttp itself included.

    Not on the 200 to a network, which reads none of them: they take an eighth of a webhook's time.
    """
    response.headers.pop("Server", None)
    if response.status == 200 and request.path.startswith(HOOKS):
        return
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith("/static/"):
        response.headers["Cache-Control"] = "no-cache"


def own_pages_only(public_url: str) -> Middleware:
    """Refuses a request that changes something and comes from a page of another site."""
    public_host = urlsplit(public_url).netloc

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method not in _SAFE and not _is_own(request, public_host):
            raise Refusal(403, "web_forbidden")
        return await handler(request)

    return guard


def _is_own(request: web.Request, public_host: str) -> bool:
    """Whether the request comes from a page of ours, or from no page at all, such as a webhook.

    `Referrer-Policy: no-referrer` makes browsers send the origin of our own forms as «null».
    """
    origin = request.headers.get("Origin")
    if origin == "null":
        return request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    return origin is None or urlsplit(origin).netloc in {request.host, public_host}


def refusals(runtime: Runtime) -> Middleware:
    """Turns refusals and aiohttp's errors into a page for people or JSON for our own scripts."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refusal as refusal:
            return _answer(request, runtime, refusal)
        except TemporarilyUnavailable:
            return _answer(request, runtime, Refusal(503, "web_busy", retry_after=2))
        except web.HTTPException as error:
            if error.status not in _ERRORS:
                raise
            return _answer(request, runtime, Refusal(error.status, _ERRORS[error.status]))
        except Exception as error:  # noqa: BLE001 - a bug of ours still owes the person a sentence
            log.error("request_failed", route=_route(request), **without_words(error))
            return _answer(request, runtime, Refusal(500, "web_failed"))

    return guard


def _route(request: web.Request) -> str:
    """The path without what stands in it, which may be a secret."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else ""


def _answer(request: web.Request, runtime: Runtime, refusal: Refusal) -> web.StreamResponse:
    sentence = refusal.sentence(runtime.service.catalogue)
    headers = {"Retry-After": str(math.ceil(refusal.retry_after))} if refusal.retry_after else {}
    if "text/html" in request.headers.get("Accept", ""):
        page = {"sentence": sentence, "office": runtime.service.office}
        response: web.Response = aiohttp_jinja2.render_template(
            "error.html", request, page, status=refusal.status
        )
        response.headers.update(headers)
        return response
    answer = {"error": sentence, "retry_after": math.ceil(refusal.retry_after)}
    return web.json_response(answer, status=refusal.status, headers=headers)
