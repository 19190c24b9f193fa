"""Files that people send, good and hostile, made here rather than kept."""

import io
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def picture(form: str = "JPEG", *, size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: object) -> bytes:
    """A small picture with something to see on it."""
    image = Image.new(mode, size, 128 if mode in {"L", "P", "I;16"} else None)
    written = io.BytesIO()
    image.save(written, form, **options)
    return written.getvalue()


def upload(content: bytes, name: str = "card.jpg", content_type: str = "image/jpeg") -> SimpleUploadedFile:
    """The file as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type)


def with_position() -> bytes:
    """A photo turned on its side, with a place in it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "S"
    exif[0x010F] = "SecretCamera"
    return picture(size=(64, 32), exif=exif)


def huge_png(width: int, height: int) -> bytes:
    """A few kilobytes that unfold to a great many pixels."""
    row = b"\0" + b"\0" * ((width + 7) // 8)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(row) for _line in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def text_bomb_png() -> bytes:
    """A PNG whose comment unfolds to two hundred megabytes."""
    plain = picture("PNG")
    bomb = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * 200_000_000, 9))
    return plain[:33] + bomb + plain[33:]


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
