"""Readings of one sentence that are one time: «định kỳ 6 tháng (trước ngày 10/6)»."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from plans.found import Clock, Recurrence, Time

_CLOSE = re.compile(r"^[ ,(:]{0,3}(?:(?:vào|gửi|báo cáo|nộp|là|trong|chậm nhất|từ|vào các) ?)?$")
_NEXT_ACTION = re.compile(r"[.;,]|\bvà\b")
_NEXT_CLAUSE = re.compile(r"[.;]|\bvà\b")
_NEW_CLAUSE = re.compile(r"[.;]")
_BRACKET = re.compile(r"^ ?\( ?$|^, ?$|^ ?: ?$")
_HALF_REPORT = re.compile(r"(?:0?6|sáu) tháng(?: đầu năm)?(?: gửi| nộp)?,? $")
_QUARTER_NAMED = re.compile(r"(?:quý (?:iv|i{1,3}|[1-4])|năm),? (?:gửi |nộp )?$")
_START_END = re.compile(r"^[^.;]{0,40}; (?:hoàn thành|kết thúc)[^.;]{0,60}$")
_AND = re.compile(r"^,? ?(?:và )?(?:trước )?(?:ngày )?$")
_AND_ALWAYS = re.compile(r"^,? ?(?:và )?$")


def merged(low: str, times: Sequence[Time], clock: Clock) -> list[Time]:
    """The times of one text with neighbours joined, in order."""
    joined = list(times)
    for rule in (
        _four_quarters,
        _spread_yearly,
        _join_neighbours,
        _bracketed,
        _join_yearly_days,
        _periodic_days,
        _drop_general,
    ):
        joined = rule(low, joined, clock)
    return joined


def _join_neighbours(low: str, times: list[Time], clock: Clock) -> list[Time]:
    result: list[Time] = []
    for time in times:
        last = result[-1] if result else None
        gap = low[last.end : time.start] if last else ""
        both = _joined(last, time, gap, clock) if last else None
        if both:
            result[-1] = both
        else:
            result.append(time)
    return result


def _joined(first: Time, second: Time, gap: str, clock: Clock) -> Time | None:
    rules: tuple[Callable[[Time, Time, str, Clock], Time | None], ...] = (
        _same_day_twice, _both_wait, _start_then_end, _repeated_with_day, _repeated_twice,
        _repeated_in_period,
        _window_then_always,
        _fixed_then_relative,
    )  # fmt: skip
    return next((both for rule in rules if (both := rule(first, second, gap, clock))), None)


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
        second, start=first.start, kind="recurring", recurrence=by, due=_fixed(due, clock), flags=()
    )


def _fixed(due: date, clock: Clock) -> date | None:
    """The date where it falls into the year of the plan, which fixes it; None for a rule without an end."""
    return due if due.year == clock.year else None


def _repeated_twice(first: Time, second: Time, gap: str, clock: Clock) -> Time | None:
    """«định kỳ 06 tháng (trước ngày 20 tháng 6 hằng năm)», «định kỳ … trước ngày 23 hằng tháng»."""
    del clock
    rhythm, other = first.recurrence, second.recurrence
    if not rhythm or not other or rhythm.by or not other.by or not _CLOSE.match(gap):
        return None
    freq = rhythm.freq if rhythm.freq == "SEMIANNUAL" and other.freq == "ANNUAL" else other.freq
    return replace(second, start=first.start, recurrence=replace(other, freq=freq))


def _repeated_in_period(first: Time, second: Time, gap: str, clock: Clock) -> Time | None:
    """«hằng năm, từ năm 2023 đến năm 2025»: a repetition with an end."""
    del clock
    if (
        first.recurrence
        and second.kind in ("period", "continuous")
        and second.period_start
        and _CLOSE.match(gap)
    ):
        return replace(first, end=second.end, period_start=second.period_start, period_end=second.period_end)
    return None


def _window_then_always(first: Time, second: Time, gap: str, clock: Clock) -> Time | None:
    """«tháng 12/2023 và thường xuyên»: standing from there on; «thường xuyên, trong năm 2023»: standing."""
    del clock
    kinds = {first.kind, second.kind}
    if kinds != {"period", "continuous"} or not (_AND_ALWAYS.match(gap) or _CLOSE.match(gap)):
        return None
    period = first if first.kind == "period" else second
    return Time(first.start, second.end, "continuous", period_start=period.period_start, flags=period.flags)


def _same_day_twice(first: Time, second: Time, gap: str, clock: Clock) -> Time | None:
    """«từ ngày 01/3 đến ngày 15/3/2027 (chậm nhất là ngày 15/3/2027)»: said twice."""
    del clock
    return (
        replace(first, end=second.end)
        if first.due and first.due == second.due and _BRACKET.match(gap)
        else None
    )


def _both_wait(first: Time, second: Time, gap: str, clock: Clock) -> Time | None:
    """«báo cáo đột xuất: thực hiện theo yêu cầu»: one event said in two ways."""
    del clock
    waits = first.kind == second.kind == "on_request" and first.trigger and second.trigger
    return replace(second, start=first.start) if waits and not _NEW_CLAUSE.search(gap) else None


def _start_then_end(first: Time, second: Time, gap: str, clock: Clock) -> Time | None:
    """«bắt đầu sau khi …; hoàn thành trước ngày 31/5»: the end is the deadline."""
    del clock
    both = first.kind == "on_request" and second.due and _START_END.match(gap)
    return replace(second, start=first.start) if both else None


def _fixed_then_relative(first: Time, second: Time, gap: str, clock: Clock) -> Time | None:
    """«ngày 10/12/2025 (trước ngày bầu cử 95 ngày)»: the fixed date rules."""
    del clock
    return replace(first, end=second.end) if first.due and second.relative and _BRACKET.match(gap) else None


def _spread_yearly(low: str, times: list[Time], clock: Clock) -> list[Time]:
    """«báo cáo 6 tháng trước ngày 15/6, báo cáo năm trước ngày 15/12 hằng năm»: both are yearly."""
    del clock
    spread = list(times)
    for place in range(len(spread) - 1, 0, -1):
        later, earlier = spread[place], spread[place - 1]
        yearly = later.recurrence and later.recurrence.freq == "ANNUAL" and later.recurrence.by
        if (
            not yearly
            or not earlier.due
            or "year_inferred" not in earlier.flags
            or re.search("[.;]", low[earlier.end : later.start])
        ):
            continue
        freq = "SEMIANNUAL" if _HALF_REPORT.search(low[: earlier.start][-24:]) else "ANNUAL"
        rhythm = Recurrence(freq, (f"{earlier.due:%m-%d}",))
        spread[place - 1] = replace(earlier, kind="recurring", due=None, recurrence=rhythm, flags=())
    return spread


def _four_quarters(low: str, times: list[Time], clock: Clock) -> list[Time]:
    """«quý I trước 20/3, quý II trước 20/6, quý III trước 20/9, năm trước 20/12»: one quarterly duty."""
    del clock
    named = [
        time for time in times
        if time.kind == "deadline"
        and "year_inferred" in time.flags
        and _QUARTER_NAMED.search(low[: time.start][-16:])
    ]  # fmt: skip
    if len(named) < 3:
        return times
    days = tuple(sorted(f"{time.due:%m-%d}" for time in named))
    whole = Time(
        named[0].start,
        named[-1].end,
        "recurring",
        before=named[0].before,
        recurrence=Recurrence("QUARTERLY", days),
    )
    rest = [time for time in times if time.end <= whole.start or time.start >= whole.end]
    return sorted([*rest, whole], key=lambda time: time.start)


_PERIOD_NAMED = re.compile(r"(?P<period>(?:0?6|sáu) tháng|quý|năm)(?: đầu năm)? \( ?$")


def _bracketed(low: str, times: list[Time], clock: Clock) -> list[Time]:
    """«…, 6 tháng (trước ngày 15/6), năm (trước ngày 15/12)» beside a repetition: these repeat as well."""
    if not any(time.recurrence for time in times):
        return times
    return [_as_repeated(time, _PERIOD_NAMED.search(low[: time.start][-24:]), clock) for time in times]


def _as_repeated(time: Time, named: re.Match[str] | None, clock: Clock) -> Time:
    if not named or not time.due or time.kind != "deadline" or "year_inferred" not in time.flags:
        return time
    freq = {"quý": "QUARTERLY", "năm": "ANNUAL"}.get(named["period"], "SEMIANNUAL")
    rhythm = Recurrence(freq, (f"{time.due:%m-%d}",))
    return replace(time, kind="recurring", recurrence=rhythm, due=_fixed(time.due, clock), flags=())


def _join_yearly_days(low: str, times: list[Time], clock: Clock) -> list[Time]:
    """«trước ngày 15/6 và 15/12 hằng năm»: two days of one yearly round."""
    del clock
    result: list[Time] = []
    for time in times:
        last = result[-1] if result else None
        one, two = (last.recurrence if last else None), time.recurrence
        if (
            last
            and one
            and two
            and one.freq == two.freq == "ANNUAL"
            and one.by
            and two.by
            and _AND.match(low[last.end : time.start])
        ):
            both = Recurrence("SEMIANNUAL", one.by + two.by)
            result[-1] = replace(last, end=time.end, recurrence=both)
        else:
            result.append(time)
    return result


def _periodic_days(low: str, times: list[Time], clock: Clock) -> list[Time]:
    """«định kỳ báo cáo trước ngày 20/11»: a day without a year beside a bare «định kỳ» is yearly."""
    result: list[Time] = []
    for time in times:
        last = result[-1] if result else None
        bare = last is not None and last.recurrence is not None and last.recurrence.freq == "UNSPECIFIED"
        yearless = time.kind == "deadline" and time.due and "year_inferred" in time.flags
        if last and bare and time.due and yearless and not _NEXT_ACTION.search(low[last.end : time.start]):
            rhythm = Recurrence("ANNUAL", (f"{time.due:%m-%d}",))
            result.append(
                replace(time, kind="recurring", recurrence=rhythm, due=_fixed(time.due, clock), flags=())
            )
        else:
            result.append(time)
    return result


def _drop_general(low: str, times: list[Time], clock: Clock) -> list[Time]:
    """Without the «định kỳ» or «hằng năm» that a dated time later in the same clause makes concrete."""
    del clock
    return [time for place, time in enumerate(times) if not _is_made_concrete(low, time, times[place + 1 :])]


def _is_made_concrete(low: str, time: Time, later: Sequence[Time]) -> bool:
    rhythm = time.recurrence
    if not rhythm or rhythm.by or time.period_start:
        return False
    for other in later:
        gap = low[time.end : other.start]
        same = (
            other.recurrence is not None
            and bool(other.recurrence.by)
            and other.recurrence.freq == rhythm.freq
        )
        dated = other.due or (other.recurrence and other.recurrence.by)
        if (same and not _NEXT_CLAUSE.search(gap)) or (dated and not _NEXT_ACTION.search(gap)):
            return True
    return False
