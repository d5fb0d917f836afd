"""Transcripts: the citizen's script from the greeting to the ticket, in memory."""

from datetime import timedelta

import pytest

from core.channel import MediaKind
from core.conversation.draft import Identity, Kind
from core.conversation.effects import (
    GiveConsent,
    KeepMedia,
    RefuseConsent,
    Say,
)
from core.conversation.states import drafts_of
from core.conversation.steps import (
    AddingFiles,
    Idle,
    Naming,
    Phoning,
    Placing,
    Telling,
)
from core.conversation.storing import to_json
from tests.core.citizen import MORNING, STORY, Citizen, submitted, told


def test_the_whole_script_opens_one_ticket_with_all_answers():
    citizen = Citizen().at_review()
    citizen.types("gửi")
    draft = submitted(citizen)
    assert draft.story_text == STORY
    assert draft.place
    assert draft.place.words == "thôn 3, gần chợ"
    assert draft.field == "field_3"
    assert draft.identity is Identity.DESK_ONLY
    assert draft.full_name == "Nguyễn Thị Hoa"
    assert draft.is_dangerous is False
    assert isinstance(citizen.state.step, Idle)


def test_everything_works_without_accents_and_by_words():
    citizen = Citizen()
    citizen.types(
        "xin chao", "gui phan anh, kien nghi", "toi dong y", "den duong to 3 tat tu hom thu hai", "xong"
    )
    citizen.types("khong co", "thon 3 gan cho", "dung", "khong", "2", "Nguyen Van A", "0912 345 678", "khong")
    citizen.types("gui")
    draft = submitted(citizen)
    assert draft.field == "field_3"
    assert draft.identity is Identity.UNIT_TOO
    assert draft.phone == "0912345678"


def test_everything_works_by_buttons():
    citizen = Citizen()
    for code in ("send_feedback", "yes"):
        citizen.presses(code)
    citizen.types(STORY, "xong")
    citizen.presses("no")
    citizen.pins()
    for code in ("yes", "yes", "no", "anonymous", "yes", "send"):
        citizen.presses(code)
    draft = submitted(citizen)
    assert draft.place
    assert draft.place.latitude == 21.0
    assert draft.identity is Identity.ANONYMOUS


def test_decomposed_unicode_is_understood():
    import unicodedata

    citizen = Citizen()
    citizen.types("1", unicodedata.normalize("NFD", "đồng ý"))
    assert citizen.of(GiveConsent)


@pytest.mark.parametrize("word", ["ok", "ừ", "dạ", "vâng ạ", "được"])
def test_consent_needs_an_explicit_yes(word: str):
    citizen = Citizen()
    citizen.types("1", word)
    assert citizen.keys == ["consent_again"]
    assert not citizen.of(GiveConsent)


@pytest.mark.parametrize("word", ["không đồng ý", "tôi không đồng ý đâu", "3", "dạ không", "khong dong y"])
def test_a_refusal_leaves_nothing_and_names_the_other_ways(word: str):
    citizen = Citizen()
    citizen.types(STORY, "1", word)
    assert citizen.of(RefuseConsent)
    assert "số 1 đường Trung Tâm" in citizen.answer
    assert STORY not in str(to_json(citizen.state))


def test_the_full_notice_can_be_read_before_consent():
    citizen = Citizen()
    citizen.types("1", "2")
    assert citizen.keys == ["privacy_notice", "ask_consent"]


def test_consent_keeps_the_exact_answer_and_fetches_the_files_sent_before():
    citizen = Citizen()
    citizen.shows("a1")
    assert citizen.keys == ["offer"]
    citizen.types("1")
    assert not citizen.of(KeepMedia)
    citizen.types("Tôi đồng ý")
    (consent,) = citizen.of(GiveConsent)
    assert isinstance(consent, GiveConsent)
    assert consent.answer == "Tôi đồng ý"
    assert len(citizen.of(KeepMedia)) == 1


def test_a_long_text_out_of_the_blue_is_offered_and_kept():
    citizen = Citizen(consented=True)
    citizen.types(STORY)
    assert citizen.keys == ["offer"]
    citizen.types("đúng")
    assert citizen.keys == ["ask_story_done"]
    citizen.types("xong rồi")
    assert isinstance(citizen.state.step, AddingFiles)


def test_twenty_messages_in_two_seconds_get_one_waiting_answer_and_lose_nothing():
    citizen = Citizen(consented=True)
    citizen.types("1")
    names = set()
    for number in range(20):
        citizen.types(f"Tin thứ {number} về đường hỏng")
        says = [effect for effect in citizen.last if isinstance(effect, Say)]
        assert len(says) == 1
        assert says[0].delay_seconds > 0
        names.add(says[0].coalesce)
    assert len(names) == 1
    assert isinstance(citizen.state.step, Telling)
    assert len(citizen.state.step.draft.story) == 20


def test_the_question_after_a_burst_takes_the_place_of_the_waiting_answer():
    citizen = Citizen(consented=True)
    citizen.types("1", STORY)
    waiting = [effect.coalesce for effect in citizen.last if isinstance(effect, Say)]
    citizen.types("xong")
    (question,) = [effect for effect in citizen.last if isinstance(effect, Say)]
    assert [question.coalesce] == waiting
    assert question.delay_seconds == 0


def test_an_album_is_answered_once():
    citizen = told(Citizen())
    names = set()
    for number in range(4):
        citizen.shows(f"anh{number}")
        names.update(effect.coalesce for effect in citizen.last if isinstance(effect, Say))
    assert names == {"ask"}
    assert "4/10" in citizen.answer


def test_a_text_over_5000_characters_is_kept_whole_and_said_so():
    citizen = Citizen(consented=True)
    long = "đường hỏng " * 600
    citizen.types("1", long)
    assert "story_rest_noted" in citizen.keys
    (draft,) = drafts_of(citizen.state)
    assert "".join((*draft.story, *draft.notes)) == long.strip()
    assert len(draft.story_text) == 5000


def test_files_too_big_or_too_many_get_their_sentence():
    citizen = told(Citizen())
    citizen.shows("to", size=40_000_000)
    assert "40 MB" in citizen.answer
    for number in range(10):
        citizen.shows(f"anh{number}")
    citizen.shows("thua")
    assert citizen.keys == ["too_many_files"]
    assert len(citizen.of(KeepMedia)) == 10


def test_a_voice_message_alone_is_a_story():
    citizen = Citizen(consented=True)
    citizen.types("1")
    citizen.shows("loi", kind=MediaKind.VOICE)
    citizen.types("xong")
    assert isinstance(citizen.state.step, AddingFiles)


def test_too_short_a_story_is_asked_on():
    citizen = Citizen(consented=True)
    citizen.types("1", "hỏng", "xong")
    assert citizen.keys == ["story_too_short"]
    citizen.types("đèn đường trước nhà 12", "xong")
    assert isinstance(citizen.state.step, AddingFiles)


def test_only_a_link_is_asked_to_be_told():
    citizen = Citizen(consented=True)
    citizen.types("1", "https://example.org/x")
    assert citizen.keys == ["story_only_link"]


def test_a_sticker_gets_its_sentence_everywhere():
    citizen = Citizen()
    citizen.sticks()
    assert "chưa đọc được loại tin này" in citizen.answer
    told(citizen)
    citizen.sticks()
    assert "chưa đọc được loại tin này" in citizen.answer


def test_silence_asks_once_whether_the_story_is_done():
    citizen = Citizen(consented=True)
    citizen.types("1", STORY)
    assert citizen.wake == MORNING + timedelta(seconds=60)
    citizen.waits(timedelta(seconds=60))
    assert citizen.keys == ["ask_story_done"]
    citizen.types("2", "thêm một câu nữa cho rõ")
    citizen.waits(timedelta(seconds=60))
    assert citizen.keys == []


def test_a_photo_and_a_place_at_the_wrong_time_are_kept():
    citizen = Citizen(consented=True)
    citizen.types("1", STORY)
    citizen.pins()
    citizen.types("xong", "không có")
    assert citizen.keys == ["check_pin"]
    citizen.shows("anh")
    (draft,) = drafts_of(citizen.state)
    assert len(draft.media) == 1


def test_a_pin_where_the_citizen_stands_is_asked_again():
    citizen = told(Citizen())
    citizen.types("xong")
    citizen.pins()
    citizen.types("2")
    assert isinstance(citizen.state.step, Placing)
    citizen.pins(21.5, 105.5)
    citizen.types("3", "cách đó chừng 100 mét")
    (draft,) = drafts_of(citizen.state)
    assert draft.place
    assert (draft.place.latitude, draft.place.words) == (21.5, "cách đó chừng 100 mét")


@pytest.mark.parametrize(
    "words",
    [
        "21.0285, 105.8542",
        "chỗ này: 21.0285;105.8542 ạ",
        "https://maps.example/?q=21.0285,105.8542",
        "https://maps.example/?q=21.0285%2C105.8542&z=17",
        "https://maps.example/place/x/@21.9,105.9,17z/data=!3d21.0285!4d105.8542",
        "https://maps.example/@21.9000,105.9000,17z/data=!3d21.0285!4d105.8542",
        "https://maps.example/?mlat=21.0285&mlon=105.8542#map=17/21.9000/105.9000",
        "https://maps.example/#map=17/21.0285/105.8542",
    ],
)
def test_pasted_coordinates_are_a_pin(words: str):
    citizen = told(Citizen())
    citizen.types("xong", words)
    assert citizen.keys == ["check_pin"]
    (draft,) = drafts_of(citizen.state)
    assert draft.place
    assert (draft.place.latitude, draft.place.longitude) == (21.0285, 105.8542)


@pytest.mark.parametrize("words", ["121.0285, 105.8542", "nhà 21.028, ngõ 5", "phiên bản 1.2.345, 67.8901"])
def test_numbers_that_are_no_place_on_earth_are_words(words: str):
    citizen = told(Citizen())
    citizen.types("xong", words)
    assert citizen.keys != ["check_pin"]


def test_fields_come_eight_a_page_and_by_a_typed_word():
    citizen = Citizen(consented=True)
    citizen.types("1", "Có chuyện này cần xã xem giúp", "xong", "không có", "thôn 3, gần chợ")
    assert citizen.keys == ["choose_field"]
    citizen.types("9")
    assert "1. Khác" in citizen.answer
    citizen.types("mùi hôi")
    assert citizen.keys == ["confirm_field"]
    citizen.types("không", "đèn")
    assert citizen.keys == ["found_fields"]
    citizen.types("2")
    (draft,) = drafts_of(citizen.state)
    assert draft.field == "field_3"


def test_the_kind_is_asked_only_when_unclear():
    citizen = Citizen(consented=True)
    citizen.types("1", "Đèn đường bị hỏng, kiến nghị xã thay đèn mới", "xong", "không có", "thôn 3", "đúng")
    assert citizen.keys == ["ask_kind"]
    citizen.types("góp ý, đề xuất chính quyền nên làm")
    (draft,) = drafts_of(citizen.state)
    assert draft.kind is Kind.PROPOSAL


def test_phone_digits_are_data_and_a_wrong_number_gets_an_example():
    citizen = told(Citizen())
    citizen.types("2", "thôn 3, gần chợ", "1", "2", "1", "Hoa 2", "Nguyễn Thị Hoa")
    assert isinstance(citizen.state.step, Phoning)
    citizen.types("0912")
    assert citizen.keys == ["phone_wrong"]
    citizen.shares_phone("+84 912 345 678")
    citizen.types("không cần", "gửi")
    assert submitted(citizen).phone == "0912345678"


def test_a_name_with_digits_is_asked_again():
    citizen = told(Citizen())
    citizen.types("2", "thôn 3, gần chợ", "1", "2", "1", "Hoa 2")
    assert citizen.keys == ["name_unclear"]
    assert isinstance(citizen.state.step, Naming)


def test_an_anonymous_sender_leaves_no_name_even_after_a_change_of_mind():
    citizen = Citizen().at_review()
    citizen.types("5", "3", "1", "gửi")
    draft = submitted(citizen)
    assert (draft.full_name, draft.phone, draft.identity) == ("", "", Identity.ANONYMOUS)


def test_an_answer_on_paper_goes_to_the_address_that_was_given():
    citizen = told(Citizen())
    citizen.types(
        "2", "thôn 3, gần chợ", "1", "2", "1", "Nguyễn Thị Hoa", "bỏ qua", "có, cho tôi xin bản giấy"
    )
    assert citizen.keys == ["ask_address"]
    citizen.types("12")
    assert citizen.keys == ["not_understood"]
    citizen.types("số nhà 12, tổ 3, thôn Đông")
    assert "nhận tại: số nhà 12, tổ 3, thôn Đông" in citizen.answer
    citizen.types("5", "1", "Nguyễn Thị Hoa", "bỏ qua", "không", "gửi")
    assert (submitted(citizen).wants_letter, submitted(citizen).address) == (False, "")


def test_who_wants_a_letter_and_then_no_name_leaves_no_address():
    citizen = told(Citizen())
    citizen.types("2", "thôn 3, gần chợ", "1", "2", "1", "Nguyễn Thị Hoa", "bỏ qua", "2", "số nhà 12, tổ 3")
    citizen.types("5", "3", "1", "gửi")
    assert (submitted(citizen).wants_letter, submitted(citizen).address) == (False, "")


@pytest.mark.parametrize(
    "story",
    [
        "Tôi gửi hộ bà hàng xóm, đèn đường trước nhà bà tắt ba hôm nay",
        "Thay mặt bà con xóm Đông, đèn đường tắt ba hôm nay",
        "gui ho me toi, den duong truoc nha tat ba hom nay",
    ],
)
def test_for_whom_it_is_sent_is_asked_when_words_point_to_another(story: str):
    citizen = Citizen()
    citizen.types("xin chào", "1", "1", story, "xong", "2", "thôn 3, gần chợ", "1", "2")
    assert citizen.keys == ["ask_behalf"]
    citizen.types("gửi hộ", "3", "1", "gửi")
    assert "on_behalf" in submitted(citizen).marks


@pytest.mark.parametrize(
    "story",
    [
        "Tôi đã báo họ mà họ không sửa đèn đường, tắt ba hôm nay",
        "bao ho ma ho khong sua den duong, gui ho don cung khong xem",
        "Nhờ xã gửi giúp tôi thợ sửa đèn đường, tắt ba hôm nay",
    ],
)
def test_other_words_are_not_taken_for_somebody_elses_matter(story: str):
    citizen = Citizen()
    citizen.types("xin chào", "1", "1", story, "xong", "2", "thôn 3, gần chợ", "1", "2")
    assert citizen.keys == ["ask_identity"]


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        ("1", ["Ống nước vỡ ngập cả đường", "xong"]),
        ("2", ["thôn 5"]),
        ("3", ["2", "1", "1"]),
        ("4", ["xong"]),
    ],
)
def test_any_line_is_edited_and_the_review_comes_back(line: str, answers: list[str]):
    citizen = Citizen().at_review()
    citizen.types(line, *answers)
    assert citizen.keys == ["review"], citizen.answer


def test_the_review_counts_the_files_of_each_kind():
    citizen = Citizen().at_review()
    assert "Kèm theo: không có" in citizen.answer
    citizen.types("4")
    for name, kind in (("a", MediaKind.PHOTO), ("b", MediaKind.PHOTO), ("c", MediaKind.VOICE)):
        citizen.shows(name, kind=kind)
    assert "Kèm theo: 2 ảnh, 1 ghi âm" in citizen.types("xong")


def test_rewriting_the_story_replaces_it():
    citizen = Citizen().at_review()
    citizen.types("1", "2", "Bãi rác cạnh trường học bốc mùi hôi", "xong")
    assert citizen.keys == ["review"]
    assert "Bãi rác" in citizen.answer
    assert "Đèn đường" not in citizen.answer
