"""Pictures of papers for the demonstration, marked so that nobody takes one for a real paper."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

SIZE = (1000, 630)
INK, GROUND, MARK = "#2b2420", "#f3eadb", "#c9502f"


def paper(title: str, lines: tuple[str, ...]) -> bytes:
    """A card with a title, some lines, and SAMPLE written across it, as PNG."""
    card = Image.new("RGB", SIZE, GROUND)
    draw = ImageDraw.Draw(card)
    draw.rectangle((20, 20, SIZE[0] - 20, SIZE[1] - 20), outline=INK, width=4)
    draw.text((60, 55), title, fill=INK, font=ImageFont.load_default(44))
    for place, line in enumerate(lines):
        draw.text((60, 150 + 56 * place), line, fill=INK, font=ImageFont.load_default(32))
    stamp = Image.new("L", SIZE, 0)
    ImageDraw.Draw(stamp).text((500, 315), "SAMPLE", fill=150, font=ImageFont.load_default(210), anchor="mm")
    card.paste(MARK, mask=stamp.rotate(18))
    out = io.BytesIO()
    card.save(out, "PNG")
    return out.getvalue()
