# ruff: noqa: E501  (a piece of SVG reads best on one line)
"""The table on which goods are drawn: ground, shadow, light, and the step from SVG to a picture file."""

import io
import math
from collections.abc import Sequence
from pathlib import Path

import typst
from PIL import Image

from .motifs import Surface

PAGE = Path(__file__).with_name("page.typ")
Profile = Sequence[tuple[float, float]]

DEFS = """<defs>
<radialGradient id="ground" cx=".5" cy=".42" r=".75"><stop offset="0" stop-color="#FFFDF8"/><stop offset=".55" stop-color="#F6EEDF"/><stop offset="1" stop-color="#E4D7BF"/></radialGradient>
<linearGradient id="form" x1="0" x2="1" y1="0" y2="0"><stop offset="0" stop-color="#180C04" stop-opacity=".42"/><stop offset=".16" stop-color="#180C04" stop-opacity=".1"/><stop offset=".32" stop-color="#FFF8E8" stop-opacity=".2"/><stop offset=".56" stop-color="#180C04" stop-opacity=".04"/><stop offset="1" stop-color="#180C04" stop-opacity=".5"/></linearGradient>
<linearGradient id="soft" x1="0" x2="1" y1="0" y2="1"><stop offset="0" stop-color="#FFF8E8" stop-opacity=".22"/><stop offset=".5" stop-color="#FFF" stop-opacity="0"/><stop offset="1" stop-color="#180C04" stop-opacity=".26"/></linearGradient>
<radialGradient id="rim" cx=".5" cy=".5" r=".5"><stop offset="0" stop-color="#180C04" stop-opacity=".2"/><stop offset=".5" stop-color="#180C04" stop-opacity=".02"/><stop offset=".86" stop-color="#FFF8E8" stop-opacity=".12"/><stop offset="1" stop-color="#180C04" stop-opacity=".4"/></radialGradient>
<linearGradient id="glass" x1="0" x2="1" y1="0" y2="0"><stop offset="0" stop-color="#FFF" stop-opacity=".05"/><stop offset=".12" stop-color="#FFF" stop-opacity=".55"/><stop offset=".2" stop-color="#FFF" stop-opacity=".08"/><stop offset=".85" stop-color="#000" stop-opacity=".04"/><stop offset="1" stop-color="#000" stop-opacity=".28"/></linearGradient>
<filter id="b6" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="6"/></filter>
<filter id="b16" x="-40%" y="-80%" width="180%" height="260%"><feGaussianBlur stdDeviation="16"/></filter>
</defs>"""


def shadow(cx: float, cy: float, rx: float, ry: float = 0) -> str:
    """A soft shadow on the table, and a tight dark one where the thing touches it."""
    ry = ry or rx * 0.16
    return (
        f'<ellipse cx="{cx + 16}" cy="{cy + 4}" rx="{rx * 1.12:.0f}" ry="{ry * 1.3:.0f}" fill="#3A2412" fill-opacity=".3" filter="url(#b16)"/>'
        f'<ellipse cx="{cx + 4}" cy="{cy}" rx="{rx * 0.94:.0f}" ry="{ry * 0.7:.0f}" fill="#23140A" fill-opacity=".42" filter="url(#b6)"/>'
    )


def clipped(
    name: str, outline: str, inside: str, *, light: str = "form", edge: str = "#23140A", opacity: float = 0.35
) -> str:
    """What is inside an outline, lit as a whole; `light` names a gradient, empty for none."""
    lit = f'<path d="{outline}" fill="url(#{light})"/>' if light else ""
    return (
        f'<clipPath id="{name}"><path d="{outline}"/></clipPath><g clip-path="url(#{name})">{inside}{lit}</g>'
        f'<path d="{outline}" fill="none" stroke="{edge}" stroke-opacity="{opacity}" stroke-width="1.5"/>'
    )


def sampled(profile: Profile, count: int) -> list[tuple[float, float]]:
    """`count` + 1 points along a smooth line through a profile's (height, radius) points."""
    ends = [profile[0], *profile, profile[-1]]
    out = []
    for i in range(count + 1):
        place = i / count * (len(profile) - 1)
        k = min(int(place), len(profile) - 2)
        t = place - k
        p0, p1, p2, p3 = ends[k : k + 4]
        out.append((_curve(p0[0], p1[0], p2[0], p3[0], t), max(0.0, _curve(p0[1], p1[1], p2[1], p3[1], t))))
    return out


def revolved(name: str, cx: float, profile: Profile, *, tilt: float = 0.14) -> str:
    """The outline of a vessel seen a little from above."""
    points = sampled(profile, 48)
    left = [f"{cx - r:.1f} {y:.1f}" for y, r in points]
    right = [f"{cx + r:.1f} {y:.1f}" for y, r in reversed(points)]
    foot, top = points[-1][1], points[0][1]
    base = f"A{foot:.1f} {foot * tilt:.1f} 0 0 0 {right[0]}" if foot > 1 else ""
    lip = f"A{top:.1f} {top * tilt:.1f} 0 0 0 {left[0]}" if top > 1 else ""
    return f"M{'L'.join(left)}{base}L{'L'.join(right)}{lip}z"


def woven(
    cx: float, profile: Profile, colour: Surface, *, rows: int, stitches: int, tilt: float = 0.14, turn: float = 0.0
) -> str:
    """The coils of a basket: stitch by stitch round a profile, runs of one colour as one piece, a shade between rows."""
    points, out, seams = sampled(profile, rows), [], []
    for i in range(rows):
        (y0, r0), (y1, r1) = points[i], points[i + 1]
        start, was = 0, ""
        for j in range(stitches // 2 + 1):
            now = colour(((j + 0.5) / stitches + turn) % 1, (i + 0.5) / rows) if j < stitches // 2 else ""
            if now != was:
                if was:
                    out.append(_piece(cx, (y0, r0), (y1 + 0.5, r1), start, j, stitches, tilt, was))
                start, was = j, now
        arc = "L".join(f"{x:.1f} {y:.1f}" for x, y in _arc(cx, y1, r1, 0, stitches // 2, stitches, tilt))
        seams.append(f"M{arc}")
    return (
        "".join(out)
        + f'<path d="{"".join(seams)}" fill="none" stroke="#2A1608" stroke-opacity=".3" stroke-width="1.3"/>'
    )


def plate(
    cx: float, cy: float, radius: float, colour: Surface, *, rings: int, squash: float = 1.0, turn: float = 0.0
) -> str:
    """A coiled plate from above (or leaning, with `squash`), ring by ring from the rim in."""
    out, depth = [], radius / rings
    for ring in range(rings, 0, -1):
        outer, v = ring * depth, (ring - 0.5) / rings
        stitches = max(12, round(2 * math.pi * outer / 8))
        start, was = 0, ""
        for j in range(stitches + 1):
            now = colour((j / stitches + turn) % 1, v) if j < stitches else ""
            if now != was:
                if was:
                    out.append(_sector(cx, cy, outer, start / stitches, j / stitches, squash, was))
                start, was = j, now
        out.append(
            f'<ellipse cx="{cx}" cy="{cy}" rx="{outer:.1f}" ry="{outer * squash:.1f}" fill="none" stroke="#2A1608" stroke-opacity=".26" stroke-width="1.2"/>'
        )
    return "".join(out)


def whole(body: str, *, view: str = "front", focus: tuple[float, float] = (400, 400)) -> str:
    """The finished SVG. Views: `front`, `turned` (another angle of the table), `detail` (near the work)."""
    box, held = "0 0 800 800", body
    if view == "turned":
        held = f'<g transform="translate(400,420) rotate(-5) skewX(-5) scale(.9) translate(-400,-410)">{body}</g>'
    if view == "detail":
        side = 300
        x, y = (min(max(0, at - side / 2), 800 - side) for at in focus)
        box = f"{x:.0f} {y:.0f} {side} {side}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{box}" width="800" height="800">'
        f'{DEFS}<rect width="800" height="800" fill="url(#ground)"/>{held}</svg>'
    )


def raster(svg: str, *, pixels: int = 1200) -> Image.Image:
    """The picture of an SVG, square."""
    png = typst.compile(str(PAGE), format="png", ppi=144.0, sys_inputs={"svg": svg, "side": str(pixels / 2)})
    return Image.open(io.BytesIO(png)).convert("RGB")


def _curve(a: float, b: float, c: float, d: float, t: float) -> float:
    """Catmull-Rom between b and c."""
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)


def _arc(cx: float, y: float, r: float, start: int, end: int, stitches: int, tilt: float) -> list[tuple[float, float]]:
    pieces = max(1, (end - start) // 2)
    angles = [-math.pi / 2 + 2 * math.pi * (start + (end - start) * k / pieces) / stitches for k in range(pieces + 1)]
    return [(cx + r * math.sin(a), y + tilt * r * math.cos(a)) for a in angles]


def _piece(
    cx: float,
    upper: tuple[float, float],
    lower: tuple[float, float],
    start: int,
    end: int,
    stitches: int,
    tilt: float,
    colour: str,
) -> str:
    points = _arc(cx, *upper, start, end, stitches, tilt) + _arc(cx, *lower, start, end, stitches, tilt)[::-1]
    return f'<path d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in points)}z" fill="{colour}"/>'


def _sector(cx: float, cy: float, r: float, start: float, end: float, squash: float, colour: str) -> str:
    if end - start > 0.98:
        return f'<ellipse cx="{cx}" cy="{cy}" rx="{r:.1f}" ry="{r * squash:.1f}" fill="{colour}"/>'
    pieces = max(1, math.ceil((end - start) * 48))
    points = [(start + (end - start) * k / pieces) * 2 * math.pi for k in range(pieces + 1)]
    line = "L".join(f"{cx + r * math.cos(a):.1f} {cy + r * math.sin(a) * squash:.1f}" for a in points)
    return f'<path d="M{cx} {cy}L{line}z" fill="{colour}"/>'
