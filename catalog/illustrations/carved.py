# ruff: noqa: E501  (a piece of SVG reads best on one line)
"""Things painted, strung and cut: imigongo, coasters, beads, horn, a gorilla of wood, the inanga."""

import itertools
import math
import random

from .motifs import CLAY, COFFEE, HILL, INK, KAOLIN, KIVU, SUN, imigongo
from .studio import clipped, shadow


def relief(x: float, y: float, side: float, tiles: int, turns: int, dice: random.Random) -> str:
    """Spiral tiles, mirrored and with colours swapped from one to the next, raised by a light and a dark edge."""
    ground, paint, other = dice.choice(((KAOLIN, INK, CLAY), (KAOLIN, CLAY, INK), ("#D9CDBB", INK, CLAY)))
    tile, out = side / tiles, []
    for i in range(tiles):
        for j in range(tiles):
            swap = (i + j) % 2
            px, py = x + i * tile, y + j * tile
            out.append(
                f'<rect x="{px:.1f}" y="{py:.1f}" width="{tile + 0.5:.1f}" height="{tile + 0.5:.1f}" fill="{other if swap else ground}"/>'
            )
            line = ground if swap else paint
            for shift, colour, opacity in ((2.2, "#000", 0.4), (-1.6, "#FFF", 0.5), (0, line, 1)):
                spiral = imigongo(px, py, tile, turns, colour, mirrored=bool(swap))
                out.append(f'<g transform="translate({shift},{shift})" opacity="{opacity}">{spiral}</g>')
    return "".join(out)


def panel(dice: random.Random, *, tiles: int = 2, side: float = 470) -> str:
    """A framed board of spirals, seen full on."""
    edge = (800 - side) / 2
    frame = (
        f'<rect x="{edge - 6}" y="{edge + 6}" width="{side + 44}" height="{side + 44}" fill="#3A2412" fill-opacity=".45" filter="url(#b16)"/>'
        f'<rect x="{edge - 22}" y="{edge - 22}" width="{side + 44}" height="{side + 44}" fill="#2A1A12"/>'
        f'<rect x="{edge - 22}" y="{edge - 22}" width="{side + 44}" height="{side + 44}" fill="url(#soft)"/>'
    )
    board = f"M{edge} {edge}h{side}v{side}h-{side}z"
    return frame + clipped("board", board, relief(edge, edge, side, tiles, dice.choice((3, 4)), dice), light="soft")


def panel_large(dice: random.Random) -> str:
    """The larger board, nine spirals."""
    return panel(dice, tiles=3, side=600)


def coasters(dice: random.Random) -> str:
    """Four painted squares in a fan."""
    out = []
    for k, (x, y, angle) in enumerate(((250, 270, -12), (480, 236, 6), (288, 492, 8), (512, 480, -7))):
        board = relief(-105, -105, 210, 1, 4 - k % 2, dice)
        rim = f'<rect x="-112" y="-112" width="224" height="224" rx="8" fill="{COFFEE}"/>'
        fallen = '<rect x="-100" y="-92" width="224" height="224" rx="8" fill="#3A2412" fill-opacity=".42" filter="url(#b6)"/>'
        out.append(
            f'<g transform="translate({x},{y}) rotate({angle})">{fallen}{rim}{board}<rect x="-112" y="-112" width="224" height="224" rx="8" fill="url(#soft)"/></g>'
        )
    return "".join(out)


def necklace(dice: random.Random) -> str:
    """Two strings of rolled-paper beads."""
    tones = dice.choice(((CLAY, SUN, KAOLIN, INK), (KIVU, KAOLIN, SUN, INK), (HILL, SUN, CLAY, KAOLIN)))
    out = []
    for string, (wide, deep, size) in enumerate(((232, 430, 17), (272, 530, 20))):
        path = _strung(wide, deep, size * 1.86)
        count = len(path)
        out.append(
            '<g filter="url(#b6)" opacity=".35">'
            + "".join(f'<circle cx="{x + 8:.0f}" cy="{y + 14:.0f}" r="{size}" fill="#3A2412"/>' for x, y in path)
            + "</g>"
        )
        for k, (x, y) in enumerate(path):
            nx, ny = path[(k + 1) % count]
            angle = math.degrees(math.atan2(ny - y, nx - x))
            tone = tones[(k // 2 + string) % len(tones)]
            out.append(
                f'<g transform="translate({x:.1f},{y:.1f}) rotate({angle:.0f})"><path d="M-{size} 0Q0 -{size * 1.15:.1f} {size} 0Q0 {size * 1.15:.1f} -{size} 0z" fill="{tone}"/>'
                f'<path d="M-{size * 0.4:.1f} -{size * 0.5:.1f}V{size * 0.5:.1f}M{size * 0.4:.1f} -{size * 0.5:.1f}V{size * 0.5:.1f}" stroke="#000" stroke-opacity=".3" stroke-width="2"/>'
                f'<ellipse cx="-1" cy="-{size * 0.24:.1f}" rx="{size * 0.5:.1f}" ry="{size * 0.14:.1f}" fill="#FFF" fill-opacity=".5"/></g>'
            )
    return "".join(out)


def bangle(dice: random.Random) -> str:
    """A broad ring of polished horn."""
    dark, pale = dice.choice((("#2A1B12", "#C9A877"), ("#1F1712", "#8B6A45"), ("#3A2416", "#E0CBA2")))
    outer = "M120 380A280 150 0 0 1 680 380V470A280 150 0 0 1 120 470z"
    streaks = "".join(
        f'<path d="M{x} {470 + 140 * math.sin(math.acos((x - 400) / 284)):.0f}C{x + dice.uniform(-60, 60):.0f} 480 {x + dice.uniform(-70, 70):.0f} 420 {x + dice.uniform(-30, 30):.0f} 330" fill="none" stroke="{pale}" stroke-opacity="{dice.uniform(0.06, 0.5):.2f}" stroke-width="{dice.uniform(3, 22):.0f}" filter="url(#b6)"/>'
        for x in range(140, 664, 16)
    )
    shine = '<path d="M196 470Q300 566 420 578" fill="none" stroke="#FFF" stroke-opacity=".55" stroke-width="12" stroke-linecap="round" filter="url(#b6)"/>'
    return (
        shadow(400, 600, 250, 40)
        + clipped("bangle", outer, f'<path d="{outer}" fill="{dark}"/>{streaks}{shine}')
        + f'<ellipse cx="400" cy="380" rx="280" ry="150" fill="{dark}"/><ellipse cx="400" cy="380" rx="280" ry="150" fill="{pale}" fill-opacity=".35"/>'
        + '<ellipse cx="400" cy="386" rx="236" ry="116" fill="#1C120B"/><clipPath id="hole"><ellipse cx="400" cy="386" rx="236" ry="116"/></clipPath>'
        + '<g clip-path="url(#hole)"><ellipse cx="410" cy="470" rx="244" ry="120" fill="#DCCBAE"/><ellipse cx="430" cy="440" rx="226" ry="96" fill="#6E563C" fill-opacity=".5" filter="url(#b16)"/></g>'
        + '<path d="M150 330A260 130 0 0 1 420 238" fill="none" stroke="#FFF" stroke-opacity=".45" stroke-width="8" stroke-linecap="round" filter="url(#b6)"/>'
    )


def gorilla(dice: random.Random) -> str:
    """A gorilla that sits, cut from dark wood, on a block."""
    wood = dice.choice(("#4A2C1A", "#3E2618", "#54331D"))
    body = (
        "M400 132C452 128 486 158 492 208C540 222 590 268 604 340C616 404 606 470 590 528C584 556 560 566 538 556"
        "C566 588 572 622 548 640H252C228 622 234 588 262 556C240 566 216 556 210 528C194 470 184 404 196 340C210 268 260 222 308 208C314 158 348 128 400 132z"
    )
    grain = "".join(
        f'<path d="M{x} 110C{x + dice.uniform(-40, 40):.0f} 300 {x + dice.uniform(-40, 40):.0f} 480 {x + dice.uniform(-20, 20):.0f} 660" fill="none" stroke="#140A05" stroke-opacity="{dice.uniform(0.08, 0.3):.2f}" stroke-width="{dice.uniform(1, 4):.1f}"/>'
        for x in range(190, 620, 11)
    )
    cuts = (
        '<path d="M306 300C270 360 262 450 286 540M494 300C530 360 538 450 514 540" fill="none" stroke="#120803" stroke-opacity=".75" stroke-width="9" stroke-linecap="round"/>'
        '<path d="M300 296C350 338 450 338 500 296" fill="none" stroke="#120803" stroke-opacity=".5" stroke-width="7"/>'
        '<path d="M400 330V430" stroke="#120803" stroke-opacity=".4" stroke-width="6"/>'
        '<path d="M286 540C320 580 352 566 366 640M514 540C480 580 448 566 434 640" fill="none" stroke="#120803" stroke-opacity=".75" stroke-width="9"/>'
        '<ellipse cx="352" cy="380" rx="60" ry="44" fill="#FFF" fill-opacity=".1" filter="url(#b6)"/><ellipse cx="448" cy="380" rx="56" ry="44" fill="#FFF" fill-opacity=".06" filter="url(#b6)"/>'
        '<path d="M226 530q10 22 34 20M574 530q-10 22 -34 20M214 512q16 16 40 14M586 512q-16 16 -40 14" fill="none" stroke="#120803" stroke-opacity=".6" stroke-width="5"/>'
    )
    face = (
        '<path d="M336 214C346 184 454 184 464 214C478 262 452 306 400 306C348 306 322 262 336 214z" fill="#241309"/>'
        '<path d="M334 216C352 192 384 200 400 212C416 200 448 192 466 216" fill="none" stroke="#7A5233" stroke-width="13" stroke-linecap="round"/>'
        '<circle cx="370" cy="230" r="7.5" fill="#0B0502"/><circle cx="430" cy="230" r="7.5" fill="#0B0502"/><circle cx="367" cy="228" r="2.4" fill="#FFF"/><circle cx="427" cy="228" r="2.4" fill="#FFF"/>'
        '<path d="M378 256C388 246 412 246 422 256C428 266 416 272 400 270C384 272 372 266 378 256z" fill="#5E3C25"/><circle cx="389" cy="261" r="4.5" fill="#0B0502"/><circle cx="411" cy="261" r="4.5" fill="#0B0502"/>'
        '<path d="M368 286Q400 296 432 286" fill="none" stroke="#0B0502" stroke-width="4.5" stroke-linecap="round"/>'
    )
    block = "M220 632H580L596 692H204z"
    return (
        shadow(400, 694, 204, 20)
        + clipped("block", block, f'<path d="{block}" fill="#8A5C36"/>', light="form")
        + clipped("body", body, f'<path d="{body}" fill="{wood}"/>{grain}{cuts}{face}')
    )


def inanga(dice: random.Random) -> str:
    """The trough zither: a long shallow board with eight strings and a cut zig-zag."""
    board = "M-300 -84Q0 -118 300 -84Q330 -40 330 0Q330 40 300 84Q0 118 -300 84Q-330 40 -330 0Q-330 -40 -300 -84z"
    hollow = "M-262 -58Q0 -84 262 -58Q282 -28 282 0Q282 28 262 58Q0 84 -262 58Q-282 28 -282 0Q-282 -28 -262 -58z"
    wood = dice.choice(("#9A6638", "#8A5730", "#A5713F"))
    teeth = "L".join(
        f"{-290 + 20 * k} {(94 if k % 2 else 80) + 12 * (1 - ((-290 + 20 * k) / 300) ** 2):.0f}" for k in range(30)
    )
    above = "L".join(
        f"{-290 + 20 * k} {-(94 if k % 2 else 80) - 12 * (1 - ((-290 + 20 * k) / 300) ** 2):.0f}" for k in range(30)
    )
    grain = "".join(
        f'<path d="M-340 {y}C-120 {y + dice.uniform(-14, 14):.0f} 120 {y + dice.uniform(-14, 14):.0f} 340 {y}" fill="none" stroke="#3A1F0C" stroke-opacity="{dice.uniform(0.1, 0.3):.2f}" stroke-width="2"/>'
        for y in range(-110, 116, 9)
    )
    strings = "".join(
        f'<path d="M-302 {-56 + 16 * k + 2}L302 {-56 + 16 * k}" stroke="#1C120B" stroke-opacity=".5" stroke-width="3"/><path d="M-302 {-56 + 16 * k}L302 {-58 + 16 * k}" stroke="#F3E7CF" stroke-width="2.4"/>'
        for k in range(8)
    )
    ends = "".join(
        f'<path d="M{x} -64V64" stroke="#3A1F0C" stroke-width="14" stroke-linecap="round" stroke-dasharray="2 16"/>'
        for x in (-302, 302)
    )
    inside = (
        f'<path d="{board}" fill="{wood}"/>{grain}<path d="M{teeth}M{above}" fill="none" stroke="#3A1F0C" stroke-width="5"/>'
        f'<path d="{hollow}" fill="#5A3518"/><path d="{hollow}" fill="#180C04" fill-opacity=".4" filter="url(#b6)"/>'
    )
    fallen = f'<path d="{board}" transform="translate(14,34)" fill="#3A2412" fill-opacity=".42" filter="url(#b16)"/>'
    return f'<g transform="translate(400,410) rotate(-32) scale(1.02)">{fallen}{clipped("inanga", board, inside, light="soft")}{strings}{ends}</g>'


def _strung(wide: float, deep: float, apart: float) -> list[tuple[float, float]]:
    """Places at equal distances along a string that hangs in a loop."""
    loop = [math.pi * 2 * k / 2000 for k in range(2000)]
    line = [
        (400 + wide * math.sin(t) * (1 - 0.16 * (math.cos(t) + 1)), 140 + deep * (1 - math.cos(t)) / 2) for t in loop
    ]
    out, walked = [line[0]], 0.0
    for was, now in itertools.pairwise(line):
        walked += math.dist(was, now)
        if walked >= apart:
            out.append(now)
            walked = 0.0
    return out if math.dist(out[-1], out[0]) > apart * 0.7 else out[:-1]
