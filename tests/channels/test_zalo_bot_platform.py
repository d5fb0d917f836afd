"""The stand-in for the Zalo Bot Platform does what the documents and captures say, and our client copes."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from channels.zalo_bot_account import ZaloBotAccount
from core.channel import PermanentSendError, SendError, TemporarySendError
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_bot_state import MOST_PEOPLE

GROUP = "9a00bb11cc22dd33ee44"
SECRET = "a secret of the hook"


@pytest.fixture
async def zalo() -> AsyncIterator[FakeZaloBot]:
    async with FakeZaloBot() as server:
        yield server


@pytest.fixture
async def account(zalo: FakeZaloBot) -> AsyncIterator[ZaloBotAccount]:
    async with ZaloBotAccount(zalo.token, host=zalo.host) as client:
        yield client


@pytest.fixture
async def chat(zalo: FakeZaloBot) -> str:
    """Somebody who has written to the bot, which has heard it."""
    person = zalo.person()
    await zalo.says(person, "Xin chào")
    zalo._queue.get_nowait()
    return person


async def answered(zalo: FakeZaloBot, method: str, *, bot: str = "", **given: object) -> tuple[int, object]:
    """Status and error code of a call as any client could make it."""
    url = f"{zalo.host}/bot{bot or zalo.token}/{method}"
    async with (
        aiohttp.ClientSession() as http,
        http.request("GET" if "params" in given else "POST", url, **given) as response,  # type: ignore[arg-type]
    ):
        return response.status, (await response.json()).get("error_code")


@pytest.mark.parametrize("form", ["json", "data", "params", "parts"])
async def test_parameters_are_read_from_wherever_they_stand(zalo: FakeZaloBot, chat: str, form: str) -> None:
    wish = {"chat_id": chat, "text": "Đèn đã sáng."}
    given: dict[str, object] = {form: wish}
    if form == "parts":
        with aiohttp.MultipartWriter("form-data") as parts:
            for name, value in wish.items():
                parts.append(value).set_content_disposition("form-data", name=name)
        given = {"data": parts}
    assert await answered(zalo, "sendMessage", **given) == (200, None)
    assert zalo.sent[chat] == ["Đèn đã sáng."]


async def test_calls_that_do_not_exist_are_refused_in_status_and_body(zalo: FakeZaloBot) -> None:
    assert await answered(zalo, "getMe") == (200, None)
    assert await answered(zalo, "getme") == (404, 404)
    assert await answered(zalo, "sendDocument") == (404, 404)
    assert await answered(zalo, "getMe", bot="1:other") == (401, 401)


async def test_reset_token_waits_for_the_administrator(
    zalo: FakeZaloBot, account: ZaloBotAccount, chat: str
) -> None:
    zalo.is_revoked = True
    with pytest.raises(TemporarySendError, match="bad_token"):
        await account.send_message(chat, "Đèn đã sáng.")


@pytest.mark.parametrize("is_good_http", [False, True])
async def test_spent_month_is_told_under_either_status(
    zalo: FakeZaloBot, account: ZaloBotAccount, chat: str, is_good_http: bool
) -> None:
    zalo.is_month_spent, zalo.switches.spent_is_good_http = True, is_good_http
    with pytest.raises(PermanentSendError, match="quota_exhausted"):
        await account.send_message(chat, "Đèn đã sáng.")


async def test_nobody_more_than_the_plan_allows_comes_in(zalo: FakeZaloBot, account: ZaloBotAccount) -> None:
    for _ in range(MOST_PEOPLE):
        await zalo.says(zalo.person(), "Xin chào")
    late = zalo.person()
    await zalo.says(late, "Xin chào")
    with pytest.raises(PermanentSendError, match="bad_request"):
        await account.send_message(late, "Kính chào")


# --- polls and webhooks ------------------------------------------------------------------------------------


async def test_poll_beside_a_webhook_waits_in_vain_or_is_refused(
    zalo: FakeZaloBot, account: ZaloBotAccount
) -> None:
    zalo.webhook = "http://127.0.0.1:9/hook"
    assert await account.next_updates(0) == []
    zalo.switches.refuses_beside_webhook = True
    with pytest.raises(PermanentSendError, match="bad_request"):
        await account.next_updates(0)


async def test_what_is_said_while_nobody_polls_is_lost_and_what_is_taken_does_not_come_again(
    zalo: FakeZaloBot, account: ZaloBotAccount
) -> None:
    zalo.switches.keeps_offline = False
    person = zalo.person()
    await zalo.says(person, "một")
    zalo.switches.keeps_offline = True
    await zalo.says(person, "hai")
    (update,) = await account.next_updates(0)
    assert update["message"]["text"] == "hai"
    assert await account.next_updates(0) == []


async def test_webhook_is_kept_though_its_trial_fails(zalo: FakeZaloBot, account: ZaloBotAccount) -> None:
    zalo.switches.probes = True
    await account.set_webhook("http://127.0.0.1:9/hook", secret=SECRET)
    assert (await account.webhook()).url == "http://127.0.0.1:9/hook"
    await account.delete_webhook()
    await account.delete_webhook()
    assert (await account.webhook()).url == ""


@pytest.mark.parametrize(
    ("url", "secret"), [("http://suoimay.example/hook", SECRET), ("https://suoimay.example/hook", "short")]
)
async def test_webhook_needs_https_and_a_secret_long_enough(
    zalo: FakeZaloBot, account: ZaloBotAccount, url: str, secret: str
) -> None:
    with pytest.raises(SendError, match="bad_request"):
        await account.set_webhook(url, secret=secret)
    assert zalo.webhook == ""


# --- what we do not use ------------------------------------------------------------------------------------


async def test_voice_to_a_group_is_said_to_be_sent_and_is_not(zalo: FakeZaloBot, chat: str) -> None:
    await zalo.says(chat, "@Bot chào", group=GROUP)
    for to in (chat, GROUP):
        voice = {"chat_id": to, "voice_url": "https://suoimay.example/a.aac"}
        assert await answered(zalo, "sendVoice", json=voice) == (200, None)
    assert zalo.sent == {chat: ["[ghi âm]"]}
    assert await answered(zalo, "sendChatAction", json={"chat_id": chat, "action": "typing"}) == (200, None)
