"""Scores on the shared real plans and expressions; skipped where they are not at hand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from plans import answer_line, as_json, extract, read_file

GOLD = Path(__file__).parents[3] / "shared" / "gold"
SEEDS = GOLD.parent / "seeds"
pytestmark = pytest.mark.skipif(not GOLD.exists(), reason="../shared is not beside the project")


def scored(gold: Path, texts: Path, folder: Path) -> dict[str, float]:
    for path in sorted(texts.glob("*.txt")):
        answer = as_json(extract(read_file(path)))
        (folder / f"{path.stem}.json").write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
    command = [
        sys.executable,
        str(GOLD / "score.py"),
        str(gold),
        str(folder),
        "--json",
        "--text-dir",
        str(texts),
    ]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {name: figures["f1"] for name, figures in json.loads(answer)["micro"].items()}


def test_the_seeds_are_read(tmp_path: Path) -> None:
    scores = scored(GOLD / "seeds", SEEDS, tmp_path)
    assert scores["detection"] >= 0.96
    assert scores["due"] >= 0.98
    assert scores["recurrence"] >= 0.97
    assert scores["lead"] >= 0.95


def test_other_real_plans_are_read(tmp_path: Path) -> None:
    scores = scored(GOLD / "plans", GOLD / "plans", tmp_path)
    assert scores["detection"] >= 0.96
    assert scores["due"] >= 0.97
    assert scores["recurrence"] >= 0.95
    assert scores["lead"] >= 0.94


def test_time_expressions_are_read(tmp_path: Path) -> None:
    gold = GOLD / "expressions.jsonl"
    answers = [answer_line(line) for line in gold.read_text(encoding="utf-8").splitlines() if line.strip()]
    (tmp_path / "answers.jsonl").write_text("\n".join(answers), encoding="utf-8")
    command = [
        sys.executable,
        str(GOLD / "score_lines.py"),
        "dates",
        str(gold),
        str(tmp_path / "answers.jsonl"),
    ]
    score = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert score["exact"] >= 0.99
    assert score["invented"] == 0
