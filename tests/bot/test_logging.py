"""Nothing secret and no person's number reaches the log, whatever road it takes."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logging import mask, set_up

TOKEN = "7123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
CANARIES = [
    TOKEN,
    "0912345678",
    "0912 345 678",
    "0912.345.678",
    "+84 912 345 678",
    "+84912345678",
    "025012345678",
    "123456789",
]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(params=[io.StringIO, Terminal])
def stream(request: pytest.FixtureRequest, _restored: None) -> io.StringIO:
    opened: io.StringIO = request.param()
    set_up(opened)
    return opened


@pytest.mark.parametrize("canary", CANARIES)
def test_canary_is_masked_on_every_road(stream: io.StringIO, canary: str) -> None:
    structlog.get_logger("danvan").info("stored", value=canary, nested={"inner": [f"gọi {canary} nhé"]})
    logging.getLogger("library").warning("url %s", f"https://api.telegram.org/bot{canary}/sendMessage")
    logging.getLogger("library").warning("said: %s!", canary)
    try:
        raise ValueError(f"cannot read {canary}")
    except ValueError:
        structlog.get_logger("danvan").exception("failed")
        logging.getLogger("library").exception("failed")
    text = stream.getvalue()
    assert "failed" in text
    assert canary not in text


def test_local_variables_stay_out_of_tracebacks(stream: io.StringIO) -> None:
    story = "chuyện riêng của người dân"
    try:
        if story:
            raise ValueError("no end")
    except ValueError:
        structlog.get_logger("danvan").exception("failed")
    assert "chuyện riêng" not in stream.getvalue()


@pytest.mark.parametrize(
    "header",
    [
        "Authorization: Bearer abc.def",
        "'Authorization': 'Basic QWxh'",
        "authorization=abc.def",
        '{"Authorization": "Bearer abc.def"}',
    ],
)
def test_authorization_is_masked(header: str) -> None:
    masked = mask(header)
    assert "abc.def" not in masked
    assert "QWxh" not in masked


@pytest.mark.parametrize(
    "line",
    [
        '{"event": "sent", "timestamp": "2026-03-10T02:00:00.123456Z", "id": 41}',
        "PA-K7M-252 forwarded in 0.1234 s",
        "5f2b7c1d9e8a4b3c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4",
        "port 8080, pid 123456",
    ],
)
def test_what_a_reader_needs_stays(line: str) -> None:
    assert mask(line) == line


@pytest.mark.usefixtures("_restored")
def test_production_lines_are_json_with_vietnamese_letters() -> None:
    stream = io.StringIO()
    set_up(stream)
    structlog.get_logger("danvan").info("started", unit="Phòng Kinh tế")
    logging.getLogger("library").warning("late")
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert first["event"] == "started"
    assert first["unit"] == "Phòng Kinh tế"
    assert (second["event"], second["level"], second["logger"]) == ("late", "warning", "library")


def test_libraries_that_log_addresses_are_quiet(stream: io.StringIO) -> None:
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/bot1:x/getMe")
    logging.getLogger("httpcore").info("connect")
    assert stream.getvalue() == ""
