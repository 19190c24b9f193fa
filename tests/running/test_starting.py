"""What a newcomer reads when the demo cannot start, and what a start keeps for the next one."""

import ast
import importlib.machinery
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from marketplace.local import demo, keys, places, ports, processes
from marketplace.local.console import Trouble
from tests.running.programs import ROOT, eventually, run_local

pytestmark = pytest.mark.running


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_told_with_who_has_it_and_what_to_type(tmp_path: Path, taken: int) -> None:
    done = run_local("demo", VAR_DIR=str(tmp_path), PORT=str(taken))
    assert done.returncode == 2
    assert f"Port {taken} is taken" in done.stderr
    assert re.search(r"PORT=\d+ \./run demo", done.stderr)
    if sys.platform == "linux":
        assert f"(process {os.getpid()})" in done.stderr


@pytest.mark.parametrize("port", ["80x", "0", "65536", "-1", "８０８０"])
def test_a_port_that_is_none_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Trouble, match="is not a port"):
        ports.wanted("PORT", 8000)


def test_a_second_demo_is_sent_to_the_first(tmp_path: Path) -> None:
    with places.only_run(tmp_path, what="the demo", address="http://127.0.0.1:8000/"):
        done = run_local("demo", VAR_DIR=str(tmp_path))
    assert done.returncode == 2
    assert f"Already running: the demo at http://127.0.0.1:8000/ (process {os.getpid()})" in done.stderr


def test_a_killed_run_leaves_no_lock(tmp_path: Path) -> None:
    hold = (
        "import sys, time; from pathlib import Path; from marketplace.local import places\n"
        "with places.only_run(Path(sys.argv[1]), what='x'): time.sleep(60)"
    )
    run = subprocess.Popen([sys.executable, "-c", hold, str(tmp_path)], cwd=ROOT)
    eventually(lambda: bool(places.read_state(tmp_path)))
    run.kill()
    run.wait()
    assert places.read_state(tmp_path) == {}
    with places.only_run(tmp_path, what="the next one"):
        assert places.read_state(tmp_path)["what"] == "the next one"


def test_a_full_disk_is_told_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10**9, 10**9, 12_000_000))
    with pytest.raises(Trouble, match=r"12 MB free in .* about 500 MB needed"):
        places.refuse_full_disk(tmp_path, needed_mb=500)


def test_a_disk_that_fills_up_on_the_way_is_recognised() -> None:
    assert "disk is full" in processes.likely_cause("PANIC: could not write to file: No space left on device")
    assert processes.likely_cause("all is well") == ""


def test_secrets_are_made_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    first = keys.kept(tmp_path)
    path = tmp_path / "demo-secrets.json"
    assert keys.kept(tmp_path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text(json.dumps({"SECRET_KEY": "mine"}))
    assert keys.kept(tmp_path)["SECRET_KEY"] == "mine"
    path.write_text("{")
    with pytest.raises(Trouble, match="is damaged"):
        keys.kept(tmp_path)


def test_the_sandbox_keeps_its_ports_until_somebody_takes_them(tmp_path: Path) -> None:
    web = ports.any_free()
    first = demo.quiet_ports(tmp_path, web)
    assert demo.quiet_ports(tmp_path, web) == first
    with socket.create_server(("127.0.0.1", first[0])):
        assert first[0] not in demo.quiet_ports(tmp_path, web)
    assert web not in demo.quiet_ports(tmp_path, web)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run_local("demo", VAR_DIR=str(tmp_path / "file" / "var"))
    assert (done.returncode, "cannot be written" in done.stderr) == (2, True)


def test_a_bench_that_is_not_there_is_told() -> None:
    done = run_local("bench", "nonsense")
    assert (done.returncode, "no bench/nonsense.py" in done.stderr) == (2, True)


def test_the_runner_needs_no_django() -> None:
    script = (
        "import sys, marketplace.local.__main__; print([name for name in sys.modules if name.startswith('django')])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# The front door -------------------------------------------------------------------------------------------------------


@pytest.fixture
def door() -> ModuleType:
    """The file `run` as a module."""
    loader = importlib.machinery.SourceFileLoader("front_door", str(ROOT / "run"))
    spec = importlib.util.spec_from_loader("front_door", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_the_front_door_opens_without_anything_installed(tmp_path: Path) -> None:
    shutil.copy(ROOT / "run", tmp_path)
    done = subprocess.run([sys.executable, "-I", tmp_path / "run", "help"], capture_output=True, text=True, check=True)
    assert "./run demo" in done.stdout
    done = subprocess.run([sys.executable, "-I", tmp_path / "run", "dmeo"], capture_output=True, text=True, check=False)
    assert (done.returncode, "There is no './run dmeo'" in done.stderr) == (2, True)


def test_an_old_python_can_still_read_that_it_is_too_old(door: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    ast.parse((ROOT / "run").read_text(), feature_version=(3, 7))
    monkeypatch.setattr(door, "OLDEST", (9, 9))
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(SystemExit) as caught:
        door.refuse_strange_machines()
    assert caught.value.code == 2


def test_a_python_without_any_installer_is_told_what_to_install(
    door: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(door, "succeeds", lambda _command: False)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(SystemExit):
        door.choose_installer()
    assert "python3-venv" in capsys.readouterr().err


def test_the_development_lock_holds_everything_of_the_other() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9._-]+==[^ \\;]+", (ROOT / name).read_text(), re.MULTILINE))

    assert pins("requirements.lock") and pins("requirements.lock") <= pins("requirements-dev.lock")
