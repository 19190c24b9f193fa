"""Programs under care: they come back when they die, and nothing outlives the run."""

import os
import signal
from pathlib import Path

import pytest

from marketplace.local import leash
from marketplace.local.console import Trouble
from marketplace.local.supervisor import Supervisor
from tests.running.programs import alive, children_of, eventually, failing, noted, server, supervised

pytestmark = pytest.mark.running


@pytest.mark.parametrize("by_kernel", [leash.BY_KERNEL, False], ids=["as on this machine", "without the kernel"])
def test_a_killed_supervisor_leaves_no_process_behind(tmp_path: Path, by_kernel: bool) -> None:
    run = supervised(tmp_path, by_kernel=by_kernel)
    assert all(alive(pid) for pid in noted(tmp_path))
    run.kill()
    run.wait()
    eventually(lambda: not any(alive(pid) for pid in noted(tmp_path)))


@pytest.mark.skipif(not leash.BY_KERNEL, reason="only Linux signals the children of a dead parent")
def test_the_kernel_alone_ends_the_servers_of_a_killed_supervisor(tmp_path: Path) -> None:
    run = supervised(tmp_path, by_watcher=False)
    servers = children_of(run.pid)
    assert len(servers) == 2
    run.kill()
    run.wait()
    eventually(lambda: not any(alive(pid) for pid in servers))
    for pid in noted(tmp_path):
        if alive(pid):  # the servers' own children, which the kernel does not reach
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_ends_everybody_in_good_order(tmp_path: Path, number: signal.Signals) -> None:
    run = supervised(tmp_path)
    run.send_signal(number)
    assert run.wait(10) == 0
    assert not any(alive(pid) for pid in noted(tmp_path))


def test_a_killed_program_is_started_again_and_its_orphans_are_ended(tmp_path: Path) -> None:
    supervisor, program = Supervisor(first_delay=0), server(tmp_path, "web")
    supervisor.start(program)
    eventually(lambda: len(noted(tmp_path)) == 2)
    before = noted(tmp_path)
    assert program.process
    program.process.kill()
    program.process.wait()
    supervisor.look(now=100)
    supervisor.look(now=100)
    assert not any(alive(pid) for pid in before)
    eventually(lambda: len(noted(tmp_path)) == 4)
    supervisor.stop()
    assert not any(alive(pid) for pid in noted(tmp_path))


def test_a_program_that_keeps_dying_is_tried_ever_later_and_then_given_up_with_its_last_words(tmp_path: Path) -> None:
    supervisor, program = Supervisor(), failing(tmp_path, "no such table")
    supervisor.start(program)
    now = 1000.0
    delays: list[float] = []
    with pytest.raises(Trouble, match=r"died 5 times within 60 s(.|\n)*exit code 3(.|\n)*no such table"):
        while True:
            assert program.process
            program.process.wait()
            supervisor.look(now=now)
            due = supervisor.kept[0].start_at
            assert due is not None
            supervisor.look(now=due - 0.01)
            assert program.process is None, "it must not start before its time"
            supervisor.look(now=due)
            delays.append(due - now)
            now = due
    assert delays == [0.5, 1, 2, 4]


def test_deaths_of_long_ago_do_not_count(tmp_path: Path) -> None:
    supervisor, program = Supervisor(first_delay=0), failing(tmp_path, "again")
    supervisor.start(program)
    for hour in range(7):
        assert program.process
        program.process.wait()
        supervisor.look(now=hour * 3600.0)
        supervisor.look(now=hour * 3600.0)
    supervisor.stop()


def test_nobody_is_started_while_a_server_they_stand_on_is_down(tmp_path: Path) -> None:
    supervisor = Supervisor(first_delay=5)
    database, web = server(tmp_path, "database"), server(tmp_path, "web")
    database.foundation = True
    for program in (database, web):
        supervisor.start(program)
        assert program.process
        program.process.kill()
        program.process.wait()
    supervisor.look(now=0)
    supervisor.kept[0].start_at = 9
    supervisor.look(now=6)
    assert web.process is None
    supervisor.look(now=9)
    assert web.process is not None
    supervisor.stop()


def test_a_step_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="failing ended with exit code 3") as caught:
        Supervisor().finish(failing(tmp_path, "could not extend file: No space left on device"))
    assert "The disk is full" in str(caught.value)


def test_a_silent_program_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    supervisor, program = Supervisor(), server(tmp_path, "mute")
    supervisor.start(program)
    with pytest.raises(Trouble, match="did not answer within 0 s"):
        supervisor.wait_until(lambda: False, program, patience=0.2)
    supervisor.stop()


def test_a_log_starts_anew_when_it_is_long(tmp_path: Path) -> None:
    program = failing(tmp_path, "short")
    program.log.write_bytes(b"x" * 5_000_001)
    program.start()
    assert program.process
    program.process.wait()
    assert program.tail().strip() == "short"
    assert os.stat(tmp_path / "failing.log.1").st_size == 5_000_001  # noqa: PTH116
