"""Scans and photos: pages that are pictures are recognised, with how sure every word is."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from statistics import median

from PIL import Image, ImageOps

from plans import tesseract
from plans.drawn import lines_taken_away
from plans.layout import pieces
from plans.pdf import Page, Rule, Word, is_picture, opened, page_of
from plans.pieces import Piece, UnreadablePlan

_MOST_PAGES = 20
"""So many pages are recognised in the time a person may wait."""
_DOTS_PER_INCH, _POINTS_PER_INCH = 200, 72
_SLANT = 8.0
"""Points by which a drawn line may stray on a sheet that lay askew."""
_MOST_PIXELS, _LONGEST_SIDE = 40_000_000, 2400


def read_pdf(data: bytes) -> tuple[Iterable[Piece], list[int]]:
    """The words of a PDF of which some pages are pictures. Raises UnreadablePlan."""
    document = opened(data)
    pages: list[Page] = []
    recognised = 0
    for number in range(1, len(document) + 1):
        page = document[number - 1]
        read = page_of(page, number)
        if is_picture(page, read):
            recognised += 1
            if recognised > _MOST_PAGES:
                raise UnreadablePlan("plan_file_scan_too_long", pages=_MOST_PAGES)
            scale = _DOTS_PER_INCH / _POINTS_PER_INCH
            read = _page(page.render(scale=scale, grayscale=True).to_pil(), number)
        pages.append(read)
        page.close()
    return list(pieces(pages)), []


def read_picture(data: bytes) -> tuple[Iterable[Piece], list[int]]:
    """The words of a photo. Raises UnreadablePlan."""
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    try:
        with Image.open(BytesIO(data)) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise UnreadablePlan("plan_file_picture_too_big")
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
            return list(pieces([_page(upright, 1)])), []
    except (OSError, SyntaxError, Image.DecompressionBombError):
        raise UnreadablePlan("plan_file_broken") from None


def _page(picture: Image.Image, number: int) -> Page:
    scale = _POINTS_PER_INCH / _DOTS_PER_INCH
    clean, lying, standing = lines_taken_away(picture)
    return Page(
        number,
        picture.width * scale,
        picture.height * scale,
        tuple(_words(tesseract.words(clean), scale)),
        tuple(Rule(*(figure * scale for figure in rule)) for rule in lying),
        tuple(Rule(*(figure * scale for figure in rule)) for rule in standing),
        _SLANT,
    )


def _words(found: list[tesseract.Word], scale: float) -> Iterator[Word]:
    """The words with the height of their line: a recognised box only fits its own letters."""
    lines: dict[tuple[str, ...], list[tesseract.Word]] = {}
    for word in found:
        lines.setdefault(word.line, []).append(word)
    for line in lines.values():
        top, bottom = median(word.top for word in line) * scale, median(word.bottom for word in line) * scale
        for word in line:
            yield Word(word.text, word.left * scale, top, word.right * scale, bottom, bottom - top, word.sure)
