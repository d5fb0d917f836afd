"""Accounts whose tokens are lost, or perhaps lost: the administrators hear of it, once for each loss."""

from datetime import datetime, timedelta

from core.people import Role
from core.say import Label, Text, say
from handlers import notices, people
from handlers.service import Service
from storage import channel_tokens
from storage.channel_tokens import TokenState
from storage.transaction import Transaction

DOUBTFUL_AFTER = timedelta(minutes=1)
"""A refresh takes seconds. One that has not ended by then has most likely lost its answer."""


def watch(service: Service, tx: Transaction, now: datetime) -> None:  # noqa: ARG001 - the shape of a tick
    """A tick: what waits to be sent over such an account goes on waiting until somebody acts."""
    for state in channel_tokens.states(tx):
        if state.lost_at is not None:
            _tell(tx, state, say("notice_tokens_lost", channel=_name(state)), f"lost:{state.lost_at}", now)
        elif state.rotating_since is not None and state.rotating_since <= now - DOUBTFUL_AFTER:
            text = say("notice_tokens_doubtful", channel=_name(state), at=state.rotating_since)
            _tell(tx, state, text, f"doubtful:{state.rotating_since}", now)


def _name(state: TokenState) -> Label:
    return Label(f"channel.{state.channel}")


def _tell(tx: Transaction, state: TokenState, text: Text, what: str, now: datetime) -> None:
    for administrator in people.officers_with_role(tx, Role.ADMIN):
        key = f"tokens:{state.id}:{what}"
        notices.to_officer(tx, administrator, text, now, key=key, not_over=state.channel)
