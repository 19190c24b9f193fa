"""Files that people send, good and hostile, made here rather than kept."""

import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def pdf(pages: int = 1, *, root: bytes = b"", more: bytes = b"", trailer: bytes = b"") -> bytes:
    """A PDF of empty pages, with whatever else the catalogue, the objects and the trailer should say."""
    kids = [10 + n for n in range(pages)]
    written = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R" + root + b">>endobj\n"
    written += (
        b"2 0 obj<</Type/Pages/Count %d/Kids[" % pages + b" ".join(b"%d 0 R" % kid for kid in kids) + b"]>>endobj\n"
    )
    for kid in kids:
        written += b"%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\n" % kid
    return written + more + b"trailer<</Root 1 0 R" + trailer + b">>\n%%EOF\n"


def picture(form: str = "JPEG", *, size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: object) -> bytes:
    """A small picture with something to see on it."""
    image = Image.new(mode, size, 128 if mode in {"L", "P", "I;16"} else None)
    written = io.BytesIO()
    image.save(written, form, **options)
    return written.getvalue()


def upload(content: bytes, name: str = "card.jpg", content_type: str = "image/jpeg") -> SimpleUploadedFile:
    """The file as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type)


PDF = pdf()


def with_position() -> bytes:
    """A photo turned on its side, with a place in it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "S"
    exif[0x010F] = "SecretCamera"
    return picture(size=(64, 32), exif=exif)


def archive() -> bytes:
    """What calls itself a .docx and is an archive: a bomb, another archive, a link and a way out of the folder."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * 20_000_000)
        packed.writestr("../../settings.py", b"DEBUG = True")
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
        packed.writestr("inner.zip", b"PK\x05\x06" + b"\0" * 18)
    return written.getvalue()


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
