"""Papers as PDF/A by Typst: facts in, bytes out. Fonts and templates are our own files; nothing is fetched."""

from __future__ import annotations

import io
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst
from barcode.codex import Code128
from django.conf import settings

from . import glyphs, s10

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "documents"
OPERATOR = "Iposita — National Post Office of Rwanda"


def render(kind: str, facts: dict[str, Any]) -> bytes:
    """The PDF of one paper. `facts` is what `ExportDocument.facts` holds; `kind` names the template."""
    inputs = {"data": json.dumps(_printed(facts), ensure_ascii=False)}
    template = str(TEMPLATES / f"{kind}.typ")
    made: Any = typst.compile(
        template,
        root=str(TEMPLATES),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=inputs,
        pdf_standards="a-2b",
    )
    return bytes(made)


@lru_cache(maxsize=1)
def _fonts() -> Any:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(glyphs.FONTS)])


def _printed(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as they stand on paper: amounts and weights written out, every character one that the font can draw."""
    code = facts["verify_code"]
    page = f"{settings.SITE_URL.rstrip('/')}/verify/{code}/"
    long, wide, high = (f"{side / 10:g}" for side in facts["size_mm"])
    written = {
        **facts,
        "operator": OPERATOR,
        "waybill_spaced": s10.read(facts["waybill"]).spaced,
        "goods_value": money(facts["goods_minor"]),
        "freight": money(facts["freight_minor"]),
        "tax": money(facts["tax_minor"]),
        "total": money(facts["total_minor"]),
        "rwf_total": f"{facts['rwf_total']:,}",
        "gross_kg": kilograms(facts["gross_g"]),
        "net_kg": kilograms(facts["net_g"]),
        "size_cm": f"{long} × {wide} × {high}",
        "goods": [_printed_good(good) for good in facts["goods"]],
        "comments": f"Goods for personal use. Not for resale. Parcel {facts['package']} of {facts['packages']}.",
        "verify_url": page,
        "verify_spaced": spaced_code(code),
    }
    return {**_drawable(written), "barcode": barcode_svg(facts["waybill"]), "qr": qr_svg(page)}


def _printed_good(good: dict[str, Any]) -> dict[str, Any]:
    return {
        **good,
        "unit": money(good["unit_minor"]),
        "value": money(good["value_minor"]),
        "net_kg": kilograms(good["net_g"]),
    }


def _drawable(value: Any) -> Any:
    if isinstance(value, str):
        return glyphs.printable(value)
    if isinstance(value, dict):
        return {name: _drawable(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_drawable(one) for one in value]
    return value


def money(minor: int) -> str:
    """Fen as yuan: 12850 is `128.50`."""
    return f"{minor // 100:,}.{minor % 100:02d}"


def kilograms(grams: int) -> str:
    """Grams as kilograms with three decimals, as CN 23 wants them."""
    return f"{grams / 1000:.3f}"


def spaced_code(code: str) -> str:
    """A check code in groups of four, to be read aloud and typed."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))


def barcode_svg(text: str) -> str:
    """Code 128 as one SVG path, a unit a module; paper gives it its width (75 mm scans at 200 dpi, 30 mm does not)."""
    modules = Code128(text).build()[0]
    bars, start = [], None
    for at, module in enumerate(f"{modules}0"):
        if module == "1" and start is None:
            start = at
        elif module == "0" and start is not None:
            bars.append(f"M{start} 0h{at - start}v20H{start}z")
            start = None
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(modules)} 20" preserveAspectRatio="none">'
        f'<path d="{"".join(bars)}"/></svg>'
    )


def qr_svg(text: str) -> str:
    """A QR code as SVG, a quarter of which may be smudged."""
    out = io.BytesIO()
    segno.make(text, error="q", micro=False).save(out, kind="svg", border=2, xmldecl=False, scale=4)
    return out.getvalue().decode()
