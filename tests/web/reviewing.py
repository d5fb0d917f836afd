"""A plan under review and the browsers of those who look at its page."""

import re
from dataclasses import dataclass, replace
from hashlib import sha256

from aiohttp import ClientResponse
from sqlmodel import col, select

import plans as reader
from handlers import plan_access, plan_bringing, plans
from handlers.runtime import Clock
from handlers.service import Service
from storage.tables import ObligationRow, PlanDraftRow
from tests.conftest import NOW, Member, Staff
from tests.flows.test_plan_review import PLAN
from tests.flows.town import StillClock
from tests.web.conftest import World


@dataclass
class Browser:
    """One browser: it keeps the cookies it is given, as no other does."""

    world: World
    cookies: dict[str, str]

    async def get(self, path: str) -> ClientResponse:
        return await self.world.client.get(path, headers=self._headers(), allow_redirects=False)

    async def post(self, path: str, **fields: str) -> ClientResponse:
        answer = await self.world.client.post(
            path, data=fields, headers=self._headers(), allow_redirects=False
        )
        for name, morsel in answer.cookies.items():
            self.cookies[name] = morsel.value
        return answer

    async def act(self, path: str, **fields: str) -> ClientResponse:
        """Send a form of the page as it is shown now."""
        token = self.token(await self.page())
        return await self.post(f"/soat/1{path}", token=token, **fields)

    @staticmethod
    def token(page: str) -> str:
        """What the forms of a page carry."""
        found = re.search(r'name="token" value="([0-9a-f]+)"', page)
        assert found is not None
        return found[1]

    async def page(self, query: str = "") -> str:
        answer = await self.get(f"/soat/1{query}")
        assert answer.status == 200, await answer.text()
        return await answer.text()

    def _headers(self) -> dict[str, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookie, "Accept": "text/html"}


@dataclass
class Desk:
    """A draft of the plan, and the people around it."""

    world: World
    staff: Staff
    clock: Clock

    def link(self, who: Member) -> str:
        """A fresh link's path for somebody."""
        runtime = self.world.runtime
        with runtime.database.transaction() as tx:
            draft = tx.session.get_one(PlanDraftRow, 1)
            url = plan_access.give_link(runtime.service, tx, who.officer, draft, self.clock.now())
        return url.removeprefix(runtime.service.public_url)

    async def browser(self, who: Member) -> Browser:
        """A browser in which somebody opened their link."""
        browser = Browser(self.world, {})
        answer = await browser.post(self.link(who))
        assert (answer.status, answer.headers["Location"]) == (303, "/soat/1")
        return browser

    def at_home(self) -> Service:
        """The service as a browser on this machine finds it, without https."""
        return replace(self.world.runtime.service, public_url="http://127.0.0.1")

    def rows(self) -> list[ObligationRow]:
        with self.world.runtime.database.transaction() as tx:
            return list(tx.session.exec(select(ObligationRow).order_by(col(ObligationRow.id))))


def laid_out(world: World, staff: Staff) -> Desk:
    """The sample plan as draft 1, brought by the desk's officer."""
    clock = StillClock(start=NOW)
    runtime = world.runtime
    runtime.clock = clock
    with runtime.database.transaction() as tx:
        digest = sha256(PLAN.encode()).hexdigest()
        extraction = reader.extract(PLAN)
        proposal = plans.propose(runtime.service, tx, extraction, "ke-hoach.txt", digest, NOW)
        plan_bringing.begin(tx, staff.desk.officer, proposal, PLAN, NOW)
    return Desk(world, staff, clock)
