"""The service is killed at points spread over both stories; `make crash` does it at every one."""

import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT

POINTS = 60


@pytest.mark.crash
@pytest.mark.timeout(240)
def test_a_service_killed_at_any_point_loses_nothing_and_repeats_no_more_than_was_on_its_way() -> None:
    """A process of its own, since only one without threads may be forked."""
    command = [
        sys.executable,
        "-m",
        "tests.crash.enumerate",
        f"--points={POINTS}",
        "--twice=4",
        "--no-server",
    ]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    told = re.search(r"kills (\d+), violations 0", ended.stdout)
    assert told is not None, ended.stdout
    assert int(told[1]) >= POINTS
