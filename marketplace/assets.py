"""Static files as they are served: without comments and spaces, named by their content, compressed beside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Any

import rcssmin
import rjsmin
from django.core.files import File
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHORTEN: dict[str, Callable[[str], str]] = {".css": rcssmin.cssmin, ".js": rjsmin.jsmin}


class LeanStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, whose named copies of style sheets and scripts are shortened first.

    The files under their own names stay as they were written. What comes minified stays too, licence and all.
    """

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        """As the parent does, from shortened sources."""
        sources = {name: (_Shortened(storage), path) for name, (storage, path) in paths.items()}
        yield from super().post_process(sources, *args, **options)


class _Shortened:
    """A storage of source files that hands them over shortened."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage

    def open(self, path: str) -> File[bytes]:
        """The file, shortened if its kind can be."""
        file: File[bytes] = self._storage.open(path)
        shorten = SHORTEN.get(PurePath(path).suffix)
        if shorten is None or ".min." in path:
            return file
        with file:
            return ContentFile(shorten(file.read().decode()).encode())
