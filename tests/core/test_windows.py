"""How long somebody may be written to, and when a template may leave."""

from datetime import UTC, datetime, timedelta

import pytest

from core.channel import CAPABILITIES, Channel
from core.windows import closes_at, free_until, template_leaves_at
from tests.conftest import NOW


@pytest.mark.parametrize("channel", Channel)
def test_only_the_official_account_shuts_and_only_after_a_message(channel: Channel) -> None:
    has_window = CAPABILITIES[channel].window is not None
    assert has_window == (channel is Channel.ZALO_OA)
    assert (closes_at(channel, NOW) is not None) == has_window
    assert closes_at(channel, None) is None


def test_seven_days_of_which_two_are_free() -> None:
    assert closes_at(Channel.ZALO_OA, NOW) == NOW + timedelta(days=7)
    assert free_until(Channel.ZALO_OA, NOW) == NOW + timedelta(hours=48)


@pytest.mark.parametrize(
    ("local", "leaves"),
    [
        ("10 21:59", "10 21:59"),
        ("10 22:00", "11 06:05"),
        ("10 23:59", "11 06:05"),
        ("11 00:00", "11 06:05"),
        ("11 05:59", "11 06:05"),
        ("11 06:00", "11 06:00"),
    ],
)
def test_no_template_leaves_between_ten_and_six(local: str, leaves: str) -> None:
    def moment(words: str) -> datetime:
        here = datetime.strptime(f"2026-03-{words}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
        return here - timedelta(hours=7)

    assert template_leaves_at(moment(local)) == moment(leaves)
