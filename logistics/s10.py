"""UPU S10 item identifiers: `EE 12345678 5 RW`. Pure: nothing here invents a live number, see `logistics.waybills`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal

WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
LAST_SERIAL = 99_999_999

# First letters whose ranges the standard keeps back; an item that bears one was not numbered by a post.
RESERVED = frozenset("JKSTW")

# ISO 3166-1, which S10 takes its last two letters from.
_COUNTRIES = """
    AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CK
    CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM
    GN GP GQ GR GT GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA
    LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL
    NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN
    SO SR SS ST SV SX SY SZ TC TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VN VU WF WS YE YT ZA
    ZM ZW
"""
COUNTRIES = frozenset(_COUNTRIES.split())
_SHAPE = re.compile(r"([A-Z]{2})(\d{8})(\d)([A-Z]{2})", re.ASCII)


class BadWaybill(Refusal):
    """Not an S10 identifier; `why` says which part is wrong."""

    code = "bad_waybill"
    message = _("“%(number)s” is not a valid waybill number: %(why)s")
    status = 422


@dataclass(frozen=True)
class Waybill:
    """An S10 identifier in its parts."""

    indicator: str
    serial: int
    country: str

    def __str__(self) -> str:
        digits = f"{self.serial:08d}"
        return f"{self.indicator}{digits}{check_digit(digits)}{self.country}"

    @property
    def spaced(self) -> str:
        """As it is printed under a barcode: `EE 123 456 785 RW`."""
        text = str(self)
        return f"{text[:2]} {text[2:5]} {text[5:8]} {text[8:11]} {text[11:]}"


def check_digit(serial: str) -> int:
    """The ninth digit of eight: 11 minus the weighted sum modulo 11, where 10 becomes 0 and 11 becomes 5."""
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(WEIGHTS, serial, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def compose(indicator: str, serial: int, country: str) -> Waybill:
    """The identifier of a serial from a post's range. Raises BadWaybill."""
    if not 0 <= serial <= LAST_SERIAL:
        raise BadWaybill(number=f"{indicator}{serial}{country}", why=_("the serial has more than eight digits."))
    return read(str(Waybill(indicator, serial, country)))


def tidy(typed: str) -> str:
    """What a person typed or a label prints, without spaces and in capitals; still to be read."""
    return re.sub(r"[\s-]+", "", typed).upper()


def read(text: str) -> Waybill:
    """Take an identifier apart. Exact: use `tidy` first on what a person typed. Raises BadWaybill."""
    found = _SHAPE.fullmatch(text)
    if not found:
        raise BadWaybill(number=text[:40], why=_("it must be two letters, nine digits and two letters."))
    indicator, serial, digit, country = found.groups()
    if indicator[0] in RESERVED:
        raise BadWaybill(number=text, why=_("its first letters are not in use."))
    if country not in COUNTRIES:
        raise BadWaybill(number=text, why=_("its last letters are not a country."))
    if check_digit(serial) != int(digit):
        raise BadWaybill(number=text, why=_("its check digit does not match."))
    return Waybill(indicator, int(serial), country)
