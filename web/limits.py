"""How often one visitor may do something, and who a visitor is."""

import ipaddress
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import web

MAX_KEYS = 50_000


@dataclass
class Limiter:
    """At most `count` acts in `seconds` per key. Forgets the keys not seen longest beyond MAX_KEYS.

    The empty key is nobody's and is not limited.
    """

    count: int
    seconds: float
    _acts: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)

    def wait(self, key: str, now: float) -> float:
        """Seconds until the key may act again; 0 when it may now."""
        acts = self._recent(key, now)
        return 0.0 if len(acts) < self.count else acts[0] + self.seconds - now

    def note(self, key: str, now: float) -> None:
        """Count one act."""
        if not key:
            return
        acts = self._recent(key, now)
        acts.append(now)
        self._acts[key] = acts
        self._acts.move_to_end(key)
        if len(self._acts) > MAX_KEYS:
            self._acts.popitem(last=False)

    @contextmanager
    def counted(self, key: str, now: float) -> Iterator[None]:
        """Count one act before it is done, so that acts side by side see each other; not one that fails."""
        self.note(key, now)
        try:
            yield
        except BaseException:
            self.take_back(key, now)
            raise

    def take_back(self, key: str, at: float) -> None:
        """An act counted at this moment was none."""
        acts = self._acts.get(key, deque())
        if at in acts:
            acts.remove(at)

    def _recent(self, key: str, now: float) -> deque[float]:
        acts = self._acts.get(key, deque())
        while acts and acts[0] <= now - self.seconds:
            acts.popleft()
        return acts


def visitor(request: web.Request) -> str:
    """The network address limits are counted by: IPv4, or the /64 of an IPv6 address.

    A proxy on this machine is believed when it names the address it serves; nobody else is. Empty for this
    machine itself, which is not limited: a proxy that names nobody must not make all visitors one.
    """
    peer = _address(request.remote or "")
    if peer is not None and peer.is_loopback:
        named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        peer = _address(named)
    if peer is None:
        return ""
    if isinstance(peer, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((peer, 64), strict=False))
    return str(peer)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
