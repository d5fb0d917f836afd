"""Messages out to Zalo Bot: what people see of them, and how a broken wire ends."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator

import pytest

from channels.downloading import MAX_DOWNLOAD_BYTES
from channels.zalo_bot import ZaloBotSender
from channels.zalo_bot_account import ZaloBotAccount
from core.channel import (
    Address,
    Channel,
    Delivery,
    MediaKind,
    Outgoing,
    OutgoingFile,
    PermanentSendError,
    SendError,
    SendKind,
    TemporarySendError,
    UnknownOutcome,
)
from core.text import utf16_length
from tests.fakes.zalo_bot import PHOTO_READS, TOKEN
from tests.fakes.zalo_bot_state import Fault, Json
from tests.fakes.zalo_bot_wire import GONE, Break, ZaloBotOnABadWire

CHAT = "c0ffee00c0ffee00c0f1"
SECRET = TOKEN.partition(":")[2]
PICTURE = OutgoingFile("a1", "anh.jpg", MediaKind.PHOTO, "image/jpeg")
PAPER = OutgoingFile("b2", "quyet-dinh.pdf", MediaKind.DOCUMENT, "application/pdf")


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloBotOnABadWire]:
    """The platform, to which one person has written."""
    async with ZaloBotOnABadWire() as server:
        await server.says(CHAT, "xin chào")
        yield server


@pytest.fixture
async def account(zalo: ZaloBotOnABadWire) -> AsyncIterator[ZaloBotAccount]:
    async with ZaloBotAccount(zalo.token, host=zalo.host) as client:
        yield client


@pytest.fixture
def pauses() -> list[float]:
    """How long the sender waited, in seconds; no time passes."""
    return []


@pytest.fixture
def sender(zalo: ZaloBotOnABadWire, account: ZaloBotAccount, pauses: list[float]) -> ZaloBotSender:
    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    return ZaloBotSender(account, link=lambda file: f"{zalo.host}/media/{file.path}", pause=pause)


def delivery(
    text: str = "Đèn đã sáng.",
    *files: OutgoingFile,
    kind: SendKind = SendKind.MESSAGE,
    reference: str | None = None,
) -> Delivery:
    address = Address(Channel.ZALO_BOT, CHAT)
    return Delivery(1, "k", address, kind, Outgoing(text, files=files), reference=reference)


def download(url: str) -> Delivery:
    return delivery("", kind=SendKind.DOWNLOAD, reference=url)


async def end_of(sender: ZaloBotSender, wish: Delivery) -> SendError:
    with pytest.raises(SendError) as met:
        await sender.deliver(wish)
    return met.value


def refused(code: int) -> Json:
    return {"ok": False, "error_code": code, "description": "no"}


async def test_a_message_arrives_in_its_words_under_the_id_zalo_gave(
    zalo: ZaloBotOnABadWire, sender: ZaloBotSender
) -> None:
    sent = await sender.deliver(delivery("Đèn đã sáng.\n1. Đã xong\n2. Chưa xong"))
    assert zalo.sent == {CHAT: ["Đèn đã sáng.\n1. Đã xong\n2. Chưa xong"]}
    assert sent.message_id


@pytest.mark.parametrize("length", [1999, 2000])
async def test_what_fits_is_sent_as_one(zalo: ZaloBotOnABadWire, sender: ZaloBotSender, length: int) -> None:
    await sender.deliver(delivery("ả" * length))
    assert zalo.sent == {CHAT: ["ả" * length]}


@pytest.mark.parametrize("before", range(1985, 2001))
async def test_an_emoji_at_the_cut_stays_whole(
    zalo: ZaloBotOnABadWire, sender: ZaloBotSender, before: int
) -> None:
    await sender.deliver(delivery("a" * before + "😀" * 20))
    parts = zalo.sent[CHAT]
    assert all(utf16_length(part) <= 2000 for part in parts)
    assert "".join(part.partition(") ")[2] for part in parts) == "a" * before + "😀" * 20


async def test_photos_come_before_the_words_and_are_read_as_often_as_zalo_likes(
    zalo: ZaloBotOnABadWire, sender: ZaloBotSender
) -> None:
    zalo.media["a1"] = b"a picture"
    await sender.deliver(delivery("Đèn đã sáng.", PICTURE))
    assert zalo.sent == {CHAT: ["[ảnh]", "Đèn đã sáng."]}
    assert zalo.photos == [[len(b"a picture")] * PHOTO_READS]


async def test_a_file_that_zalo_does_not_carry_becomes_a_line_with_its_link(
    zalo: ZaloBotOnABadWire, sender: ZaloBotSender
) -> None:
    await sender.deliver(delivery("Quyết định đây ạ.", PAPER))
    assert zalo.sent == {CHAT: [f"Quyết định đây ạ.\nquyet-dinh.pdf: {zalo.host}/media/b2"]}


async def test_a_message_once_sent_is_not_changed(zalo: ZaloBotOnABadWire, sender: ZaloBotSender) -> None:
    end = await end_of(sender, delivery(kind=SendKind.EDIT))
    assert isinstance(end, PermanentSendError)
    assert end.code == "cannot_edit"
    assert zalo.calls == []


async def test_somebody_who_never_wrote_cannot_be_written_to(sender: ZaloBotSender) -> None:
    stranger = Address(Channel.ZALO_BOT, "0" * 20)
    end = await end_of(sender, Delivery(1, "k", stranger, SendKind.MESSAGE, Outgoing("xin chào")))
    assert isinstance(end, PermanentSendError)


@pytest.mark.parametrize("broken", GONE)
async def test_an_answer_that_did_not_arrive_whole_leaves_the_outcome_open(
    zalo: ZaloBotOnABadWire, sender: ZaloBotSender, broken: Break
) -> None:
    zalo.breaks.append(broken)
    assert isinstance(await end_of(sender, delivery()), UnknownOutcome)
    assert zalo.sent == {CHAT: ["Đèn đã sáng."]}, "sent once, and not sent again here"


async def test_the_rest_of_a_begun_message_is_tried_again(
    zalo: ZaloBotOnABadWire, sender: ZaloBotSender, pauses: list[float]
) -> None:
    zalo.media["a1"] = b"a picture"
    good = Fault(200, {"ok": True, "result": {"message_id": "m1"}})
    zalo.faults.extend([good, Fault(502, "<html>Bad Gateway</html>"), Fault(502, "<html>Bad Gateway</html>")])
    await sender.deliver(delivery("Đèn đã sáng.", PICTURE))
    assert zalo.sent == {CHAT: ["Đèn đã sáng."]}
    assert pauses == [1.0, 2.0]


@pytest.mark.parametrize("code", [400, 403, 404, 429])
async def test_a_message_refused_half_way_is_in_doubt_and_not_tried_again(
    zalo: ZaloBotOnABadWire, sender: ZaloBotSender, pauses: list[float], code: int
) -> None:
    zalo.faults.extend([Fault(200, {"ok": True, "result": {"message_id": "m1"}}), Fault(200, refused(code))])
    end = await end_of(sender, delivery("a" * 2001))
    assert isinstance(end, UnknownOutcome)
    assert end.code == "partly_sent"
    assert (zalo.calls, pauses) == (["sendMessage"] * 2, [])


async def test_a_spent_month_is_not_asked_again(zalo: ZaloBotOnABadWire, sender: ZaloBotSender) -> None:
    zalo.faults.append(Fault(200, refused(429)))
    end = await end_of(sender, delivery())
    assert isinstance(end, PermanentSendError)
    assert end.code == "quota_exhausted"
    assert zalo.calls == ["sendMessage"]


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        (Fault(408, refused(408)), TemporarySendError, "server_error"),
        (Fault(200, refused(408)), TemporarySendError, "server_error"),
        (Fault(200, {"ok": False, "error_code": "429"}), PermanentSendError, "quota_exhausted"),
        (Fault(400, {"ok": False, "error_code": [1]}), PermanentSendError, "bad_request"),
        (Fault(400, {"ok": False}), PermanentSendError, "bad_request"),
        (Fault(200, "<html>Please log in</html>"), UnknownOutcome, "server_error"),
        (Fault(200, ""), UnknownOutcome, "server_error"),
    ],
)
async def test_an_answer_of_an_odd_form_still_has_one_of_the_four_ends(
    zalo: ZaloBotOnABadWire, sender: ZaloBotSender, fault: Fault, error: type[SendError], code: str
) -> None:
    zalo.faults.append(fault)
    end = await end_of(sender, delivery())
    assert isinstance(end, error)
    assert end.code == code
    assert zalo.calls == ["sendMessage"]


async def test_words_are_not_carried_to_where_a_redirect_points(
    zalo: ZaloBotOnABadWire, sender: ZaloBotSender
) -> None:
    async with ZaloBotOnABadWire() as elsewhere:
        zalo.calls_moved_to = f"{elsewhere.host}/bot{TOKEN}/sendMessage"
        assert isinstance(await end_of(sender, delivery()), UnknownOutcome)
        assert elsewhere.calls == []


async def test_letters_leave_composed(zalo: ZaloBotOnABadWire, sender: ZaloBotSender) -> None:
    await sender.deliver(delivery("e\u0302\u0323" * 2000))
    assert zalo.sent == {CHAT: ["ệ" * 2000]}


# --- files of people ---


async def test_a_file_somebody_sent_is_fetched_as_it_is(
    zalo: ZaloBotOnABadWire, sender: ZaloBotSender
) -> None:
    zalo.media["a.jpg"] = bytes(range(256)) * 1000
    sent = await sender.deliver(download(f"{zalo.host}/media/a.jpg"))
    assert sent.content == zalo.media["a.jpg"]


async def test_a_file_that_ran_out_meanwhile_is_gone(zalo: ZaloBotOnABadWire, sender: ZaloBotSender) -> None:
    zalo.media["a.jpg"] = b"a picture"
    await sender.deliver(download(f"{zalo.host}/media/a.jpg"))
    zalo.media.clear()
    end = await end_of(sender, download(f"{zalo.host}/media/a.jpg"))
    assert isinstance(end, PermanentSendError)
    assert end.code == "file_gone"


async def test_a_file_over_20_mb_is_given_up(zalo: ZaloBotOnABadWire, sender: ZaloBotSender) -> None:
    zalo.media["fits"] = bytes(MAX_DOWNLOAD_BYTES)
    zalo.media["over"] = bytes(MAX_DOWNLOAD_BYTES + 1)
    assert len((await sender.deliver(download(f"{zalo.host}/media/fits"))).content) == MAX_DOWNLOAD_BYTES
    end = await end_of(sender, download(f"{zalo.host}/media/over"))
    assert (type(end), end.code) == (PermanentSendError, "file_too_big")


async def test_a_file_that_moved_is_not_followed_elsewhere(
    zalo: ZaloBotOnABadWire, sender: ZaloBotSender
) -> None:
    async with ZaloBotOnABadWire() as elsewhere:
        elsewhere.media["inside"] = b"not for us"
        zalo.media_moved_to = f"{elsewhere.host}/media/inside"
        assert isinstance(await end_of(sender, download(f"{zalo.host}/media/a.jpg")), TemporarySendError)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/media/inside",
        "http://127.0.0.1:{port}#@zdn.vn/",
        "http://127.0.0.1:{port}?@zdn.vn/",
        "http://zdn.vn@127.0.0.1:{port}/media/inside",
        "http://127.0.0.1:{port}/.zdn.vn",
        "http://evilzdn.vn/",
        "ftp://photo.zdn.vn/a.jpg",
        "http://[zdn.vn/a.jpg",
        "",
    ],
)
async def test_no_address_leads_to_a_host_that_is_not_zalos(zalo: ZaloBotOnABadWire, url: str) -> None:
    zalo.media["inside"] = b"not for us"
    port = zalo.host.rpartition(":")[2]
    async with ZaloBotAccount(TOKEN) as client:
        with pytest.raises(PermanentSendError) as met:
            await client.fetch(url.format(port=port))
    assert met.value.code == "file_gone"


# --- the token and people's words stay inside ---


async def test_neither_token_nor_words_reach_a_log_or_an_exception(
    zalo: ZaloBotOnABadWire, account: ZaloBotAccount, sender: ZaloBotSender, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page = f"<html>/bot{TOKEN}/sendMessage cannot be had</html>"
    codes = [*(Fault(code, refused(code)) for code in (400, 401, 403, 404, 429, 500, 504))]
    seen = [repr(account), repr(sender)]
    await sender.deliver(delivery("Canary"))
    for fault in [*codes, Fault(502, page), Fault(404, page), Fault(200, "")]:
        zalo.faults.append(fault)
        seen += traceback.format_exception(await end_of(sender, delivery("Canary")))
    for broken in GONE:
        zalo.breaks.append(broken)
        seen += traceback.format_exception(await end_of(sender, delivery("Canary")))
    async with ZaloBotAccount(TOKEN, host="http://127.0.0.1:9") as nowhere:
        closed = ZaloBotSender(nowhere, link=lambda file: file.path)
        seen += traceback.format_exception(await end_of(closed, delivery("Canary")))
    seen.append(caplog.text)
    assert all(word not in "".join(seen) for word in (SECRET, "Canary"))


async def test_an_answer_that_stalls_holds_up_no_other_message(
    zalo: ZaloBotOnABadWire, sender: ZaloBotSender
) -> None:
    zalo.breaks.append(Break.STALLED)
    slow = asyncio.create_task(sender.deliver(delivery("chậm")))
    await zalo.stalled.wait()
    await sender.deliver(delivery("nhanh"))
    assert not slow.done()
    zalo.go_on.set()
    assert (await slow).message_id
    assert zalo.sent[CHAT] == ["chậm", "nhanh"]
