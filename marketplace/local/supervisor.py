"""Keeps programs running: starts them, restarts those that die, and stops them all in good order."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from .console import Trouble, say
from .processes import Program, how_it_ended, likely_cause


@dataclass
class Kept:
    """A program with its recent deaths and, while it is down, the moment of its next start."""

    program: Program
    deaths: deque[float] = field(default_factory=deque)
    start_at: float | None = None


@dataclass
class Supervisor:
    """Programs under care. A program may die `deaths_allowed - 1` times within `window` seconds; then no more."""

    deaths_allowed: int = 5
    window: float = 60
    first_delay: float = 0.5
    longest_delay: float = 8
    kept: list[Kept] = field(default_factory=list)

    def start(self, program: Program) -> None:
        """Start a program and keep it from now on."""
        program.start()
        self.kept.append(Kept(program))

    def wait_until(self, ready: Callable[[], bool], program: Program, *, patience: float = 60) -> None:
        """Wait for a program's first answer. Raises Trouble if it dies or stays silent."""
        deadline = time.monotonic() + patience
        while not ready():
            if (code := program.died()) is not None:
                raise failure(program, how_it_ended(code))
            if time.monotonic() > deadline:
                raise failure(program, f"did not answer within {patience:.0f} s")
            time.sleep(0.05)

    def finish(self, *programs: Program) -> None:
        """Run programs that end by themselves, side by side. Raises Trouble for one that fails."""
        for program in programs:
            self.start(program)
        waiting = list(programs)
        while waiting:
            for program in [each for each in waiting if each.died() is not None]:
                waiting.remove(program)
                if code := program.died():
                    raise failure(program, how_it_ended(code))
                self.kept = [each for each in self.kept if each.program is not program]
                program.bury()
                say(f"{program.name} done")
            time.sleep(0.05)

    def watch(self, *, every: float = 0.3) -> NoReturn:
        """Look after everybody until something is hopeless (Trouble) or somebody asks to stop (Stopped)."""
        while True:
            self.look(now=time.monotonic())
            time.sleep(every)

    def look(self, *, now: float) -> None:
        """Notice deaths and start again what is due. Raises Trouble for a program that keeps dying."""
        for each in self.kept:
            if each.start_at is None and (code := each.program.died()) is not None:
                self._note_death(each, code, now=now)
            elif each.start_at is not None and now >= each.start_at and not self._waits_for_foundation(each):
                each.program.start()
                each.start_at = None
                say(f"{each.program.name} started again")

    def stop(self) -> None:
        """Stop everybody: first those that work, all at once, then the servers they stand on, last started first."""
        workers = [each.program for each in self.kept if not each.program.foundation]
        for program in workers:
            program.ask_to_stop()
        for program in workers:
            program.bury()
        for each in reversed(self.kept):
            each.program.ask_to_stop()
            each.program.bury()
        self.kept.clear()

    def _note_death(self, each: Kept, code: int, *, now: float) -> None:
        each.deaths.append(now)
        while each.deaths[0] < now - self.window:
            each.deaths.popleft()
        times = len(each.deaths)
        if times >= self.deaths_allowed:
            raise failure(
                each.program, f"died {times} times within {self.window:.0f} s; giving up. It {how_it_ended(code)}"
            )
        delay = min(self.first_delay * 2 ** (times - 1), self.longest_delay)
        say(f"{each.program.name} {how_it_ended(code)}; starting it again in {delay:g} s (log: {each.program.log})")
        each.program.bury()
        each.start_at = now + delay

    def _waits_for_foundation(self, each: Kept) -> bool:
        """Nobody is started on servers that are down: it would die of that and be blamed for it."""
        return not each.program.foundation and any(
            other.start_at is not None for other in self.kept if other.program.foundation
        )


def failure(program: Program, what: str) -> Trouble:
    """The trouble of one program: what happened, its last words, where the rest of them is."""
    tail = program.tail()
    advice = likely_cause(tail)
    return Trouble(
        f"{program.name} {what}. Its last words:\n{tail}\n  All of them: {program.log}"
        + (f"\n\n{advice}" if advice else "")
    )
