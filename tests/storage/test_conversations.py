"""Where a dialogue stands comes back as it was stored."""

from datetime import timedelta

from core.channel import Address, Channel
from core.say import Choice
from storage import conversations
from storage.transaction import Transaction
from tests.conftest import NOW

HOME = Address(Channel.TELEGRAM, "1")


def test_dialogue_is_made_at_first_contact_and_found_again(tx: Transaction) -> None:
    new = conversations.load(tx, HOME, "1", NOW)
    assert (new.state, new.offered, new.version) == ({}, (), 0)
    offered = (Choice("yes", "Có"), Choice("no"))
    conversations.save(tx, new, NOW, state={"step": "story"}, offered=offered, wake_at=None)
    again = conversations.load(tx, HOME, "1", NOW)
    assert (again.id, again.state, again.offered, again.version) == (new.id, {"step": "story"}, offered, 1)


def test_two_people_in_one_chat_have_two_dialogues(tx: Transaction) -> None:
    first = conversations.load(tx, HOME, "1", NOW)
    assert conversations.load(tx, HOME, "2", NOW).id != first.id


def test_dialogues_are_woken_at_their_moment_the_earliest_first(tx: Transaction) -> None:
    for sender, minutes in (("1", 20), ("2", 10), ("3", 40)):
        dialogue = conversations.load(tx, HOME, sender, NOW)
        wake_at = NOW + timedelta(minutes=minutes)
        conversations.save(tx, dialogue, NOW, state={}, offered=(), wake_at=wake_at)
    woken = conversations.to_wake(tx, NOW + timedelta(minutes=30), 10)
    assert [dialogue.sender for dialogue in woken] == ["2", "1"]


def test_account_keeps_which_wording_was_agreed_to(tx: Transaction) -> None:
    assert conversations.consent_version(tx, HOME, "1", NOW) == ""
    conversations.change_account(tx, HOME, consent_version="2026-01", consent_answer="yes", consent_at=NOW)
    assert conversations.consent_version(tx, HOME, "1", NOW + timedelta(days=1)) == "2026-01"
