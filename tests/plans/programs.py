"""Programs that stand for Tesseract and LibreOffice on the PATH: they answer as those do."""

import sys
from pathlib import Path

import pytest

_TSV = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"


def put_on_path(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str, code: str) -> None:
    """A program of that name, first on the PATH; its code is Python."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!{sys.executable}\n{code}", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def no_programs(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """A PATH with nothing on it."""
    monkeypatch.setenv("PATH", str(folder))


def tesseract(lines: list[str], sure: int) -> str:
    """The code of a Tesseract that sees these lines in every picture."""
    rows = [_TSV]
    for number, line in enumerate(lines, 1):
        left = 200
        for place, word in enumerate(line.split(), 1):
            width = 24 * len(word)
            rows.append(
                f"5\t1\t1\t1\t{number}\t{place}\t{left}\t{200 + 60 * number}\t{width}\t40\t{sure}\t{word}"
            )
            left += width + 16
    answer = "\n".join(rows)
    return (
        "import sys\n"
        "if '--list-langs' in sys.argv:\n    print('List of available languages:\\nvie')\n"
        f"else:\n    sys.stdin.buffer.read()\n    sys.stdout.buffer.write({answer!r}.encode())\n"
    )


def waiting_tesseract(go: Path, lines: list[str]) -> str:
    """The same, but it answers only when the file `go` is there."""
    listing, answer = tesseract(lines, sure=95).split("else:\n")
    wait = f"    while not os.path.exists({str(go)!r}): time.sleep(0.01)\n"
    return f"import os, time\n{listing}else:\n{wait}{answer}"


def libreoffice(made: Path) -> str:
    """The code of a LibreOffice that makes this file of whatever it is given."""
    return (
        "import pathlib, shutil, sys\n"
        "folder = pathlib.Path(sys.argv[sys.argv.index('--outdir') + 1])\n"
        "ending = sys.argv[sys.argv.index('--convert-to') + 1]\n"
        f"shutil.copy({str(made)!r}, folder / (pathlib.Path(sys.argv[-1]).stem + '.' + ending))\n"
    )
