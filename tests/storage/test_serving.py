"""Who serves on a PostgreSQL database, its server knows."""

import threading

import pytest
from sqlalchemy import text

from storage.engines import open_engine
from storage.serving import KEY, serving_alone
from tests.conftest import POSTGRESQL

pytestmark = pytest.mark.parametrize("kind", [POSTGRESQL], indirect=True)

_HOLDERS = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
_WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def test_second_service_is_told_and_the_place_is_free_afterwards(database_url: str) -> None:
    for _ in range(2):
        with serving_alone(database_url) as first, serving_alone(database_url) as second:
            assert (first, second) == (True, False)


def test_service_whose_connection_broke_takes_its_place_again(database_url: str) -> None:
    engine = open_engine(database_url)
    with serving_alone(database_url, every=0.01) as is_ours, engine.connect() as other:
        assert is_ours
        before = other.execute(text(_HOLDERS)).scalar_one()
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": before})
        while other.execute(text(_HOLDERS)).scalar() in {None, before}:
            pass
    engine.dispose()


def test_service_that_lost_its_place_to_another_hears_of_it(database_url: str) -> None:
    lost = threading.Event()
    engine = open_engine(database_url)
    with serving_alone(database_url, lost=lost.set, every=0.01), engine.connect() as third:
        before = third.execute(text(_HOLDERS)).scalar_one()
        with engine.connect() as other:
            other.execute(text("SET lock_timeout TO 0"))
            waiting = threading.Thread(
                target=other.execute, args=(text(f"SELECT pg_advisory_lock({KEY})"),), daemon=True
            )
            waiting.start()
            while not third.execute(text(_WAITING)).scalar():
                pass
            third.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": before})
            assert lost.wait(10)
            waiting.join()
    engine.dispose()
