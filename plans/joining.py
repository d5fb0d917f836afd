"""Two neighbouring readings that are one time: «định kỳ 6 tháng (trước ngày 10/6)»."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from plans.found import Clock, Time

_CLOSE = re.compile(r"^[ ,(:]{0,3}(?:(?:vào|gửi|báo cáo|nộp|là|trong|chậm nhất|từ|vào các) ?)?$")
_NEW_CLAUSE = re.compile(r"[.;]")
_BRACKET = re.compile(r"^ ?\( ?$|^, ?$|^ ?: ?$")
_START_END = re.compile(r"^[^.;]{0,40}; (?:hoàn thành|kết thúc)[^.;]{0,60}$")
_AND = re.compile(r"^,? ?(?:và )?(?:trước )?(?:ngày )?$")
_AND_ALWAYS = re.compile(r"^,? ?(?:và )?$")


def joined(first: Time, second: Time, gap: str, clock: Clock) -> Time | None:
    """Two neighbouring times as the one time they mean; None where they are two."""
    rules: tuple[Callable[[Time, Time, str], Time | None], ...] = (
        _adjoining, _said_generally, _same_day_twice, _both_wait, _start_then_end, _repeated_twice,
        _repeated_in_period, _window_then_always, _fixed_then_relative,
    )  # fmt: skip
    yearly = _repeated_with_day(first, second, gap, clock)
    return yearly or next((both for rule in rules if (both := rule(first, second, gap))), None)


def _repeated_with_day(first: Time, second: Time, gap: str, clock: Clock) -> Time | None:
    """«hằng năm (trước ngày 25/11)»: the day of the year stands beside the frequency."""
    rhythm, due = first.recurrence, second.due
    if (
        not rhythm
        or rhythm.by
        or second.kind != "deadline"
        or second.relative
        or not due
        or not _CLOSE.match(gap)
    ):
        return None
    if rhythm.freq == "UNSPECIFIED" or "year_inferred" not in second.flags:
        return None
    if rhythm.freq != "ANNUAL" and not _BRACKET.match(gap):
        return None
    by = replace(rhythm, by=(f"{due:%m-%d}",))
    return replace(
        second, start=first.start, kind="recurring", recurrence=by, due=fixed(due, clock), flags=()
    )


def fixed(due: date, clock: Clock) -> date | None:
    """The date where it falls into the year of the plan, which fixes it; None for a rule without an end."""
    return due if due.year == clock.year else None


def _repeated_twice(first: Time, second: Time, gap: str) -> Time | None:
    """«định kỳ 06 tháng (trước ngày 20 tháng 6 hằng năm)», «định kỳ … trước ngày 23 hằng tháng»."""
    rhythm, other = first.recurrence, second.recurrence
    if not rhythm or not other or rhythm.by or not other.by or not _CLOSE.match(gap):
        return None
    freq = rhythm.freq if rhythm.freq == "SEMIANNUAL" and other.freq == "ANNUAL" else other.freq
    return replace(second, start=first.start, recurrence=replace(other, freq=freq))


def _repeated_in_period(first: Time, second: Time, gap: str) -> Time | None:
    """«hằng năm, từ năm 2023 đến năm 2025»: a repetition with an end."""
    if (
        first.recurrence
        and second.kind in ("period", "continuous")
        and second.period_start
        and _CLOSE.match(gap)
    ):
        return replace(first, end=second.end, period_start=second.period_start, period_end=second.period_end)
    return None


def _window_then_always(first: Time, second: Time, gap: str) -> Time | None:
    """«tháng 12/2023 và thường xuyên»: standing from there on; «thường xuyên, trong năm 2023»: standing."""
    kinds = {first.kind, second.kind}
    if kinds != {"period", "continuous"} or not (_AND_ALWAYS.match(gap) or _CLOSE.match(gap)):
        return None
    period = first if first.kind == "period" else second
    return Time(first.start, second.end, "continuous", period_start=period.period_start, flags=period.flags)


def _adjoining(first: Time, second: Time, gap: str) -> Time | None:
    """«quý IV/2026 và quý I/2027»: one window over both."""
    periods = first.kind == second.kind == "period" and first.period_end and second.period_start
    if not periods or not first.period_end or not _AND.match(gap):
        return None
    next_day = first.period_end + timedelta(days=1) == second.period_start
    return replace(second, start=first.start, period_start=first.period_start) if next_day else None


def _said_generally(first: Time, second: Time, gap: str) -> Time | None:
    """«thường xuyên, định kỳ»: the second word adds no rhythm of its own."""
    loose = first.kind in ("continuous", "on_request") and second.recurrence and not second.recurrence.by
    return replace(first, end=second.end) if loose and _AND_ALWAYS.match(gap) else None


def _same_day_twice(first: Time, second: Time, gap: str) -> Time | None:
    """«từ ngày 01/3 đến ngày 15/3/2027 (chậm nhất là ngày 15/3/2027)»: said twice."""
    return (
        replace(first, end=second.end)
        if first.due and first.due == second.due and _BRACKET.match(gap)
        else None
    )


def _both_wait(first: Time, second: Time, gap: str) -> Time | None:
    """«báo cáo đột xuất: thực hiện theo yêu cầu»: one event said in two ways."""
    waits = first.kind == second.kind == "on_request" and first.trigger and second.trigger
    return replace(second, start=first.start) if waits and not _NEW_CLAUSE.search(gap) else None


def _start_then_end(first: Time, second: Time, gap: str) -> Time | None:
    """«bắt đầu sau khi …; hoàn thành trước ngày 31/5»: the end is the deadline."""
    both = first.kind == "on_request" and second.due and _START_END.match(gap)
    return replace(second, start=first.start) if both else None


def _fixed_then_relative(first: Time, second: Time, gap: str) -> Time | None:
    """«ngày 10/12/2025 (trước ngày bầu cử 95 ngày)»: the fixed date rules."""
    explains = second.relative or second.kind == "on_request"
    return replace(first, end=second.end) if first.due and explains and gap.strip() == "(" else None
