"""The catalogue and the code know the same messages, words and blanks."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from channels.zalo_oa_errors import CODES as ZALO_OA_REFUSALS
from core.channel import Channel, SendKind
from core.conversation.draft import Identity
from core.delivery import RowState
from core.obligations import ObligationKind, ObligationStatus
from core.people import Role
from core.tickets import NEEDS_DATE, STAGES, Outcome, Status
from tests.conftest import ROOT
from tests.shape.sources import Module, called, literal, modules
from texts import Catalogue

_SAYING = ("say", "Text", "RuleError")
_NOT_BLANKS = {"choices", "retry_after"}

BUILT = (
    "alert_",
    "officer_write_",
    "no_ticket_to_",
    "pick_to_",
    "ask_review_reason_",
    "notice_extension_",
    "invite_welcome_",
    "officer_help_",
    "opening_",
    "line_",
    "schema_",
)
"""Fronts of message keys that the code completes with a code; a new one is named here."""

BUILT_LABELS = (
    "author.",
    "channel.",
    "choice.",
    "demo.",
    "example.",
    "failure.",
    "fixed.",
    "identity.",
    "kind.",
    "level.",
    "look.",
    "look_about.",
    "mark.",
    "obligation_kind.",
    "obligation_status.",
    "opening.",
    "outcome.",
    "rating.",
    "plan_doubt.",
    "purpose.",
    "question.",
    "refused.",
    "review.field_",
    "role.",
    "sending.",
    "sent.",
    "side.",
    "standing.",
    "status.",
    "template.",
    "web.script.",
    "weekday.",
    "who_sees.",
)
"""Fronts of label keys that the code completes with a code."""


@cache
def _strings() -> frozenset[str]:
    """Every plain string in the code and every quoted one in a template."""
    said = {
        node.value
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    for path in ROOT.glob("web/templates/*.html"):
        said |= set(re.findall(r"""["']([\w.]+)["']""", path.read_text(encoding="utf-8")))
    return frozenset(said)


@cache
def _fronts() -> frozenset[str]:
    """What stands before the first blank of every f-string, and every plain string."""
    fronts = {
        front
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.JoinedStr) and node.values
        for front in [literal(node.values[0])]
        if front
    }
    return frozenset(fronts) | _strings()


def _said() -> Iterator[tuple[Module, ast.Call, str]]:
    """Calls that name a message literally: what is said, and what a rule forbids."""
    for module in modules():
        for call in module.calls(*_SAYING):
            key = literal(call.args[0]) if call.args else None
            if key is not None:
                yield module, call, key
        for call in module.calls("Refusal"):
            key = literal(call.args[1]) if len(call.args) > 1 else None
            if key:
                yield module, call, key


def test_every_message_the_code_names_is_in_the_catalogue(catalogue: Catalogue) -> None:
    assert {
        f"{module.at(call)} {key}" for module, call, key in _said() if key not in catalogue.entries
    } == set()


def test_every_word_the_code_names_is_in_the_catalogue(catalogue: Catalogue) -> None:
    missing = set()
    for module in modules():
        for call in module.calls("Label", "word", "label"):
            key = literal(call.args[0]) if len(call.args) == 1 else None
            if key is not None and key not in catalogue.labels:
                missing.add(f"{module.at(call)} {key}")
    assert missing == set()


def test_every_blank_of_a_message_is_filled_and_nothing_else_is_given(catalogue: Catalogue) -> None:
    wrong = set()
    for module, call, key in _said():
        entry = catalogue.entries.get(key)
        if entry is None or called(call) == "Text":
            continue
        given = {keyword.arg for keyword in call.keywords if keyword.arg} - _NOT_BLANKS
        is_whole = all(keyword.arg for keyword in call.keywords)
        missing = entry.blanks - given if is_whole else set()
        if missing or given - entry.blanks:
            wrong.add(
                f"{module.at(call)} {key}: missing {sorted(missing)}, unused {sorted(given - entry.blanks)}"
            )
    assert wrong == set()


def test_every_message_of_the_catalogue_is_said_somewhere(catalogue: Catalogue) -> None:
    idle = {key for key in catalogue.entries if key not in _strings() and not key.startswith(BUILT)}
    assert idle == set()


def test_every_word_of_the_catalogue_is_used_somewhere(catalogue: Catalogue) -> None:
    idle = {key for key in catalogue.labels if key not in _strings() and not key.startswith(BUILT_LABELS)}
    assert idle == set()


def test_every_front_that_is_completed_stands_in_the_code() -> None:
    written = _fronts()
    assert [front for front in (*BUILT, *BUILT_LABELS) if front not in written] == []


def test_every_word_of_the_scripts_is_used_by_one(catalogue: Catalogue) -> None:
    scripts = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("web/static/*.js"))
    used = set(re.findall(r"\bwords\.([a-z_]+)\b", scripts)) - {"length", "slice"}
    given = {key.removeprefix("web.script.") for key in catalogue.labels if key.startswith("web.script.")}
    quoted = set(re.findall(r"""["'`]([a-z_]+)["'`]""", scripts))
    assert given - used - quoted == set()


@pytest.mark.parametrize(
    ("front", "codes"),
    [
        ("status.", Status),
        ("outcome.", Outcome),
        ("role.", Role),
        ("channel.", Channel),
        ("identity.", Identity),
        ("who_sees.", Identity),
        ("obligation_kind.", ObligationKind),
        ("obligation_status.", ObligationStatus),
        ("sent.", RowState),
        ("sending.", SendKind),
    ],
)
def test_every_code_of_the_rules_has_its_word(catalogue: Catalogue, front: str, codes: type[Status]) -> None:
    assert [code.value for code in codes if f"{front}{code}" not in catalogue.labels] == []


def test_every_stage_a_citizen_sees_has_its_word(catalogue: Catalogue) -> None:
    assert [stage for stage in STAGES.values() if stage not in catalogue.labels] == []


def test_every_outcome_opens_its_answer(catalogue: Catalogue) -> None:
    assert [outcome for outcome in Outcome if f"opening.{outcome}" not in catalogue.labels] == []
    assert [outcome for outcome in NEEDS_DATE if f"opening_{outcome}_by" not in catalogue.entries] == []


def test_every_choice_the_code_offers_has_its_label(catalogue: Catalogue) -> None:
    static = {choice.code for entry in catalogue.entries.values() for choice in entry.choices}
    missing = set()
    for module in modules():
        for call in module.calls("Choice"):
            code = literal(call.args[0]) if len(call.args) == 1 and not call.keywords else None
            if code is not None and code not in static and f"choice.{code}" not in catalogue.labels:
                missing.add(f"{module.at(call)} {code}")
    assert missing == set()


def test_choices_fit_into_a_button(catalogue: Catalogue) -> None:
    """A payload has 64 bytes with Telegram, of which the ticket, the step and the version take most."""
    long = {
        f"{key}: {choice.code}"
        for key, entry in catalogue.entries.items()
        for choice in entry.choices
        if len(choice.code.encode()) > 20
    }
    assert long == set()


def test_every_way_a_sending_over_an_official_account_fails_has_its_words(catalogue: Catalogue) -> None:
    """The desk reads why a message did not arrive; a code without words would say only that it did not."""
    codes = {
        code
        for module in modules()
        if module.path.name.startswith("zalo_oa")
        for call in module.calls("PermanentSendError", "TemporarySendError", "UnknownOutcome", "RefusedCall")
        if call.args and (code := literal(call.args[0]))
    } | set(ZALO_OA_REFUSALS.values())
    assert {code for code in codes if f"failure.{code}" not in catalogue.labels} == set()


def test_every_message_to_a_citizen_has_its_name(catalogue: Catalogue) -> None:
    """The desk reads which message did not arrive."""
    told = {
        purpose
        for module in modules()
        for call in module.calls("tell")
        for keyword in call.keywords
        if keyword.arg == "purpose" and (purpose := literal(keyword.value))
    }
    assert {purpose for purpose in told if f"purpose.{purpose}" not in catalogue.labels} == set()
