"""Provinces, districts and sectors of Rwanda. Read once from a file, then only looked up."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal

FILE = Path(__file__).parent / "data" / "rw_divisions.json"


class BadDistrict(Refusal):
    """No such district."""

    code = "bad_district"
    status = 422
    message = _("Choose your district from the list.")


class BadSector(Refusal):
    """The district has no sector of that name."""

    code = "bad_sector"
    status = 422
    message = _("%(district)s has no sector of this name. Its sectors: %(sectors)s.")


@dataclass(frozen=True)
class District:
    """A district, its province and its sectors."""

    code: str
    name: str
    province: str
    sectors: tuple[str, ...]

    def sector(self, text: str) -> str:
        """The sector as the list writes it, however it was typed. Raises BadSector."""
        wanted = " ".join(text.split()).casefold()
        for name in self.sectors:
            if name.casefold() == wanted:
                return name
        raise BadSector(district=self.name, sectors=", ".join(self.sectors))


@functools.cache
def provinces() -> tuple[tuple[str, tuple[District, ...]], ...]:
    """(province, its districts), in the order of the statistics office."""
    read: list[Any] = json.loads(FILE.read_text("utf-8"))
    return tuple(
        (province, tuple(District(code, name, province, tuple(sectors)) for code, name, sectors in districts))
        for _code, province, districts in read
    )


def district(code: str) -> District:
    """The district with a code. Raises BadDistrict."""
    for _province, districts in provinces():
        for found in districts:
            if found.code == code:
                return found
    raise BadDistrict


@functools.cache
def sector_names() -> tuple[str, ...]:
    """Every name that some sector has, in order, for suggestions while typing."""
    return tuple(
        sorted({name for _province, districts in provinces() for found in districts for name in found.sectors})
    )
