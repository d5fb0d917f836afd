"""One row of many: a bug of ours met at one must not keep the others from their turn."""

from collections.abc import Callable

import structlog
from sqlalchemy.exc import OperationalError

from core.failure import without_words
from storage.transaction import Transaction

log = structlog.get_logger()


def alone(tx: Transaction, event: str, row_id: int, act: Callable[[], None]) -> bool:
    """Do it whole or not at all; whether it was done. What stood in its way is logged as `event`.

    Rows read before a failure are no longer the session's: a loop carries ids and reads each row in `act`.
    """
    try:
        with tx.savepoint():
            act()
    except OperationalError:
        raise  # the database itself: nothing of this transaction can be kept
    except Exception as error:  # noqa: BLE001 - the others must have their turn
        log.error(event, row_id=row_id, **without_words(error))
        return False
    return True
