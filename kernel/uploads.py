"""What a form may bring, which its view says and `marketplace.bodies` holds it to; how much of each file is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

# The largest file that anybody may send.
MOST_FILE: Final = 12 * 1024 * 1024
# Fields and the lines between files.
AROUND: Final = 64 * 1024

Marked = TypeVar("Marked", bound=Callable[..., Any])


def takes_files(most: int) -> Callable[[Marked], Marked]:
    """Let a view take files from people who are signed in, of so many bytes together; other bodies stay small."""

    def mark(view: Marked) -> Marked:
        view.most_bytes = most + AROUND  # type: ignore[attr-defined]
        return view

    return mark


class CutFiles(FileUploadHandler):
    """Keeps of each file a little more than any may have, so that it is seen to be too large and costs no room."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= MOST_FILE else None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return None
