# ruff: noqa: E501  (a piece of SVG reads best on one line)
"""Things to eat in jars, bottles and bags: honey, chilli, nuts."""

import random

from .motifs import CLAY, COFFEE, HILL, INK, KAOLIN, SUN
from .packs import pouch, zigzag_rule
from .studio import clipped, shadow


def honey(dice: random.Random) -> str:
    """A jar of honey with a cloth-coloured lid and a comb on the label."""
    tone = dice.choice(("#D58A12", "#B9650C", "#C97A10"))
    body = "M252 268Q232 280 232 316V636Q232 676 276 680A130 18 0 0 0 524 680Q568 676 568 636V316Q568 280 548 268z"
    comb = "".join(
        f'<path d="M{x:.0f} {y}l15 9v17l-15 9-15-9v-17z" fill="{dice.choice((SUN, "#F0BE4C", "#D58A12"))}" stroke="{COFFEE}" stroke-width="2.5"/>'
        for y, row in ((420, 3), (447, 4), (474, 3))
        for x in (400 - 15.5 * (row - 1) + 31 * k for k in range(row))
    )
    label = (
        f'<rect x="232" y="392" width="336" height="206" fill="{KAOLIN}"/>{zigzag_rule(236, 566, 398, CLAY)}{zigzag_rule(236, 566, 580, CLAY)}{comb}'
        f'<rect x="338" y="530" width="124" height="10" fill="{INK}"/><rect x="362" y="550" width="76" height="6" fill="{INK}" fill-opacity=".5"/>'
    )
    inside = (
        f'<path d="{body}" fill="{tone}"/><ellipse cx="400" cy="330" rx="168" ry="20" fill="#F7D27C" fill-opacity=".8"/>'
        f'<path d="M232 268H568V322A168 18 0 0 1 232 322z" fill="#FBF3DF" fill-opacity=".82"/>'
        f'<ellipse cx="460" cy="650" rx="120" ry="60" fill="#FFE39A" fill-opacity=".5" filter="url(#b16)"/>{label}'
    )
    lid = "M238 190V262A162 24 0 0 0 562 262V190z"
    cap = f'<rect x="230" y="180" width="340" height="120" fill="{COFFEE}"/>' + "".join(
        f'<path d="M{x} 196V290" stroke="#000" stroke-opacity=".2" stroke-width="3"/>' for x in range(240, 566, 11)
    )
    return (
        f'<ellipse cx="440" cy="700" rx="200" ry="30" fill="{tone}" fill-opacity=".4" filter="url(#b16)"/>'
        + shadow(400, 686, 160)
        + clipped("jar", body, inside, light="glass")
        + clipped("lid", lid, cap)
        + '<ellipse cx="400" cy="190" rx="162" ry="24" fill="#7A4A31"/><ellipse cx="400" cy="188" rx="140" ry="17" fill="none" stroke="#000" stroke-opacity=".2" stroke-width="3"/>'
    )


def chilli_oil(dice: random.Random) -> str:
    """A slim bottle of oil with chillies in it."""
    body = "M366 150H434V262Q434 300 470 330Q500 356 500 400V650Q500 690 460 692A60 10 0 0 1 340 692Q300 690 300 650V400Q300 356 330 330Q366 300 366 262z"
    pods = "".join(
        _pod(dice.uniform(330, 470), dice.uniform(380, 650), dice.uniform(-60, 60), dice.uniform(0.6, 0.9), "#8E1B10")
        for _ in range(11)
    )
    label = f'<rect x="300" y="450" width="200" height="150" fill="{KAOLIN}"/>{zigzag_rule(302, 498, 456, CLAY)}{_pod(400, 520, -30, 1.3, CLAY)}<rect x="346" y="566" width="108" height="9" fill="{INK}"/>'
    inside = f'<path d="{body}" fill="#F3D9B0"/><rect x="290" y="300" width="220" height="410" fill="#C4440F"/><rect x="360" y="240" width="80" height="70" fill="#D0561A"/>{pods}{label}'
    cap = '<rect x="358" y="96" width="84" height="72" rx="6" fill="#1C1815"/><rect x="358" y="96" width="84" height="72" rx="6" fill="url(#form)"/>'
    return shadow(400, 698, 100) + clipped("bottle", body, inside, light="glass") + cap + _pods(dice, 7)


def chilli_sauce(dice: random.Random) -> str:
    """A jar of red sauce under a hill-green lid."""
    body = "M276 250Q252 262 252 300V640Q252 684 300 688A110 14 0 0 0 500 688Q548 684 548 640V300Q548 262 524 250z"
    flecks = "".join(
        f'<ellipse cx="{dice.uniform(255, 545):.0f}" cy="{dice.uniform(290, 690):.0f}" rx="{dice.uniform(2, 6):.1f}" ry="{dice.uniform(1.5, 4):.1f}" fill="{dice.choice(("#F2B84B", "#6E140A", "#E0663A"))}" fill-opacity=".8"/>'
        for _ in range(150)
    )
    label = f'<rect x="252" y="396" width="296" height="190" fill="{SUN}"/>{zigzag_rule(256, 546, 404, INK)}{zigzag_rule(256, 546, 568, INK)}{_pod(372, 470, -34, 1.7, CLAY)}{_pod(430, 476, 24, 1.7, "#86291A")}<rect x="340" y="536" width="120" height="10" fill="{INK}"/>'
    lid = "M262 176V246A138 20 0 0 0 538 246V176z"
    return (
        shadow(400, 694, 144)
        + clipped("jar", body, f'<path d="{body}" fill="#A82A14"/>{flecks}{label}', light="glass")
        + clipped("lid", lid, f'<rect x="250" y="160" width="300" height="120" fill="{HILL}"/>')
        + '<ellipse cx="400" cy="176" rx="138" ry="20" fill="#2B7259"/>'
        + _pods(dice, 5)
    )


def chilli_dried(dice: random.Random) -> str:
    """A kraft pouch with a window full of dried pods."""
    width = 264
    pods = "".join(
        _pod(
            dice.uniform(0, width),
            dice.uniform(0, 190),
            dice.uniform(0, 360),
            dice.uniform(0.8, 1.2),
            dice.choice(("#A3210F", "#861A0E", "#C23B1C")),
        )
        for _ in range(110)
    )
    label = f'<rect width="{width}" height="262" fill="#5A1A0E"/>{pods}<rect y="186" width="{width}" height="80" fill="{KAOLIN}"/>{zigzag_rule(8, width - 8, 198, CLAY)}<rect x="70" y="224" width="124" height="10" fill="{INK}"/>'
    return pouch(dice, colour="#BF9461", label=label, half=170) + _pods(dice, 9)


def macadamia(dice: random.Random) -> str:
    """A pouch of roasted nuts, a few of them outside."""

    def nut(x: float, y: float, r: float) -> str:
        return (
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{r:.1f}" fill="{dice.choice(("#E8CFA0", "#DDBD86", "#F0DDB8"))}"/>'
            f'<circle cx="{x - r * 0.3:.0f}" cy="{y - r * 0.35:.0f}" r="{r * 0.4:.1f}" fill="#FFF" fill-opacity=".45"/>'
            f'<path d="M{x - r * 0.7:.0f} {y + r * 0.5:.0f}A{r:.1f} {r:.1f} 0 0 0 {x + r * 0.8:.0f} {y + r * 0.4:.0f}" fill="none" stroke="#8A5F2B" stroke-opacity=".5" stroke-width="2.5"/>'
        )

    width = 264
    window = "".join(nut(dice.uniform(0, width), dice.uniform(0, 180), dice.uniform(14, 18)) for _ in range(120))
    label = f'<rect width="{width}" height="262" fill="#8A6A3C"/>{window}<rect y="180" width="{width}" height="90" fill="{KAOLIN}"/>{zigzag_rule(8, width - 8, 194, HILL)}<rect x="70" y="222" width="124" height="10" fill="{INK}"/>'
    out = "".join(
        f'<ellipse cx="{x + 6:.0f}" cy="{y + 15:.0f}" rx="20" ry="7" fill="#3A2412" fill-opacity=".35" filter="url(#b6)"/>'
        + nut(x, y, 20)
        for x, y in ((dice.uniform(170, 630), dice.uniform(690, 730)) for _ in range(9))
    )
    return pouch(dice, colour=HILL, label=label, half=170) + out


def _pod(x: float, y: float, angle: float, size: float, colour: str) -> str:
    return (
        f'<g transform="translate({x:.0f},{y:.0f}) rotate({angle:.0f}) scale({size:.2f})"><path d="M-4 -26C10 -24 9 4 -6 30C-12 8 -14 -20 -4 -26z" fill="{colour}"/>'
        '<path d="M-5 -20C0 -14 -1 4 -5 18" fill="none" stroke="#FFF" stroke-opacity=".35" stroke-width="2.4"/><path d="M-4 -26q1 -9 8 -12" fill="none" stroke="#4E6B2E" stroke-width="4"/></g>'
    )


def _pods(dice: random.Random, count: int) -> str:
    out = []
    for _ in range(count):
        x, y = 400 + dice.choice((-1, 1)) * dice.uniform(60, 250), dice.uniform(690, 738)
        out.append(
            f'<ellipse cx="{x + 4:.0f}" cy="{y + 12:.0f}" rx="26" ry="7" fill="#3A2412" fill-opacity=".3" filter="url(#b6)"/>'
        )
        out.append(
            _pod(
                x,
                y,
                dice.choice((80, 100, 260, 280)) + dice.uniform(-14, 14),
                1.0,
                dice.choice((CLAY, "#C23B1C", "#861A0E")),
            )
        )
    return "".join(out)
