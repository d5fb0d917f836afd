"""What a page of the demo sends, as the network whose look it wears would hand it on."""

from channels import zalo_oa_parse
from core.channel import (
    CAPABILITIES,
    ButtonPressed,
    Channel,
    Event,
    LocationShared,
    MediaKind,
    MediaReceived,
    NotUnderstood,
    TextReceived,
)

_TAKEN_BY_ZALO_BOT = frozenset({MediaKind.PHOTO, MediaKind.VOICE})
"""Other files are held back there, as places are: the bot hears only that there was something."""


def as_received(look: Channel, event: Event) -> Event:
    """The event as it would arrive over `look`; `NotUnderstood` for what does not arrive there."""
    match look, event:
        case Channel.ZALO_OA, TextReceived(text):
            return zalo_oa_parse.said(text)
        case Channel.ZALO_OA, ButtonPressed(payload):
            return zalo_oa_parse.said(f"{zalo_oa_parse.PRESS}{payload}")
        case Channel.ZALO_BOT, ButtonPressed():
            return NotUnderstood()
        case Channel.ZALO_BOT, MediaReceived(media) if media.kind not in _TAKEN_BY_ZALO_BOT:
            return NotUnderstood()
        case _, LocationShared() if not CAPABILITIES[look].location:
            return NotUnderstood()
        case _:
            return event
