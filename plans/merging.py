"""Readings of one sentence that belong together: days of one yearly round, general and exact words."""

import re
from collections.abc import Sequence
from dataclasses import replace

from plans.found import Clock, Recurrence, Time
from plans.joining import fixed, joined

_NEXT_ACTION = re.compile(r"[.;,]|\bvà\b")
_NEXT_CLAUSE = re.compile(r"[.;]|\bvà\b")
_HALF_REPORT = re.compile(r"(?:0?6|sáu) tháng(?: đầu năm)?(?: gửi| nộp)?,? $")
_QUARTER_NAMED = re.compile(r"(?:quý (?:iv|i{1,3}|[1-4])|năm),? (?:gửi |nộp )?$")
_AND = re.compile(r"^,? ?(?:và )?(?:trước )?(?:ngày )?$")


def merged(low: str, times: Sequence[Time], clock: Clock) -> list[Time]:
    """The times of one text with neighbours joined, in order."""
    found = _spread_yearly(low, _four_quarters(low, list(times)))
    found = _bracketed(low, _join_neighbours(low, found, clock), clock)
    found = _periodic_days(low, _join_yearly_days(low, found), clock)
    return _drop_general(low, found)


def _join_neighbours(low: str, times: list[Time], clock: Clock) -> list[Time]:
    result: list[Time] = []
    for time in times:
        last = result[-1] if result else None
        gap = low[last.end : time.start] if last else ""
        both = joined(last, time, gap, clock) if last else None
        if both:
            result[-1] = both
        else:
            result.append(time)
    return result


def _spread_yearly(low: str, times: list[Time]) -> list[Time]:
    """«báo cáo 6 tháng trước ngày 15/6, báo cáo năm trước ngày 15/12 hằng năm»: both are yearly."""
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


def _four_quarters(low: str, times: list[Time]) -> list[Time]:
    """«quý I trước 20/3, quý II trước 20/6, quý III trước 20/9, năm trước 20/12»: one quarterly duty."""
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
    return replace(time, kind="recurring", recurrence=rhythm, due=fixed(time.due, clock), flags=())


def _join_yearly_days(low: str, times: list[Time]) -> list[Time]:
    """«trước ngày 15/6 và 15/12 hằng năm»: two days of one yearly round."""
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
                replace(time, kind="recurring", recurrence=rhythm, due=fixed(time.due, clock), flags=())
            )
        else:
            result.append(time)
    return result


def _drop_general(low: str, times: list[Time]) -> list[Time]:
    """Without the «định kỳ» or «hằng năm» that a dated time later in the same clause makes concrete."""
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
