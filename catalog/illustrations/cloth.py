# ruff: noqa: E501  (a piece of SVG reads best on one line)
"""Cloth and mats: kitenge sewn into bags, aprons, scarves and cushions, cloth by the length, and the papyrus mat."""

import random

from .motifs import CLAY, COFFEE, HILL, INK, KAOLIN, KIVU, SAND, SUN, lozenges, umukeka, wax_print
from .studio import clipped, shadow

PRINTS = (
    [KIVU, SUN, KAOLIN, CLAY],
    [CLAY, SUN, KAOLIN, INK],
    [HILL, SUN, KAOLIN, CLAY],
    [INK, SUN, CLAY, KAOLIN],
    ["#D8922B", INK, KAOLIN, CLAY],
    ["#5B2A4A", SUN, KAOLIN, KIVU],
)


def cotton(dice: random.Random) -> str:
    """A field of printed cotton, larger than any outline here."""
    return wax_print(800, 800, list(dice.choice(PRINTS)), dice)


def folds(*lines: str, width: int = 16) -> str:
    """Soft dark folds with a light edge beside each."""
    return "".join(
        f'<path d="{line}" fill="none" stroke="#180C04" stroke-opacity=".3" stroke-width="{width}" filter="url(#b6)"/>'
        f'<path d="{line}" fill="none" stroke="#FFF" stroke-opacity=".22" stroke-width="{width // 2}" filter="url(#b6)" transform="translate({-width},0)"/>'
        for line in lines
    )


def tote(dice: random.Random) -> str:
    """A flat bag with two handles."""
    bag = "M206 316Q400 330 594 316L626 660Q630 690 600 692Q400 704 200 692Q170 690 174 660z"
    handle = '<path d="M{a} 332C{a} 60 {b} 60 {b} 332" fill="none" stroke="{colour}" stroke-width="22" stroke-linecap="round"/>'
    hem = f'<path d="M200 330Q400 346 600 330" fill="none" stroke="{INK}" stroke-opacity=".35" stroke-width="3" stroke-dasharray="9 6"/>'
    return (
        shadow(400, 694, 226, 22)
        + handle.format(a=318, b=482, colour="#3C261A")
        + clipped(
            "bag", bag, cotton(dice) + folds("M270 330Q300 500 250 690", "M540 330Q510 520 560 690") + hem, light="soft"
        )
        + handle.format(a=290, b=510, colour="#5A3423")
        + "".join(f'<rect x="{x}" y="326" width="28" height="38" rx="3" fill="#5A3423"/>' for x in (276, 496))
    )


def apron(dice: random.Random) -> str:
    """A bib apron hanging, with two pockets."""
    cut = "M306 176Q400 196 494 176Q500 292 606 344V660Q400 690 194 660V344Q300 292 306 176z"
    print_ = cotton(dice)
    pockets = "".join(
        f'<path d="M{x} 470h128v96q0 16 -16 16h-96q-16 0 -16 -16z" fill="{COFFEE}"/><path d="M{x} 484h128" stroke="{SAND}" stroke-width="3" stroke-dasharray="8 5"/>'
        for x in (252, 420)
    )
    strap = '<path d="M316 184C300 70 500 70 484 184" fill="none" stroke="#5A3423" stroke-width="16"/><path d="M200 352C120 372 112 470 150 540M600 352C680 372 688 470 650 540" fill="none" stroke="#5A3423" stroke-width="14" stroke-linecap="round"/>'
    hung = '<path d="M330 210Q400 226 500 200Q520 310 630 366V680Q410 706 220 680V360Q320 300 330 210z" fill="#3A2412" fill-opacity=".32" filter="url(#b16)"/>'
    edge = f'<path d="M306 184Q400 204 494 184" fill="none" stroke="{COFFEE}" stroke-width="18"/>'
    return (
        hung
        + strap
        + clipped(
            "apron",
            cut,
            print_ + folds("M300 300Q330 480 296 670", "M500 300Q470 500 512 676") + pockets + edge,
            light="soft",
        )
    )


def scarf(dice: random.Random) -> str:
    """A loop of thin cotton, wound twice and laid down."""
    print_ = cotton(dice)
    back = "M170 300C150 130 650 130 632 300C640 392 560 440 400 440C240 440 160 392 170 300zM262 300C262 226 540 226 540 300C540 350 480 366 400 366C320 366 262 350 262 300z"
    front = "M156 348C120 560 240 690 400 690C560 690 680 560 646 348C600 420 540 470 400 470C262 470 200 420 156 348z"
    middle = "M164 330C176 470 290 566 410 566C540 566 636 470 640 324C600 392 520 420 400 420C280 420 200 392 164 330z"
    lines = ("M190 420Q260 620 400 640", "M600 430Q560 600 430 650", "M300 520Q350 600 420 610")
    return (
        shadow(400, 670, 236, 40)
        + f'<clipPath id="back"><path clip-rule="evenodd" d="{back}"/></clipPath><g clip-path="url(#back)"><g transform="rotate(24 400 400)">{print_}</g>'
        + '<rect width="800" height="800" fill="#180C04" fill-opacity=".34"/></g>'
        + clipped("front", front, f'<g transform="rotate(-14 400 500)">{print_}</g>' + folds(*lines), light="form")
        + clipped(
            "middle",
            middle,
            f'<g transform="rotate(12 400 300) translate(30,20)">{print_}</g>'
            + folds("M210 420Q330 540 520 520", "M560 470Q480 530 380 530"),
            light="form",
        )
    )


def cushion(dice: random.Random) -> str:
    """A square cushion in nested lozenges."""
    outline = "M150 166Q400 214 650 166Q606 400 650 640Q400 594 150 640Q194 400 150 166z"
    colours = dice.choice(
        (
            [INK, KAOLIN, CLAY, KAOLIN, INK, KAOLIN],
            [KIVU, KAOLIN, SUN, KAOLIN, KIVU, KAOLIN],
            [HILL, KAOLIN, SUN, KAOLIN, HILL, CLAY],
        )
    )
    wide = dice.choice((52, 62, 78))
    puff = '<ellipse cx="360" cy="340" rx="210" ry="190" fill="#FFF8E8" fill-opacity=".24" filter="url(#b16)"/>'
    seams = folds(
        "M150 166Q300 300 330 330",
        "M650 166Q520 290 480 330",
        "M150 640Q280 520 330 480",
        "M650 640Q520 520 480 480",
        width=22,
    )
    return (
        shadow(400, 634, 250, 26)
        + clipped("cushion", outline, lozenges(800, 800, wide, wide * 1.5, colours) + seams + puff, light="rim")
        + _piping(outline)
    )


def fabric(dice: random.Random) -> str:
    """Cloth folded into a stack, its top lying a little open."""
    print_ = f'<g transform="scale(.62)">{cotton(dice)}</g>'
    field = f'<g transform="translate(-20,60)">{print_}<g transform="translate(495,0)">{print_}</g></g>'
    out = [shadow(400, 652, 262, 26)]
    for k in range(5):
        y = 606 - 46 * k
        wide = (0, 6, -4, 4, 0)[k]
        slab = f"M150 {y}H{630 + wide}Q{658 + wide} {y} {658 + wide} {y + 23}Q{658 + wide} {y + 46} {630 + wide} {y + 46}H150Q{130 - wide} {y + 23} 150 {y}z"
        fold = f'<path d="M140 {y + 40}H670v9H140z" fill="#180C04" fill-opacity=".4"/><path d="M140 {y}H670v5H140z" fill="#FFF" fill-opacity=".3"/>'
        out.append(
            clipped(
                f"slab{k}",
                slab,
                f'<g transform="translate({k % 2 * 26},{80 + k * 31})">{field}</g>{fold}',
                light="form",
            )
        )
    top = "M146 424L232 268Q430 258 640 272L650 424Q400 436 146 424z"
    lying = f'<g transform="translate(0,258) scale(1,.5)">{field}</g>'
    out.append(clipped("top", top, lying, light="soft"))
    corner = "M650 424L640 272Q560 266 500 266Q560 330 650 424z"
    out.append(
        clipped(
            "corner",
            corner,
            '<path d="M480 250H680V440H480z" fill="#EADFC8"/><path d="M650 424Q560 330 500 266" fill="none" stroke="#180C04" stroke-opacity=".4" stroke-width="16" filter="url(#b6)"/>',
            light="",
        )
    )
    return "".join(out)


def mat(dice: random.Random) -> str:
    """Umukeka: a mat laid out, its far end rolled."""
    colours = dice.choice(([SAND, INK, CLAY], [SAND, COFFEE, HILL], [SAND, "#6B2A4A", INK]))
    weave = umukeka(185, 100, 43, 60, 10, colours)
    flat = "M190 250H610L632 690H168z"
    fringe = "".join(
        f'<path d="M{168 + 464 * k / 58:.0f} 688v{14 + k % 3 * 3}" stroke="#B99A62" stroke-width="4"/>'
        for k in range(59)
    )
    held = f'<g transform="translate(400,0) scale(1.12,1) translate(-400,0)">{weave}</g>'
    roll = "M176 150H624Q650 150 650 208Q650 266 624 266H176z"
    end = "".join(
        f'<ellipse cx="176" cy="208" rx="{26 * r:.0f}" ry="{58 * r:.0f}" fill="none" stroke="#6B4E24" stroke-width="4"/>'
        for r in (1, 0.76, 0.5, 0.24)
    )
    return (
        '<path d="M180 280H640L664 716H176z" fill="#3A2412" fill-opacity=".34" filter="url(#b16)"/>'
        + fringe
        + clipped(
            "flat",
            flat,
            f'<rect width="800" height="800" fill="{SAND}"/>{held}<rect x="160" y="240" width="500" height="60" fill="#180C04" fill-opacity=".4" filter="url(#b16)"/>',
            light="soft",
        )
        + '<linearGradient id="roll" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#180C04" stop-opacity=".2"/><stop offset=".3" stop-color="#FFF8E8" stop-opacity=".3"/><stop offset="1" stop-color="#180C04" stop-opacity=".55"/></linearGradient>'
        + clipped(
            "rolled",
            roll,
            f'<rect width="800" height="800" fill="{SAND}"/><g transform="translate(0,-60)">{held}</g>',
            light="roll",
        )
        + f'<ellipse cx="176" cy="208" rx="27" ry="58" fill="#C9AE78"/>{end}'
    )


def _piping(outline: str) -> str:
    return f'<path d="{outline}" fill="none" stroke="{INK}" stroke-width="7" stroke-linejoin="round"/>'
