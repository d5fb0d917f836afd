"""One delivery of the Official Account, as it arrives on the screen of the citizen."""

import unicodedata
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.zalo_oa import ZaloOaSender
from channels.zalo_oa_account import ZaloOaAccount
from channels.zalo_oa_message import ContactCard
from core.channel import (
    Address,
    Button,
    Channel,
    Delivery,
    Outgoing,
    OutgoingFile,
    PermanentSendError,
    SendError,
    SendKind,
    Sent,
    TemporarySendError,
    UnknownOutcome,
)
from tests.fakes.zalo_oa import CS, FakeZaloOa, Fault, lost_answer, refused
from tests.fakes.zalo_oa_state import Citizen

YES_NO = ((Button("1. Có", "c:7:confirm:3:yes"), Button("2. Không", "c:7:confirm:3:no")),)
CARD = ContactCard("UBND xã Suối Mây", "Chia sẻ số điện thoại", "https://suoimay.example/bia.jpg")
LONG = "Đường hỏng nặng. " * 300


@pytest.fixture
async def zalo() -> AsyncIterator[FakeZaloOa]:
    async with FakeZaloOa() as running:
        yield running


@pytest.fixture
async def account(zalo: FakeZaloOa) -> AsyncIterator[ZaloOaAccount]:
    async with zalo.account() as opened:
        yield opened


@pytest.fixture
def pauses() -> list[float]:
    """How long the sender waited, in seconds; no time passes."""
    return []


@pytest.fixture
def sender(account: ZaloOaAccount, tmp_path: Path, pauses: list[float]) -> ZaloOaSender:
    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    def link(file: OutgoingFile) -> str:
        return f"https://suoimay.example/tep/{file.path}"

    return ZaloOaSender(account, files=tmp_path, link=link, contact_card=CARD, pause=pause)


@pytest.fixture
def citizen(zalo: FakeZaloOa) -> Citizen:
    return zalo.people.citizen("Hoa")


def delivery(citizen: Citizen, message: Outgoing | None = None, **fields: Any) -> Delivery:
    kind = fields.pop("kind", SendKind.MESSAGE)
    address = Address(Channel.ZALO_OA, citizen.id)
    return Delivery(1, "receipt:1", address, kind, message or Outgoing(""), **fields)


async def end_of(sender: ZaloOaSender, wanted: Delivery) -> SendError:
    with pytest.raises(SendError) as caught:
        await sender.deliver(wanted)
    return caught.value


def texts(zalo: FakeZaloOa, citizen: Citizen) -> list[str]:
    return [shown.text for shown in zalo.screen(citizen)]


# --- words ---


async def test_text_arrives_in_one_normal_form(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen
) -> None:
    words = "Xã Suối Mây đã tiếp nhận"
    sent = await sender.deliver(delivery(citizen, Outgoing(unicodedata.normalize("NFD", words))))
    [shown] = zalo.screen(citizen)
    assert (shown.text, Sent(shown.id)) == (words, sent)


@pytest.mark.parametrize(("letters", "messages"), [(2000, 1), (2001, 2)])
async def test_text_over_two_thousand_letters_is_split(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen, letters: int, messages: int
) -> None:
    await sender.deliver(delivery(citizen, Outgoing(unicodedata.normalize("NFD", "ộ" * letters))))
    assert len(zalo.screen(citizen)) == messages
    assert sum(text.count("ộ") for text in texts(zalo, citizen)) == letters


async def test_long_text_is_cut_at_sentences_with_the_buttons_on_the_last_piece(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen
) -> None:
    sent = await sender.deliver(delivery(citizen, Outgoing(LONG, YES_NO)))
    screen = zalo.screen(citizen)
    assert [bool(shown.buttons) for shown in screen] == [False, False, True]
    assert all(shown.text.endswith(".") for shown in screen)
    assert sent.message_id == screen[-1].id


@pytest.mark.parametrize("before", range(1985, 1995))
async def test_emoji_at_the_cut_stays_whole(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen, before: int
) -> None:
    await sender.deliver(delivery(citizen, Outgoing("x" * before + "😀" * 20)))
    assert "".join(texts(zalo, citizen)).count("😀") == 20


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=300),
    st.integers(1, 40),
)
async def test_no_text_is_too_long(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen, piece: str, times: int
) -> None:
    await sender.deliver(delivery(citizen, Outgoing(f"a{piece}😀" * times)))
    assert zalo.screen(citizen)


@pytest.mark.parametrize("message", [Outgoing(""), Outgoing(" \n")])
async def test_empty_message_is_refused_before_it_leaves(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen, message: Outgoing
) -> None:
    with pytest.raises(PermanentSendError, match="empty_message"):
        await sender.deliver(delivery(citizen, message))
    assert zalo.calls == []


# --- buttons ---


async def test_tap_brings_the_payload_behind_our_mark(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen
) -> None:
    await sender.deliver(delivery(citizen, Outgoing("Đồng ý?\n1. Có\n2. Không", YES_NO)))
    [shown] = zalo.screen(citizen)
    assert [button["type"] for button in shown.buttons] == ["oa.query.hide"] * 2
    assert "template_type" not in shown.message["attachment"]["payload"]
    assert zalo.people.tap(citizen, 2)["message"]["text"] == "#dv:c:7:confirm:3:no"


async def test_other_wrapper_is_tried_once_and_remembered(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen
) -> None:
    zalo.state.button_wrappers = {"template"}
    for _ in range(2):
        await sender.deliver(delivery(citizen, Outgoing("Đồng ý?", YES_NO)))
    assert [shown.text for shown in zalo.screen(citizen)] == ["Đồng ý?"] * 2
    assert all(len(shown.buttons) == 2 for shown in zalo.screen(citizen))
    assert len(zalo.made(CS)) == 3


async def test_message_whose_buttons_are_refused_goes_without_them(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen
) -> None:
    zalo.state.button_wrappers = set()
    await sender.deliver(delivery(citizen, Outgoing("1. Có\n2. Không", YES_NO)))
    [shown] = zalo.screen(citizen)
    assert (shown.text, shown.buttons) == ("1. Có\n2. Không", [])


@pytest.mark.parametrize(("count", "shown_buttons"), [(5, 5), (6, 0)])
async def test_more_than_five_choices_stand_in_the_text_alone(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen, count: int, shown_buttons: int
) -> None:
    rows = tuple((Button(f"{number}. " + "chọn " * 40, str(number)),) for number in range(count))
    await sender.deliver(delivery(citizen, Outgoing("Chọn:", rows)))
    [shown] = zalo.screen(citizen)
    assert len(shown.buttons) == shown_buttons
    assert all(len(button["title"]) <= 100 for button in shown.buttons)


# --- a message of several calls that breaks in the middle ---


async def test_rest_of_a_begun_message_is_tried_again(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen, pauses: list[float]
) -> None:
    zalo.fail(CS, Fault(applies=False, status=200, page='{{"error": 0, "data": {{"message_id": "x"}}}}'))
    zalo.fail(CS, refused(-200), refused(-32, retry_after=7))
    await sender.deliver(delivery(citizen, Outgoing(LONG)))
    assert pauses == [1.0, 7.0]
    assert len(zalo.screen(citizen)) == 2


@pytest.mark.parametrize(
    "faults", [[refused(-200)] * 3, [refused(-32)], [refused(-234)], [lost_answer()]], ids=str
)
async def test_message_that_arrived_in_part_is_never_begun_again(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen, faults: list[Fault]
) -> None:
    zalo.fail(CS, Fault(page='{{"error": 0, "data": {{"message_id": "x"}}}}'), *faults)
    end = await end_of(sender, delivery(citizen, Outgoing(LONG)))
    assert isinstance(end, UnknownOutcome)


async def test_first_part_that_is_put_off_leaves_the_whole_message_for_later(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen
) -> None:
    zalo.fail(CS, refused(-32))
    with pytest.raises(TemporarySendError, match="too_many_requests"):
        await sender.deliver(delivery(citizen, Outgoing(LONG)))
    assert zalo.screen(citizen) == []


# --- the other kinds ---


async def test_message_outside_the_window_is_refused_for_good(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen
) -> None:
    zalo.pass_time(timedelta(days=8))
    with pytest.raises(PermanentSendError, match="window_closed"):
        await sender.deliver(delivery(citizen, Outgoing("Đã có kết quả", YES_NO)))


async def test_edit_is_impossible_and_a_tap_needs_no_answer(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen
) -> None:
    with pytest.raises(PermanentSendError, match="cannot_edit"):
        await sender.deliver(delivery(citizen, Outgoing("a"), kind=SendKind.EDIT, message_id="m"))
    tapped = delivery(citizen, Outgoing("a"), kind=SendKind.PRESS_ANSWER, reference="r")
    assert await sender.deliver(tapped) == Sent()
    assert zalo.calls == []


async def test_download_brings_the_bytes_until_the_address_runs_out(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen
) -> None:
    event = zalo.people.show(citizen, b"\xff\xd8 picture")
    url = event["message"]["attachments"][0]["payload"]["url"]
    wanted = delivery(citizen, kind=SendKind.DOWNLOAD, reference=url)
    assert (await sender.deliver(wanted)).content == b"\xff\xd8 picture"
    zalo.people.expire_media()
    with pytest.raises(PermanentSendError, match="link_expired"):
        await sender.deliver(wanted)


async def test_a_card_below_the_question_asks_for_the_telephone_number(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen
) -> None:
    sent = await sender.deliver(delivery(citizen, Outgoing("Số điện thoại?", ask_contact=True)))
    question, card = zalo.screen(citizen)
    assert sent.message_id == question.id
    payload = card.message["attachment"]["payload"]
    assert payload["template_type"] == "request_user_info"
    assert payload["elements"] == [
        {
            "title": "UBND xã Suối Mây",
            "subtitle": "Chia sẻ số điện thoại",
            "image_url": "https://suoimay.example/bia.jpg",
        }
    ]


async def test_a_question_whose_card_is_not_taken_has_arrived_all_the_same(
    zalo: FakeZaloOa, sender: ZaloOaSender, citizen: Citizen
) -> None:
    zalo.state.takes_contact_cards = False
    sent = await sender.deliver(delivery(citizen, Outgoing("Số điện thoại?", ask_contact=True)))
    (question,) = zalo.screen(citizen)
    assert sent.message_id == question.id
