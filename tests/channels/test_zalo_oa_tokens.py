"""The tokens of an Official Account: one refresh for all, and nothing lost on the way."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from structlog.testing import capture_logs

from channels.zalo_oa_tokens import TokenKeeper, Tokens, challenge
from core.channel import PermanentSendError, SendError, TemporarySendError
from tests.fakes.zalo_oa import FakeZaloOa
from tests.fakes.zalo_oa_state import APP_ID, APP_SECRET
from tests.fakes.zalo_oa_tokens import MemoryTokenStore

VERIFIER = "AAAAAAAAAAb1C2d3E4f5G6h7I8j9K0l1M2n3O4p5Q6r"
HOURS_20 = timedelta(hours=20)


@pytest.fixture
async def zalo() -> AsyncIterator[FakeZaloOa]:
    async with FakeZaloOa() as running:
        yield running


@pytest.fixture
def store(zalo: FakeZaloOa) -> MemoryTokenStore:
    return zalo.store()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


def keeper_of(
    zalo: FakeZaloOa,
    session: aiohttp.ClientSession,
    store: MemoryTokenStore,
    *,
    first_refresh: str | None = None,
    app_secret: str = APP_SECRET,
    oauth_url: str = "",
) -> TokenKeeper:
    return TokenKeeper(
        session,
        store,
        app_id=APP_ID,
        app_secret=app_secret,
        oauth_url=oauth_url or zalo.host,
        first_refresh=first_refresh,
        now=zalo.state.clock,
    )


@pytest.fixture
def keeper(zalo: FakeZaloOa, session: aiohttp.ClientSession, store: MemoryTokenStore) -> TokenKeeper:
    return keeper_of(zalo, session, store)


def test_challenge_is_the_documented_one() -> None:
    assert challenge(VERIFIER) == "mwuQARq6fkURmgagaqz00MdSjeJi7Uq1C4mT8pzSX9g"


async def test_token_in_force_is_used_as_it_is(zalo: FakeZaloOa, keeper: TokenKeeper) -> None:
    zalo.pass_time(HOURS_20 - timedelta(seconds=1))
    assert await keeper.access() == zalo.oauth.access
    assert zalo.oauth.requests == 0


async def test_pair_is_renewed_after_twenty_hours_and_saved_with_the_one_before(
    zalo: FakeZaloOa, keeper: TokenKeeper, store: MemoryTokenStore
) -> None:
    before = store.tokens
    zalo.pass_time(HOURS_20)
    assert await keeper.access() == "canary-access-token-1"
    assert store.tokens == Tokens(
        "canary-access-token-1", "canary-refresh-token-1", zalo.state.now + timedelta(hours=25)
    )
    assert store.previous == [before]
    assert (store.rotations, store.is_rotating) == (1, False)


async def test_twenty_who_ask_at_once_cause_one_refresh(zalo: FakeZaloOa, keeper: TokenKeeper) -> None:
    zalo.pass_time(timedelta(hours=25))
    found = await asyncio.gather(*(keeper.access() for _ in range(20)))
    assert set(found) == {zalo.oauth.access}
    assert zalo.oauth.requests == 1


async def test_twenty_who_hold_the_same_dead_token_cause_one_refresh(
    zalo: FakeZaloOa, keeper: TokenKeeper
) -> None:
    stale = await keeper.access()
    found = await asyncio.gather(*(keeper.renew(stale) for _ in range(20)))
    assert set(found) == {"canary-access-token-1"}
    assert zalo.oauth.requests == 1


async def test_pair_that_another_process_saved_is_taken_over(
    zalo: FakeZaloOa, keeper: TokenKeeper, store: MemoryTokenStore
) -> None:
    stale = await keeper.access()
    store.tokens = Tokens("from-elsewhere", "r", zalo.state.now + timedelta(hours=25))
    assert await keeper.renew(stale) == "from-elsewhere"
    assert zalo.oauth.requests == 0


async def test_first_refresh_token_opens_an_empty_store(
    zalo: FakeZaloOa, session: aiohttp.ClientSession
) -> None:
    store = MemoryTokenStore()
    keeper = keeper_of(zalo, session, store, first_refresh=zalo.oauth.refresh)
    assert await keeper.access() == "canary-access-token-1"
    assert store.previous == [None]


async def test_stored_pair_wins_over_the_first_refresh_token(
    zalo: FakeZaloOa, session: aiohttp.ClientSession, store: MemoryTokenStore
) -> None:
    keeper = keeper_of(zalo, session, store, first_refresh="used long ago")
    zalo.pass_time(HOURS_20)
    assert await keeper.access() == "canary-access-token-1"


async def test_without_any_token_nothing_is_asked(zalo: FakeZaloOa, session: aiohttp.ClientSession) -> None:
    with pytest.raises(TemporarySendError, match="tokens_lost"):
        await keeper_of(zalo, session, MemoryTokenStore()).access()
    assert zalo.oauth.requests == 0


# --- what goes wrong ---


@pytest.mark.parametrize("with_error", [True, False])
async def test_refused_refresh_keeps_the_old_pair(
    zalo: FakeZaloOa, keeper: TokenKeeper, store: MemoryTokenStore, with_error: bool
) -> None:
    """Without `error`, and with HTTP 200, only the missing tokens tell a refusal from a success."""
    zalo.oauth.with_error = with_error
    zalo.oauth.refresh = "rotated by somebody else"
    before = store.tokens
    zalo.pass_time(HOURS_20)
    with capture_logs() as logs:
        assert await keeper.access() == zalo.oauth.access, "it is good for five hours more"
    assert store.is_lost
    zalo.pass_time(timedelta(hours=5))
    with pytest.raises(TemporarySendError, match="tokens_lost"):
        await keeper.access()
    assert store.tokens == before
    assert store.saved == []
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [("zalo_oa_tokens_refused", "error")]


async def test_who_was_overtaken_by_another_process_takes_over_its_pair(
    zalo: FakeZaloOa, keeper: TokenKeeper, session: aiohttp.ClientSession, store: MemoryTokenStore
) -> None:
    stale = await keeper.access()
    zalo.oauth.before_answer = lambda: setattr(store, "tokens", Tokens("theirs", "r", zalo.oauth.ends_at))
    zalo.oauth.refresh = "rotated by the other one"
    assert await keeper.renew(stale) == "theirs"
    assert not store.is_lost


async def test_a_host_out_of_reach_is_not_asked_by_everybody_in_turn(
    zalo: FakeZaloOa, keeper: TokenKeeper, store: MemoryTokenStore
) -> None:
    zalo.oauth.pages = 1
    stale = await keeper.access()
    ends = await asyncio.gather(*(keeper.renew(stale) for _ in range(20)), return_exceptions=True)
    assert {str(end) for end in ends} == {"server_error"}
    assert zalo.oauth.requests == 1
    assert store.is_rotating, "what that page hid is not known"


async def test_a_refresh_that_surely_was_not_made_leaves_no_note(
    zalo: FakeZaloOa, session: aiohttp.ClientSession, store: MemoryTokenStore
) -> None:
    keeper = keeper_of(zalo, session, store, oauth_url="http://127.0.0.1:9")
    with pytest.raises(TemporarySendError, match="unreachable"):
        await keeper.renew(zalo.oauth.access)
    assert (store.rotations, store.is_rotating) == (1, False)


async def test_refused_token_is_not_offered_again_for_ten_minutes(
    zalo: FakeZaloOa, keeper: TokenKeeper
) -> None:
    good, zalo.oauth.refresh = zalo.oauth.refresh, "app is inactive for a while"
    stale = await keeper.access()
    ends = await asyncio.gather(*(keeper.renew(stale) for _ in range(20)), return_exceptions=True)
    assert {str(end) for end in ends} == {"tokens_lost"}
    assert zalo.oauth.requests == 1
    zalo.oauth.refresh = good
    zalo.pass_time(timedelta(minutes=10))
    assert await keeper.renew(stale) == "canary-access-token-1"


async def test_page_of_something_on_the_way_is_no_refusal(zalo: FakeZaloOa, keeper: TokenKeeper) -> None:
    zalo.oauth.pages = 1
    stale = await keeper.access()
    with pytest.raises(TemporarySendError, match="server_error"):
        await keeper.renew(stale)
    zalo.pass_time(timedelta(minutes=1))
    assert await keeper.renew(stale) == "canary-access-token-1"


async def test_rate_limit_of_the_token_endpoint_passes(zalo: FakeZaloOa, keeper: TokenKeeper) -> None:
    zalo.oauth.busy = 1
    stale = await keeper.access()
    with pytest.raises(TemporarySendError, match="too_many_requests"):
        await keeper.renew(stale)
    zalo.pass_time(timedelta(minutes=1))
    assert await keeper.renew(stale) == "canary-access-token-1"


async def test_renewal_ahead_of_time_that_fails_leaves_the_token_in_use(
    zalo: FakeZaloOa, keeper: TokenKeeper
) -> None:
    zalo.oauth.pages = 2
    zalo.pass_time(timedelta(hours=24))
    assert await keeper.access() == "canary-access-token-0"
    zalo.pass_time(timedelta(hours=1))
    with pytest.raises(TemporarySendError, match="server_error"):
        await keeper.access()


async def test_oauth_host_out_of_reach_is_temporary(
    zalo: FakeZaloOa, session: aiohttp.ClientSession, store: MemoryTokenStore
) -> None:
    keeper = keeper_of(zalo, session, store, oauth_url="http://127.0.0.1:9")
    with pytest.raises(TemporarySendError, match="unreachable"):
        await keeper.renew(zalo.oauth.access)


async def test_answer_lost_after_the_rotation_leaves_its_note(
    zalo: FakeZaloOa, keeper: TokenKeeper, store: MemoryTokenStore
) -> None:
    """The grant is gone then; the note tells why to whoever looks."""
    stale = await keeper.access()
    zalo.oauth.crashes = 1
    with pytest.raises(TemporarySendError, match="unreachable"):
        await keeper.renew(stale)
    assert store.is_rotating
    zalo.pass_time(timedelta(minutes=1))
    with pytest.raises(TemporarySendError, match="tokens_lost"):
        await keeper.renew(stale)
    assert store.is_rotating


async def test_pair_that_cannot_be_saved_is_neither_used_nor_lost(
    zalo: FakeZaloOa, keeper: TokenKeeper, store: MemoryTokenStore
) -> None:
    stale = await keeper.access()
    store.broken = 1
    with pytest.raises(TemporarySendError, match="tokens_not_saved"):
        await keeper.renew(stale)
    assert await keeper.renew(stale) == zalo.oauth.access
    assert [tokens.access for tokens in store.saved] == ["canary-access-token-1"]
    assert zalo.oauth.requests == 1


async def test_cancelled_caller_does_not_lose_the_new_pair(
    zalo: FakeZaloOa, keeper: TokenKeeper, store: MemoryTokenStore
) -> None:
    task = asyncio.create_task(keeper.renew(zalo.oauth.access))
    await store.begun.wait()
    task.cancel()
    await keeper.finish()
    assert store.tokens is not None
    assert store.tokens.refresh == zalo.oauth.refresh == "canary-refresh-token-1"


# --- the first consent ---


async def test_code_of_a_consent_is_exchanged_once(zalo: FakeZaloOa, session: aiohttp.ClientSession) -> None:
    store = MemoryTokenStore()
    keeper = keeper_of(zalo, session, store)
    zalo.oauth.consent("CODE", challenge(VERIFIER))
    await keeper.exchange("CODE", VERIFIER)
    assert await keeper.access() == zalo.oauth.access
    assert store.previous == [None]
    with pytest.raises(PermanentSendError, match="consent_refused"):
        await keeper.exchange("CODE", VERIFIER)


async def test_refresh_token_got_elsewhere_is_taken_over(
    zalo: FakeZaloOa, session: aiohttp.ClientSession
) -> None:
    store = MemoryTokenStore()
    keeper = keeper_of(zalo, session, store)
    await keeper.adopt(zalo.oauth.refresh)
    assert await keeper.access() == "canary-access-token-1"
    with pytest.raises(PermanentSendError, match="consent_refused"):
        await keeper.adopt("canary-refresh-token-0")


async def test_code_with_another_verifier_is_refused(
    zalo: FakeZaloOa, keeper: TokenKeeper, store: MemoryTokenStore
) -> None:
    zalo.oauth.consent("CODE", challenge(VERIFIER))
    with pytest.raises(PermanentSendError, match="consent_refused"):
        await keeper.exchange("CODE", "B" * 43)
    assert store.saved == []


async def test_new_consent_replaces_a_lost_pair_at_once(
    zalo: FakeZaloOa, keeper: TokenKeeper, store: MemoryTokenStore
) -> None:
    zalo.oauth.refresh = "lost"
    stale = await keeper.access()
    with pytest.raises(TemporarySendError):
        await keeper.renew(stale)
    zalo.oauth.consent("CODE", challenge(VERIFIER))
    await keeper.exchange("CODE", VERIFIER)
    assert await keeper.renew(stale) == zalo.oauth.access


@pytest.mark.parametrize("fault", ["pages", "busy", "crashes", "refusal", "secret"])
async def test_no_token_reaches_a_log_or_an_exception(
    zalo: FakeZaloOa,
    session: aiohttp.ClientSession,
    store: MemoryTokenStore,
    caplog: pytest.LogCaptureFixture,
    fault: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "canary-wrong-secret" if fault == "secret" else APP_SECRET
    keeper = keeper_of(zalo, session, store, app_secret=secret)
    if fault == "refusal":
        zalo.oauth.refresh = "other"
    elif fault != "secret":
        setattr(zalo.oauth, fault, 1)
    with capture_logs() as logs, pytest.raises(SendError) as caught:
        await keeper.renew(zalo.oauth.access)
    seen = ["".join(traceback.format_exception(caught.value)), repr(keeper), repr(store.tokens)]
    assert "canary" not in "".join(seen) + caplog.text + str(logs)
