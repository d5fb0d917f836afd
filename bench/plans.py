"""How long a plan of twenty pages takes in each format, its memory, and whether every pattern is linear."""

import importlib
import os
import pkgutil
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import plans
from bench.fuzzing import LENGTH, growth
from bench.papers import TASK, long_pdf, long_plan, long_word, long_workbook

PAGES, ROWS = 20, 400
_TRIES = 2
_HOSTILE = (
    f"{TASK} ",
    "1. a\n", "I. a\n1. b\n1.1 c\na) d\n- e\n", "| ", "|\n", "15/3/2027 ", "khi có yêu cầu ", "(",
    "| STT | Nội dung | Đơn vị chủ trì | Thời gian |\n", "- Đơn vị chủ trì:\n", "Quý I/2027 và quý II/2027, ",
)  # fmt: skip
"""Pieces that a text can be made of to give the reader much work."""


async def measure() -> dict[str, Any]:
    """Milliseconds from a file to its obligations, the peak memory, and the growth from n to 4n."""
    files = {
        "plan.txt": "\n".join(long_plan(PAGES)).encode(),
        "plan.docx": long_word(PAGES),
        "plan.pdf": long_pdf(PAGES),
        "plan.xlsx": long_workbook(ROWS),
    }
    patterns = dict(_patterns())
    ratios = {name: growth(pattern) for name, pattern in patterns.items()}
    slowest = max(ratios, key=lambda name: ratios[name][1])
    steepest = max(ratios, key=lambda name: ratios[name][0])
    ours: dict[str, Any] = {
        "pages": PAGES,
        "rows": ROWS,
        "milliseconds": {name: _milliseconds(name, data, time.perf_counter) for name, data in files.items()},
        "computing_milliseconds": {
            name: _milliseconds(name, data, _computed) for name, data in files.items()
        },
        "peak_mib": _peak_mib(files),
        "patterns": len(patterns),
        "n": LENGTH,
        "worst_pattern_ratio": round(ratios[steepest][0], 2),
        "worst_pattern": steepest,
        "slowest_pattern_ms_at_4n": round(ratios[slowest][1] * 1000, 2),
        "slowest_pattern": slowest,
        "not_linear": sorted(name for name, (ratio, _) in ratios.items() if ratio > 6),
        "worst_text_ratio": round(max(map(_text_growth, _HOSTILE)), 2),
    }
    return {"ours": ours, "peers": {}, "ratios": {}}


def _milliseconds(name: str, data: bytes, clock: Callable[[], float]) -> float:
    return round(_least(lambda: plans.extract(plans.open_bytes(name, data)), clock) * 1000, 1)


def _computed() -> float:
    """Seconds computed so far, with those of the children: other programs of the machine hardly touch it."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _text_growth(piece: str) -> float:
    """How many times longer the whole reading takes for four times the text."""
    short, long = (piece * (length // len(piece)) for length in (2 * LENGTH, 8 * LENGTH))
    return _least(lambda: plans.extract(long), time.thread_time) / _least(
        lambda: plans.extract(short), time.thread_time
    )


def _least(work: Callable[[], object], clock: Callable[[], float]) -> float:
    best = float("inf")
    for _ in range(_TRIES):
        begun = clock()
        work()
        best = min(best, clock() - begun)
    return best


def _peak_mib(files: dict[str, bytes]) -> float:
    """The most memory that any process had of those that read the files from the command line."""
    with tempfile.TemporaryDirectory(prefix="danvan-plans-") as folder:
        for name, data in files.items():
            path = Path(folder, name)
            path.write_bytes(data)
            command = [sys.executable, "-m", "bot", "plan", "extract", str(path), "--json"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    return round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 1)


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern of the package by the name it has, numbered where a name holds several."""
    seen: set[str] = set()
    for module in pkgutil.iter_modules(plans.__path__):
        for name, value in vars(importlib.import_module(f"plans.{module.name}")).items():
            for number, pattern in enumerate(_held(value)):
                if pattern.pattern not in seen:
                    seen.add(pattern.pattern)
                    yield f"{module.name}.{name}.{number}", pattern


def _held(value: Any) -> Iterator[re.Pattern[str]]:
    """The patterns in a value: itself, or those of a collection or a rule."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif isinstance(value, tuple | list | frozenset):
        for each in value:
            yield from _held(each)
    elif isinstance(value, dict):
        yield from _held(tuple(value.values()))
    elif is_dataclass(value) and not isinstance(value, type):
        yield from _held(tuple(getattr(value, each.name) for each in fields(value)))
