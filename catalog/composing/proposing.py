"""A first Chinese text for a product whose seller wrote in another language, made from its facts for a person to mend.

It says only what the facts say: shelf, materials, place, size. It is never published unread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalog.models import Product

# What goods are made of, in the words sellers use (English, French, Kinyarwanda), to Chinese. Longer words come first.
MATERIALS = {
    "sweetgrass": "香蒲草",
    "ishinge": "香蒲草",
    "sisal": "剑麻",
    "papyrus": "纸莎草",
    "urufunzo": "纸莎草",
    "bamboo": "竹",
    "bambou": "竹",
    "imigano": "竹",
    "raffia": "拉菲草",
    "cotton": "棉",
    "coton": "棉",
    "ipamba": "棉",
    "kitenge": "蜡染布",
    "igitenge": "蜡染布",
    "eucalyptus": "桉木",
    "jacaranda": "蓝花楹木",
    "wood": "木",
    "bois": "木",
    "igiti": "木",
    "clay": "陶土",
    "argile": "陶土",
    "ibumba": "陶土",
    "paper": "纸",
    "papier": "纸",
    "impapuro": "纸",
    "arabica": "阿拉比卡咖啡豆",
    "coffee": "咖啡",
    "ikawa": "咖啡",
    "camellia": "茶叶",
    "icyayi": "茶叶",
    "honey": "蜂蜜",
    "ubuki": "蜂蜜",
    "chilli": "辣椒",
    "urusenda": "辣椒",
    "macadamia": "夏威夷果",
    "bead": "珠",
}


@dataclass(frozen=True)
class Draft:
    """A proposal for the Chinese columns; empty where the facts say too little."""

    name_zh: str
    description_zh: str
    materials_zh: str


def propose(product: Product) -> Draft:
    """The Chinese texts that follow from a product's facts."""
    from catalog import places

    materials = product.materials_zh or materials_in_chinese(product.materials_en)
    place = places.in_chinese().get(product.seller.district, "")
    shelf = product.category.name_zh
    name = f"卢旺达{place}{'手工' if product.category.icon not in {'coffee', 'tea', 'honey', 'spice'} else ''}{shelf}"
    shop = product.seller.name_zh or product.seller.name
    sentences = [f"由卢旺达{place}的{shop}制作。"]
    if materials:
        sentences.append(f"材质：{materials}。")
    variant = product.variants.order_by("pk").first()
    if variant is not None:
        size = "×".join(f"{side / 10:g}" for side in (variant.length_mm, variant.width_mm, variant.height_mm))
        sentences.append(f"包装后约{variant.weight_g}克，{size}厘米。")
    return Draft(name_zh=name[:60], description_zh="".join(sentences), materials_zh=materials[:120])


def materials_in_chinese(text: str) -> str:
    """The materials that are known by name, in their order; nothing for those that are not."""
    lowered = text.lower()
    found = sorted((lowered.find(word), zh) for word, zh in MATERIALS.items() if word in lowered)
    return "，".join(dict.fromkeys(zh for _place, zh in found))
