"""The page on which a plan is reviewed: opened by a link of one officer, changed by plain forms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qs

from aiohttp import web
from aiohttp.typedefs import Handler

from core.errors import RuleError
from handlers import plan_access, plan_drafts, plan_page, plan_preview
from handlers.plan_access import PATH
from handlers.plan_drafts import Review
from handlers.plan_page import PlanPage
from handlers.runtime import Runtime
from storage.transaction import Transaction
from web import review_forms
from web.answers import Refusal, read_body, unlisted_page
from web.review_forms import Form

T = TypeVar("T")

UNSURE = "chua-chac"
_DRAFT = PATH + r"/{draft:\d{1,12}}"
_NEW, _NOWHERE = 0, -1
"""Where what cannot be written is said: at the form for a new duty, or at the top of the page."""
_SAID = ("saved", "same", "overwritten", "dropped", "restored", "added", "undone")
"""What a page may say at its top after something was done."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody who may see this draft; `token` stands in the page's forms."""

    review: Review
    token: str


@dataclass(frozen=True, slots=True)
class Refused:
    """What could not be written, and what had been typed, so that nothing has to be typed again."""

    number: int
    sentence: str
    form: Form


@dataclass(frozen=True)
class ReviewPages:
    """Every request is checked anew: browser, officer, draft, and the form of what changes something."""

    runtime: Runtime

    def routes(self) -> list[web.AbstractRouteDef]:
        """Opening the link, the page, its forms, the summary."""
        told = self._told
        return [
            web.get(PATH + "/mo/{secret}", self.look),
            web.post(PATH + "/mo/{secret}", self.open),
            web.get(_DRAFT, told(self.show)),
            web.post(_DRAFT + r"/viec/{number:\d{1,4}}", told(self.change)),
            web.post(_DRAFT + "/them", told(self.add)),
            web.post(_DRAFT + "/hoan-tac", told(self.undo)),
            web.get(_DRAFT + "/xong", told(self.summary)),
            web.post(_DRAFT + "/xong", told(self.confirm)),
            web.post(_DRAFT + "/thoat", told(self.leave)),
        ]

    # --- the link -----------------------------------------------------------------------------------------

    async def look(self, request: web.Request) -> web.StreamResponse:
        """A page with one button. Chat networks fetch links to show what is behind: that uses up nothing."""
        secret, now, service = request.match_info["secret"], self.runtime.clock.now(), self.runtime.service
        if not await self.runtime.database.read(lambda tx: plan_access.is_open(service, tx, secret, now)):
            raise Refusal(404, "review_page_gone")
        return self._page(request, "review_open.html")

    async def open(self, request: web.Request) -> web.StreamResponse:
        """The link is used up; from here on this browser may see the draft."""
        secret, now, service = request.match_info["secret"], self.runtime.clock.now(), self.runtime.service
        found = await self.runtime.database.write(lambda tx: plan_access.open_link(service, tx, secret, now))
        if found is None:
            raise Refusal(404, "review_page_gone")
        answer = _see(f"{PATH}/{found.draft_id}")
        answer.set_cookie(
            self._cookie(found.draft_id),
            found.session,
            max_age=int(plan_access.LONGEST.total_seconds()),
            path="/",
            httponly=True,
            secure=self._is_secure,
            samesite="Strict",
        )
        return answer

    # --- the page -----------------------------------------------------------------------------------------

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Document and duties; what was saved or dropped meanwhile says so instead."""
        page, token = await self._inside(request, lambda visit: (plan_page.page(visit.review), visit.token))
        said = request.query.get("bao", "")
        return self._review(request, page, token, said=said if said in _SAID else "")

    async def change(self, request: web.Request) -> web.StreamResponse:
        """The fields of one duty that differ from what its form was shown with; or leave it out, or take it
        in again."""
        number, form = int(request.match_info["number"]), await _form(request)
        return await self._written(
            request, form, number, lambda review: review_forms.change(review, number, form)
        )

    async def add(self, request: web.Request) -> web.StreamResponse:
        """A duty that was not found, with the place in the document that was selected for it, if any."""
        form = await _form(request)
        return await self._written(request, form, _NEW, lambda review: review_forms.add(review, form))

    async def undo(self, request: web.Request) -> web.StreamResponse:
        """Take back the last change of this officer, made here or in chat."""
        return await self._written(request, await _form(request), _NOWHERE, review_forms.undo)

    async def summary(self, request: web.Request) -> web.StreamResponse:
        """Who will be reminded when; or what has to be answered before."""
        return await self._summary(request)

    async def confirm(self, request: web.Request) -> web.StreamResponse:
        """Save the plan and begin to remind. What stands against it is said over the summary."""
        form = await _form(request)
        seen = review_forms.number(form, "seen")
        try:
            await self._inside(
                request,
                lambda visit: plan_drafts.confirm(visit.review, seen),
                form=form,
            )
        except RuleError as error:
            problem = self.runtime.service.catalogue.body(error.sentence)
            return await self._summary(request, problem)
        return _see(_address(request))

    async def leave(self, request: web.Request) -> web.StreamResponse:
        """This browser sees nothing any more; the review stays for the next link."""
        form, service, now = await _form(request), self.runtime.service, self.runtime.clock.now()
        session = self._session(request)
        await self._inside(
            request, lambda visit: plan_access.close(service, visit.review.tx, session, now), form=form
        )
        answer = self._page(request, "review_over.html", {"state": "left", "name": ""})
        answer.del_cookie(self._cookie(_draft(request)), path="/")
        return answer

    # --- ways in ------------------------------------------------------------------------------------------

    async def _inside(
        self, request: web.Request, act: Callable[[Visit], T], *, form: Form | None = None
    ) -> T:
        """What `act` returns, in one transaction, for who may see this draft.

        Raises Refusal(404) the same for everybody else, whatever is wrong; Refusal(403) when a `form` does
        not come from the page; ReviewOverError.
        """
        session, draft_id = self._session(request), _draft(request)
        if not session:
            raise Refusal(404, "review_page_gone")  # and strangers do not stand in the queue of the writer
        service, now = self.runtime.service, self.runtime.clock.now()

        def work(tx: Transaction) -> T:
            visitor = plan_access.visitor(service, tx, draft_id, session, now)
            if visitor is None:
                raise Refusal(404, "review_page_gone")
            if form is not None and not plan_access.is_from_page(service, session, form.get("token", "")):
                raise Refusal(403, "web_forbidden")
            draft = plan_drafts.draft_for(service, tx, visitor.officer, draft_id)
            if draft.state != "open":
                raise ReviewOverError(draft.state, plan_drafts.name(draft))
            return act(Visit(Review(service, tx, visitor.officer, draft, now), visitor.token))

        return await self.runtime.database.write(work)

    def _told(self, handler: Handler) -> Handler:
        """The handler, with a page for whoever comes when the review is over."""

        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except ReviewOverError as over:
                return self._page(request, "review_over.html", {"state": over.state, "name": over.name})

        return answer

    async def _written(
        self, request: web.Request, form: Form, number: int, act: Callable[[Review], tuple[str, int]]
    ) -> web.StreamResponse:
        """Back to the page at the duty that was changed; what cannot be written is said where it stands."""
        try:
            said, at = await self._inside(request, lambda visit: act(visit.review), form=form)
        except RuleError as error:
            sentence = self.runtime.service.catalogue.body(error.sentence)
            page, token = await self._inside(
                request, lambda visit: (plan_page.page(visit.review), visit.token)
            )
            return self._review(request, page, token, refused=Refused(number, sentence, form))
        kept = f"&loc={UNSURE}" if form.get("loc") == UNSURE else ""
        return _see(f"{_address(request)}?bao={said}{kept}#viec-{at}")

    # --- pages --------------------------------------------------------------------------------------------

    async def _summary(self, request: web.Request, problem: str = "") -> web.StreamResponse:
        def look(visit: Visit) -> tuple[PlanPage, plan_preview.Preview, int, str]:
            review = visit.review
            seen = plan_drafts.version(review)
            return plan_page.page(review), plan_preview.preview(review), seen, visit.token

        page, preview, seen, token = await self._inside(request, look)
        values = {"page": page, "preview": preview, "seen": seen, "token": token, "problem": problem}
        return self._page(request, "review_summary.html", values, status=409 if problem else 200)

    def _review(
        self,
        request: web.Request,
        page: PlanPage,
        token: str,
        *,
        said: str = "",
        refused: Refused | None = None,
    ) -> web.StreamResponse:
        is_filtered = request.query.get("loc") == UNSURE
        values = {
            "page": page,
            "token": token,
            "said": said,
            "refused": refused,
            "is_filtered": is_filtered,
            "shown": [item for item in page.items if item.is_unsure or not is_filtered],
            "unsure": UNSURE,
        }
        return self._page(request, "review.html", values, status=200 if refused is None else 422)

    def _page(
        self, request: web.Request, name: str, values: Mapping[str, Any] | None = None, *, status: int = 200
    ) -> web.StreamResponse:
        return unlisted_page(request, self.runtime.service.office, name, values, status=status)

    def _session(self, request: web.Request) -> str:
        return request.cookies.get(self._cookie(_draft(request)), "")

    def _cookie(self, draft_id: int) -> str:
        """One browser may review several plans. The prefix, which needs https, ties it to this very host."""
        return f"{'__Host-' if self._is_secure else ''}soat-{draft_id}"

    @property
    def _is_secure(self) -> bool:
        return self.runtime.service.public_url.startswith("https:")


class ReviewOverError(Exception):
    """The draft was saved or dropped: there is nothing to show or to change any more."""

    def __init__(self, state: str, name: str) -> None:
        super().__init__(state)
        self.state = state
        self.name = name


def _draft(request: web.Request) -> int:
    return int(request.match_info["draft"])


def _address(request: web.Request) -> str:
    return f"{PATH}/{_draft(request)}"


def _see(address: str) -> web.Response:
    """Look there now: a reload does nothing twice."""
    return web.Response(status=303, headers={"Location": address})


async def _form(request: web.Request) -> Form:
    """The first value of every field. Raises Refusal when the body is too large."""
    body = (await read_body(request)).decode(errors="replace")
    return {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
