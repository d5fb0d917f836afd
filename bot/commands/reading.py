"""Reads what a person names on the command line."""

from pathlib import Path

from core.errors import RuleError


def read_text(path: Path) -> str:
    """The text of a UTF-8 file. Raises RuleError("file_unreadable")."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError("file_unreadable", path=str(path)) from error
