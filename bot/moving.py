"""From the SQLite file to a PostgreSQL server, beside a running service or instead of it."""

from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from bot.lock import is_running
from bot.opening import any_database, open_database
from bot.settings import Settings
from core.errors import RuleError
from storage.engines import begin, open_engine
from storage.moving import Content, contents, copy, fingerprint
from storage.schema import migrate
from storage.serving import serving_alone


@dataclass(frozen=True, slots=True)
class Moved:
    """What was read and what stands in the new place. `is_running`: the old place changes meanwhile."""

    source: tuple[Content, ...]
    target: tuple[Content, ...]
    is_running: bool

    @property
    def fingerprints(self) -> tuple[str, str]:
        """Of the source and of the target; equal when every row is the same."""
        return fingerprint(self.source), fingerprint(self.target)


def move_to_postgresql(settings: Settings, url: str) -> Moved:
    """Copy one snapshot of the file into the server's database, all or nothing.

    May be repeated as long as nobody has worked in the copy. Raises RuleError("move_from_sqlite"),
    ("move_target_used"), ("already_serving"), ("move_refused") and those of `open_database`.
    """
    if settings.is_postgresql:
        raise RuleError("move_from_sqlite")
    with open_database(settings), any_database(url) as (target, _), serving_alone(url) as is_ours:
        if not is_ours:
            raise RuleError("already_serving")
        migrate(target.engine)
        reading = open_engine(settings.database, read_only=True)
        try:
            with begin(reading, alone=False) as source, begin(target.engine) as place:
                moved = Moved(contents(source), copy(source, place), is_running(settings))
                if len(set(moved.fingerprints)) > 1:
                    place.rollback()
                return moved
        except DBAPIError as error:  # a value that only SQLite takes: the error names no words of it
            raise RuleError("move_refused", reason=type(error.orig).__name__) from error
        finally:
            reading.dispose()
