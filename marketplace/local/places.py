"""Folders and files of a run: the lock that makes it the only one, scratch folders that vanish, room on the disk."""

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .console import Trouble
from .processes import Identity, run_as

ROOT = Path(__file__).resolve().parent.parent.parent
SCRATCH_PREFIX = "isoko-run-"
LONGEST_SCRATCH = 60  # a socket's path ends at 103 characters on macOS, and the servers add theirs


def var() -> Path:
    """The folder of everything that a run keeps. Raises Trouble if it cannot be written."""
    folder = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        writable = False
    if not writable:
        raise Trouble(
            f"{folder} cannot be written. An earlier run was perhaps made as another user (root?).\n"
            f"Start as that user, or remove the folder to begin afresh.",
            code=2,
        )
    return folder


def refuse_full_disk(folder: Path, *, needed_mb: int) -> None:
    """Raise Trouble while there is still time: a database that meets a full disk stops at once."""
    free = free_mb(folder)
    if free < needed_mb:
        raise Trouble(
            f"The disk is nearly full: {free} MB free in {folder}, about {needed_mb} MB needed.\n"
            "Make room, then start again; nothing that was saved is lost.",
            code=2,
        )


def free_mb(folder: Path) -> int:
    """Megabytes free on the folder's disk."""
    return shutil.disk_usage(folder).free // 1_000_000


# The only run -------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def only_run(folder: Path, *, what: str, address: str = "") -> Iterator[None]:
    """Be the only run on this folder while the block lasts. Raises Trouble naming the one that is up.

    The lock is the kernel's, so that a run that was killed never leaves it behind.
    """
    with (folder / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(already_running(folder), code=2) from None
        write_state(folder, pid=os.getpid(), what=what, address=address)
        try:
            yield
        finally:
            (folder / "run.json").unlink(missing_ok=True)


def already_running(folder: Path) -> str:
    """Words for a run that is up: its number, its address, how to end it."""
    state = read_state(folder)
    if not state:
        return "Another ./run is using this folder. Wait until it has ended, or end it with Ctrl-C in its terminal."
    at = f" at {state['address']}" if state["address"] else ""
    return (
        f"Already running: {state['what']}{at} (process {state['pid']}).\n"
        f"Use that one, or end it with Ctrl-C in its terminal or with:  kill {state['pid']}"
    )


def write_state(folder: Path, **state: Any) -> None:
    """Note what runs here, readable by its owner only: the environment in it holds keys."""
    write_private(folder / "run.json", json.dumps(state, indent=1))


def read_state(folder: Path) -> dict[str, Any]:
    """What was noted by the run that is up; empty if none is."""
    try:
        with (folder / "run.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return {}
    except FileNotFoundError:
        return {}
    except BlockingIOError:
        with contextlib.suppress(OSError, ValueError):
            return dict(json.loads((folder / "run.json").read_text()))
        return {}


def write_private(path: Path, text: str) -> None:
    """Replace a file at once and whole, readable by its owner only."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    part.replace(path)


# Scratch folders ------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder that vanishes with the run; what a killed run left behind is swept by the next one.

    As root it may be traversed by others, since the database runs as another user; what is secret in it lies in
    subfolders that only their owner opens.
    """
    for place in _scratch_places():
        sweep(place)
    folder = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX, dir=_scratch_places()[0]))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    handle = os.open(folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def sweep(place: Path) -> None:
    """Remove our scratch folders that no living run holds."""
    for folder in place.glob(SCRATCH_PREFIX + "*"):
        with contextlib.suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
                continue
            handle = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(handle)


def _scratch_places() -> list[Path]:
    """Temporary folders to use, best first: the system's, unless its path is too long or closed to the database."""
    places = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]  # noqa: S108
    good = [place for place in dict.fromkeys(places) if len(str(place)) <= LONGEST_SCRATCH and place.is_dir()]
    if os.geteuid() == 0:
        good = [place for place in good if all(folder.stat().st_mode & 0o001 for folder in (place, *place.parents))]
    if not good:
        raise Trouble("There is no temporary folder to use. Set TMPDIR to a short path that can be written.", code=2)
    return good


# Folders for another user ---------------------------------------------------------------------------------------------


def can_enter(folder: Path, identity: Identity) -> bool:
    """Whether that user can reach the folder: tried, not computed, since access lists and mounts have a say."""
    try:
        return run_as(identity, ["/bin/sh", "-c", 'cd "$1"', "sh", folder]).returncode == 0
    except OSError:
        return False


def open_house(folder: Path) -> Path:
    """A folder of root's that everybody can reach, for a project in a place that they cannot. Keyed by `folder`.

    Raises Trouble if somebody else made it first: the name can be guessed and the parent is everybody's.
    """
    house = Path("/var/tmp") / f"isoko-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"  # noqa: S108
    try:
        house.mkdir(mode=0o755)
    except FileExistsError:
        pass
    except OSError as error:
        if error.errno == errno.ENOSPC:
            refuse_full_disk(house.parent, needed_mb=100)
        raise
    seen = house.lstat()
    if house.is_symlink() or seen.st_uid != 0:
        raise Trouble(f"{house} belongs to somebody else. Remove it, then start again.", code=2)
    house.chmod(0o755)
    return house
