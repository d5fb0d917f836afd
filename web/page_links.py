"""The pages behind one-time links: files and a pin for people whose network carries none.

To look at a page spends nothing, since networks look at links before people do: only sending its form does.
"""

import asyncio
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

from core.channel import Channel
from core.conversation.context import MAX_FILES
from core.coordinates import find_point
from core.say import Label, Text, say
from handlers import media, page_links, page_posts
from handlers.media import RefusedFileError
from handlers.page_links import OpenLink, Page
from handlers.page_posts import Taken
from handlers.runtime import Runtime
from handlers.uploads import Upload, file_name
from web.answers import Refusal, read_body, unlisted_page
from web.hub import Hub
from web.limits import Limiter, visitor
from web.pages import ACCEPTED
from web.uploads import Form, FormLimits, UploadFolder

FILES_PER_HOUR = 30
FILES_PER_VISITOR = 200
MAX_FORM_BYTES = 48_000_000
"""All files of one form together; a page with scripts sends each alone."""
_LIMITS = FormLimits(page_links.MAX_FILE_BYTES, MAX_FORM_BYTES, MAX_FILES)
_MAX_PIN_FORM = 8192
_COOKIE = "danvan_page"
_FORM_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_TOKEN = r"{token:[A-Za-z0-9_-]{20,64}}"  # noqa: S105 - the pattern of one
_LONGEST_WAIT = 600.0


@dataclass
class PageLinks:
    """The routes of both pages. Links that open nothing are counted per visitor, and files as in the chat.

    A film is looked at whole: one at a time, or a few senders together would fill the memory.
    """

    runtime: Runtime
    hub: Hub
    folder: UploadFolder
    tidy: Callable[[], Awaitable[None]]
    _checking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _misses: Limiter = field(default_factory=lambda: Limiter(30, 600))
    _files: Limiter = field(default_factory=lambda: Limiter(FILES_PER_HOUR, 3600))
    _visitors_files: Limiter = field(default_factory=lambda: Limiter(FILES_PER_VISITOR, 3600))

    def routes(self) -> list[web.AbstractRouteDef]:
        """GET shows, POST spends."""
        files, pin = f"/{Page.FILES}/{_TOKEN}", f"/{Page.PIN}/{_TOKEN}"
        return [
            web.get(files, self.show_upload),
            web.post(files, self.take_files),
            web.post(f"{files}/xong", self.finish),
            web.get(pin, self.show_pin),
            web.post(pin, self.take_pin),
        ]

    # --- files ---------------------------------------------------------------------------------------------

    async def show_upload(self, request: web.Request) -> web.StreamResponse:
        """The form."""
        return self._upload_page(request, await self._find(request, Page.FILES))

    async def take_files(self, request: web.Request) -> web.StreamResponse:
        """Hand files on; the page again, or its figures for its script."""
        found = await self._find(request, Page.FILES)
        who, at, chat = visitor(request), time.monotonic(), str(found.chat)
        self._check_pace(chat, who, at)
        await self.tidy()
        with self._files.counted(chat, at), self._visitors_files.counted(who, at):
            form = await self.folder.receive_form(request, _LIMITS)
            taken, problems = await self._take(request, found, form)
        for _ in range(1, len(taken.kept)):
            self._files.note(chat, at)
            self._visitors_files.note(who, at)
        return self._upload_page(request, taken.link, problems)

    async def finish(self, request: web.Request) -> web.StreamResponse:
        """The link ends; the dialogue goes on."""
        found = await self._find(request, Page.FILES)
        runtime, token, browser = self.runtime, request.match_info["token"], _browser(request)
        now = runtime.clock.now()
        link = await runtime.database.write(
            lambda tx: page_posts.finish_files(runtime.service, tx, token, browser, now), chat=str(found.chat)
        )
        return self._sent_page(request, Page.FILES, link)

    async def _take(self, request: web.Request, found: OpenLink, form: Form) -> tuple[Taken, list[Text]]:
        """Hand on what can be kept; only that stays among the uploads. And what is to be said of the rest."""
        try:
            good, problems = await self._sorted(form)
            taken = await self._hand_on(request, found, form, good)
        except Exception:
            await self._drop(form.files)
            raise
        await self._drop(upload for upload in form.files if upload not in taken.kept)
        if taken.is_full:
            problems.append(say("too_many_files", limit=MAX_FILES))
        return taken, problems

    async def _sorted(self, form: Form) -> tuple[list[Upload], list[Text]]:
        """The files that can be kept at all, and what is to be said of the others."""
        good: list[Upload] = []
        problems = [_too_big(form.too_large)] if form.too_large else []
        for upload in form.files:
            try:
                async with self._checking:
                    await asyncio.to_thread(self._check, upload)
                good.append(upload)
            except RefusedFileError as error:
                why = Label(f"refused.{error.code}")
                problems.append(say("page_file_refused", name=file_name(upload.name), why=why))
        if not good and not problems:
            problems.append(say("page_nothing_chosen"))
        return good, problems

    def _check(self, upload: Upload) -> None:
        media.check_kind((self.folder.root / upload.path).read_bytes())

    async def _hand_on(
        self, request: web.Request, found: OpenLink, form: Form, files: Sequence[Upload]
    ) -> Taken:
        form_id = form.values.get("luot", "")
        if not _FORM_ID.fullmatch(form_id):
            raise Refusal(400, "web_bad_request")
        runtime, token, browser = self.runtime, request.match_info["token"], _browser(request)
        now = runtime.clock.now()
        taken = await runtime.database.write(
            lambda tx: page_posts.take_files(runtime.service, tx, token, browser, form_id, files, now),
            chat=str(found.chat),
        )
        if taken is None:
            raise _gone()
        self._wake(found)
        return taken

    async def _drop(self, files: Iterable[Upload]) -> None:
        for upload in files:
            await asyncio.to_thread(self.folder.drop, upload.path)

    def _check_pace(self, chat: str, who: str, at: float) -> None:
        """Raises Refusal when this dialogue, or all behind an address, handed over enough files."""
        if wait := self._files.wait(chat, at):
            wait = min(wait, _LONGEST_WAIT)
            raise Refusal(429, "web_too_many_files", retry_after=wait, limit=FILES_PER_HOUR)
        if wait := self._visitors_files.wait(who, at):
            wait = min(wait, _LONGEST_WAIT)
            raise Refusal(429, "web_too_many_files_here", retry_after=wait, limit=FILES_PER_VISITOR)

    def _upload_page(
        self, request: web.Request, link: OpenLink, problems: Sequence[Text] = ()
    ) -> web.StreamResponse:
        """The form with a fresh id; a browser without one gets the cookie a begun link will know it by."""
        sentences = [self._words(problem) for problem in problems]
        figures = {"files": link.files, "room": link.room, "problems": sentences}
        if request.method == "POST" and "text/html" not in request.headers.get("Accept", ""):
            return web.json_response(figures)
        shown = {
            **figures,
            "form_id": secrets.token_urlsafe(12),
            "path": f"/{Page.FILES}/{request.match_info['token']}",
            "limit": page_links.MAX_FILE_BYTES // 1_000_000,
            "accepted": ACCEPTED,
        }
        response = self._page(request, "upload.html", shown, status=422 if problems else 200)
        if request.method == "GET" and _COOKIE not in request.cookies:
            response.set_cookie(
                _COOKIE,
                secrets.token_urlsafe(16),
                path=f"/{Page.FILES}",
                httponly=True,
                samesite="Lax",
                secure=self.runtime.service.public_url.startswith("https:"),
            )
        return response

    # --- pin ---------------------------------------------------------------------------------------------

    async def show_pin(self, request: web.Request) -> web.StreamResponse:
        """The form with its field for a place."""
        await self._find(request, Page.PIN)
        return self._page(request, "pin.html", {"path": request.path, "typed": ""})

    async def take_pin(self, request: web.Request) -> web.StreamResponse:
        """Hand a pin on, which ends the link; words that are no place only give the form again."""
        found = await self._find(request, Page.PIN)
        form = parse_qs((await read_body(request, _MAX_PIN_FORM)).decode(errors="replace"))
        typed = form.get("vi_tri", [""])[0]
        point = find_point(typed)
        if point is None:
            shown = {"path": request.path, "typed": typed, "problem": self._words(say("page_no_point"))}
            return self._page(request, "pin.html", shown, status=422)
        runtime, token, now = self.runtime, request.match_info["token"], self.runtime.clock.now()
        link = await runtime.database.write(
            lambda tx: page_posts.take_pin(runtime.service, tx, token, point, now), chat=str(found.chat)
        )
        return self._sent_page(request, Page.PIN, link)

    # --- both ---------------------------------------------------------------------------------------------

    async def _find(self, request: web.Request, page: Page) -> OpenLink:
        """The link of this address. Raises Refusal for one that opens nothing, or for too many of those."""
        who, at = visitor(request), time.monotonic()
        if wait := self._misses.wait(who, at):
            raise Refusal(429, "page_link_too_often", retry_after=min(wait, _LONGEST_WAIT))
        token, browser, now = request.match_info["token"], _browser(request), self.runtime.clock.now()
        link = await self.runtime.database.read(lambda tx: page_links.find(tx, page, token, browser, now))
        if link is None:
            self._misses.note(who, at)
            raise _gone()
        return link

    def _sent_page(self, request: web.Request, page: Page, link: OpenLink | None) -> web.StreamResponse:
        if link is None:
            raise _gone()
        self._wake(link)
        return self._page(request, "sent.html", {"is_pin": page is Page.PIN, "files": link.files})

    def _wake(self, link: OpenLink) -> None:
        if link.chat.channel is Channel.WEBCHAT:
            self.hub.wake(link.chat.chat)

    def _words(self, text: Text) -> str:
        return self.runtime.service.catalogue.body(text)

    def _page(
        self, request: web.Request, name: str, values: Mapping[str, Any], *, status: int = 200
    ) -> web.StreamResponse:
        return unlisted_page(request, self.runtime.service.office, name, values, status=status)


def _browser(request: web.Request) -> str:
    return request.cookies.get(_COOKIE, "")


def _gone() -> Refusal:
    """One answer for a link that is over, was used, or never was."""
    return Refusal(404, "page_link_gone")


def _too_big(name: str) -> Text:
    return say("page_file_too_big", name=file_name(name), limit=page_links.MAX_FILE_BYTES // 1_000_000)
