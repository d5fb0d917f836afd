"""A .pdf with text: letters with their places on the page become words; `plans.layout` goes on with them."""

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from plans.pieces import Piece, UnreadablePlan

MOST_PAGES = 300
_PICTURE_PART, _LETTERS_OF_A_STAMP = 0.3, 300
"""A page with fewer letters is a picture when one covers so much of it: a scan may carry a signer's stamp."""
_GAP = 0.17
"""Letters further apart than this part of their size belong to two words."""
_RAISED = 0.75
"""The size of such a small number beside the letters before it."""
# What parts words or shows nothing: no-break spaces, marks of a broken word.
_SPACE, _BLANK = 0x20, frozenset((0xA0, 0xAD, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000, 0xFEFF, 0xFFFE, 0xFFFF))
_THIN, _SHORTEST = 2.5, 6.0
_PATHS_OF_A_PAGE = 20_000


class Word(NamedTuple):
    """A word: its box in points from the top left of the page, the size of its letters, how sure it is."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    sure: float = 1.0


class Rule(NamedTuple):
    """A drawn line, lying or standing: at `at`, from `start` to `end`."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a page, in points from its top left. Drawn lines nearer than `near` are one."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    lying: tuple[Rule, ...] = ()
    standing: tuple[Rule, ...] = ()
    near: float = 3.0


def read(data: bytes) -> tuple[Iterable[Piece], list[int]]:
    """The words of a PDF and the numbers of its pages that are pictures. Raises UnreadablePlan."""
    from plans.layout import pieces

    document = opened(data)
    pages: list[Page] = []
    pictures: list[int] = []
    for number in range(1, len(document) + 1):
        page = document[number - 1]
        read_page = page_of(page, number)
        pages.append(read_page)
        if is_picture(page, read_page):
            pictures.append(number)
        page.close()
    return pieces(pages), pictures


def opened(data: bytes) -> Any:
    """The document. Raises UnreadablePlan."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD
        raise UnreadablePlan("plan_file_encrypted" if is_locked else "plan_file_broken") from None
    if len(document) > MOST_PAGES:
        raise UnreadablePlan("plan_file_too_long")
    return document


def page_of(page: Any, number: int) -> Page:
    """The words and drawn lines of a page."""
    width, height = page.get_size()
    turned = _Turned(page.get_rotation(), width, height)
    lying, standing = _rules(page, turned)
    words = _without_calls(list(_words(page, turned)))
    return Page(number, width, height, tuple(words), tuple(lying), tuple(standing))


def _without_calls(words: list[Word]) -> list[Word]:
    """The words without the small raised numbers behind them that call a footnote."""
    return [
        word
        for before, word in zip([None, *words], words, strict=False)
        if not (before and _is_call(before, word))
    ]


def _is_call(before: Word, word: Word) -> bool:
    raised = word.size < _RAISED * before.size and before.top - word.size < word.bottom < before.bottom - 0.5
    return (
        raised and word.text.strip("[]()*,").isdigit() and abs(word.left - before.right) < 0.3 * before.size
    )


def is_picture(page: Any, read: Page) -> bool:
    """Whether a picture covers much of a page that has hardly more words than a stamp."""
    if sum(len(word.text) for word in read.words) > _LETTERS_OF_A_STAMP:
        return False
    width, height = page.get_size()
    for found in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = found.get_bounds()
        if (right - left) * (top - bottom) > _PICTURE_PART * width * height:
            return True
    return False


class _Turned(NamedTuple):
    """A page as it is shown: the file may hold it lying on its side."""

    rotation: int
    width: float
    height: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the file as shown, from the bottom left."""
        match self.rotation:
            case 90:
                return y, self.height - x
            case 180:
                return self.width - x, self.height - y
            case 270:
                return self.width - y, x
            case _:
                return x, y

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """A box of the file as shown."""
        if not self.rotation:
            return left, bottom, right, top
        (x1, y1), (x2, y2) = self.point(left, bottom), self.point(right, top)
        return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


class _Letter(NamedTuple):
    text: str
    left: float
    bottom: float
    right: float
    top: float


def _words(page: Any, turned: _Turned) -> Iterator[Word]:
    """The words in the order of the file."""
    text_page = page.get_textpage()
    start = 0
    codes = [pdfium.FPDFText_GetUnicode(text_page, number) for number in range(text_page.count_chars())]
    for number, code in enumerate([*codes, _SPACE]):
        if code > _SPACE and code not in _BLANK:
            continue
        if start < number:
            yield from _word_of(text_page, codes, start, number, turned)
        start = number + 1
    text_page.close()


def _word_of(text_page: Any, codes: Sequence[int], start: int, end: int, turned: _Turned) -> Iterator[Word]:
    """The letters between two spaces as one word, or as several where they do not stand together after all.

    Where the first and last letter tell of a plausible word, those between are not asked for their places.
    """
    first, last = _letter(text_page, codes, start, turned), _letter(text_page, codes, end - 1, turned)
    height = turned.height
    size, written = first.top - first.bottom, "".join(map(chr, codes[start:end]))
    if abs(first.bottom - last.bottom) < 0.1 * size and 0 <= last.right - first.left < (end - start) * size:
        top, bottom = max(first.top, last.top), min(first.bottom, last.bottom)
        yield Word(written, first.left, height - top, last.right, height - bottom, size)
        return
    word = [first]
    for number in range(start + 1, end):
        letter = _letter(text_page, codes, number, turned)
        if not _goes_on(word[-1], letter):
            yield _word(word, height)
            word = []
        word.append(letter)
    yield _word(word, height)


def _letter(text_page: Any, codes: Sequence[int], number: int, turned: _Turned) -> _Letter:
    """A letter with its loose box, which is equally high along a line."""
    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(text_page, number, ctypes.byref(box))
    return _Letter(chr(codes[number]), *turned.box(box.left, box.bottom, box.right, box.top))


def _goes_on(last: _Letter, letter: _Letter) -> bool:
    size = max(last.top - last.bottom, 1.0)
    level = abs(last.bottom - letter.bottom) < 0.1 * size and abs(last.top - letter.top) < 0.2 * size
    return level and -0.5 * size < letter.left - last.right < _GAP * size


def _word(letters: Sequence[_Letter], height: float) -> Word:
    return Word(
        "".join(letter.text for letter in letters),
        min(letter.left for letter in letters),
        height - max(letter.top for letter in letters),
        max(letter.right for letter in letters),
        height - min(letter.bottom for letter in letters),
        letters[0].top - letters[0].bottom,
    )


def _rules(page: Any, turned: _Turned) -> tuple[list[Rule], list[Rule]]:
    """The drawn lines of a page. A thin box is a line, a larger one is its four sides."""
    lying: list[Rule] = []
    standing: list[Rule] = []
    for found in islice(_paths(page.raw), _PATHS_OF_A_PAGE):
        for begin, end in _strokes(found):
            left, low, right, high = turned.box(*begin, *end)
            top, bottom = turned.height - high, turned.height - low
            if bottom - top <= _THIN and right - left >= _SHORTEST:
                lying.append(Rule((top + bottom) / 2, left, right))
            elif right - left <= _THIN and bottom - top >= _SHORTEST:
                standing.append(Rule((left + right) / 2, top, bottom))
    return lying, standing


def _paths(page: Any) -> Iterator[Any]:
    """The drawn paths of a page; the library's own walk makes an object of every letter."""
    for number in range(pdfium.FPDFPage_CountObjects(page)):
        found = pdfium.FPDFPage_GetObject(page, number)
        match pdfium.FPDFPageObj_GetType(found):
            case pdfium.FPDF_PAGEOBJ_PATH:
                yield found
            case pdfium.FPDF_PAGEOBJ_FORM:
                inner = (
                    pdfium.FPDFFormObj_GetObject(found, i)
                    for i in range(pdfium.FPDFFormObj_CountObjects(found))
                )
                yield from (
                    each for each in inner if pdfium.FPDFPageObj_GetType(each) == pdfium.FPDF_PAGEOBJ_PATH
                )


def _strokes(found: Any) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight strokes of a path on the page; a thin filled box as one stroke along it."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(found, left, bottom, right, top)
    if right.value - left.value <= _THIN or top.value - bottom.value <= _THIN:
        yield (left.value, bottom.value), (right.value, top.value)
        return
    turned = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(found, turned)
    matrix = pypdfium2.PdfMatrix.from_raw(turned)
    start = last = (0.0, 0.0)
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(pdfium.FPDFPath_CountSegments(found)):
        segment = pdfium.FPDFPath_GetPathSegment(found, number)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_LINETO:
            yield last, point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield point, start
        last = point
