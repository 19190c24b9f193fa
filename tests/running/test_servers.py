"""The embedded servers: what was saved is there after the next start, however the last one ended."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from marketplace.local import places, postgres, valkey
from marketplace.local.postgres import Postgres
from marketplace.local.supervisor import Supervisor

pytestmark = [pytest.mark.running, pytest.mark.xdist_group("embedded")]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with places.scratch() as folder:
        yield folder


@pytest.fixture(scope="module")
def database(home: Path) -> Postgres:
    return postgres.embedded(home=home, sockets=home / "pg", log=home / "database.log")


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    supervisor = Supervisor()
    yield supervisor
    supervisor.stop()


def up(supervisor: Supervisor, database: Postgres) -> None:
    database.prepare()
    program = database.program()
    supervisor.start(program)
    supervisor.wait_until(database.answers, program)
    database.make_database()


def connect(database: Postgres) -> psycopg.Connection:
    return psycopg.connect(host=str(database.sockets), user="app", dbname="isoko", autocommit=True)


def test_rows_survive_a_clean_stop_and_a_kill(supervisor: Supervisor, database: Postgres) -> None:
    up(supervisor, database)
    with connect(database) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('手工篮子')")
    supervisor.stop()
    up(supervisor, database)
    with connect(database) as connection:
        connection.execute("INSERT INTO kept VALUES ('agaseke')")
    postmaster = supervisor.kept[0].program.process
    assert postmaster
    postmaster.kill()
    postmaster.wait()
    supervisor.stop()
    up(supervisor, database)
    with connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (2,)


def test_a_pid_file_that_names_a_stranger_does_not_stop_the_start(supervisor: Supervisor, database: Postgres) -> None:
    up(supervisor, database)
    supervisor.stop()
    (database.data / "postmaster.pid").write_text(f"{os.getppid()}\n{database.data}\n")
    up(supervisor, database)
    assert database.answers()


def test_a_server_of_an_earlier_run_is_ended_before_the_next_starts(supervisor: Supervisor, database: Postgres) -> None:
    up(supervisor, database)
    earlier = supervisor.kept[0].program.process
    assert earlier
    with pytest.MonkeyPatch.context() as patch:
        # The test is the parent of the earlier server and must bury it for its number to vanish.
        signalled = os.kill
        patch.setattr(os, "kill", lambda pid, number: (signalled(pid, number), earlier.wait()))
        postgres.end_previous(database.data)
    assert earlier.returncode == 0


def test_only_the_socket_is_open_and_only_to_its_owner(supervisor: Supervisor, database: Postgres) -> None:
    up(supervisor, database)
    assert database.sockets.stat().st_mode & 0o077 == 0
    with connect(database) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SELECT show_trgm('手工') <> '{}'").fetchone() == (True,)


def test_queues_survive_a_kill(supervisor: Supervisor, home: Path) -> None:
    queues = valkey.Valkey(home / "valkey", home / "vk", home / "queues.log")
    for command, answer in ((b"RPUSH q one\r\n", b":1"), (b"LLEN q\r\n", b":1")):
        queues.prepare()
        program = queues.program()
        supervisor.start(program)
        supervisor.wait_until(queues.answers, program)
        assert ask(queues, command).startswith(answer)
        assert program.process
        program.process.send_signal(signal.SIGKILL)
        program.process.wait()
        supervisor.stop()


def ask(queues: valkey.Valkey, command: bytes) -> bytes:
    with valkey.socket.socket(valkey.socket.AF_UNIX) as line:
        line.connect(str(queues.socket))
        line.sendall(command)
        return line.recv(64)


def test_a_scratch_folder_of_a_dead_run_is_swept_and_one_in_use_is_not(tmp_path: Path) -> None:
    left = tmp_path / f"{places.SCRATCH_PREFIX}left"
    left.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "_scratch_places", lambda: [tmp_path])
        with places.scratch() as mine, places.scratch() as other:
            assert not left.exists()
            assert mine.exists() and other.exists()
        assert not list(tmp_path.iterdir())
