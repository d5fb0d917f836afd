"""What the documents say of the code is so: tables, codes, commands, links."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import typer.main

from bot.cli import app
from core.obligations import OBLIGATION_TRANSITIONS
from core.tickets import TRANSITIONS
from handlers.invariants import CHECKS
from tests.conftest import ROOT
from tests.shape.sources import document, rows, section

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("changes/*.md")])
WORDS = [
    *sorted(ROOT.glob("texts/vi/*.toml")),
    ROOT / ".env.example",
    *sorted(ROOT.glob("samples/*.toml")),
]
_COMMAND = re.compile(
    r"(?:(?<=bin/)|(?<![\w/=-])(?<!-u ))danvan ([a-z][a-z-]*(?![\w-])(?: [a-z][a-z-]*(?![\w-]))?)"
)
_MENTIONED = re.compile(
    r"`([^`\n]*danvan [a-z][^`\n]*)`|^((?:sudo |\.venv/bin/|\$ )[^\n]*danvan [a-z][^\n]*)$", re.MULTILINE
)
_LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]+))?\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FILE = re.compile(r"`([\w.]+(?:/[\w.]+)+\.(?:py|toml|md|html|js))`")
_MAKE = re.compile(r"`make ([a-z]+)")


def _codes(values: Iterable[str]) -> str:
    return ", ".join(sorted(values))


def test_the_table_of_ticket_transitions_is_the_one_in_the_code() -> None:
    written = [row[:6] for row in rows(section(document("tickets.md"), "Bảng chuyển trạng thái"))]
    built = [
        [
            row.code,
            row.act,
            _codes(row.sources),
            row.target or "(trở lại)",
            _codes(row.actors),
            row.told or "–",
        ]
        for row in TRANSITIONS
    ]
    assert written == built


def test_the_table_of_duties_is_the_one_in_the_code() -> None:
    written = [row[:4] for row in rows(section(document("obligations.md"), "Bảng chuyển trạng thái"))]
    built = [
        [row.act, _codes(row.sources), row.target or "(giữ nguyên)", _codes(row.parties)]
        for row in OBLIGATION_TRANSITIONS
    ]
    assert written == built


def test_the_documented_invariants_are_those_that_are_checked() -> None:
    written = [row[0] for row in rows(section(document("invariants.md"), "Walked by `danvan check`"))]
    assert sorted(written) == sorted(each.__name__.upper() for each in CHECKS)


def test_every_invariant_left_to_tests_is_named_by_one() -> None:
    here = Path(__file__).parent
    said = "".join(
        path.read_text(encoding="utf-8")
        for path in ROOT.glob("tests/**/*.py")
        if not path.is_relative_to(here)
    )
    written = [row[0] for row in rows(section(document("invariants.md"), "Held by tests"))]
    assert written == ["I09", "I10", "I14", "I15"]
    assert [code for code in written if code not in said] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for path, anchor in _LINK.findall(page.read_text(encoding="utf-8")):
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(f"{path}#{anchor}")
    assert broken == []


def _anchors(page: Path) -> set[str]:
    """What the headings of a page are called in links."""
    headings = _HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_files_the_documents_name_exist() -> None:
    wanted = {path for page in PAGES for path in _FILE.findall(page.read_text(encoding="utf-8"))}
    assert {path for path in wanted if not (ROOT / path).exists()} == set()


def test_documented_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    wanted = {target for page in PAGES for target in _MAKE.findall(page.read_text(encoding="utf-8"))}
    assert {target for target in wanted if f"\n{target}:" not in makefile} == set()


def test_every_command_a_document_or_a_message_names_exists() -> None:
    commands = typer.main.get_command(app)
    mentioned = {
        mention
        for page in PAGES
        for found in _MENTIONED.findall(page.read_text(encoding="utf-8"))
        for mention in found
    }
    mentioned |= {
        line
        for path in WORDS
        for line in path.read_text(encoding="utf-8").splitlines()
        if "danvan " in line and not re.match(r"\W*help\.danvan|\W*danvan:", line)
    }
    unknown = {
        words for text in mentioned for words in _COMMAND.findall(text) if not _exists(commands, words)
    }
    assert unknown == set()


def _exists(commands: Any, words: str) -> bool:
    first, _, second = words.partition(" ")
    found = commands.commands.get(first)
    subcommands = getattr(found, "commands", None)
    return found is not None and (not second or subcommands is None or second in subcommands)
