# ruff: noqa: E501  (a piece of SVG reads best on one line)
"""Pattern grammars of Rwandan crafts, as colours over a surface or as SVG pieces on a square of side 100.

Sources: umuraza on the agaseke basket, imigongo spirals and lozenges, coiled plates, the umukeka mat, hills and tea rows.
"""

import math
import random
from collections.abc import Callable

INK, KAOLIN, CLAY, SAND = "#1C1815", "#F5ECDB", "#A63A22", "#E3CFA9"
HILL, TEA, KIVU, SUN, COFFEE = "#1E5C46", "#4E8B4A", "#14526B", "#E3A11F", "#5A3423"
GREENS = ["#2F6B45", "#4E8B4A", "#7DAA62"]
Surface = Callable[[float, float], str]


def triangle(x: float) -> float:
    """A zig-zag between 0 and 1 with period 1."""
    return abs(2 * (x % 1) - 1)


def umuraza(points: int, bands: list[tuple[float, float, str]], ground: str, lift: float = 0.1) -> Surface:
    """Zig-zags round a vessel: each band is (height, thickness, colour), with `points` teeth round the whole."""

    def colour(u: float, v: float) -> str:
        level = v + lift * triangle(u * points)
        for height, thick, paint in bands:
            if height <= level < height + thick:
                return paint
        return ground

    return colour


def coil(arms: int, twist: float, inner: str, outer: str, ground: str) -> Surface:
    """The spiral plate: teeth of two colours that turn as they grow; u is the angle, v the way from the centre out."""

    def colour(u: float, v: float) -> str:
        wave = abs(2 * ((arms * u + twist * arms * v / 3) % 1) - 1)
        height = 0.35 + 0.3 * math.sin(3 * math.pi * v)
        if v > 0.94 or v < 0.07:
            return inner
        return inner if wave < 0.55 * height else outer if wave < height else ground

    return colour


def imigongo(x: float, y: float, side: float, turns: int, colour: str, *, mirrored: bool = False) -> str:
    """A double square spiral on a tile: legs of 1, 1, 3, 3, 5, 5 ..., and the same turned half round."""
    step = side / (2 * turns + 1)
    arms = []
    for sign in (1, -1):
        px, py, dx, dy = 0.0, 0.0, sign, 0
        points = ["0 0"]
        for leg in range(2 * turns):
            length = (2 * (leg // 2) + 1) * step
            px, py = px + dx * length, py + dy * length
            points.append(f"{px:.1f} {py:.1f}")
            dx, dy = -dy, dx
        # A last leg of the same length closes the square.
        points.append(f"{px + dx * length:.1f} {py + dy * length:.1f}")
        arms.append("M" + "L".join(points))
    flip = "-1,1" if mirrored else "1,1"
    return (
        f'<g transform="translate({x + side / 2:.1f},{y + side / 2:.1f}) scale({flip})"><path d="{" ".join(arms)}" fill="none" '
        f'stroke="{colour}" stroke-width="{step * 0.7:.1f}" stroke-linecap="square" stroke-linejoin="miter"/></g>'
    )


def lozenges(width: float, height: float, a: float, b: float, colours: list[str]) -> str:
    """Nested lozenges that cover a field, painted from the top down."""
    out = []
    for row in range(-1, int(height / b) + 2):
        for column in range(-1, int(width / (2 * a)) + 2):
            cx, cy = 2 * a * column + a * (row % 2), b * row
            for level, reach in enumerate((1, 0.82, 0.64, 0.46, 0.28, 0.12)):
                ra, rb = a * reach, b * reach
                out.append(
                    f'<path d="M{cx - ra:.1f} {cy:.1f}L{cx:.1f} {cy - rb:.1f}L{cx + ra:.1f} {cy:.1f}L{cx:.1f} {cy + rb:.1f}z" '
                    f'fill="{colours[level % len(colours)]}"/>'
                )
    return "".join(out)


def wax_print(width: float, height: float, colours: list[str], dice: random.Random) -> str:
    """A kitenge: discs, petals and dots in a half-drop repeat; three colours on a ground, no traditional emblem."""
    ground, first, second, third = colours
    side = dice.choice((92, 110, 128))
    petals = dice.choice((6, 8, 10, 12))
    style = dice.randrange(3)
    petal = "".join(
        f'<ellipse cx="0" cy="-{side * 0.3:.1f}" rx="{side * 0.5 / petals * 1.5:.1f}" ry="{side * 0.14:.1f}" '
        f'transform="rotate({360 / petals * i:.1f})" fill="{second if i % 2 else first}"/>'
        for i in range(petals)
    )
    ring = "".join(
        f'<circle r="{side * r:.1f}" fill="{c}"/>'
        for r, c in ((0.47, third), (0.44, ground), (0.15, third), (0.11, first), (0.05, ground))
    )
    spokes = "".join(
        f'<path d="M0 -{side * 0.2:.1f}V-{side * 0.42:.1f}" stroke="{first}" stroke-width="{side * 0.05:.1f}" '
        f'transform="rotate({360 / petals * i:.1f})"/>'
        for i in range(petals)
    )
    inner = (
        ring
        + (petal, spokes, petal)[style]
        + f'<circle r="{side * 0.13:.1f}" fill="{(third, second, ground)[style]}"/>'
    )
    inner += f'<circle r="{side * 0.06:.1f}" fill="{first}"/>'
    dots = "".join(
        f'<circle cx="{side * 0.5 * math.cos(k * math.pi / 8):.1f}" cy="{side * 0.5 * math.sin(k * math.pi / 8):.1f}" r="2.6" fill="{first}"/>'
        for k in range(16)
    )
    gem = (
        f'<path d="M0 -{side * 0.16:.1f}L{side * 0.1:.1f} 0L0 {side * 0.16:.1f}L-{side * 0.1:.1f} 0z" fill="{second}"/>'
    )
    out = [f'<rect x="-40" y="-40" width="{width + 80}" height="{height + 80}" fill="{ground}"/>']
    for column in range(-1, int(width / side) + 2):
        for row in range(-1, int(height / side) + 2):
            x, y = column * side, row * side + (side / 2 if column % 2 else 0)
            out.append(f'<g transform="translate({x:.1f},{y:.1f})">{inner}{dots}</g>')
            out.append(f'<g transform="translate({x + side / 2:.1f},{y + side * 0.25:.1f})">{gem}</g>')
    return "".join(out)


def hills(
    width: float,
    height: float,
    far: tuple[int, int, int],
    near: tuple[int, int, int],
    dice: random.Random,
    layers: int = 6,
) -> str:
    """The thousand hills: sums of three sines, each layer nearer and darker."""
    out = []
    for k in range(layers):
        share = k / (layers - 1)
        base = height * (0.36 + 0.5 * share**1.15)
        waves = [
            (dice.uniform(0.03, 0.07) * height, dice.uniform(0.006, 0.012) * 800 / width, dice.uniform(0, 6.3)),
            (dice.uniform(0.012, 0.03) * height, dice.uniform(0.016, 0.03) * 800 / width, dice.uniform(0, 6.3)),
            (dice.uniform(0.002, 0.006) * height, dice.uniform(0.05, 0.08) * 800 / width, dice.uniform(0, 6.3)),
        ]
        points = [
            f"{x} {base - sum(a * math.sin(f * x + p) for a, f, p in waves):.1f}" for x in range(0, int(width) + 9, 8)
        ]
        colour = "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(far, near, strict=True))
        out.append(f'<path d="M0 {height}L{"L".join(points)}L{width} {height}z" fill="{colour}"/>')
    return "".join(out)


def terraces(width: float, height: float, greens: list[str], dice: random.Random) -> str:
    """Rows of tea that bend round a slope, drawn as round dashes."""
    amplitude, centre, out = dice.uniform(18, 34), dice.uniform(8, 16), []
    for k in range(-2, int(height / 15) + 4):
        rise = amplitude * math.exp(-(((k - centre) / 9) ** 2))
        points = [
            f"{x} {15 * k + rise * math.sin(x / 62 + 0.12 * k) + 2 * math.sin(x / 17 + k):.1f}"
            for x in range(-10, int(width) + 20, 10)
        ]
        out.append(
            f'<path d="M{"L".join(points)}" fill="none" stroke="{greens[k % len(greens)]}" stroke-width="10.5" '
            f'stroke-linecap="round" stroke-dasharray="14 13" stroke-dashoffset="{k % 3 * 9}"/>'
        )
    return "".join(out)


def umukeka(x: float, y: float, columns: int, rows: int, size: float, colours: list[str], *, period: int = 18) -> str:
    """The mat: lozenge rings broken by the weave; runs of one colour are one rectangle."""
    out, half = [], period // 2
    for i in range(rows):
        run, was = 0, ""
        for j in range(columns + 1):
            colour = ""
            if j < columns:
                ring = abs(i % period - half) + abs((j - columns // 2) % period - half)
                on = (ring // 3 % 2 == 0) ^ ((i + j) % 4 == 0)
                colour = colours[1 + ring // 6 % (len(colours) - 1)] if on else colours[0]
            if colour != was:
                if was:
                    out.append(
                        f'<rect x="{x + run * size:.1f}" y="{y + i * size:.1f}" width="{(j - run) * size + 0.4:.1f}" '
                        f'height="{size + 0.4:.1f}" fill="{was}"/>'
                    )
                run, was = j, colour
    return "".join(out)


def bean(x: float, y: float, size: float, angle: float, *, roast: str = "#4A2A1C") -> str:
    """One coffee bean, lying."""
    return (
        f'<g transform="translate({x:.0f},{y:.0f}) rotate({angle:.0f}) scale({size / 20:.2f})"><ellipse rx="20" ry="13.5" fill="{roast}"/>'
        '<ellipse cx="-4" cy="-4" rx="13" ry="6.5" fill="#FFF" fill-opacity=".13"/>'
        '<path d="M-18 3C-8 -5 8 8 18 -2" fill="none" stroke="#000" stroke-opacity=".45" stroke-width="2.4"/></g>'
    )
