"""Scores on the shared labelled messages; skipped where they are not at hand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.understanding import understand

GOLD = Path(__file__).parents[3] / "shared" / "gold"


@pytest.mark.skipif(not GOLD.exists(), reason="../shared is not beside the project")
def test_labelled_messages_are_told_apart(tmp_path: Path) -> None:
    lines = (GOLD / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    answers = tmp_path / "answers.jsonl"
    answers.write_text("\n".join(_answer(json.loads(line)["text"]) for line in lines if line.strip()))
    command = [sys.executable, GOLD / "score_lines.py", "messages", GOLD / "messages.jsonl", answers]
    score = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert score["sensitive_recall"] >= 0.85
    assert score["false_alarms"] <= 0.12
    assert score["field_top1"] >= 0.72
    assert score["field_top3"] >= 0.88


def _answer(text: str) -> str:
    found = understand(text)
    warnings = [{"kind": caution.kind, "why": caution.words} for caution in found.warnings]
    answer = {"kind": found.kind, "field": found.field, "fields": found.fields, "warnings": warnings}
    return json.dumps(answer)
