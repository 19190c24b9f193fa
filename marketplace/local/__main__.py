"""The commands behind `./run`: each module gives one, this file turns troubles into words and exit codes."""

import errno
import sys

from . import checks, commands, demo
from .console import Stopped, Trouble, complain, listen_for_stop


def main(command: str, arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    listen_for_stop()
    try:
        return run(command, arguments)
    except Stopped:
        return 0 if command == "demo" else 130
    except Trouble as trouble:
        complain(str(trouble))
        return trouble.code
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        complain("The disk is full. Make room, then start again; nothing that was saved is lost.")
        return 1


def run(command: str, arguments: list[str]) -> int:
    """Hand over to the command's module."""
    if command == "manage":
        return commands.manage(arguments)
    if command == "test":
        return commands.test(arguments)
    if command == "bench":
        return commands.bench(arguments)
    if arguments:
        raise Trouble(f"./run {command} takes no arguments, but got: {' '.join(arguments)}", code=2)
    if command == "check":
        return checks.run()
    return demo.run()


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in {"demo", "test", "check", "bench", "manage"}:
        complain("Use ./run help")
        sys.exit(2)
    code = main(sys.argv[1], sys.argv[2:])
    sys.exit(code)
