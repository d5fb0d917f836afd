"""How an officer's dialogue moves from one question to the next."""

from dataclasses import replace
from datetime import timedelta

from core.conversation.officer_effects import OfficerContext, OfficerEffect, Result, Tell
from core.conversation.officer_states import Idle, State, Step
from core.say import Text, say
from core.text import fold

REPEATED_PRESS = timedelta(seconds=60)
"""Within it the same press again is the same press: the question is not put twice."""

_CANCEL = frozenset({"huy", "huy bo", "thoat", "thoi"})


def is_cancel(text: str) -> bool:
    """Whether the whole text says to leave the question."""
    return fold(text) in _CANCEL


def moved(state: State, step: Step, context: OfficerContext) -> State:
    """The state in which `step` is the present question."""
    return replace(state, step=step, asked=state.asked + 1, asked_at=context.now)


def ask(
    state: State, step: Step, text: Text, context: OfficerContext, *first: OfficerEffect
) -> tuple[State, Result]:
    """Put the question of `step`, after the effects `first`."""
    return moved(state, step, context), (*first, Tell(text, is_question=True))


def is_repeated(state: State, step: Step, context: OfficerContext) -> bool:
    """Whether this very question was put a moment ago."""
    return state.step == step and state.asked_at is not None and context.now - state.asked_at < REPEATED_PRESS


def open_question(state: State, step: Step, text: Text, context: OfficerContext) -> tuple[State, Result]:
    """Put a question that a press asked for; pressed five times it is put once."""
    return (state, ()) if is_repeated(state, step, context) else ask(state, step, text, context)


def done(state: State, *effects: OfficerEffect) -> tuple[State, Result]:
    """Nothing more is asked."""
    return replace(state, step=Idle()), effects


def not_understood(state: State) -> tuple[State, Result]:
    """The question stays; the choices are said again by the caller's hint."""
    return state, (Tell(say("officer_choose")),)
