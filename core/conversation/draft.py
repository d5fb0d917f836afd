"""A citizen's matter while it is being told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.channel import MediaRef


class Kind(StrEnum):
    """What a message is (codes of the labelled messages). Only the first two become tickets."""

    FEEDBACK = "phan_anh"
    PROPOSAL = "kien_nghi"
    COMPLAINT = "khieu_nai"
    DENUNCIATION = "to_cao"
    EMERGENCY = "khan_cap"
    QUESTION = "hoi_dap"
    OTHER = "khac"


class Identity(StrEnum):
    """Who may know the sender: the desk only, the handling unit too, or nobody."""

    DESK_ONLY = "desk_only"
    UNIT_TOO = "unit_too"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happened: words, a pin, both, or nowhere in particular (`nowhere`)."""

    words: str = ""
    latitude: float | None = None
    longitude: float | None = None
    nowhere: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """All answers so far. None or empty means not answered yet.

    `notes` keeps what was typed at a step that could not use it, so that nothing is thrown away.
    `marks` are codes for the desk: emergency_words, maybe_complaint, maybe_denunciation, needs_place.
    """

    id: str
    started_at: datetime
    story: tuple[str, ...] = ()
    media: tuple[MediaRef, ...] = ()
    place: Place | None = None
    kind: Kind = Kind.FEEDBACK
    field: str = ""
    is_dangerous: bool | None = None
    identity: Identity | None = None
    full_name: str = ""
    phone: str = ""
    notes: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def story_text(self) -> str:
        """The story's messages joined, one a line."""
        return "\n".join(self.story)
