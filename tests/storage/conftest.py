"""Every test of the storage runs on both databases."""

import pytest

from tests.conftest import POSTGRESQL, SQLITE


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def kind(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found
