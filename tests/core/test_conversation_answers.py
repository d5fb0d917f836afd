"""How typed answers are understood against the question asked."""

import pytest

from core.channel import TextReceived
from core.conversation.answers import resolve
from core.conversation.draft import Draft
from core.conversation.events import ChoiceMade, TextGiven, Word, WordSaid
from core.conversation.states import State
from core.conversation.steps import (
    AnsweringQuestion,
    AskingDanger,
    ConfirmingField,
    Consenting,
    Idle,
    Naming,
    Phoning,
    Reviewing,
    Step,
    Telling,
)
from core.say import Choice
from tests.core.citizen import MORNING

DRAFT = Draft("d1", MORNING)
DANGER = State(AskingDanger(DRAFT))
YES_NO = (Choice("yes", "Có"), Choice("no", "Không"), Choice("unsure", "Không rõ"))


def understood(text: str, state: State = DANGER, offered: tuple[Choice, ...] = YES_NO) -> object:
    return resolve(TextReceived(text), state, offered)


@pytest.mark.parametrize(
    "text", ["2", "2.", " 2 ", "số 2", "so 2", "hai", "Hai", "chọn 2", "2)", "2️⃣", "câu 2"]
)
def test_a_number_in_any_form_is_the_choice(text: str):
    assert understood(text) == ChoiceMade("no")


@pytest.mark.parametrize("text", ["4", "12", "2 3", "1-2", "2 người"])
def test_a_number_that_is_no_choice_is_text(text: str):
    assert understood(text) == TextGiven(text)


def test_zero_alone_is_always_back():
    assert understood("0") == WordSaid(Word.BACK)


@pytest.mark.parametrize("text", ["có", "co", "vâng", "dạ có", "ừ", "ok", "đúng rồi", "dạ vâng ạ", "phải"])
def test_yes_in_many_words(text: str):
    assert understood(text) == ChoiceMade("yes")


@pytest.mark.parametrize(
    "text", ["không", "ko", "k", "dạ không", "không phải", "chưa", "hông", "khong a", "dạ không ạ"]
)
def test_negation_wins(text: str):
    assert understood(text) == ChoiceMade("no")


@pytest.mark.parametrize("text", ["dừng", "cò", "không rõ lắm ạ bác", "có thể không biết"])
def test_lookalikes_are_not_guessed(text: str):
    assert understood(text) == TextGiven(text)


def test_a_label_without_accents_or_in_part():
    offered = (
        Choice("yes", "Đúng"),
        Choice("other", "Chọn lĩnh vực khác"),
        Choice("unsure", "Nhờ cán bộ chọn"),
    )
    state = State(ConfirmingField(DRAFT, "x"))
    assert understood("chon linh vuc khac", state, offered) == ChoiceMade("other")
    assert understood("lĩnh vực khác", state, offered) == ChoiceMade("other")
    assert understood("chọn", state, offered) == TextGiven("chọn")


def test_two_labels_that_fit_are_not_chosen_between():
    offered = (Choice("a", "Đèn đường phố"), Choice("b", "Đèn đường làng"))
    assert understood("đèn đường", offered=offered) == TextGiven("đèn đường")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("quay lại", Word.BACK),
        ("QUAY LAI", Word.BACK),
        ("/quaylai", Word.BACK),
        ("sửa", Word.EDIT),
        ("bỏ qua", Word.SKIP),
        ("huy", Word.CANCEL),
        ("huỷ", Word.CANCEL),
        ("/gap_can_bo", Word.PERSON),
        ("tiếp", Word.AGAIN),
        ("trợ giúp.", Word.HELP),
        ("hồ sơ", Word.TICKETS),
        ("ho so", Word.TICKETS),
        ("việc mới", Word.NEW),
        ("rút", Word.WITHDRAW),
        ("thêm", Word.ADD),
        ("/start", Word.START),
        ("/start QR-12", Word.START),
        ("/start@some_bot", Word.START),
    ],
)
def test_global_words_in_any_dress(text: str, word: Word):
    assert understood(text) == WordSaid(word)


@pytest.mark.parametrize("text", ["Huy", "sữa", "huy động", "thêm đèn"])
def test_a_word_within_other_words_is_text(text: str):
    result = understood(text, State(Telling(DRAFT)), ())
    if text == "Huy":  # without accents it cannot be told from «hủy»: the cancelling is asked once
        assert result == WordSaid(Word.CANCEL)
    else:
        assert result == TextGiven(text)


def test_a_story_is_never_taken_for_a_choice():
    offered = (Choice("yes", "Xong rồi"), Choice("no", "Tôi viết thêm"))
    state = State(Telling(DRAFT, is_asked=True))
    assert understood("viết", state, offered) == TextGiven("viết")


def test_digits_at_the_phone_step_are_data():
    offered = (Choice("skip", "Bỏ qua"),)
    assert understood("0912345678", State(Phoning(DRAFT)), offered) == TextGiven("0912345678")
    assert understood("1", State(Phoning(DRAFT)), offered) == ChoiceMade("skip")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1", "yes"),
        ("tôi đồng ý", "yes"),
        ("dong y", "yes"),
        ("không đồng ý", "no"),
        ("ko dong y", "no"),
        ("không", "no"),
    ],
)
def test_consent_in_clear_words(text: str, code: str):
    offered = (Choice("yes", "Tôi đồng ý"), Choice("read", "Đọc bản đầy đủ"), Choice("no", "Không đồng ý"))
    assert understood(text, State(Consenting(DRAFT)), offered) == ChoiceMade(code)


@pytest.mark.parametrize("text", ["ok", "ừ", "dạ", "vâng", "đông y gia truyền"])
def test_consent_is_not_read_into_other_words(text: str):
    offered = (Choice("yes", "Tôi đồng ý"), Choice("read", "Đọc bản đầy đủ"), Choice("no", "Không đồng ý"))
    assert understood(text, State(Consenting(DRAFT)), offered) == TextGiven(text)


@pytest.mark.parametrize("text", ["gửi", "Gửi đi", "gui", "gửi nhé", "Gửi luôn ạ"])
def test_send_in_plain_words(text: str):
    offered = (Choice("edit_story", "Sửa lời kể"), Choice("send", "Gửi"))
    assert understood(text, State(Reviewing(DRAFT)), offered) == ChoiceMade("send")


@pytest.mark.parametrize("text", ["chưa gửi", "gửi sau được không", "đừng gửi vội"])
def test_send_is_not_read_into_other_words(text: str):
    offered = (Choice("edit_story", "Sửa lời kể"), Choice("send", "Gửi"))
    assert understood(text, State(Reviewing(DRAFT)), offered) == TextGiven(text)


@pytest.mark.parametrize("text", ["tôi kiến nghị sửa đường", "gửi", "kiến nghị đèn đường"])
def test_at_rest_a_sentence_is_text(text: str):
    offered = (Choice("send_feedback", "Gửi phản ánh, kiến nghị"), Choice("tickets", "Xem hồ sơ đã gửi"))
    assert understood(text, State(Idle()), offered) == TextGiven(text)


@pytest.mark.parametrize("text", ["kiến nghị", "phan anh kien nghi", "gửi phản ánh"])
def test_at_rest_two_words_of_the_menu_choose(text: str):
    offered = (Choice("send_feedback", "Gửi phản ánh, kiến nghị"), Choice("tickets", "Xem hồ sơ đã gửi"))
    assert understood(text, State(Idle()), offered) == ChoiceMade("send_feedback")


def test_stop_is_not_read_as_right():
    offered = (Choice("yes", "Đúng"), Choice("no", "Không, tôi cần việc khác"))
    assert understood("dừng", offered=offered) == TextGiven("dừng")
    assert understood("dung", offered=offered) == ChoiceMade("yes")


@pytest.mark.parametrize("step", [Naming(DRAFT), Telling(DRAFT), AnsweringQuestion(1)])
def test_choices_of_an_earlier_question_do_not_count_where_words_are_asked_for(step: Step):
    assert understood("2", State(step)) == TextGiven("2")
