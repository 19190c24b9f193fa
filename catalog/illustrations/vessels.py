# ruff: noqa: E501  (a piece of SVG reads best on one line)
"""Things that are round: baskets, bowls, pots, vases, and the coils worn at the ear."""

import math
import random

from .motifs import CLAY, COFFEE, HILL, INK, KAOLIN, KIVU, SAND, SUN, Surface, coil, triangle, umuraza
from .studio import Profile, clipped, plate, revolved, sampled, shadow, woven

DYES = ((INK, CLAY), (CLAY, INK), (COFFEE, SUN), (INK, HILL), (HILL, INK), (KIVU, CLAY))


def vessel(
    name: str, cx: float, profile: Profile, colour: Surface, *, rows: int, turn: float = 0, stitches: int = 150
) -> str:
    """A woven vessel, lit."""
    return clipped(
        name, revolved(name, cx, profile), woven(cx, profile, colour, rows=rows, stitches=stitches, turn=turn)
    )


def turned(name: str, cx: float, profile: Profile, colour: str, marks: str = "") -> str:
    """A vessel of one stuff (clay, wood), lit, with what is cut into it."""
    outline = revolved(name, cx, profile)
    return clipped(name, outline, f'<path d="{outline}" fill="{colour}"/>{marks}')


def agaseke(dice: random.Random) -> str:
    """The peace basket: a barrel and a tall pointed lid, both with umuraza."""
    first, second = dice.choice(DYES)
    points, turn = dice.choice((10, 12, 14)), dice.random()
    bands = [(0.2, 0.1, first), (0.36, 0.05, second), (0.56, 0.1, first), (0.72, 0.05, second), (0.9, 0.1, first)]
    barrel: Profile = [(392, 168), (440, 188), (520, 190), (610, 158), (668, 122)]
    lid: Profile = [(118, 3), (170, 26), (235, 72), (310, 135), (372, 196), (398, 200)]
    cone = umuraza(
        points, [(0.3, 0.08, first), (0.5, 0.08, second), (0.72, 0.1, first), (0.98, 0.2, second)], KAOLIN, 0.16
    )
    knob = '<path d="M400 92v34" stroke="#5A3423" stroke-width="9" stroke-linecap="round"/><circle cx="400" cy="92" r="9" fill="#5A3423"/>'
    return (
        shadow(400, 684, 140)
        + vessel("barrel", 400, barrel, umuraza(points, bands, KAOLIN, 0.14), rows=30, turn=turn)
        + '<path d="M228 412A178 40 0 0 0 572 412L590 446A190 44 0 0 1 212 446z" fill="#180C04" fill-opacity=".28" filter="url(#b6)"/>'
        + knob
        + vessel("lid", 400, lid, cone, rows=32, turn=turn)
    )


def inkangara(dice: random.Random) -> str:
    """The large lidded basket: broad, low lid, bold bands."""
    first, second = dice.choice(DYES[:3])
    points, turn = dice.choice((14, 18)), dice.random()
    barrel: Profile = [(352, 234), (430, 252), (540, 250), (640, 222), (690, 196)]
    lid: Profile = [(196, 4), (214, 70), (258, 160), (318, 248), (352, 262), (372, 262)]
    around = umuraza(
        points, [(0.2, 0.14, first), (0.44, 0.07, second), (0.62, 0.14, first), (0.88, 0.07, second)], SAND, 0.16
    )
    above = umuraza(points, [(0.3, 0.1, second), (0.56, 0.16, first), (0.88, 0.3, first)], SAND, 0.16)
    return (
        shadow(400, 708, 220)
        + vessel("barrel", 400, barrel, around, rows=34, turn=turn, stitches=190)
        + '<path d="M150 386A250 50 0 0 0 650 386L650 412A250 54 0 0 1 150 412z" fill="#180C04" fill-opacity=".28" filter="url(#b6)"/>'
        + vessel("lid", 400, lid, above, rows=24, turn=turn, stitches=190)
        + '<ellipse cx="400" cy="190" rx="26" ry="13" fill="none" stroke="#5A3423" stroke-width="9"/>'
    )


def disc(
    dice: random.Random,
    cx: float,
    cy: float,
    radius: float,
    *,
    rings: int,
    squash: float = 1.0,
    dyes: tuple[str, str] | None = None,
) -> str:
    """One coiled plate with its spiral, shaded towards the rim."""
    first, second = dyes or dice.choice(DYES)
    pattern = coil(dice.choice((5, 6, 7, 8)), dice.uniform(0.6, 1.4), first, second, KAOLIN)
    return (
        plate(cx, cy, radius, pattern, rings=rings, squash=squash, turn=dice.random())
        + f'<ellipse cx="{cx}" cy="{cy}" rx="{radius}" ry="{radius * squash:.1f}" fill="url(#rim)"/>'
        + f'<ellipse cx="{cx}" cy="{cy}" rx="{radius}" ry="{radius * squash:.1f}" fill="none" stroke="#23140A" stroke-opacity=".4" stroke-width="2"/>'
    )


def wall_bowl(dice: random.Random) -> str:
    """A shallow bowl hung on a wall, seen full on."""
    fallen = '<circle cx="420" cy="432" r="282" fill="#3A2412" fill-opacity=".36" filter="url(#b16)"/>'
    return fallen + disc(dice, 400, 400, 290, rings=30)


def bowl_set(dice: random.Random) -> str:
    """Three bowls, each inside the next, and the smallest beside them."""
    first = dice.choice(DYES)
    out = [shadow(400, 640, 250, 40)]
    for k, (radius, y) in enumerate(((290, 470), (222, 404), (156, 348))):
        side: Profile = [(y, radius), (y + 70, radius * 0.92), (y + 120, radius * 0.7), (y + 150, radius * 0.5)]
        bands = [(0.25, 0.14, first[k % 2]), (0.6, 0.14, first[(k + 1) % 2])]
        out.append(vessel(f"side{k}", 400, side, umuraza(16, bands, KAOLIN, 0.22), rows=12, stitches=170))
        out.append(disc(dice, 400, y, radius, rings=16, squash=0.34, dyes=first if k % 2 else (first[1], first[0])))
    return "".join(out)


def trivets(dice: random.Random) -> str:
    """Four coiled mats, laid over one another like a hand of cards."""
    out = []
    for k, (x, y) in enumerate(((268, 268), (532, 276), (276, 536), (528, 530))):
        out.append(f'<circle cx="{x + 10}" cy="{y + 16}" r="140" fill="#3A2412" fill-opacity=".34" filter="url(#b6)"/>')
        out.append(disc(dice, x, y, 142, rings=15, dyes=DYES[(k + dice.randrange(6)) % len(DYES)]))
    return "".join(out)


def earrings(dice: random.Random) -> str:
    """Two small coiled discs on hooks."""
    dyes = dice.choice(DYES)
    seed = dice.random()
    out = []
    for x in (262, 538):
        same = random.Random(seed)  # noqa: S311  (a pair is drawn alike; nothing here is secret)
        out.append(f'<circle cx="{x + 14}" cy="480" r="126" fill="#3A2412" fill-opacity=".3" filter="url(#b16)"/>')
        out.append(
            f'<path d="M{x} 336v-34c0-70 62-92 62-150 0-44-50-52-62-14" fill="none" stroke="#8F8578" stroke-width="7" stroke-linecap="round"/>'
            f'<path d="M{x} 336v-34c0-70 62-92 62-150 0-44-50-52-62-14" fill="none" stroke="#F4F1EA" stroke-width="2.4" stroke-linecap="round"/>'
            f'<circle cx="{x}" cy="332" r="12" fill="none" stroke="#8F8578" stroke-width="6"/>'
        )
        out.append(disc(same, x, 464, 126, rings=14, dyes=dyes))
    return "".join(out)


def vase(dice: random.Random) -> str:
    """Terracotta, burnished, with zig-zags cut round the shoulder."""
    profile: Profile = [(130, 92), (158, 70), (230, 66), (330, 150), (450, 214), (560, 196), (660, 130), (690, 112)]
    colour = dice.choice(("#B4583A", "#A94F33", "#BC6545"))
    marks = _cuts(400, profile, ((0.34, 0.4), (0.42, 0.48), (0.56, 0.6)), dice.choice((18, 22)), "#5E2414")
    mouth = '<ellipse cx="400" cy="130" rx="92" ry="15" fill="#3B160B"/><ellipse cx="400" cy="130" rx="92" ry="15" fill="none" stroke="#D98A68" stroke-width="5"/>'
    smoke = '<ellipse cx="500" cy="560" rx="90" ry="120" fill="#2A120A" fill-opacity=".2" filter="url(#b16)"/>'
    return shadow(400, 704, 150) + turned("vase", 400, profile, colour, smoke + marks) + mouth


def milk_pot(dice: random.Random) -> str:
    """Icyansi: turned wood, round below and narrow at the neck, under a woven lid."""
    profile: Profile = [(300, 78), (360, 84), (430, 140), (530, 188), (620, 168), (676, 110)]
    lid: Profile = [(112, 3), (160, 24), (220, 56), (286, 92), (308, 96)]
    wood = dice.choice(("#6B3E22", "#5C351D", "#7A4A2A"))
    grain = "".join(
        f'<path d="M{x} 290C{x + dice.uniform(-26, 26):.0f} 420 {x + dice.uniform(-34, 34):.0f} 560 {x} 700" fill="none" stroke="#23110A" stroke-opacity="{dice.uniform(0.08, 0.24):.2f}" stroke-width="{dice.uniform(1, 3.5):.1f}"/>'
        for x in range(200, 610, 14)
    )
    burnt = _cuts(400, profile, ((0.3, 0.36), (0.37, 0.43)), 20, "#1F0E06")
    cap = vessel(
        "lid", 400, lid, umuraza(10, [(0.34, 0.12, INK), (0.62, 0.12, CLAY), (0.92, 0.2, INK)], KAOLIN, 0.18), rows=24
    )
    return shadow(400, 690, 140) + turned("pot", 400, profile, wood, grain + burnt) + cap


def _cuts(cx: float, profile: Profile, levels: tuple[tuple[float, float], ...], teeth: int, colour: str) -> str:
    """Zig-zag lines cut round a vessel between two heights of its profile."""
    points, out = sampled(profile, 100), []
    for low, high in levels:
        line = []
        for k in range(121):
            angle = -math.pi / 2 + math.pi * k / 120
            y, r = points[round(100 * (low + (high - low) * triangle(angle / (2 * math.pi) * teeth)))]
            line.append(f"{cx + r * math.sin(angle):.1f} {y + 0.14 * r * math.cos(angle):.1f}")
        out.append(
            f'<path d="M{"L".join(line)}" fill="none" stroke="{colour}" stroke-width="5" stroke-linejoin="round"/>'
        )
        out.append(
            f'<path d="M{"L".join(line)}" fill="none" stroke="#FFF" stroke-opacity=".14" stroke-width="2" transform="translate(0,4)"/>'
        )
    return "".join(out)
