"""Whether an event comes from Zalo: a plain SHA-256 over the raw body and a shared secret."""

import hashlib
import hmac

_PREFIX = "mac="


def is_signed(body: bytes, header: str, *, app_id: str, oa_id: str, secret: str, timestamp: str) -> bool:
    """Whether `header` signs these very bytes. `timestamp` is the field of that name in them.

    The documents put the id of the app in front, some accounts are seen with their own id there, and the
    prefix "mac=" may be missing; each is accepted. Compared in constant time.
    """
    given = header.removeprefix(_PREFIX).strip().lower().encode("utf-8", "surrogateescape")
    tail = timestamp.encode("utf-8", "surrogateescape") + secret.encode()
    matches = [
        hmac.compare_digest(hashlib.sha256(front.encode() + body + tail).hexdigest().encode(), given)
        for front in (app_id, oa_id)
    ]
    return any(matches)
