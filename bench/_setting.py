"""What the benches share: a house with goods in it, and a stop-watch that prints ratios."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from catalog import search, showing, stock
from catalog.framing import WIDTHS
from catalog.models import Category, ExchangeRate, HsCode, Picture, Product, Variant
from sellers.models import Seller

# The floor's templates, beside our own; both under the cached loader, which Django uses when DEBUG is off.
settings.TEMPLATES[0]["DIRS"] = [*settings.TEMPLATES[0]["DIRS"], str(settings.BASE_DIR / "bench" / "templates")]


def house(products: int) -> list[Variant]:
    """Migrated, with reference data, one shop and so many published products with stock; their variants."""
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("migrate", verbosity=0, interactive=False)
    for command in ("load_legal", "load_catalog_data", "load_corridors"):
        call_command(command, verbosity=0)
    today = timezone.now().date()
    ExchangeRate.objects.get_or_create(
        base="CNY", quote="RWF", side="average", source="bench", as_of=today, defaults={"rate": "209.262105"}
    )
    shop = Seller.objects.create(
        slug="bench",
        name="Bench",
        name_zh="测试店铺",
        kind="company",
        legal_name="Bench",
        district_code="24",
        province="Southern Province",
        district="Huye",
        phone="+250788123456",
        momo_number="+250788123456",
        status="approved",
    )
    shelves = list(Category.objects.filter(hs_code__access=HsCode.Access.OK).select_related("hs_code"))
    return [_product(shop, shelves[n % len(shelves)], n) for n in range(products)]


def _product(shop: Seller, shelf: Category, n: int) -> Variant:
    product = Product.objects.create(
        seller=shop,
        category=shelf,
        hs_code=shelf.hs_code,
        slug=f"bench-{n}",
        name_zh=f"卢旺达手工编织和平篮 {n} 号",
        name_en=f"Agaseke basket {n}",
        description_zh="手工编织，来自卢旺达胡耶。" * 6,
        customs_description="Basket of sisal",
        status="published",
        published_at=timezone.now() - timedelta(minutes=n),
    )
    Picture.objects.create(
        product=product,
        original=f"pictures/{n}.jpg",
        sha256=f"{n:064d}",
        width=1000,
        height=1000,
        status="ready",
        files={str(width): f"pictures/{n:032x}-{width}.webp" for width in WIDTHS},
        avif_files={str(width): f"pictures/{n:032x}-{width}.avif" for width in WIDTHS},
    )
    variant = Variant.objects.create(
        product=product,
        sku=f"BENCH-{n}",
        receive_rwf_minor=9500 + n,
        price_minor=6000,
        weight_g=300,
        length_mm=200,
        width_mm=150,
        height_mm=100,
    )
    stock.receive(variant, 1000, actor="bench")
    showing.refresh(product_id=product.pk)
    search.index_now(product)
    return variant


def seconds(deed: Callable[[], object], *, times: int) -> float:
    """The median seconds of a deed."""
    took = []
    for _turn in range(times):
        begin = time.perf_counter()
        deed()
        took.append(time.perf_counter() - begin)
    return statistics.median(took)


def compare(
    name: str, ours: Callable[[], object], floor: Callable[[], object], *, times: int, rounds: int = 5
) -> float:
    """Measure both in turn, so that a busy machine slows both; print and return the median ratio."""
    pairs = [(seconds(ours, times=times), seconds(floor, times=times)) for _round in range(rounds)]
    ratio = statistics.median(mine / least for mine, least in pairs)
    mine, least = (statistics.median(side) * 1000 for side in zip(*pairs, strict=True))
    print(f"{name:<34} {mine:8.2f} ms   floor {least:8.2f} ms   ratio {ratio:5.2f}")
    return ratio
