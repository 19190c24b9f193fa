"""`./run check`: everything that can be judged without running a test. All steps run, then the verdict."""

import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import commands, wiring
from .console import say, show
from .places import ROOT


@dataclass(frozen=True)
class Step:
    """One judgement: what it says in a word, and the command that gives it."""

    name: str
    command: list[str | Path]


def steps() -> list[Step]:
    """Cheap ones first."""
    return [
        Step("format", ["ruff", "format", "--check", ".", "run"]),
        Step("lint", ["ruff", "check", "--output-format", "concise", ".", "run"]),
        Step("layers", ["lint-imports"]),
        Step("container image", ["hadolint", "Dockerfile"]),
        Step("container services", ["compose-lint", "docker-compose.yml"]),
        Step("migrations", wiring.manage("makemigrations", "--check", "--dry-run")),
        Step("deployment", wiring.manage("check", "--deploy", "--fail-level", "WARNING")),
        Step("translations", wiring.manage("translations_complete")),
        Step("types", wiring.python("-m", "mypy")),
    ]


def run() -> int:
    """Run every step; return 1 if any failed."""
    failed = []
    with commands.throwaway_servers(fast=True) as addresses:
        environment = wiring.production(addresses)
        for step in steps():
            if not passes(step, environment):
                failed.append(step.name)
    show(f"\nFailed: {', '.join(failed)}" if failed else "\nAll checks passed.")
    return 1 if failed else 0


def passes(step: Step, environment: Mapping[str, str]) -> bool:
    """Run one step and print its verdict; a failing one also prints what it said."""
    began = time.monotonic()
    command = [str(word) for word in step.command]
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        said, good = (done.stdout + done.stderr).strip(), done.returncode == 0
    except FileNotFoundError as error:
        said, good = str(error), False
    say(f"{'ok    ' if good else 'FAILED'}  {step.name} ({time.monotonic() - began:.1f} s)")
    if not good:
        show(f"{' '.join(command)}\n{said}\n")
    return good
