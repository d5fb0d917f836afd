"""The project's own files as the shape tests read them: syntax trees, tables of documents, templates."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

DOCS = ROOT / "docs"
_IDENTIFIER = re.compile(r"`([A-Za-z_]+)`")


def project() -> dict[str, Any]:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def packages() -> list[str]:
    """The folders at the root that are packages of the service, tests excepted."""
    return sorted(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests")


@dataclass(frozen=True)
class Module:
    """One source file and what it says."""

    path: Path
    tree: ast.Module

    def at(self, node: ast.expr) -> str:
        """Where a node stands, as an editor takes it."""
        return f"{self.path.relative_to(ROOT)}:{node.lineno}"

    def calls(self, *names: str) -> Iterator[ast.Call]:
        """Calls of a function of one of these names, whatever it was reached through."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and called(node) in names:
                yield node


@cache
def modules() -> tuple[Module, ...]:
    """Every module of every package; steps of the schema excepted, which say nothing to anybody."""
    paths = [path for name in packages() for path in sorted((ROOT / name).rglob("*.py"))]
    return tuple(
        Module(path, ast.parse(path.read_text(encoding="utf-8")))
        for path in paths
        if "versions" not in path.parts
    )


def called(call: ast.Call) -> str:
    """The last name of what is called: `say` for both `say(…)` and `core.say.say(…)`."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def literal(node: ast.expr | None) -> str | None:
    """The text of a plain string in the code, None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def public_classes(package: str) -> dict[str, str]:
    """The public classes of a package, each with the file that defines it."""
    return {
        node.name: str(module.path.relative_to(ROOT))
        for module in modules()
        if module.path.is_relative_to(ROOT / package)
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    }


def document(name: str) -> str:
    """A page of docs/."""
    return (DOCS / name).read_text(encoding="utf-8")


def named(text: str) -> set[str]:
    """Identifiers set as code in a page."""
    return set(_IDENTIFIER.findall(text))


def section(text: str, title: str) -> str:
    """The part of a page under the heading that begins with `title`, up to the next one of its rank."""
    head = re.search(rf"^(#+) {re.escape(title)}.*$", text, re.MULTILINE)
    assert head is not None, f"no heading «{title}»"
    rest = text[head.end() :]
    end = re.search(rf"^#{{1,{len(head[1])}}} ", rest, re.MULTILINE)
    return rest if end is None else rest[: end.start()]


def rows(text: str) -> list[list[str]]:
    """The cells of the tables in a part of a page, heads excepted, without the marks of code."""
    found: list[list[str]] = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        is_rule = re.fullmatch(r"\|[\s:|-]+\|", line) is not None
        is_head = number + 1 < len(lines) and re.fullmatch(r"\|[\s:|-]+\|", lines[number + 1]) is not None
        if line.startswith("|") and not is_rule and not is_head:
            found.append([cell.strip().replace("`", "") for cell in line.strip().strip("|").split("|")])
    return found
