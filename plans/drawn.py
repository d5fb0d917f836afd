"""The drawn lines of a table in a picture: found, and taken away so that the words can be recognised."""

import re
from collections.abc import Iterator

from PIL import Image, ImageDraw

from plans.pdf import Rule

_DARK = 128
_SHORTEST, _THICKEST = 60, 9
"""In pixels: no letter has a stroke so long; a bar so thick is no line."""
_RUN = re.compile(rb"\x00{%d,}" % _SHORTEST)


def lines_taken_away(picture: Image.Image) -> tuple[Image.Image, list[Rule], list[Rule]]:
    """The picture in grey without its lying and standing lines, and these, in pixels from the top left."""
    grey = picture.convert("L")
    sharp = grey.point(lambda light: 255 if light > _DARK else 0)
    lying = list(_thin(_runs(sharp)))
    standing = list(_thin(_runs(sharp.transpose(Image.Transpose.TRANSPOSE))))
    if not standing:
        return grey, [], []
    pen = ImageDraw.Draw(grey)
    for rule in lying:
        pen.rectangle((rule.start, rule.at - 1, rule.end, rule.at + 1), fill=255)
    for rule in standing:
        pen.rectangle((rule.at - 1, rule.start, rule.at + 1, rule.end), fill=255)
    return grey, lying, standing


def _runs(sharp: Image.Image) -> Iterator[Rule]:
    """The long dark runs of each row of pixels."""
    data, width = sharp.tobytes(), sharp.width
    for at in range(sharp.height):
        for run in _RUN.finditer(data, at * width, (at + 1) * width):
            yield Rule(float(at), float(run.start() - at * width), float(run.end() - at * width))


def _thin(runs: Iterator[Rule]) -> Iterator[Rule]:
    """The runs that have few others right above and below them: a line, not a dark patch."""
    rows: dict[int, list[Rule]] = {}
    for run in runs:
        rows.setdefault(int(run.at), []).append(run)
    for at, here in rows.items():
        for run in here:
            above = _height(rows, run, at, -1)
            if above + _height(rows, run, at, 1) < _THICKEST:
                yield run


def _height(rows: dict[int, list[Rule]], run: Rule, at: int, step: int) -> int:
    """How many rows in that direction are dark in the middle of the run, up to the most a line may have."""
    middle = (run.start + run.end) / 2
    height = 0
    while height < _THICKEST and any(
        other.start <= middle < other.end for other in rows.get(at + step * (height + 1), ())
    ):
        height += 1
    return height
