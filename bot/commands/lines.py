"""dates and classify: one line of JSON in, one line of JSON out, an unreadable one too. No database."""

import json
import sys
from collections.abc import Callable
from typing import Any

import typer

from bot.words import catalogue


def _answer_lines(answer: Callable[[str], str]) -> None:
    for line in sys.stdin.buffer:
        typer.echo(answer(line.decode("utf-8", "replace")))


def dates() -> None:
    from plans import answer_line

    _answer_lines(answer_line)


def classify() -> None:
    _answer_lines(lambda line: json.dumps(_classified(line), ensure_ascii=False))


def _classified(line: str) -> dict[str, Any]:
    """The answer to one line; {"error": code} for a line that is no such question."""
    from core.say import say
    from core.understanding import understand

    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        return {"error": "line_is_not_json"}
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        return {"error": "line_has_no_text"}
    found = understand(asked["text"])
    return {
        "kind": found.kind,
        "field": found.field,
        "fields": list(found.fields),
        "warnings": [
            {
                "kind": warning.kind,
                "why": catalogue().words(say("classify_why", words="», «".join(warning.words))),
            }
            for warning in found.warnings
        ],
        "words": list(found.words),
    }
