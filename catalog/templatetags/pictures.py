"""`{% picture pic "46vw" %}`: a product's picture with every width the browser may choose from."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from catalog.models import Picture

register = template.Library()


@register.simple_tag
def picture(
    pic: Picture | None, sizes: str = "46vw", *, width: int = 720, first: bool = False, alt: str | None = None
) -> SafeString:
    """An `<img>` with `srcset`, its own proportions, and lazy loading unless it is `first` on the page.

    A drawn picture is captioned as an illustration; put the tag into an element of class `pic`. Nothing for no picture.
    """
    if pic is None:
        return mark_safe("")
    loading = mark_safe('fetchpriority="high"' if first else 'loading="lazy"')  # noqa: S308  (two fixed words)
    chosen = format_html(' srcset="{}" sizes="{}"', pic.srcset, sizes) if pic.srcset else ""
    caption = format_html('<span class="caption">{}</span>', _("Illustration")) if pic.is_illustration else ""
    return format_html(
        '<img src="{}"{} alt="{}" width="{}" height="{}" {} decoding="async">{}',
        pic.url(width),
        chosen,
        pic.alt if alt is None else alt,
        pic.width,
        pic.height,
        loading,
        caption,
    )
