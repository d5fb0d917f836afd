"""What a chat network asks us to keep for an account of ours."""

from datetime import datetime

from sqlalchemy import UniqueConstraint

from storage.tables.base import Owned, moment, optional_moment


class ChannelTokenRow(Owned, table=True):
    """The pair of tokens that opens an account; sealed, as is `previous`, the pair before it.

    `rotating_since`: a refresh began and no new pair has been stored: the one here may be spent. `lost_at`:
    the network refused the pair. `refresh` is empty before the first pair.
    """

    __tablename__ = "channel_token"
    __table_args__ = (UniqueConstraint("channel", "account"),)
    channel: str
    account: str
    access: str = ""
    refresh: str = ""
    previous: str = ""
    expires_at: datetime = moment()
    renewed_at: datetime | None = optional_moment()
    rotating_since: datetime | None = optional_moment()
    lost_at: datetime | None = optional_moment()
