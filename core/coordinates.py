"""A point of the map within words: coordinates, or the link of a map that carries them."""

import re

_DEGREES = r"(-?\d{1,3}\.\d{3,})"
_PAIR = re.compile(rf"(?<![\d.-]){_DEGREES}\s*(?:[,;]|%2C)\s*{_DEGREES}(?![\d.])", re.IGNORECASE)
_OF_PLACE = re.compile(rf"!3d{_DEGREES}!4d{_DEGREES}")
"""The place itself in a link of Google Maps; the pair behind its «@» is only the middle of the screen."""
_MARKER = re.compile(rf"\bmlat={_DEGREES}&(?:amp;)?mlon={_DEGREES}")
_SCREEN = re.compile(rf"#map=\d+(?:\.\d+)?/{_DEGREES}/{_DEGREES}")


def find_point(words: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, or None: the point that is meant before the middle of a screen."""
    for pattern in (_OF_PLACE, _MARKER, _PAIR, _SCREEN):
        found = pattern.search(words)
        if found and is_on_earth(float(found[1]), float(found[2])):
            return float(found[1]), float(found[2])
    return None


def is_on_earth(latitude: float, longitude: float) -> bool:
    """Whether there is such a point."""
    return abs(latitude) <= 90 and abs(longitude) <= 180
