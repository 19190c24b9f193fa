"""The database and the queues of a run: the person's own if their addresses are set, else embedded ones."""

import os
from pathlib import Path

from . import postgres, valkey
from .console import say
from .supervisor import Supervisor


def start(supervisor: Supervisor, *, home: Path, scratch: Path, logs: Path, throwaway: bool = False) -> dict[str, str]:
    """Start what is needed and return DATABASE_URL and REDIS_URL for everybody else.

    `home` keeps the data, `scratch` holds the sockets: their paths must be short.
    """
    addresses = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
    database = queues = None
    if "DATABASE_URL" not in addresses:
        database = postgres.embedded(home=home, sockets=scratch / "pg", log=logs / "database.log", throwaway=throwaway)
        database.prepare()
        database_program = database.program()
        supervisor.start(database_program)
        addresses["DATABASE_URL"] = database.url()
    if "REDIS_URL" not in addresses:
        queues = valkey.Valkey(home / "valkey", scratch / "vk", logs / "queues.log", throwaway)
        queues.prepare()
        queues_program = queues.program()
        supervisor.start(queues_program)
        addresses["REDIS_URL"] = queues.url()
    if database:
        supervisor.wait_until(database.answers, database_program)
        database.make_database()
        elsewhere = "" if database.data.is_relative_to(home) else f"; as root its files are in {database.data}"
        say(f"database ready{elsewhere}")
    if queues:
        supervisor.wait_until(queues.answers, queues_program)
        say("queues ready")
    return addresses
