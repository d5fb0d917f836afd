"""Tokens that are renewed by use: sealed at rest, with notes on what became of them."""

from datetime import timedelta

from sqlalchemy import select

from core.channel import Channel
from storage import channel_tokens
from storage.channel_tokens import Pair
from storage.keys import Keys
from storage.tables import ChannelTokenRow
from storage.transaction import Transaction, table
from tests.conftest import NOW

OA = (Channel.ZALO_OA, "2990011223344556677")
FIRST = Pair("canary-access-1", "canary-refresh-1", NOW + timedelta(hours=25))
SECOND = Pair("canary-access-2", "canary-refresh-2", NOW + timedelta(hours=45))


def test_the_pair_saved_last_is_found_and_no_token_lies_in_clear(tx: Transaction, keys: Keys) -> None:
    assert channel_tokens.find(tx, keys, *OA) is None
    channel_tokens.save(tx, keys, *OA, FIRST, NOW)
    channel_tokens.save(tx, keys, *OA, SECOND, NOW + timedelta(hours=20))
    assert channel_tokens.find(tx, keys, *OA) == SECOND
    [row] = tx.connection.execute(select(table(ChannelTokenRow))).all()
    assert "canary" not in str(tuple(row))
    assert keys.open("channel_token", row.previous) == "canary-refresh-1"


def test_accounts_do_not_share_their_tokens(tx: Transaction, keys: Keys) -> None:
    channel_tokens.save(tx, keys, *OA, FIRST, NOW)
    channel_tokens.save(tx, keys, Channel.ZALO_OA, "2", SECOND, NOW)
    assert channel_tokens.find(tx, keys, *OA) == FIRST


def test_notes_keep_their_first_moment_and_go_with_the_next_pair(tx: Transaction, keys: Keys) -> None:
    later = NOW + timedelta(minutes=5)
    channel_tokens.note(tx, *OA, NOW, rotating_since=NOW)
    channel_tokens.note(tx, *OA, later, rotating_since=later)
    channel_tokens.note(tx, *OA, later, lost_at=later)
    [state] = channel_tokens.states(tx)
    assert (state.rotating_since, state.lost_at, state.renewed_at) == (NOW, later, None)
    assert channel_tokens.find(tx, keys, *OA) is None, "a note is no pair"
    channel_tokens.save(tx, keys, *OA, FIRST, later)
    [state] = channel_tokens.states(tx)
    assert (state.rotating_since, state.lost_at, state.renewed_at) == (None, None, later)


def test_a_note_is_taken_back(tx: Transaction) -> None:
    channel_tokens.note(tx, *OA, NOW, rotating_since=NOW)
    channel_tokens.note(tx, *OA, NOW, rotating_since=None)
    assert channel_tokens.states(tx)[0].rotating_since is None
