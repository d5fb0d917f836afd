"""What the Official Account API answers when it does not do what was asked, as the four ends of a send."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

from core.calendar import LOCAL
from core.channel import PermanentSendError, SendError, TemporarySendError, UnknownOutcome

TOKEN_REFUSED = frozenset({-216, -220, -124})
"""The access token is wrong or over: renewed once, then asked once more."""
BAD_PARAMETER = -201
ATTACHMENT_EXPIRED = -100

_BUSY = -32
_NIGHT = frozenset({-234, -133})
_MORNING = time(6, 5)
_BUSY_PAUSE = timedelta(seconds=60)
# A token refused right after it was renewed stays refused until the administrator acts.
_TOKEN_PAUSE = timedelta(minutes=10)
_ACCOUNT_PAUSE = timedelta(minutes=30)

_GROUPS: Mapping[str, Iterable[int]] = {
    "window_closed": (-230, -232),
    "not_interacted": (-213,),
    "chat_unreachable": (-217, -218, -244, -227, -114, -118, -119, -139, -141),
    "quota_exhausted": (-211, -144, -147, -1471, -1472),
    "refused_content": (-248,),
    "bad_request": (BAD_PARAMETER, -210, -233),
    "bad_phone": (-108,),
    "template_refused": (-131, -146, -249, -1121, -1122, -1124),
    "attachment_expired": (ATTACHMENT_EXPIRED,),
}
_ACCOUNT_REFUSED = frozenset(
    {-204, -205, -209, -212, -219, -221, -223, -224, -235, -240, -242}
    | {-320, -321, -135, -136, -137, -14002, -14003}
)
"""Settings, package or money of the account: until its administrator acts, everything waits."""
CODES = {number: code for code, numbers in _GROUPS.items() for number in numbers}


class RefusedCall(PermanentSendError):  # noqa: N818 - named after what happened, like its siblings
    """A refusal with Zalo's own `number`, for the few that are worth asking again in another way."""

    def __init__(self, code: str, number: int) -> None:
        super().__init__(code)
        self.number = number


def as_send_error(
    number: int, *, now: datetime, retry_after: timedelta | None = None, on_template_host: bool = False
) -> SendError:
    """The end an `error` other than 0 stands for. `now` is UTC; `retry_after` what the headers ask for."""
    if number in TOKEN_REFUSED:
        return TemporarySendError("bad_token", _TOKEN_PAUSE)
    if number in _ACCOUNT_REFUSED:
        return TemporarySendError("account_refused", _ACCOUNT_PAUSE)
    if number == _BUSY:
        return TemporarySendError("too_many_requests", retry_after or _BUSY_PAUSE)
    if number in _NIGHT:
        return TemporarySendError("night", _until_morning(now))
    if number == -200:
        return TemporarySendError("server_error")
    if number == ATTACHMENT_EXPIRED and on_template_host:
        return UnknownOutcome("server_error")  # there it is whatever else went wrong
    return RefusedCall(CODES.get(number, "refused"), number)


def _until_morning(now: datetime) -> timedelta:
    """Until 06:05 in Viet Nam: Zalo delivers again from six, by its own clock."""
    local = now.astimezone(LOCAL)
    morning = local.replace(hour=_MORNING.hour, minute=_MORNING.minute, second=0, microsecond=0)
    return (morning if morning > local else morning + timedelta(days=1)) - local
