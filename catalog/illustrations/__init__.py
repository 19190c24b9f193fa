"""Drawn stand-ins for photographs of goods, for the demonstration catalogue.

Every picture is drawn from a pattern grammar and a seed, so that the same good always looks the same. A drawing must
never pass for a photograph: show it with the caption "Illustration" (示意图) and keep its flag `is_illustration`.
"""

import io
import random
from collections.abc import Callable

from . import carved, cloth, larder, packs, scenery, studio, vessels

Drawing = Callable[[random.Random], str]

# Kind -> what draws it, and the spot that is worth a closer look.
KINDS: dict[str, tuple[Drawing, tuple[float, float]]] = {
    "agaseke": (vessels.agaseke, (400, 330)),
    "inkangara": (vessels.inkangara, (400, 500)),
    "wall_bowl": (vessels.wall_bowl, (400, 400)),
    "bowl_set": (vessels.bowl_set, (400, 420)),
    "trivets": (vessels.trivets, (400, 400)),
    "earrings": (vessels.earrings, (300, 440)),
    "vase": (vessels.vase, (400, 380)),
    "milk_pot": (vessels.milk_pot, (400, 310)),
    "coffee": (packs.coffee, (400, 380)),
    "coffee_large": (packs.coffee_large, (400, 320)),
    "coffee_green": (packs.coffee_green, (400, 260)),
    "drip_bags": (packs.drip_bags, (540, 520)),
    "tea": (packs.tea, (400, 470)),
    "tea_green": (packs.tea_green, (400, 470)),
    "tea_ctc": (packs.tea_ctc, (400, 470)),
    "tea_white": (packs.tea_white, (400, 470)),
    "honey": (larder.honey, (400, 430)),
    "chilli_oil": (larder.chilli_oil, (400, 460)),
    "chilli_sauce": (larder.chilli_sauce, (400, 430)),
    "chilli_dried": (larder.chilli_dried, (400, 370)),
    "macadamia": (larder.macadamia, (400, 370)),
    "tote": (cloth.tote, (400, 480)),
    "apron": (cloth.apron, (400, 420)),
    "scarf": (cloth.scarf, (400, 470)),
    "cushion": (cloth.cushion, (400, 400)),
    "fabric": (cloth.fabric, (330, 400)),
    "mat": (cloth.mat, (400, 470)),
    "panel": (carved.panel, (400, 400)),
    "panel_large": (carved.panel_large, (400, 400)),
    "coasters": (carved.coasters, (390, 380)),
    "necklace": (carved.necklace, (400, 600)),
    "bangle": (carved.bangle, (330, 500)),
    "gorilla": (carved.gorilla, (400, 260)),
    "inanga": (carved.inanga, (400, 410)),
    "shop": (scenery.shop_cover, (400, 600)),
}
VIEWS = ("front", "turned", "detail")

# The first word found in a product's slug decides; a category's own kind is the last resort.
BY_SLUG = {
    "drip": "drip_bags",
    "green-bourbon": "coffee_green",
    "washed-1000": "coffee_large",
    "washed-500": "coffee_large",
    "coffee": "coffee",
    "tea-green": "tea_green",
    "ctc": "tea_ctc",
    "tea-white": "tea_white",
    "tea": "tea",
    "honey": "honey",
    "chilli-oil": "chilli_oil",
    "chilli-dried": "chilli_dried",
    "chilli": "chilli_sauce",
    "macadamia": "macadamia",
    "agaseke": "agaseke",
    "inkangara": "inkangara",
    "bowl-set": "bowl_set",
    "bowl": "wall_bowl",
    "trivet": "trivets",
    "mat": "mat",
    "coaster": "coasters",
    "panel-50": "panel_large",
    "imigongo": "panel",
    "tote": "tote",
    "apron": "apron",
    "scarf": "scarf",
    "cushion": "cushion",
    "fabric": "fabric",
    "necklace": "necklace",
    "earring": "earrings",
    "bracelet": "bangle",
    "icyansi": "milk_pot",
    "gorilla": "gorilla",
    "inanga": "inanga",
    "vase": "vase",
}
BY_CATEGORY = {
    "coffee": "coffee",
    "tea": "tea",
    "honey": "honey",
    "food": "chilli_sauce",
    "basketry": "agaseke",
    "art": "panel",
    "textile": "fabric",
    "jewellery": "necklace",
    "woodcraft": "milk_pot",
    "music": "inanga",
    "ceramics": "vase",
}


def kind_for(category_slug: str, product_slug: str) -> str:
    """Which drawing stands for a product, by its slug first and its category after that."""
    # "tea" would be found in "steam": a word of the slug must begin with the key.
    words = f"-{product_slug}-"
    for key, kind in BY_SLUG.items():
        if f"-{key}" in words:
            return kind
    return BY_CATEGORY.get(category_slug, "agaseke")


def draw(kind: str, seed: str, view: str = "front", *, pixels: int = 1000) -> bytes:
    """A square JPEG of a kind of good. The same kind and seed are the same thing in every view.

    Raises KeyError for a kind or a view that is not drawn here.
    """
    if view not in VIEWS:
        raise KeyError(view)
    drawing, focus = KINDS[kind]
    dice = random.Random(f"{kind}/{seed}")  # noqa: S311  (a drawing keeps no secret)
    picture = studio.raster(studio.whole(drawing(dice), view=view, focus=focus), pixels=pixels)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=88, optimize=True)
    return file.getvalue()
