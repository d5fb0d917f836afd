"""The doors of one-time links for who has none: what they say, and how often they may be tried."""

import pytest
from structlog.testing import capture_logs

from tests.web.conftest import World

NOBODYS = "A" * 32


@pytest.mark.parametrize("path", ["gui-tep", "ghim"])
async def test_a_link_that_opens_nothing_says_what_to_do_and_tells_no_other_site(
    world: World, path: str
) -> None:
    answer = await world.client.get(f"/{path}/{NOBODYS}", headers={"Accept": "text/html"})
    assert answer.status == 404
    assert "nhắn «tiếp» để lấy đường dẫn mới" in await answer.text()
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    posted = await world.client.post(f"/{path}/{NOBODYS}", data={"vi_tri": "21.0285, 105.8048"})
    assert (posted.status, "đường dẫn mới" in (await posted.json())["error"]) == (404, True)


async def test_who_tries_links_that_open_nothing_must_wait(world: World) -> None:
    here = {"X-Forwarded-For": "203.0.113.7"}
    for _ in range(30):
        assert (await world.client.get(f"/ghim/{NOBODYS}", headers=here)).status == 404
    assert (await world.client.get(f"/gui-tep/{NOBODYS}", headers=here)).status == 429
    elsewhere = {"X-Forwarded-For": "203.0.113.8"}
    assert (await world.client.get(f"/ghim/{NOBODYS}", headers=elsewhere)).status == 404


async def test_a_failure_of_ours_is_logged_without_what_stands_in_the_path(world: World) -> None:
    with capture_logs() as logged:
        assert (await world.client.get(f"/broken/{NOBODYS}")).status == 500
    (event,) = logged
    assert (event["event"], event["route"]) == ("request_failed", "/broken/{secret}")
    assert NOBODYS not in str(event)
