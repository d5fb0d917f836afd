"""A data folder belongs to one running service."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.lock import is_running, only_one
from bot.settings import FixedSettings
from core.errors import RuleError

_HOLDER = """
import sys, time
from pathlib import Path
from bot.lock import is_running, only_one
from bot.settings import FixedSettings
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_second_service_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with only_one(tmp_path):
        assert is_running(FixedSettings(data_dir=tmp_path))
        with pytest.raises(RuleError, match="already_running"), only_one(tmp_path):
            pass
    assert not is_running(FixedSettings(data_dir=tmp_path))


def test_folder_of_a_killed_service_is_free_again(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert is_running(FixedSettings(data_dir=tmp_path))
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert not is_running(FixedSettings(data_dir=tmp_path))
