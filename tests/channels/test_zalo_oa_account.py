"""Every way Zalo says no to an Official Account, and which of the four ends it is."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from channels.zalo_oa_account import OaIdentity, ZaloOaAccount
from channels.zalo_oa_errors import as_send_error
from core.channel import PermanentSendError, SendError, TemporarySendError, UnknownOutcome
from tests.fakes.zalo_oa import ANY, CS, FakeZaloOa, Fault, error_page, lost_answer, refused
from tests.fakes.zalo_oa_methods import FEE
from tests.fakes.zalo_oa_state import OA_ID, Citizen, Json, Template

WORDS = "Ông Bế Văn Canary ở bản Nậm"
RESULT = Template({"ma_pa": 30, "trang_thai": 30})
DATA = {"ma_pa": "PA-2026-0123", "trang_thai": "Đã có kết quả"}


@pytest.fixture
async def zalo() -> AsyncIterator[FakeZaloOa]:
    async with FakeZaloOa() as running:
        yield running


@pytest.fixture
async def account(zalo: FakeZaloOa) -> AsyncIterator[ZaloOaAccount]:
    async with zalo.account() as opened:
        yield opened


def text(citizen: Citizen, words: str = WORDS) -> Json:
    return {"recipient": {"user_id": citizen.id}, "message": {"text": words}}


async def end_of(account: ZaloOaAccount, body: Json, path: str = CS) -> SendError:
    with pytest.raises(SendError) as caught:
        await account.call("POST", path, body=body)
    return caught.value


# --- one end for every error ---

REFUSALS = [
    (-230, "window_closed"),
    (-232, "window_closed"),
    (-213, "not_interacted"),
    (-217, "chat_unreachable"),
    (-218, "chat_unreachable"),
    (-244, "chat_unreachable"),
    (-227, "chat_unreachable"),
    (-118, "chat_unreachable"),
    (-141, "chat_unreachable"),
    (-211, "quota_exhausted"),
    (-144, "quota_exhausted"),
    (-1472, "quota_exhausted"),
    (-248, "refused_content"),
    (-201, "bad_request"),
    (-210, "bad_request"),
    (-233, "bad_request"),
    (-100, "attachment_expired"),
    (-108, "bad_phone"),
    (-249, "template_refused"),
    (-1122, "template_refused"),
    (-99999, "refused"),
]


@pytest.mark.parametrize("number", [-209, -224, -320, -136, -14002])
async def test_what_only_the_administrator_can_mend_waits(
    zalo: FakeZaloOa, account: ZaloOaAccount, number: int
) -> None:
    zalo.fail(CS, refused(number))
    end = await end_of(account, text(zalo.people.citizen("Hoa")))
    assert isinstance(end, TemporarySendError)
    assert (end.code, end.retry_after) == ("account_refused", timedelta(minutes=30))


@pytest.mark.parametrize(("number", "code"), REFUSALS)
async def test_refusal_is_for_good_and_has_its_code(
    zalo: FakeZaloOa, account: ZaloOaAccount, number: int, code: str
) -> None:
    zalo.fail(CS, refused(number))
    with capture_logs() as logs:
        end = await end_of(account, text(zalo.people.citizen("Hoa")))
    assert (type(end).__mro__[1], end.code) == (PermanentSendError, code)
    assert [(entry["error"], entry["code"]) for entry in logs] == [(number, code)]


@pytest.mark.parametrize(
    ("fault", "code", "wait"),
    [
        (refused(-32), "too_many_requests", timedelta(seconds=60)),
        (refused(-32, retry_after=7), "too_many_requests", timedelta(seconds=7)),
        (refused(-200), "server_error", None),
    ],
)
async def test_what_passes_is_temporary(
    zalo: FakeZaloOa, account: ZaloOaAccount, fault: Fault, code: str, wait: timedelta | None
) -> None:
    zalo.fail(CS, fault)
    end = await end_of(account, text(zalo.people.citizen("Hoa")))
    assert isinstance(end, TemporarySendError)
    assert (end.code, end.retry_after) == (code, wait)


@pytest.mark.parametrize(
    ("local", "hours", "minutes"), [("21:59", 8, 6), ("22:00", 8, 5), ("05:59", 0, 6), ("06:00", 0, 5)]
)
@pytest.mark.parametrize("number", [-234, -133])
def test_night_ends_five_past_six_in_viet_nam(number: int, local: str, hours: int, minutes: int) -> None:
    hour, minute = map(int, local.split(":"))
    now = datetime(2026, 3, 10, hour, minute, tzinfo=UTC) - timedelta(hours=7)
    end = as_send_error(number, now=now)
    assert isinstance(end, TemporarySendError)
    assert (end.code, end.retry_after) == ("night", timedelta(hours=hours, minutes=minutes))


async def test_requests_above_the_rate_are_put_off(zalo: FakeZaloOa, account: ZaloOaAccount) -> None:
    zalo.per_minute = 1
    citizen = zalo.people.citizen("Hoa")
    await account.call("POST", CS, body=text(citizen))
    end = await end_of(account, text(citizen))
    assert isinstance(end, TemporarySendError)
    zalo.pass_time(timedelta(minutes=1))
    await account.call("POST", CS, body=text(citizen))


@pytest.mark.parametrize("fault", [lost_answer(), error_page(502), error_page(200), error_page(307)])
async def test_without_an_answer_nobody_knows(zalo: FakeZaloOa, account: ZaloOaAccount, fault: Fault) -> None:
    zalo.fail(CS, fault)
    end = await end_of(account, text(zalo.people.citizen("Hoa")))
    assert isinstance(end, UnknownOutcome)
    assert len(zalo.calls) == 1


async def test_host_out_of_reach_was_surely_not_written_to(zalo: FakeZaloOa) -> None:
    async with zalo.account(host="http://127.0.0.1:9") as account:
        end = await end_of(account, text(zalo.people.citizen("Hoa")))
    assert isinstance(end, TemporarySendError)
    assert end.code == "unreachable"


# --- the window, by the clock ---


async def test_window_is_free_for_two_days_and_shut_after_seven(
    zalo: FakeZaloOa, account: ZaloOaAccount
) -> None:
    citizen = zalo.people.citizen("Hoa")
    zalo.pass_time(timedelta(hours=48))
    await account.call("POST", CS, body=text(citizen))
    zalo.pass_time(timedelta(days=5))
    await account.call("POST", CS, body=text(citizen))
    zalo.pass_time(timedelta(seconds=1))
    assert (await end_of(account, text(citizen))).code == "window_closed"
    assert [shown.fee for shown in zalo.screen(citizen)] == [0, FEE]
    zalo.people.say(citizen, "Xin chào")
    await account.call("POST", CS, body=text(citizen))


async def test_stranger_and_one_who_blocks_cannot_be_written_to(
    zalo: FakeZaloOa, account: ZaloOaAccount
) -> None:
    stranger, blocking = zalo.people.stranger("Lạ"), zalo.people.citizen("Hoa")
    blocking.is_blocking = True
    assert (await end_of(account, text(stranger))).code == "not_interacted"
    assert (await end_of(account, text(blocking))).code == "chat_unreachable"


async def test_shut_window_leads_by_template_and_telephone_to_a_person(
    zalo: FakeZaloOa, account: ZaloOaAccount
) -> None:
    """Each step ends in a code of its own, so that the next one can be chosen by it."""
    citizen = zalo.people.citizen("Hoa")
    zalo.state.templates = {"1": RESULT, "2": Template(RESULT.params, by_uid=False)}
    zalo.pass_time(timedelta(days=8))
    assert (await end_of(account, text(citizen))).code == "window_closed"
    by_uid = {"user_id": citizen.id, "template_id": "1", "template_data": DATA}
    sent = await account.call("POST", "/v3.0/oa/message/template", body=by_uid)
    assert sent["data"]["user_id"] == citizen.id
    end = await end_of(account, by_uid | {"template_id": "2"}, "/v3.0/oa/message/template")
    assert end.code == "template_refused"
    by_phone = {"phone": "84900000000", "template_id": "2", "template_data": DATA, "tracking_id": "kq-1"}
    with pytest.raises(PermanentSendError, match="chat_unreachable"):
        await account.call("POST", "/message/template", body=by_phone, on_template_host=True)
    by_phone["phone"] = citizen.phone
    sent = await account.call("POST", "/message/template", body=by_phone, on_template_host=True)
    status = await account.call(
        "GET", "/message/status", data={"message_id": sent["data"]["msg_id"]}, on_template_host=True
    )
    assert status["data"]["status"] == 1


async def test_template_by_telephone_waits_for_the_morning(zalo: FakeZaloOa, account: ZaloOaAccount) -> None:
    citizen = zalo.people.citizen("Hoa")
    zalo.state.templates = {"1": RESULT}
    zalo.state.source = lambda: datetime(2026, 3, 10, 15, tzinfo=UTC)
    wish = {"phone": citizen.phone, "template_id": "1", "template_data": DATA}
    with pytest.raises(TemporarySendError, match="night") as caught:
        await account.call("POST", "/message/template", body=wish, on_template_host=True)
    assert caught.value.retry_after == timedelta(hours=8, minutes=5)


async def test_error_100_on_the_template_host_is_an_unknown_outcome(
    zalo: FakeZaloOa, account: ZaloOaAccount
) -> None:
    zalo.fail("/message/template", refused(-100))
    with pytest.raises(UnknownOutcome, match="server_error"):
        await account.call("POST", "/message/template", body={}, on_template_host=True)


# --- tokens ---


@pytest.mark.parametrize("number", [-216, -220, -124])
async def test_refused_token_is_renewed_once_and_the_call_repeated(
    zalo: FakeZaloOa, account: ZaloOaAccount, number: int
) -> None:
    citizen = zalo.people.citizen("Hoa")
    zalo.fail(CS, refused(number))
    await account.call("POST", CS, body=text(citizen))
    assert [call.token for call in zalo.calls] == ["canary-access-token-0", "canary-access-token-1"]
    assert len(zalo.screen(citizen)) == 1


async def test_token_refused_after_its_renewal_is_not_renewed_again(
    zalo: FakeZaloOa, account: ZaloOaAccount
) -> None:
    zalo.fail(CS, refused(-216), refused(-216))
    end = await end_of(account, text(zalo.people.citizen("Hoa")))
    assert isinstance(end, TemporarySendError)
    assert end.code == "bad_token"
    assert zalo.oauth.requests == 1


async def test_twenty_messages_with_a_dead_token_cause_one_refresh(
    zalo: FakeZaloOa, account: ZaloOaAccount
) -> None:
    citizen = zalo.people.citizen("Hoa")
    zalo.oauth.access = "another one"
    await asyncio.gather(*(account.call("POST", CS, body=text(citizen)) for _ in range(20)))
    assert len(zalo.screen(citizen)) == 20
    assert zalo.oauth.requests == 1


async def test_neither_tokens_nor_words_reach_a_log_or_an_exception(
    zalo: FakeZaloOa, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seen = []
    body = text(zalo.people.citizen("Hoa"))
    faults = [refused(-230), refused(-32), lost_answer(), error_page(502), error_page(200), error_page(302)]
    with capture_logs() as logs:
        async with zalo.account() as account:
            for fault in faults:
                zalo.fail(ANY, fault)
                seen += traceback.format_exception(await end_of(account, body))
            zalo.fail(ANY, error_page(502))
            with pytest.raises(SendError) as caught:
                await account.identity()
            seen += [*traceback.format_exception(caught.value), repr(account)]
        async with zalo.account(host="http://127.0.0.1:9") as account:
            seen += traceback.format_exception(await end_of(account, body))
    assert "canary" not in "".join(seen).lower() + caplog.text.lower() + str(logs).lower()


# --- who we are, and what we ask ---


@pytest.mark.parametrize("key", ["oaid", "oa_id"])
async def test_identity_is_read_under_either_name(zalo: FakeZaloOa, account: ZaloOaAccount, key: str) -> None:
    zalo.state.oa_id_key = key
    assert await account.identity() == OaIdentity(OA_ID, "UBND xã Suối Mây", is_verified=True)


async def test_questions_go_as_json_in_the_query(zalo: FakeZaloOa, account: ZaloOaAccount) -> None:
    citizen = zalo.people.citizen("Hoa")
    zalo.people.say(citizen, "Đèn đường hỏng")
    found = await account.call("GET", "/v2.0/oa/conversation", data={"user_id": citizen.id, "count": 10})
    assert [line["message"] for line in found["data"]] == ["Đèn đường hỏng"]
