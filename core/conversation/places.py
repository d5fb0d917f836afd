"""Places of the organisation file found in a citizen's words: present names, old names, neighbours."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.conversation.draft import Place
from core.text import fold


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A hamlet, street, school or neighbouring commune. `formerly`: what people still call it.

    `contact` is how to reach the authority it belongs to; empty when it is our own. `code` stands in the link
    of a poster there.
    """

    name: str
    formerly: tuple[str, ...] = ()
    contact: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A known place in somebody's words. `said` is the old name that was used; empty for the present one."""

    place: KnownPlace
    said: str = ""

    @property
    def is_doubtful(self) -> bool:
        """Whether to ask if that is what was meant: an old name, or a place that is not ours."""
        return bool(self.said or self.place.contact)


def find_place(words: str, places: Iterable[KnownPlace]) -> FoundPlace | None:
    """The known place with the longest name in the words, accents or not; one of ours before a neighbour."""
    hay = f" {fold(words)} "
    found = [
        (not place.contact, len(name), FoundPlace(place, "" if name == place.name else name))
        for place in places
        for name in (place.name, *place.formerly)
        if f" {fold(name)} " in hay
    ]
    return max(found, key=lambda item: item[:2])[2] if found else None


def doubtful_place(place: Place | None, places: Iterable[KnownPlace]) -> FoundPlace | None:
    """What to ask about the place that was told in words, or None."""
    if place is None or not place.words or place.latitude is not None:
        return None
    found = find_place(place.words, places)
    return found if found and found.is_doubtful else None
