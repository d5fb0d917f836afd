"""`danvan run` as a process: it serves, it is the only one on its folder, and it ends when told to."""

import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import SAMPLE

DANVAN = str(Path(sys.executable).with_name("danvan"))


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
    return found


@pytest.fixture
def place(tmp_path: Path, port: int) -> Path:
    """A folder after `danvan init` whose .env names a free port."""
    env = tmp_path / ".env"
    env.write_text(f"DANVAN_PORT={port}\nDANVAN_SECRET_KEY=\n", encoding="utf-8")
    env.chmod(0o600)
    subprocess.run([DANVAN, "init", str(SAMPLE)], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


@pytest.fixture
def service(place: Path) -> Iterator["subprocess.Popen[str]"]:
    """A running service that has said it is ready."""
    command = [DANVAN, "run"]
    process = subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert "http://127.0.0.1" in process.stdout.readline()
    yield process
    process.kill()
    process.communicate()


def test_service_answers_and_ends_on_sigterm(service: "subprocess.Popen[str]", port: int) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez") as answer:
        assert answer.status == 200
    service.send_signal(signal.SIGTERM)
    assert service.wait(10) == 0


@pytest.mark.usefixtures("service")
def test_second_service_on_the_folder_is_refused_but_commands_work(place: Path) -> None:
    second = subprocess.run([DANVAN, "run"], cwd=place, capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert "đang chạy" in second.stderr
    assert "Traceback" not in second.stderr
    listed = subprocess.run(
        [DANVAN, "invite", "group", "--desk"], cwd=place, capture_output=True, check=False
    )
    assert listed.returncode == 0


def test_taken_port_is_told_in_one_line(place: Path, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        refused = subprocess.run([DANVAN, "run"], cwd=place, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "Cổng này" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_demo_starts_on_loopback_and_keeps_its_data_apart(tmp_path: Path, port: int) -> None:
    command = [DANVAN, "demo", "--port", str(port)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert f"http://127.0.0.1:{port}" in process.stdout.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["demo"]
