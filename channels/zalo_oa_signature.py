"""Whether an event comes from Zalo: a plain SHA-256 over the raw body and a shared secret."""

import hashlib
import hmac

_PREFIX = "mac="


def is_signed(body: bytes, header: str, *, fronts: tuple[str, ...], secret: str, timestamp: str) -> bool:
    """Whether `header` signs these very bytes. `timestamp` is the field of that name in them.

    `fronts` are the ids that may stand before them: the documents put that of the app there, some accounts
    are seen with their own. The prefix "mac=" may be missing. Compared in constant time.
    """
    given = header.removeprefix(_PREFIX).strip().lower().encode("utf-8", "surrogateescape")
    tail = timestamp.encode("utf-8", "surrogateescape") + secret.encode()
    matches = [
        hmac.compare_digest(hashlib.sha256(front.encode() + body + tail).hexdigest().encode(), given)
        for front in fronts
    ]
    return any(matches)
