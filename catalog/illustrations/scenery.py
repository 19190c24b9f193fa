# ruff: noqa: E501  (a piece of SVG reads best on one line)
"""Land under a sky: the covers of shops and the picture of the front page."""

import random
import re

from . import packs, vessels
from .motifs import CLAY, GREENS, KAOLIN, SUN, hills, terraces

HOURS = (
    ("#F7E3C0", "#FBF3E2", (157, 184, 166), (18, 61, 48)),
    ("#F3C9A0", "#FAEBD2", (214, 158, 120), (70, 34, 26)),
    ("#CFE0E4", "#F2F3EA", (150, 184, 186), (16, 70, 74)),
    ("#E9D2BE", "#F7ECDD", (168, 172, 140), (40, 66, 40)),
)


def land(dice: random.Random, *, width: int = 800, height: int = 800, hour: int | None = None, tea: bool = True) -> str:
    """Hills behind hills; a slope of tea before them."""
    high, low, far, near = HOURS[dice.randrange(len(HOURS)) if hour is None else hour]
    sun = (dice.uniform(0.58, 0.8) * width, height * 0.24)
    slope = ""
    if tea:
        edge = f"M0 {height * 0.86:.0f}C{width * 0.25:.0f} {height * 0.74:.0f} {width * 0.5:.0f} {height * 0.82:.0f} {width} {height * 0.92:.0f}V{height}H0z"
        rows = terraces(width, height * 0.3, GREENS, dice)
        slope = (
            f'<clipPath id="slope"><path d="{edge}"/></clipPath><g clip-path="url(#slope)"><rect width="{width}" height="{height}" fill="#123D30"/>'
            f'<g transform="translate(0,{height * 0.74:.0f})">{rows}</g></g>'
        )
    return (
        f'<linearGradient id="sky" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="{high}"/><stop offset=".5" stop-color="{low}"/></linearGradient>'
        f'<rect width="{width}" height="{height}" fill="url(#sky)"/><circle cx="{sun[0]:.0f}" cy="{sun[1]:.0f}" r="{height * 0.085:.0f}" fill="{SUN}"/>'
        f"{hills(width, height, far, near, dice)}{slope}"
    )


def front_page(dice: random.Random) -> str:
    """1200 by 600: the hills in the morning, two baskets and a bag of coffee on the near slope."""
    goods = "".join(
        f'<g transform="translate({x},{y}) scale({size})">{_marked(thing(dice), mark)}</g>'
        for mark, thing, x, y, size in (
            ("k", vessels.inkangara, 470, 150, 0.56),
            ("c", packs.coffee, 600, 214, 0.5),
            ("a", vessels.agaseke, 748, 110, 0.64),
        )
    )
    return land(dice, width=1200, height=600, hour=0) + goods


def shop_cover(dice: random.Random) -> str:
    """A square of land with a zig-zag in clay along its foot."""
    points = "L".join(f"{20 * k} {752 if k % 2 else 772}" for k in range(41))
    return (
        land(dice)
        + f'<rect y="742" width="800" height="58" fill="{KAOLIN}"/><path d="M{points}" fill="none" stroke="{CLAY}" stroke-width="9"/>'
    )


def _marked(svg: str, mark: str) -> str:
    """A drawing whose own names begin with a mark, so that two can share a picture."""
    for name in re.findall(r'<(?:clipPath|linearGradient) id="(\w+)"', svg):
        svg = svg.replace(f'id="{name}"', f'id="{mark}-{name}"').replace(f"url(#{name})", f"url(#{mark}-{name})")
    return svg
