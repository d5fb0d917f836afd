"""Transcripts about tickets: the list, additions, the desk's question, withdrawal, «is it really done»."""

from dataclasses import replace
from datetime import timedelta

from core.channel import ButtonPressed
from core.conversation.answers import ticket_press_prefix
from core.conversation.effects import (
    AddToTicket,
    AnswerQuestion,
    AskReview,
    CallDesk,
    ConfirmFixed,
    Fixed,
    KeepMedia,
    RateTicket,
    SealText,
    ShowTicket,
    WithdrawTicket,
)
from core.conversation.replies import answered_by_desk, asked_by_desk
from core.conversation.states import drafts_of
from core.conversation.steps import (
    AddingFiles,
    AskingFixed,
    Idle,
)
from core.tickets import Status
from tests.core.citizen import MORNING, Citizen, ticket, told

JUST_NOW = MORNING - timedelta(minutes=5)


def test_the_list_shows_the_newest_first_and_a_number_opens_one():
    citizen = Citizen(ticket(2), ticket(1), consented=True)
    citizen.types("hồ sơ")
    assert "1. PA-7K2-482" in citizen.answer
    citizen.types("2")
    assert citizen.of(ShowTicket) == [ShowTicket(1)]
    citizen.types("0", "PA-7K2-482")
    assert citizen.of(ShowTicket)[-1] == ShowTicket(2)


def test_no_ticket_is_said():
    assert "chưa gửi hồ sơ nào" in Citizen().types("/hoso")


def test_a_message_just_after_ours_belongs_to_the_only_open_ticket():
    citizen = Citizen(ticket(1, spoken_at=JUST_NOW), consented=True)
    citizen.types("Đèn hỏng từ hôm thứ Hai nhé")
    assert citizen.of(AddToTicket) == [AddToTicket(1, "Đèn hỏng từ hôm thứ Hai nhé")]


def test_a_message_with_several_open_tickets_is_asked_about_and_reaches_the_right_one():
    citizen = Citizen(ticket(2, spoken_at=JUST_NOW), ticket(1), consented=True)
    citizen.types("Hôm nay vẫn chưa có ai đến", "và trời mưa to")
    citizen.shows("anh")
    assert citizen.keys == ["which_ticket"]
    citizen.types("2")
    assert citizen.of(AddToTicket) == [AddToTicket(1, "Hôm nay vẫn chưa có ai đến\nvà trời mưa to")]
    assert [effect.ticket_id for effect in citizen.of(KeepMedia) if isinstance(effect, KeepMedia)] == [1]


def test_a_late_message_may_be_a_new_matter_or_a_question():
    citizen = Citizen(ticket(1, spoken_at=MORNING - timedelta(days=1)), consented=True)
    citizen.types("Bãi rác cạnh trường bốc mùi", "2")
    assert citizen.keys == ["ask_story_done"]
    citizen = Citizen(ticket(1), consented=True)
    citizen.types("Cho hỏi khi nào xong vậy", "3")
    assert citizen.of(CallDesk) == [CallDesk("Cho hỏi khi nào xong vậy")]


def test_adding_collects_until_done():
    citizen = Citizen(ticket(2), ticket(1), consented=True)
    citizen.types("thêm", "1", "Thêm một điều", "Thêm điều nữa", "xong")
    assert citizen.of(AddToTicket) == [AddToTicket(2, "Thêm một điều"), AddToTicket(2, "Thêm điều nữa")]
    assert citizen.keys == ["adding_done"]


def test_the_next_message_answers_the_desks_question():
    citizen = Citizen(ticket(1, Status.AWAITING_CITIZEN, question="Cột số mấy?"), ticket(2), consented=True)
    citizen.state = asked_by_desk(citizen.state, 1)
    citizen.types("2")
    assert citizen.of(AnswerQuestion) == [AnswerQuestion(1, "2")]
    assert citizen.keys == ["answer_header"]


def test_nothing_to_add_is_an_answer_too():
    citizen = Citizen(ticket(1, Status.AWAITING_CITIZEN, question="Cột số mấy?"), consented=True)
    citizen.state = asked_by_desk(citizen.state, 1)
    citizen.types("khong co them")
    assert citizen.of(AnswerQuestion) == [AnswerQuestion(1, "")]


def test_an_answer_that_was_another_matter_starts_one():
    citizen = Citizen(ticket(1, Status.AWAITING_CITIZEN, question="Cột số mấy?"), consented=True)
    citizen.state = asked_by_desk(citizen.state, 1)
    citizen.types("Bãi rác cạnh trường bốc mùi", "1")
    assert citizen.keys == ["ask_story_done"]


def test_a_question_amid_a_draft_is_answered_next_and_the_draft_goes_on():
    asked = ticket(1, Status.AWAITING_CITIZEN, question="Cột số mấy?")
    citizen = Citizen(asked, consented=True)
    citizen.state = told(Citizen(consented=True)).state
    citizen.state = asked_by_desk(citizen.state, 1)
    citizen.types("cột số 5 gần nhà ông Tư")
    assert citizen.of(AnswerQuestion) == [AnswerQuestion(1, "cột số 5 gần nhà ông Tư")]
    assert isinstance(citizen.state.step, AddingFiles)
    assert citizen.keys[-1] == "ask_files"


def test_an_answer_amid_a_draft_takes_the_numbers_and_other_words_go_to_the_draft():
    citizen = Citizen(ticket(1, Status.ANSWERED), consented=True)
    citizen.state = answered_by_desk(told(Citizen(consented=True)).state, 1)
    citizen.types("Rãnh thoát nước cũng bị tắc nữa")
    assert citizen.keys == ["resume"]
    assert not citizen.of(AddToTicket)
    citizen.state = answered_by_desk(told(Citizen(consented=True)).state, 1)
    citizen.types("1")
    assert citizen.of(ConfirmFixed) == [ConfirmFixed(1, Fixed.DONE)]


def test_two_questions_at_once_are_told_apart():
    two = [ticket(n, Status.AWAITING_CITIZEN, question="Cột số mấy?") for n in (2, 1)]
    citizen = Citizen(*two, consented=True)
    citizen.state = asked_by_desk(asked_by_desk(citizen.state, 1), 2)
    citizen.types("Cột số mười hai ở đầu ngõ")
    assert citizen.keys == ["which_ticket"]
    citizen.types("2")
    assert citizen.of(AnswerQuestion) == [AnswerQuestion(1, "Cột số mười hai ở đầu ngõ")]


def test_a_question_is_answered_also_at_rest():
    waiting = Citizen(ticket(1, Status.AWAITING_CITIZEN, question="Cột số mấy?"), ticket(2), consented=True)
    waiting.types("Cột số mười hai ở đầu ngõ")
    assert waiting.of(AnswerQuestion) == [AnswerQuestion(1, "Cột số mười hai ở đầu ngõ")]


def test_withdrawing_asks_once():
    citizen = Citizen(ticket(1), consented=True)
    citizen.types("rút")
    assert citizen.keys == ["ask_withdraw"]
    citizen.types("không")
    assert not citizen.of(WithdrawTicket)
    citizen.types("rut", "1")
    assert citizen.of(WithdrawTicket) == [WithdrawTicket(1)]


def test_fact_first_then_feeling():
    citizen = Citizen(ticket(1, Status.ANSWERED), consented=True)
    citizen.state = answered_by_desk(citizen.state, 1)
    citizen.types("1")
    assert citizen.of(ConfirmFixed) == [ConfirmFixed(1, Fixed.DONE)]
    citizen.types("Chấp nhận được")
    assert citizen.of(RateTicket) == [RateTicket(1, 2)]
    assert isinstance(citizen.state.step, Idle)


def test_not_done_asks_why_and_goes_to_review():
    citizen = Citizen(ticket(1, Status.ANSWERED), consented=True)
    citizen.state = answered_by_desk(citizen.state, 1)
    citizen.types("chưa xong", "đèn vẫn tắt từ 9 giờ tối")
    assert citizen.of(AskReview) == [AskReview(1, Fixed.NOT, "đèn vẫn tắt từ 9 giờ tối")]


def test_partly_done_may_be_good_enough():
    citizen = Citizen(ticket(1, Status.ANSWERED), consented=True)
    citizen.state = answered_by_desk(citizen.state, 1)
    citizen.types("một phần", "1")
    assert citizen.of(ConfirmFixed) == [ConfirmFixed(1, Fixed.PARTLY)]


def test_the_answers_buttons_work_while_a_draft_is_open():
    citizen = Citizen(ticket(1, Status.ANSWERED), consented=True)
    citizen.types("1", "Đèn đường trước nhà số 12 tắt", "xong")
    citizen.sends(ButtonPressed(f"{ticket_press_prefix('fixed', 1)}:done"))
    assert citizen.of(ConfirmFixed) == [ConfirmFixed(1, Fixed.DONE)]
    assert isinstance(citizen.state.step, AddingFiles)
    citizen.context = replace(citizen.context, tickets=(ticket(1, Status.CLOSED),))
    citizen.sends(ButtonPressed(f"{ticket_press_prefix('rating', 1)}:satisfied"))
    assert citizen.of(RateTicket) == [RateTicket(1, 1)]
    assert len(drafts_of(citizen.state)) == 1


def test_a_press_for_not_done_asks_why_and_comes_back_to_the_draft():
    citizen = Citizen(ticket(1, Status.ANSWERED), consented=True)
    citizen.types("1", "Đèn đường trước nhà số 12 tắt", "xong")
    citizen.sends(ButtonPressed(f"{ticket_press_prefix('fixed', 1)}:not"))
    citizen.types("đèn vẫn tắt")
    assert citizen.of(AskReview) == [AskReview(1, Fixed.NOT, "đèn vẫn tắt")]
    assert isinstance(citizen.state.step, AddingFiles)


def test_a_press_about_anothers_ticket_does_nothing():
    citizen = Citizen(ticket(1, Status.ANSWERED), consented=True)
    citizen.sends(ButtonPressed(f"{ticket_press_prefix('fixed', 77)}:done"))
    assert not citizen.of(ConfirmFixed)
    assert "old_button" in citizen.keys


def test_a_second_press_on_the_same_answer_does_nothing_new():
    citizen = Citizen(ticket(1, Status.CLOSED), consented=True)
    citizen.sends(ButtonPressed(f"{ticket_press_prefix('fixed', 1)}:done"))
    assert not citizen.of(ConfirmFixed)
    assert citizen.keys == ["already_answered"]


def test_a_denunciation_among_additions_is_sealed_not_added():
    citizen = Citizen(ticket(1), consented=True)
    citizen.types("thêm", "Trưởng thôn nhận hối lộ của chủ quán", "1")
    assert citizen.of(SealText) == [SealText("Trưởng thôn nhận hối lộ của chủ quán")]
    assert not citizen.of(AddToTicket)


def test_danger_in_an_addition_shows_the_numbers():
    citizen = Citizen(ticket(1), consented=True)
    citizen.types("thêm", "dây điện bị đứt rồi, sợ nổ")
    assert citizen.of(AddToTicket)
    assert "114" in citizen.answer


def test_an_answered_ticket_can_be_rated_from_the_list():
    citizen = Citizen(ticket(1, Status.ANSWERED), consented=True)
    citizen.types("hồ sơ", "1", "1")
    assert citizen.state.step == AskingFixed(1)
