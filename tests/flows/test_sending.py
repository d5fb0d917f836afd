"""How messages leave when the network limits, loses, refuses or moves them, seen from the network itself."""

from collections.abc import AsyncIterator, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from core.channel import Channel
from core.people import Role
from core.say import say
from handlers import notices, obligations
from storage.database import Database
from tests.conftest import NOW, POSTGRESQL
from tests.fakes.telegram import lost_answer, moved, rate_limited, refused, server_error
from tests.fakes.telegram_chats import Call
from tests.flows.town import Phone, TelegramPhone, Town, town

ANSWER = "Tổ điện đã thay bóng đèn sáng nay, xin cảm ơn ông bà."
MARK = "(gửi lại)"
_TELLING = ("xin chào", "1", "1", "Đèn đường thôn Nà Cọ tắt từ tối thứ Hai.", "xong", "2", "thôn Nà Cọ")
_MINUTE = timedelta(minutes=1)


class Timed(list[Call]):
    """The calls a network saw, with the service's time of each."""

    def __init__(self, place: Town) -> None:
        super().__init__(place.telegram.calls)
        self.place = place
        self.at: list[tuple[datetime, Call]] = []

    def append(self, call: Call) -> None:
        self.at.append((self.place.clock.now(), call))
        super().append(call)

    def to(self, chat: int) -> list[datetime]:
        """When messages and edits left for this chat."""
        shown = ("sendMessage", "editMessageText")
        return [at for at, call in self.at if call.method in shown and call.chat == chat]


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "data", NOW) as opened:
        yield opened


@pytest.fixture
def calls(place: Town) -> Timed:
    timed = Timed(place)
    place.telegram.calls = timed
    return timed


async def telegram_citizen(place: Town, name: str = "Bảy") -> TelegramPhone:
    phone = await place.citizen(Channel.TELEGRAM, name)
    assert isinstance(phone, TelegramPhone)
    return phone


async def telegram_room(place: Town) -> TelegramPhone:
    """The desk's room, with the desk officer's hands."""
    _, room = await place.desk(Channel.TELEGRAM)
    assert isinstance(room, TelegramPhone)
    await room.read()
    return room


async def file_matter(phone: Phone) -> None:
    """A matter up to its receipt."""
    for words in (*_TELLING, "1", "2", "1", "Chu Văn Hoàng Yến", "bỏ qua", "1"):
        await phone.write(words)
    assert "PA-" in await phone.write("gửi")


async def confirm_answer(place: Town, room: TelegramPhone) -> None:
    """The desk's answer, confirmed and still held."""
    await room.press("Tiếp nhận")
    await room.press("Trả lời")
    await room.press("Trả lời, giải thích")
    question = place.telegram.people.last(room.chat)
    place.telegram.people.write(room.person, ANSWER, chat=room.chat, reply_to=question["message_id"])
    await room.read()
    await room.press("Gửi")


def words_in(place: Town, chat: int) -> list[str]:
    return [str(message["text"]) for message in place.telegram.people.screen(chat)]


def with_words(place: Town, chat: int, words: str) -> list[str]:
    return [text for text in words_in(place, chat) if words in text]


async def add_duty(place: Town, due: date = date(2026, 3, 20)) -> None:
    service, now = place.app.runtime.service, place.clock.now()
    await place.app.runtime.database.write(
        lambda tx: obligations.add(
            service, tx, title="Báo cáo quý I", unit="Phòng Kinh tế", due=due, before=False, now=now
        )
    )


async def tell_desk(place: Town, keys: Iterable[str]) -> None:
    """Lines for the desk's room, all at once."""
    now = place.clock.now()
    for key in keys:
        await place.app.runtime.database.write(
            lambda tx, key=key: notices.to_desk(tx, say("notice_sealed"), now, key=key)
        )
    await place.settle()


# --- limits (I15) ------------------------------------------------------------------------------------------


async def test_i15_a_limited_chat_rests_as_long_as_asked_while_others_go_on(
    place: Town, calls: Timed
) -> None:
    limited, other = await telegram_citizen(place, "Bảy"), await telegram_citizen(place, "Tám")
    place.telegram.fail("sendMessage", rate_limited(30))

    assert await limited.write("xin chào") == ""
    assert await limited.write("1") == ""
    assert "113" in await other.write("xin chào")
    await place.wait(timedelta(seconds=15))
    assert len(calls.to(limited.chat)) == 1
    await place.wait(timedelta(seconds=15))

    first, second, *_ = calls.to(limited.chat)
    assert second - first >= timedelta(seconds=30)
    assert len(words_in(place, limited.chat)) == 2


async def test_i15_a_group_never_gets_more_than_its_pace(place: Town, calls: Timed) -> None:
    room = await telegram_room(place)
    await tell_desk(place, (f"line{number}" for number in range(30)))

    left = calls.to(room.chat)

    assert len(with_words(place, room.chat, words_in(place, room.chat)[-1])) == 30
    assert all(later - earlier >= _MINUTE for earlier, later in zip(left, left[18:], strict=False))


async def test_i15_cards_drawn_again_count_into_the_pace_of_the_group(place: Town, calls: Timed) -> None:
    room = await telegram_room(place)
    for _ in range(4):
        await file_matter(await place.web_phone())
        await confirm_answer(place, room)
        await place.wait(timedelta(seconds=21))

    left = calls.to(room.chat)

    assert len(left) > 18
    assert all(later - earlier >= _MINUTE for earlier, later in zip(left, left[18:], strict=False))


# --- answers that got lost (I09, I10) ----------------------------------------------------------------------


async def test_i09_an_answer_that_perhaps_arrived_is_never_repeated_by_itself(place: Town) -> None:
    room = await telegram_room(place)
    citizen = await telegram_citizen(place)
    await file_matter(citizen)
    await confirm_answer(place, room)
    place.telegram.fail("sendMessage", lost_answer())

    await place.wait(timedelta(seconds=21))
    await place.wait(timedelta(hours=3))

    assert len(with_words(place, citizen.chat, ANSWER)) == 1
    assert "Chưa rõ tin đã tới" in (await room.read())
    await room.press("Gửi lại")
    assert len(with_words(place, citizen.chat, ANSWER)) == 2


async def test_i09_a_card_that_perhaps_arrived_is_repeated_once_and_says_so(place: Town) -> None:
    room = await telegram_room(place)
    before = len(words_in(place, room.chat))
    place.telegram.fail("sendMessage", lost_answer())
    await file_matter(await place.web_phone())
    await place.wait(_MINUTE)
    await place.wait(timedelta(hours=1))

    first, again = words_in(place, room.chat)[before:]

    assert MARK not in first
    assert again.endswith(first) or first in again
    assert MARK in again


async def test_i10_a_card_lost_twice_is_given_up_and_the_desk_hears_of_it(place: Town) -> None:
    room = await telegram_room(place)
    before = len(words_in(place, room.chat))
    place.telegram.fail("sendMessage", lost_answer(), lost_answer())
    await file_matter(await place.web_phone())
    await place.wait(_MINUTE)
    await place.wait(timedelta(hours=1))

    assert len(with_words(place, room.chat, "Đèn đường")) == 2
    assert len(words_in(place, room.chat)) == before + 2
    assert with_words(place, room.person.id, "PA-")


async def test_i09_a_reminder_that_perhaps_arrived_is_repeated_once_and_says_so(place: Town) -> None:
    clerk = await place.officer("Bế Văn Soạn", "Phòng Kinh tế", Role.OFFICER, Channel.TELEGRAM)
    assert isinstance(clerk, TelegramPhone)
    await add_duty(place)
    place.telegram.fail("sendMessage", server_error())

    await place.wait(timedelta(hours=22, minutes=45))
    await place.wait(_MINUTE)
    await place.wait(timedelta(hours=1))

    (only,) = with_words(place, clerk.chat, "Báo cáo quý I")
    assert MARK in only
    assert len([call for call in place.telegram.made("sendMessage") if "Báo cáo quý I" in call.text]) == 2


# --- refusals ----------------------------------------------------------------------------------------------


async def test_a_citizen_who_blocked_the_service_is_told_to_the_desk_with_the_reason(place: Town) -> None:
    room = await telegram_room(place)
    citizen = await telegram_citizen(place)
    await file_matter(citizen)
    await confirm_answer(place, room)
    place.telegram.people.block(citizen.person)

    await place.wait(timedelta(seconds=21))

    said = await room.read()
    assert "✗ Không gửi được: người dân đã chặn tin" in said
    assert with_words(place, citizen.chat, ANSWER) == []


async def test_a_chat_that_no_longer_exists_is_not_written_to_every_morning(place: Town) -> None:
    clerk = await place.officer("Bế Văn Soạn", "Phòng Kinh tế", Role.OFFICER, Channel.TELEGRAM)
    desk, _ = await place.desk(Channel.WEBCHAT)
    assert isinstance(clerk, TelegramPhone)
    await add_duty(place, date(2026, 3, 18))
    await desk.read()
    place.telegram.fail("sendMessage", refused("chat not found"))

    await place.wait(timedelta(hours=22, minutes=45))
    assert "Bế Văn Soạn" in await desk.read()
    tried = len(place.telegram.made("sendMessage"))
    for _ in range(7):
        await place.wait(timedelta(days=1))

    assert len(place.telegram.made("sendMessage")) == tried


# --- a group that moves ------------------------------------------------------------------------------------


async def test_a_group_that_moved_keeps_its_room_its_cards_and_what_waited(place: Town) -> None:
    room = await telegram_room(place)
    citizen = await place.web_phone()
    await file_matter(citizen)
    new = place.telegram.people.migrate_group(room.person, room.chat)
    moved_room = TelegramPhone(place, room.person, new)

    await citizen.write("Đèn trước nhà văn hóa cũng tắt")
    await place.settle()

    assert len(with_words(place, new, "dân nhắn thêm")) == 1
    (card,) = [
        text for text in words_in(place, new) if text.startswith("PA-") and "dân nhắn thêm" not in text
    ]
    assert "Đèn đường" in card
    await moved_room.press("Tiếp nhận")
    assert "đã được tiếp nhận" in await citizen.read()


async def test_a_move_learnt_from_a_refusal_and_from_the_group_itself_happens_once(place: Town) -> None:
    room = await telegram_room(place)
    old = place.telegram.chats.chats[room.chat]
    new = place.telegram.people.group(old.title)
    place.telegram.fail("sendMessage", moved(new))
    await tell_desk(place, ["first", "second"])
    place.telegram.people.migrate_group(room.person, room.chat)
    old.moved_to = new
    place.telegram.people.write(room.person, "chào cả phòng", chat=new)
    await tell_desk(place, ["third"])

    assert len(words_in(place, new)) == 3
    sent_to = [call.chat for call in place.telegram.made("sendMessage")][-4:]
    assert sent_to == [room.chat, new, new, new]


# --- order and loss (I14) ----------------------------------------------------------------------------------


async def test_i14_answers_keep_the_order_of_the_messages_under_faults(place: Town) -> None:
    troubled, calm = await telegram_citizen(place, "Bảy"), await telegram_citizen(place, "Tám")
    for citizen, faults in ((calm, ()), (troubled, (rate_limited(3), rate_limited(5), rate_limited(2)))):
        place.telegram.fail("sendMessage", *faults)
        for words in _TELLING:
            await citizen.send(words)
        await citizen.read()

    assert len(words_in(place, calm.chat)) >= 5
    assert words_in(place, troubled.chat) == words_in(place, calm.chat)


async def test_while_another_writer_holds_the_database_events_wait_and_none_is_lost(
    place: Town, database_url: str, kind: str
) -> None:
    citizen = await telegram_citizen(place)
    holder = Database(database_url)
    with holder.transaction() as tx:
        if kind == POSTGRESQL:  # where messages of citizens do not wait for other writers
            tx.connection.execute(text("LOCK TABLE inbox"))
        await citizen.send("xin chào")
        await citizen.send("1")
        await place.telegram.until(lambda: 503 in place.telegram.updates.statuses)
        assert words_in(place, citizen.chat) == []
    holder.close()

    await citizen.read()
    assert len(words_in(place, citizen.chat)) == 2
    assert 200 in place.telegram.updates.statuses
