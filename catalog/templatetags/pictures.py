"""`{% picture pic "46vw" %}`: a product's picture with every width the browser may choose from."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from catalog import framing
from catalog.models import Picture

register = template.Library()

# What is sent to who asked their browser to spend less, however wide and sharp the screen.
LEAN_WIDTH = 480


@register.simple_tag
def picture(
    pic: Picture | None, sizes: str = "46vw", *, width: int = 720, first: bool = False, alt: str | None = None
) -> SafeString:
    """A `<picture>` in AVIF and WebP with its own proportions, lazy unless it is `first` on the page.

    While it loads, its average colour shows. A drawn picture is captioned as an illustration; put the tag into an
    element of class `pic`. Nothing for no picture.
    """
    if pic is None:
        return mark_safe("")
    caption = format_html('<span class="caption">{}</span>', _("Illustration")) if pic.is_illustration else ""
    return format_html(
        '<picture>{}<img class="{}" src="{}"{} alt="{}" width="{}" height="{}" {}></picture>{}',
        _sources(pic, sizes),
        pic.tint,
        pic.url(width),
        format_html(' srcset="{}" sizes="{}"', pic.srcset, sizes) if pic.files else "",
        pic.alt if alt is None else alt,
        pic.width,
        pic.height,
        mark_safe('fetchpriority="high"' if first else 'loading="lazy" decoding="async"'),  # noqa: S308  (fixed words)
        caption,
    )


def _sources(pic: Picture, sizes: str) -> SafeString:
    """What browsers look at before the `<img>`, in order. A media query spares caches from keeping pages twice."""
    lean, avif = mark_safe(""), mark_safe("")
    if pic.files:
        small = framing.address(framing.within(pic.files, LEAN_WIDTH))
        lean = format_html('<source media="(prefers-reduced-data:reduce)" srcset="{}">', small)
    if pic.avif_files:
        avif = format_html('<source type="image/avif" srcset="{}" sizes="{}">', pic.avif_srcset, sizes)
    return lean + avif
