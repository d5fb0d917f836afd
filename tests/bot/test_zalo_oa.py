"""The Official Account at the command line: consent, what the doctor says, and messages taken again."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import typer
from sqlmodel import select

from channels.zalo_oa_tokens import challenge
from core.channel import Channel
from storage.channel_tokens import TokenState, states
from storage.database import Database
from storage.tables import InboxRow, OutboxRow
from tests.bot.conftest import Danvan
from tests.conftest import NOW, SAMPLE
from tests.fakes.zalo_oa import FakeZaloOa, error_page
from tests.fakes.zalo_oa_state import APP_ID, APP_SECRET, OA_ID, OA_SECRET

VERIFIER = "AAAAAAAAAAb1C2d3E4f5G6h7I8j9K0l1M2n3O4p5Q6r"


@pytest.fixture
async def zalo(danvan: Danvan, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeZaloOa]:
    """An account on loopback, and settings that name it."""
    async with FakeZaloOa() as running:
        assert (await asyncio.to_thread(danvan, "init", str(SAMPLE))).code == 0
        for name, value in {
            "APP_ID": APP_ID,
            "APP_SECRET": APP_SECRET,
            "OA_SECRET": OA_SECRET,
            "OA_ID": OA_ID,
            "CODE_VERIFIER": VERIFIER,
            "BASE_URL": running.host,
            "OAUTH_URL": running.host,
            "ZNS_URL": running.host,
        }.items():
            monkeypatch.setenv(f"DANVAN_ZALO_OA__{name}", value)
        monkeypatch.setenv("DANVAN_PUBLIC_URL", "https://suoimay.example")
        monkeypatch.setenv("DANVAN_SEND", "live")
        yield running


def answering(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """The administrator's answer to the question of the command."""
    monkeypatch.setattr(typer, "prompt", lambda *_, **__: answer)


def tokens() -> list[TokenState]:
    database = Database("sqlite:///data/danvan.db")
    with database.transaction() as tx:
        found = states(tx)
    database.close()
    return found


async def test_a_consent_is_turned_into_tokens_by_the_address_of_the_page_that_came_up(
    zalo: FakeZaloOa, danvan: Danvan, monkeypatch: pytest.MonkeyPatch
) -> None:
    zalo.oauth.consent("CODE", challenge(VERIFIER))
    answering(monkeypatch, f" https://suoimay.example/hook/zalo-oa?code=CODE&oa_id={OA_ID}\n")
    done = await asyncio.to_thread(danvan, "zalo-oa", "connect")
    assert done.code == 0, done.err
    assert f"code_challenge={challenge(VERIFIER)}" in done.out
    assert "UBND" in done.out
    assert "canary" not in done.out + done.err
    [state] = tokens()
    assert (state.account, state.lost_at) == (OA_ID, None)


async def test_a_used_code_is_refused_with_what_to_do(
    zalo: FakeZaloOa, danvan: Danvan, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, "CODE")
    refused = await asyncio.to_thread(danvan, "zalo-oa", "connect")
    assert refused.code == 1
    assert "consent_refused" in refused.err
    assert "refused" not in refused.out, "what is logged goes to stderr"
    assert tokens() == []


async def test_the_consent_of_another_account_is_not_taken(
    zalo: FakeZaloOa, danvan: Danvan, monkeypatch: pytest.MonkeyPatch
) -> None:
    zalo.oauth.consent("CODE", challenge(VERIFIER))
    answering(monkeypatch, "https://suoimay.example/hook/zalo-oa?code=CODE&oa_id=1")
    refused = await asyncio.to_thread(danvan, "zalo-oa", "connect")
    assert refused.code == 1
    assert OA_ID in refused.err
    assert zalo.oauth.requests == 0


async def test_tokens_of_another_account_do_not_take_the_place_of_the_good_pair(
    zalo: FakeZaloOa, danvan: Danvan, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, zalo.oauth.refresh)
    monkeypatch.setenv("DANVAN_ZALO_OA__OA_ID", "1")
    refused = await asyncio.to_thread(danvan, "zalo-oa", "connect", "--refresh-token")
    assert refused.code == 1
    assert OA_ID in refused.err
    assert tokens() == []


async def test_a_new_pair_is_kept_even_when_nobody_can_say_whose_it_is(
    zalo: FakeZaloOa, danvan: Danvan, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, zalo.oauth.refresh)
    zalo.fail("/v2.0/oa/getoa", error_page())
    refused = await asyncio.to_thread(danvan, "zalo-oa", "connect", "--refresh-token")
    assert refused.code == 1
    assert "Đã lưu khóa mới" in refused.err
    assert len(tokens()) == 1


async def test_a_refresh_token_of_the_api_explorer_is_taken_over(
    zalo: FakeZaloOa, danvan: Danvan, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, zalo.oauth.refresh)
    done = await asyncio.to_thread(danvan, "zalo-oa", "connect", "--refresh-token")
    assert done.code == 0, done.err
    told = await asyncio.to_thread(danvan, "doctor")
    assert f"mã {OA_ID}" in told.out
    assert "Khóa OA đổi lần cuối" in told.out


async def test_the_doctor_names_each_step_that_is_missing(
    zalo: FakeZaloOa, danvan: Danvan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DANVAN_PUBLIC_URL", "http://127.0.0.1:8080")
    told = await asyncio.to_thread(danvan, "doctor")
    said = told.out + told.err
    assert "Chạy danvan zalo-oa connect" in said
    assert "DANVAN_ZALO_OA__TEMPLATE_RESULT" in said
    assert "https có tên miền" in said
    assert "Chưa nhận được tin nào từ OA" in said


async def test_on_trial_the_doctor_spends_no_token(
    zalo: FakeZaloOa, danvan: Danvan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DANVAN_SEND", "log")
    monkeypatch.setenv("DANVAN_ZALO_OA__REFRESH_TOKEN", zalo.oauth.refresh)
    await asyncio.to_thread(danvan, "doctor")
    assert zalo.oauth.requests == 0


async def test_settings_that_are_missing_are_named(
    zalo: FakeZaloOa, danvan: Danvan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DANVAN_ZALO_OA__OA_SECRET")
    refused = await asyncio.to_thread(danvan, "doctor")
    assert refused.code == 1
    assert "DANVAN_ZALO_OA__OA_SECRET" in refused.err
    monkeypatch.setenv("DANVAN_ZALO_OA__SIGNATURE_SECRET", "app_secret")
    assert "OA_SECRET" not in (await asyncio.to_thread(danvan, "doctor")).err


@pytest.mark.parametrize("act", ["set", "show", "delete"])
async def test_the_webhook_is_set_on_the_page_of_zalo(zalo: FakeZaloOa, danvan: Danvan, act: str) -> None:
    said = await asyncio.to_thread(danvan, "webhook", act, "zalo-oa")
    assert said.code == 0
    assert "https://suoimay.example/hook/zalo-oa" in said.out


async def test_parked_message_of_several_photos_is_taken_again_whole(
    zalo: FakeZaloOa, danvan: Danvan
) -> None:
    body = json.dumps(zalo.people.show(zalo.people.citizen("Hoa"), b"a", b"b"))
    database = Database("sqlite:///data/danvan.db")
    with database.transaction() as tx:
        row = InboxRow(
            organisation_id=tx.organisation_id,
            channel=Channel.ZALO_OA,
            external_id="unread:1",
            body_hash="x",
            state="parked",
            received_at=NOW,
            body=body,
        )
        tx.add(row)
        number = row.id
    database.close()
    assert (await asyncio.to_thread(danvan, "replay", str(number))).code == 0
    database = Database("sqlite:///data/danvan.db")
    with database.transaction() as tx:
        assert len(tx.session.exec(select(OutboxRow)).all()) == 1, "one answer to a burst"
        found = {row.external_id.rpartition(":")[2]: row.state for row in tx.session.exec(select(InboxRow))}
        assert found == {"1": "done", "2": "done"}
    database.close()
