# ruff: noqa: E501  (a piece of SVG reads best on one line)
"""Things in packs: coffee and tea. No words are drawn on them: a label's text belongs on the page."""

import math
import random

from .motifs import CLAY, COFFEE, GREENS, HILL, INK, KAOLIN, SUN, bean, hills, imigongo, lozenges, terraces
from .studio import clipped, shadow


def pouch(dice: random.Random, *, colour: str, label: str, top: float = 130, half: float = 170) -> str:
    """A stand-up bag with a sealed top and a label panel; `label` is drawn on a field of 2 x half-36 by 250."""
    left, right = 400 - half, 400 + half
    outline = (
        f"M{left + 8} {top}L{right - 8} {top}Q{right - 2} {top + 120} {right + 6} {top + 260}Q{right + 14} 620 {right - 12} 676"
        f"Q400 704 {left + 12} 676Q{left - 14} 620 {left - 6} {top + 260}Q{left + 2} {top + 120} {left + 8} {top}z"
    )
    creases = (
        f'<path d="M{left} {top + 44}H{right}" stroke="#000" stroke-opacity=".25" stroke-width="3"/>'
        f'<path d="M{left} {top + 50}H{right}" stroke="#FFF" stroke-opacity=".25" stroke-width="2"/>'
        f'<path d="M{left + 30} 640Q400 588 {right - 30} 640" fill="none" stroke="#000" stroke-opacity=".2" stroke-width="3"/>'
        f'<path d="M{left + 20} {top + 60}Q{left + 44} 400 {left + 22} 640" fill="none" stroke="#FFF" stroke-opacity=".18" stroke-width="10"/>'
        f'<circle cx="400" cy="{top + 24}" r="6" fill="#000" fill-opacity=".28"/>'
    )
    width = 2 * half - 76
    panel = (
        f'<clipPath id="panel"><rect x="0" y="0" width="{width}" height="262" rx="4"/></clipPath>'
        f'<g transform="translate({400 - width / 2},{top + 128}) scale(1,{(676 - top) / 546:.3f})"><g clip-path="url(#panel)">{label}</g></g>'
    )
    return shadow(400, 684, half + 6, 24) + clipped(
        "bag", outline, f'<path d="{outline}" fill="{colour}"/>{creases}{panel}'
    )


def landscape(
    dice: random.Random, width: float, sky: str, far: tuple[int, int, int], near: tuple[int, int, int]
) -> str:
    """A label of hills under a sun, above a zig-zag and two bars that stand for writing."""
    sun_x = dice.uniform(0.25, 0.75) * width
    return (
        f'<rect width="{width}" height="262" fill="{KAOLIN}"/><rect width="{width}" height="176" fill="{sky}"/>'
        f'<circle cx="{sun_x:.0f}" cy="58" r="26" fill="{SUN}"/><g>{hills(width, 176, far, near, dice, 5)}</g>'
        f'<rect y="176" width="{width}" height="90" fill="{KAOLIN}"/>{zigzag_rule(12, width - 12, 194, CLAY)}'
        f'<rect x="{width * 0.2:.0f}" y="216" width="{width * 0.6:.0f}" height="9" fill="{INK}"/>'
        f'<rect x="{width * 0.32:.0f}" y="236" width="{width * 0.36:.0f}" height="6" fill="{INK}" fill-opacity=".5"/>'
    )


def patterned(dice: random.Random, width: float) -> str:
    """A label of nested lozenges round a spiral."""
    dark, hot = dice.choice(((INK, CLAY), (HILL, SUN), (COFFEE, CLAY)))
    field = lozenges(width, 262, width / 8, width / 8, [dark, KAOLIN, hot, KAOLIN, dark, KAOLIN])
    return (
        f'<g>{field}</g><rect x="{width * 0.2:.0f}" y="58" width="{width * 0.6:.0f}" height="146" fill="{KAOLIN}"/>'
        + imigongo(width / 2 - 40, 70, 80, 3, hot)
        + f'<rect x="{width * 0.3:.0f}" y="166" width="{width * 0.4:.0f}" height="9" fill="{INK}"/>'
        f'<rect x="{width * 0.36:.0f}" y="184" width="{width * 0.28:.0f}" height="6" fill="{INK}" fill-opacity=".5"/>'
    )


def coffee(dice: random.Random, *, large: bool = False) -> str:
    """A bag of roasted coffee, with beans before it."""
    colour = dice.choice(("#2B211C", "#B08A5B", "#7A2E1E", "#28473B", "#E4D6BC", "#1F4557"))
    far, near = dice.choice(
        (((157, 184, 166), (18, 61, 48)), ((226, 178, 140), (110, 40, 24)), ((168, 190, 200), (20, 70, 92)))
    )
    top, half = (84, 192) if large else (140, 164)
    label = landscape(dice, 2 * half - 76, dice.choice(("#F6DFC0", "#F3E6D0", "#DCE9EA")), far, near)
    if dice.random() < 0.45:
        label = patterned(dice, 2 * half - 76)
    return pouch(dice, colour=colour, label=label, top=top, half=half) + _scatter(dice, "#4A2A1C", 13)


def coffee_large(dice: random.Random) -> str:
    """A kilogram of coffee."""
    return coffee(dice, large=True)


def coffee_green(dice: random.Random) -> str:
    """Raw beans in a bag of jute with a drawn mouth."""
    outline = (
        "M250 250Q400 214 550 250Q600 330 604 470Q606 620 560 676Q400 706 240 676Q194 620 196 470Q200 330 250 250z"
    )
    weave = "".join(
        f'<path d="M180 {y}H620" stroke="#6B4E24" stroke-opacity=".22" stroke-width="2"/>' for y in range(220, 710, 9)
    )
    weave += "".join(
        f'<path d="M{x} 200V710" stroke="#6B4E24" stroke-opacity=".18" stroke-width="2"/>' for x in range(186, 620, 9)
    )
    mark = f'<circle cx="400" cy="470" r="92" fill="none" stroke="{CLAY}" stroke-width="8"/>' + imigongo(
        345, 415, 110, 3, CLAY
    )
    mouth = "".join(
        bean(
            400 + 128 * math.cos(a) * r,
            244 + 26 * math.sin(a) * r,
            23,
            dice.uniform(0, 180),
            roast=dice.choice(("#A7AD84", "#98A07A", "#B5B892")),
        )
        for a, r in ((dice.uniform(0, 6.3), dice.random() ** 0.5) for _ in range(80))
    )
    lip = '<path d="M244 252Q400 300 556 252Q566 282 548 296Q400 338 252 296Q234 282 244 252z" fill="#C6A468" stroke="#6B4E24" stroke-opacity=".5" stroke-width="2"/>'
    return (
        shadow(400, 684, 200, 28)
        + clipped("sack", outline, f'<path d="{outline}" fill="#CDAE76"/>{weave}{mark}')
        + f'<ellipse cx="400" cy="250" rx="152" ry="38" fill="#5E4520"/>{mouth}{lip}'
        + _scatter(dice, "#A7AD84", 9)
    )


def drip_bags(dice: random.Random) -> str:
    """A box of filter sachets, one of them outside."""
    label = landscape(dice, 300, "#F6DFC0", (226, 178, 140), (110, 40, 24))
    front = "M180 330H520V664H180z"
    box = clipped(
        "front",
        front,
        f'<path d="{front}" fill="{COFFEE}"/><g transform="translate(200,362)">{label}</g>',
        light="soft",
    )
    side = clipped(
        "side", "M520 330L606 290V612L520 664z", '<path d="M520 290h90v380h-90z" fill="#43261A"/>', light="soft"
    )
    top = clipped("top", "M180 330L272 290H606L520 330z", '<path d="M180 290h430v40h-430z" fill="#7A4A31"/>', light="")
    sachet = '<path d="M540 470l120 20-18 190-122-14z" fill="#F4EBDC" stroke="#B59F7C" stroke-width="2"/><path d="M548 492l106 17" stroke="#A63A22" stroke-width="7"/>'
    mark = f'<g transform="rotate(9 590 590)">{imigongo(556, 552, 68, 3, COFFEE)}</g>'
    fallen = '<path d="M534 660l126 26 20-40" fill="#3A2412" fill-opacity=".34" filter="url(#b6)"/>'
    return shadow(400, 668, 230, 26) + side + top + box + fallen + sachet + mark + _scatter(dice, "#4A2A1C", 7, y=716)


def tea(dice: random.Random, kind: str = "black") -> str:
    """A round tin wrapped in a tea slope, with dry leaves before it."""
    lid, leaf, greens = {
        "black": (CLAY, "#2C1E17", GREENS),
        "green": (HILL, "#4D6B3A", ["#4E8B4A", "#8DB46A", "#B4CC8C"]),
        "ctc": (SUN, "#3A2014", ["#1E5C46", "#3F7F4A", "#6F9E57"]),
        "white": ("#D8CDB8", "#B9BF9E", ["#8FAE86", "#B7CBA6", "#D7E0C4"]),
    }[kind]
    body = "M240 240V640A160 34 0 0 0 560 640V240z"
    slope = f'<g transform="translate(230,300)">{terraces(340, 300, greens, dice)}</g>'
    inside = (
        f'<rect x="230" y="230" width="340" height="460" fill="#123D30"/>{slope}'
        f'<rect x="230" y="230" width="340" height="84" fill="{KAOLIN}"/>{zigzag_rule(234, 566, 300, CLAY)}'
        f'<circle cx="400" cy="486" r="74" fill="{KAOLIN}"/><circle cx="400" cy="486" r="66" fill="none" stroke="{CLAY}" stroke-width="3"/>'
        f'<path d="M372 520c0-46 24-70 66-74 0 46-22 70-56 66M372 524l40-48" fill="none" stroke="{HILL}" stroke-width="7" stroke-linecap="round"/>'
        f'<rect x="330" y="254" width="140" height="11" fill="{INK}"/><rect x="352" y="276" width="96" height="7" fill="{INK}" fill-opacity=".5"/>'
    )
    cap = "M228 158V236A172 34 0 0 0 572 236V158z"
    leaves = "".join(
        f'<path d="M0 0q14 -12 34 -4q-14 12 -34 4z" fill="{leaf}" transform="translate({400 + dice.gauss(0, 130):.0f},{dice.uniform(690, 742):.0f}) rotate({dice.uniform(0, 360):.0f}) scale({dice.uniform(0.7, 1.25):.2f})"/>'
        for _ in range(90)
    )
    return (
        shadow(400, 650, 172)
        + clipped("tin", body, inside)
        + clipped("cap", cap, f'<rect x="220" y="140" width="360" height="160" fill="{lid}"/>')
        + f'<ellipse cx="400" cy="158" rx="172" ry="34" fill="{lid}"/><ellipse cx="400" cy="158" rx="172" ry="34" fill="#FFF" fill-opacity=".2"/>'
        + '<ellipse cx="400" cy="158" rx="150" ry="27" fill="none" stroke="#000" stroke-opacity=".18" stroke-width="3"/>'
        + leaves
    )


def tea_green(dice: random.Random) -> str:
    """Green tea."""
    return tea(dice, "green")


def tea_ctc(dice: random.Random) -> str:
    """Cut black tea."""
    return tea(dice, "ctc")


def tea_white(dice: random.Random) -> str:
    """White buds."""
    return tea(dice, "white")


def zigzag_rule(left: float, right: float, y: float, colour: str) -> str:
    points = "L".join(f"{left + 9 * k:.0f} {y + (0 if k % 2 else 9):.0f}" for k in range(int((right - left) / 9) + 1))
    return f'<path d="M{points}" fill="none" stroke="{colour}" stroke-width="4" stroke-linejoin="miter"/>'


def _scatter(dice: random.Random, roast: str, count: int, *, y: float = 708) -> str:
    out = []
    for _ in range(count):
        x, at = 400 + dice.choice((-1, 1)) * dice.uniform(30, 250), y + dice.uniform(-16, 34)
        out.append(
            f'<ellipse cx="{x + 5:.0f}" cy="{at + 12:.0f}" rx="22" ry="7" fill="#3A2412" fill-opacity=".35" filter="url(#b6)"/>'
        )
        out.append(bean(x, at, 21, dice.uniform(0, 180), roast=roast))
    return "".join(out)
