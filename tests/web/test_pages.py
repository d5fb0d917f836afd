"""The pages: their headers, their words, and what must not be let in."""

from datetime import datetime

import pytest

from core.calendar import LOCAL
from core.channel import Channel, Outgoing
from core.errors import TemporarilyUnavailable
from handlers import demo
from handlers.service import Service
from storage.database import Database
from storage.transaction import Transaction
from tests.web.conftest import Open, World
from web.demo import DemoPhone

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(1)</script>",
    "{{7*7}}",
    "javascript:alert(1)",
]
ROUTES = [
    ("GET", "/"),
    ("GET", "/chat"),
    ("GET", "/tra-cuu"),
    ("POST", "/tra-cuu"),
    ("GET", "/livez"),
    ("GET", "/readyz"),
    ("GET", "/healthz"),
    ("GET", "/nothing-here"),
    ("DELETE", "/chat"),
    ("POST", "/chat/identities"),
    ("POST", "/chat/messages"),
    ("POST", "/chat/files"),
    ("POST", "/chat/events"),
    ("GET", "/chat/files/1/0"),
    ("GET", "/static/chat.js"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_every_answer_carries_the_headers(world: World, method: str, path: str) -> None:
    answer = await world.client.request(method, path)
    policy = answer.headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Permissions-Policy"].startswith("geolocation=(self)")
    assert answer.headers["Cache-Control"] == ("no-cache" if path.startswith("/static/") else "no-store")
    assert "Server" not in answer.headers


async def test_a_bug_owes_the_person_a_sentence_and_the_log_no_words(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await world.client.get("/broken?name=Hoàng Yến", headers={"Accept": "text/html"})
    assert answer.status == 500
    assert "Hệ thống gặp trục trặc" in await answer.text()
    told = capsys.readouterr()
    assert "request_failed" in told.out + told.err
    assert "Hoàng Yến" not in told.out + told.err


@pytest.mark.parametrize("path", ["/", "/chat", "/tra-cuu"])
async def test_pages_hold_no_inline_script_or_style_and_name_no_other_host(world: World, path: str) -> None:
    page = await (await world.client.get(path)).text()
    assert "style=" not in page
    assert "<style" not in page
    assert " on" not in page.replace(" one", "")[page.index("<body") :] or "onclick" not in page
    for tag in page.split("<script")[1:]:
        assert 'src="/static/' in tag or 'type="application/json"' in tag
    assert "http://" not in page
    assert "https://" not in page


async def test_errors_speak_to_people_and_to_scripts(world: World) -> None:
    page = await world.client.get("/nothing", headers={"Accept": "text/html"})
    assert (page.status, page.content_type) == (404, "text/html")
    assert "Không tìm thấy" in await page.text()
    data = await world.client.get("/nothing")
    assert "Không tìm thấy" in (await data.json())["error"]


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_what_a_stranger_types_is_never_markup_of_a_page(world: World, payload: str) -> None:
    answer = await world.client.post("/tra-cuu", data={"ma": payload})
    assert payload not in await answer.text()
    page = await world.client.get(f"/{payload}", headers={"Accept": "text/html"})
    assert payload not in await page.text()


async def test_words_for_the_scripts_cannot_end_their_block(world: World) -> None:
    labels = dict(world.runtime.service.catalogue.labels) | {"web.script.sending": PAYLOADS[2]}
    object.__setattr__(world.runtime.service.catalogue, "labels", labels)
    page = await (await world.client.get("/chat")).text()
    assert PAYLOADS[2] not in page
    assert "\\u003c/script\\u003e" in page


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://127.0.0.1:1", "https://suoimay.example.evil"]
)
async def test_a_page_of_another_site_may_change_nothing(world: World, origin: str) -> None:
    for path in ("/chat/identities", "/chat/messages", "/tra-cuu"):
        answer = await world.client.post(path, headers={"Origin": origin})
        assert answer.status == 403


async def test_our_own_pages_are_let_in(world: World) -> None:
    own = f"http://127.0.0.1:{world.client.port}"
    for origin in (own, "https://suoimay.example"):
        assert (await world.client.post("/chat/identities", headers={"Origin": origin})).status == 201
    form = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert (await world.client.post("/tra-cuu", headers=form)).status == 404
    assert (
        await world.client.post("/tra-cuu", headers=form | {"Sec-Fetch-Site": "cross-site"})
    ).status == 403


async def test_visitors_behind_a_proxy_are_counted_each_by_itself(world: World) -> None:
    for _ in range(30):
        answer = await world.client.post(
            "/chat/identities", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.5"}
        )
        assert answer.status == 201
    for address, status in (("203.0.113.5", 429), ("203.0.113.6", 201)):
        answer = await world.client.post("/chat/identities", headers={"X-Forwarded-For": address})
        assert answer.status == status


async def test_health_says_yes_or_no_and_nothing_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await (await world.client.get("/healthz")).text() == "ok"

    async def broken(_: Database, run: object) -> None:
        raise TemporarilyUnavailable("locked")

    monkeypatch.setattr(Database, "read", broken)
    answer = await world.client.get("/readyz")
    assert (answer.status, await answer.text()) == (503, "no")
    assert (await world.client.get("/livez")).status == 200


def seed(service: Service, tx: Transaction, now: object) -> tuple[DemoPhone, ...]:
    return (DemoPhone("citizen", "Công dân", "token", (Channel.WEBCHAT,)),)


@pytest.mark.parametrize("path", ["/demo/identities", "/demo/clock", "/demo/outbox"])
async def test_demo_routes_exist_only_in_the_demo_and_under_a_loopback_name(
    open_world: Open, path: str
) -> None:
    served, demo = await open_world(), await open_world(demo=seed)
    assert (await served.client.get(path)).status == 404
    assert (await demo.client.get(path)).status == 200
    assert (await demo.client.get(path, headers={"Host": "evil.example"})).status == 403
    assert (await demo.client.get(path, headers={"Host": "evil.example:8080"})).status == 403


async def test_the_demo_clock_moves_forward_and_runs_what_is_due(open_world: Open) -> None:
    world = await open_world(demo=seed)
    ticked: list[object] = []

    async def tick() -> None:
        ticked.append(world.runtime.clock.now())

    world.runtime.tick = tick
    before = world.runtime.clock.now()
    await world.client.post("/demo/clock", json={"to": "hour"})
    assert (world.runtime.clock.now() - before).total_seconds() >= 3600
    answer = await (await world.client.post("/demo/clock", json={"to": "morning"})).json()
    assert "T00:45:" in answer["now"], "07:45 in Viet Nam"
    assert len(ticked) == 2
    assert (await (await world.client.post("/demo/clock", json={"to": "deadline"})).json())["moved"] is False
    assert (await world.client.post("/demo/clock", json={"to": "yesterday"})).status == 400


async def test_the_demo_page_takes_the_place_of_home(open_world: Open) -> None:
    served, demo = await open_world(), await open_world(demo=seed)
    assert "/chat" in await (await served.client.get("/")).text()
    assert "Đã gửi cho ai" in await (await demo.client.get("/")).text()


async def test_what_was_said_is_data_for_the_page_and_no_markup(world: World) -> None:
    page = await world.page()
    await world.say(page.chat, Outgoing("".join(PAYLOADS) + "\n\nevent: message\ndata: {}"))
    stream = await page.events()
    (message,) = await stream.until_ready()
    assert message["text"].startswith(PAYLOADS[0])
    assert message["text"].endswith("data: {}"), "a line of a message cannot pose as an event"
    stream.close()


@pytest.mark.parametrize(("hour", "day"), [(0, 25), (7, 25), (8, 26), (23, 26)])
async def test_the_next_morning_is_todays_while_it_is_still_to_come(
    open_world: Open, hour: int, day: int
) -> None:
    world = await open_world(demo=seed)
    now = datetime(2026, 11, 25, hour, 30, tzinfo=LOCAL)
    morning = demo.next_morning(world.runtime.service, now)
    assert (morning.astimezone(LOCAL).day, morning.astimezone(LOCAL).hour) == (day, 7)
    assert demo.mornings_until(world.runtime.service, now, morning) == [morning]
