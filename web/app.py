"""Puts the web side together: routes, guards, templates."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web

from core.say import Label, say
from handlers.runtime import Runtime
from web.demo import Demo, Seed
from web.files import Files
from web.guards import add_headers, own_pages_only, refusals
from web.hub import Hub
from web.page_links import PageLinks
from web.pages import Pages
from web.review import ReviewPages
from web.uploads import UploadFolder
from web.webchat import Receive, WebChat

_HERE = Path(__file__).parent


def build_app(
    runtime: Runtime,
    *,
    hub: Hub,
    receive: Receive,
    uploads: Path,
    hooks: Iterable[web.AbstractRouteDef] = (),
    demo: Seed | None = None,
) -> web.Application:
    """The web application. `hooks`: webhooks of other networks; `demo`: makes the sample people, demo only.

    `uploads` is the folder that `web.mailbox.WebMailbox` fetches from.
    """
    app = web.Application(middlewares=[refusals(runtime), own_pages_only(runtime.service.public_url)])
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(_closing(hub))
    _set_up_templates(app, runtime)
    folder = UploadFolder(uploads)
    chat = WebChat(runtime, hub, receive, folder)
    app.on_startup.append(chat.tidy)
    app.add_routes(chat.routes())
    app.add_routes(Files(runtime).routes())
    app.add_routes(PageLinks(runtime, hub, folder, chat.tidy).routes())
    app.add_routes(Pages(runtime).routes(with_home=demo is None))
    app.add_routes(ReviewPages(runtime).routes())
    app.add_routes(hooks)
    if demo is not None:
        app.add_routes(Demo(runtime, demo, hub).routes())
    app.router.add_static("/static/", _HERE / "static")
    return app


def _closing(hub: Hub) -> Callable[[web.Application], Awaitable[None]]:
    async def close(_: web.Application) -> None:
        hub.close()

    return close


def _set_up_templates(app: web.Application, runtime: Runtime) -> None:
    environment = aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )

    def moment(value: datetime) -> str:
        return runtime.service.catalogue.body(say("web_moment", at=value))

    def word(value: Label | str) -> str:
        return runtime.service.catalogue.label(value.key if isinstance(value, Label) else value)

    def called(words: str) -> str:
        return runtime.service.catalogue.called(words)

    environment.filters["called"] = called
    environment.filters["moment"] = moment
    environment.filters["word"] = word
