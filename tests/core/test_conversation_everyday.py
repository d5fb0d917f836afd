"""Transcripts in everyday words: what people write when nobody thinks of choices and steps."""

from datetime import timedelta

import pytest

from core.calendar import LOCAL
from core.channel import ContactShared
from core.conversation.draft import Identity
from core.conversation.effects import (
    AddToTicket,
    AskReview,
    Fixed,
    KeepMedia,
    ShowTicket,
    SubmitDraft,
)
from core.conversation.replies import answered_by_desk
from core.conversation.states import drafts_of
from core.conversation.steps import (
    AddingFiles,
    AskingFixed,
    CheckingDenunciation,
    Identifying,
    Naming,
    Phoning,
    Placing,
)
from core.tickets import Status
from tests.core.citizen import MORNING, STORY, Citizen, submitted, ticket, told

ACCUSING = "tôi tố cáo chủ tịch xã nhận hối lộ"
DANGER = "đang cháy nhà cứu với"


def at(*words: str) -> Citizen:
    """A citizen past the files, and whatever else is answered with `words`."""
    citizen = told(Citizen())
    citizen.types("xong", *words)
    return citizen


STEPS = {
    "files": (),
    "place": (),
    "field": ("thôn 3, gần chợ",),
    "danger": ("thôn 3, gần chợ", "1"),
    "identity": ("thôn 3, gần chợ", "1", "2"),
    "name": ("thôn 3, gần chợ", "1", "2", "1"),
    "phone": ("thôn 3, gần chợ", "1", "2", "1", "Nguyễn Thị Hoa"),
    "review": ("thôn 3, gần chợ", "1", "2", "1", "Nguyễn Thị Hoa", "bỏ qua", "1"),
}


@pytest.mark.parametrize("words", STEPS.values(), ids=STEPS)
def test_an_accusation_gets_its_own_door_at_every_step_and_leaves_the_draft_clean(
    words: tuple[str, ...],
) -> None:
    citizen = at(*words)
    citizen.types(ACCUSING)
    assert isinstance(citizen.state.step, CheckingDenunciation)
    (waiting, accusing) = drafts_of(citizen.state)
    assert ACCUSING in accusing.story
    assert ACCUSING not in str(waiting)
    citizen.types("1")
    assert ACCUSING not in str(citizen.state), "it is sealed and nowhere else"
    (left,) = drafts_of(citizen.state)
    assert left.story_text == STORY


@pytest.mark.parametrize("words", STEPS.values(), ids=STEPS)
def test_danger_is_answered_with_the_numbers_at_every_step_and_marks_the_draft(
    words: tuple[str, ...],
) -> None:
    citizen = at(*words)
    citizen.types(DANGER)
    assert "emergency_numbers" in citizen.keys
    (draft,) = drafts_of(citizen.state)
    assert "emergency_words" in draft.marks
    assert draft.full_name != DANGER


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.ANSWERED])
def test_an_accusation_among_messages_about_a_ticket_never_reaches_the_ticket(status: Status) -> None:
    citizen = Citizen(ticket(2), ticket(1, status), consented=True)
    citizen.types("Hôm nay vẫn chưa có ai đến xem", ACCUSING)
    assert isinstance(citizen.state.step, CheckingDenunciation)
    citizen = Citizen(ticket(1, status, spoken_at=MORNING), consented=True)
    citizen.shows(caption=ACCUSING)
    assert isinstance(citizen.state.step, CheckingDenunciation)
    assert not citizen.of(AddToTicket)
    citizen = Citizen(ticket(1, status), consented=True)
    if status is Status.ANSWERED:
        citizen.state = answered_by_desk(citizen.state, 1)
    citizen.shows(caption=ACCUSING)
    citizen.types(ACCUSING)
    assert not [effect for effect in citizen.of(AddToTicket) if ACCUSING in effect.text]


@pytest.mark.parametrize(
    "text",
    [
        "xong r",
        "xong nhé",
        "xong roi a",
        "dạ xong rồi ạ",
        "kể xong",
        "hết rồi",
        "vậy thôi",
        "thế thôi ạ",
        "gửi",
        "done",
    ],
)
def test_many_ways_to_say_that_all_is_told(text: str) -> None:
    citizen = Citizen()
    citizen.types("xin chào", "1", "1", STORY, text)
    assert isinstance(citizen.state.step, AddingFiles)
    (draft,) = drafts_of(citizen.state)
    assert draft.story == (STORY,)


@pytest.mark.parametrize("text", ["1 nhé", "1 ạ", "chọn số 1", "một ạ", "dạ 1", "số 1 nha"])
def test_a_number_may_be_polite(text: str) -> None:
    citizen = at("thôn 3, gần chợ", text)
    assert citizen.keys == ["ask_danger"]


@pytest.mark.parametrize("text", ["PA-7K1-481", "481", "hồ sơ 481", "hs 481"])
def test_the_own_number_opens_the_ticket_from_anywhere(text: str) -> None:
    citizen = Citizen(ticket(2), ticket(1), consented=True)
    citizen.types(text)
    assert citizen.of(ShowTicket) == [ShowTicket(1)]
    asked = Citizen(ticket(2), ticket(1), consented=True)
    asked.types("Hôm nay vẫn chưa có ai đến xem", text)
    assert asked.of(AddToTicket) == [AddToTicket(1, "Hôm nay vẫn chưa có ai đến xem")]


@pytest.mark.parametrize(
    ("text", "key"), [("rut don", "ask_withdraw"), ("tra cuu", "pick_to_show"), ("hs", "pick_to_show")]
)
def test_status_and_withdrawal_have_everyday_names(text: str, key: str) -> None:
    citizen = Citizen(ticket(1), consented=True)
    citizen.types(text)
    assert citizen.keys == [key]


def answered() -> Citizen:
    citizen = Citizen(ticket(1, Status.ANSWERED), consented=True)
    citizen.state = answered_by_desk(citizen.state, 1)
    return citizen


@pytest.mark.parametrize(
    "text", ["đèn vẫn tắt, có thay gì đâu", "cảm ơn, nhưng đèn vẫn hỏng", "chưa thấy ai tới sửa cả"]
)
def test_an_answer_is_contested_in_own_words(text: str) -> None:
    citizen = answered()
    citizen.types(text)
    assert citizen.of(AskReview) == [AskReview(1, Fixed.NOT, text)]


@pytest.mark.parametrize("text", ["không", "ko", "chưa"])
def test_a_bare_no_asks_what_is_still_not_done(text: str) -> None:
    citizen = answered()
    citizen.types(text)
    assert citizen.keys == ["ask_review_reason_not"]


def test_half_done_is_kept_and_asked_about() -> None:
    citizen = answered()
    citizen.types("mới được một nửa thôi")
    assert citizen.of(AddToTicket) == [AddToTicket(1, "mới được một nửa thôi")]
    assert citizen.keys[-1] == "ask_review_reason_partly"


def test_other_words_and_a_photo_under_an_answer_are_kept() -> None:
    citizen = answered()
    citizen.types("để tôi ra xem rồi nhắn lại")
    citizen.shows()
    assert citizen.of(AddToTicket) == [AddToTicket(1, "để tôi ra xem rồi nhắn lại")]
    assert len(citizen.of(KeepMedia)) == 1
    assert isinstance(citizen.state.step, AskingFixed)


def test_a_photo_with_words_is_the_reason_of_a_review() -> None:
    citizen = answered()
    citizen.types("chưa")
    citizen.shows(caption="vẫn tắt đây này")
    assert citizen.of(AskReview) == [AskReview(1, Fixed.NOT, "vẫn tắt đây này")]


def test_a_message_sent_to_an_answered_ticket_asks_whether_it_is_done() -> None:
    citizen = Citizen(ticket(2), ticket(1, Status.ANSWERED), consented=True)
    citizen.types("Bóng đèn mới lắp lại cháy mất rồi", "2")
    assert citizen.of(AddToTicket) == [AddToTicket(1, "Bóng đèn mới lắp lại cháy mất rồi")]
    assert isinstance(citizen.state.step, AskingFixed)


def test_words_and_photos_in_front_of_an_opened_ticket_belong_to_it() -> None:
    citizen = Citizen(ticket(1), consented=True)
    citizen.types("hồ sơ", "1", "Hôm nay lại thêm hai cột nữa bị tắt")
    citizen.shows()
    assert citizen.of(AddToTicket) == [AddToTicket(1, "Hôm nay lại thêm hai cột nữa bị tắt")]
    assert len(citizen.of(KeepMedia)) == 1


def test_additions_end_with_their_time() -> None:
    citizen = Citizen(ticket(2), ticket(1), consented=True)
    citizen.types("thêm", "1", "Cột số 5 cũng tắt rồi")
    citizen.passes(timedelta(days=3))
    citizen.types("Cống trước nhà bà Sáu bị nghẹt")
    assert len(citizen.of(AddToTicket)) == 1
    assert citizen.keys == ["which_ticket"]


def test_a_few_words_just_after_the_receipt_are_kept() -> None:
    citizen = Citizen(ticket(1, spoken_at=MORNING - timedelta(minutes=5)), consented=True)
    citizen.types("cột số 5")
    assert citizen.of(AddToTicket) == [AddToTicket(1, "cột số 5")]


@pytest.mark.parametrize(
    ("said", "name", "phone"),
    [
        ("tôi là Hoa ở thôn 3", "Hoa", ""),
        ("Nguyễn Thị Hoa 0912345678", "Nguyễn Thị Hoa", "0912345678"),
        ("ten toi la Tran Van Binh", "Tran Van Binh", ""),
    ],
)
def test_a_name_is_found_in_a_sentence(said: str, name: str, phone: str) -> None:
    citizen = at("thôn 3, gần chợ", "1", "2", "1")
    citizen.types(said)
    (draft,) = drafts_of(citizen.state)
    assert (draft.full_name, draft.phone) == (name, phone)


@pytest.mark.parametrize("said", ["ẩn danh", "không", "không muốn nói tên", "ko cho ten"])
def test_who_gives_no_name_is_asked_again_who_may_know(said: str) -> None:
    citizen = at("thôn 3, gần chợ", "1", "2", "1")
    assert isinstance(citizen.state.step, Naming)
    citizen.types(said)
    assert isinstance(citizen.state.step, Identifying)


@pytest.mark.parametrize("said", ["không", "ko", "không có", "không cho"])
def test_who_gives_no_number_goes_on(said: str) -> None:
    citizen = at("thôn 3, gần chợ", "1", "2", "1", "Nguyễn Thị Hoa")
    assert isinstance(citizen.state.step, Phoning)
    citizen.types(said)
    assert citizen.keys == ["ask_letter"]


def test_a_number_within_words_is_found_and_a_strangers_card_is_not_taken() -> None:
    citizen = at("thôn 3, gần chợ", "1", "2", "1", "Nguyễn Thị Hoa")
    citizen.sends(ContactShared("0912345678", own=False))
    assert isinstance(citizen.state.step, Phoning)
    citizen.types("không có số riêng, gọi con tôi 0912-345-678 nhé")
    (draft,) = drafts_of(citizen.state)
    assert draft.phone == "0912345678"


def test_who_stays_anonymous_leaves_no_name_in_a_note() -> None:
    citizen = at("thôn 3, gần chợ", "1", "2")
    citizen.types("Tôi là Nguyễn Thị Hoa, số 0912 345 678", "3", "1", "gửi")
    draft = submitted(citizen)
    assert draft.identity is Identity.ANONYMOUS
    assert "Hoa" not in str(draft)


def test_a_pin_at_home_is_not_where_it_happened() -> None:
    citizen = told(Citizen())
    citizen.types("xong")
    citizen.pins()
    citizen.types("không, tôi đang đứng ở nhà")
    assert isinstance(citizen.state.step, Placing)
    (draft,) = drafts_of(citizen.state)
    assert draft.place is None


@pytest.mark.parametrize("said", ["đổi địa điểm thành thôn 5", "sửa nơi xảy ra"])
def test_a_line_of_the_review_is_changed_by_words(said: str) -> None:
    citizen = Citizen().at_review()
    citizen.types(said)
    assert isinstance(citizen.state.step, Placing)


def test_anonymity_may_be_asked_for_at_the_review() -> None:
    citizen = Citizen().at_review()
    citizen.types("ẩn danh đi")
    assert isinstance(citizen.state.step, Identifying)
    assert not citizen.of(SubmitDraft)


@pytest.mark.parametrize(
    ("said", "is_dangerous"),
    [("không nguy hiểm", False), ("có nguy hiểm", True), ("ko ro", None), ("k nguy hiem", False)],
)
def test_danger_is_answered_in_own_words(said: str, is_dangerous: bool | None) -> None:
    citizen = at("thôn 3, gần chợ", "1", said)
    (draft,) = drafts_of(citizen.state)
    assert draft.is_dangerous is is_dangerous
    assert isinstance(citizen.state.step, Identifying)


def test_the_review_shows_what_was_kept_beside_the_answers() -> None:
    citizen = at("thôn 3, gần chợ", "cây cột số 5 cũng nghiêng lắm rồi đó", "1", "2", "3", "1")
    assert "Ghi kèm: cây cột số 5 cũng nghiêng lắm rồi đó" in citizen.answer


def test_the_review_promises_what_the_receipt_will_say() -> None:
    citizen = at("thôn 3, gần chợ", "1", "1", "3", "1")
    draft = drafts_of(citizen.state)[0]
    assert draft.is_urgent
    by = citizen.context.receive_by(urgent=True)
    assert by < citizen.context.receive_by(urgent=False)
    assert f"{by.astimezone(LOCAL):%H:%M}" in citizen.answer
