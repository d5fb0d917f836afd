"""Files of citizens: fetched from known hosts only, and only while their address holds."""

from collections.abc import AsyncIterator

import pytest

from channels.downloading import MAX_DOWNLOAD_BYTES
from channels.zalo_oa_account import ZaloOaAccount
from core.channel import PermanentSendError, TemporarySendError
from tests.fakes.zalo_oa import FakeZaloOa, Fault
from tests.fakes.zalo_oa_state import Json


@pytest.fixture
async def zalo() -> AsyncIterator[FakeZaloOa]:
    async with FakeZaloOa() as running:
        yield running


@pytest.fixture
async def account(zalo: FakeZaloOa) -> AsyncIterator[ZaloOaAccount]:
    async with zalo.account() as opened:
        yield opened


def url_of(event: Json) -> str:
    url: str = event["message"]["attachments"][0]["payload"]["url"]
    return url


async def test_file_of_a_citizen_is_fetched_without_a_token(zalo: FakeZaloOa, account: ZaloOaAccount) -> None:
    event = zalo.people.show(zalo.people.citizen("Hoa"), b"\xff\xd8 picture")
    assert await account.fetch(url_of(event)) == b"\xff\xd8 picture"
    assert zalo.oauth.requests == 0


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_file_whose_address_ran_out_is_gone_for_good(
    zalo: FakeZaloOa, account: ZaloOaAccount, status: int
) -> None:
    event = zalo.people.speak(zalo.people.citizen("Hoa"), b"aac")
    zalo.fail("media", Fault(status=status))
    with pytest.raises(PermanentSendError, match="link_expired"):
        await account.fetch(url_of(event))
    zalo.people.expire_media()
    with pytest.raises(PermanentSendError, match="link_expired"):
        await account.fetch(url_of(event))


async def test_file_over_twenty_megabytes_is_not_kept(zalo: FakeZaloOa, account: ZaloOaAccount) -> None:
    citizen = zalo.people.citizen("Hoa")
    fits = zalo.people.send_file(citizen, "a.pdf", bytes(MAX_DOWNLOAD_BYTES))
    assert len(await account.fetch(url_of(fits))) == MAX_DOWNLOAD_BYTES
    large = zalo.people.send_file(citizen, "b.pdf", bytes(MAX_DOWNLOAD_BYTES + 1))
    with pytest.raises(PermanentSendError, match="file_too_big"):
        await account.fetch(url_of(large))


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/a.jpg",
        "http://127.0.0.1.example.com/a.jpg",
        "http://example.com#127.0.0.1",
        "http://127.0.0.1@example.com/",
        "file:///etc/passwd",
        "/a.jpg",
        "http://[",
        "http://a..127.0.0.1/",
        "",
    ],
)
async def test_files_are_fetched_from_known_hosts_only(account: ZaloOaAccount, url: str) -> None:
    with pytest.raises(PermanentSendError, match="link_foreign"):
        await account.fetch(url)


async def test_redirect_is_followed_on_known_hosts_only(zalo: FakeZaloOa, account: ZaloOaAccount) -> None:
    url = url_of(zalo.people.show(zalo.people.citizen("Hoa"), b"picture"))
    path = url.removeprefix(zalo.host)
    zalo.fail("media", Fault(status=302, headers={"Location": path}))
    assert await account.fetch(url) == b"picture"
    zalo.fail("media", Fault(status=302, headers={"Location": "http://localhost/x"}))
    with pytest.raises(PermanentSendError, match="link_foreign"):
        await account.fetch(url)
    zalo.fail("media", *[Fault(status=302, headers={"Location": path})] * 3)
    with pytest.raises(PermanentSendError, match="link_expired"):
        await account.fetch(url)


@pytest.mark.parametrize("fault", [Fault(status=500), Fault(status=503)])
async def test_media_server_that_fails_is_asked_again_later(
    zalo: FakeZaloOa, account: ZaloOaAccount, fault: Fault
) -> None:
    url = url_of(zalo.people.show(zalo.people.citizen("Hoa"), b"picture"))
    zalo.fail("media", fault)
    with pytest.raises(TemporarySendError, match="server_error"):
        await account.fetch(url)
    assert await account.fetch(url) == b"picture"
