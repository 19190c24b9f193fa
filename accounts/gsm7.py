"""Which letters fit a text message. Pure.

A message of GSM 03.38 letters holds 160 of them; one other letter makes the network send 16-bit letters, and 70 fit.
So texts in Latin letters are folded to GSM, and Chinese ones are held to 70.
"""

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€")  # each is sent as two
GSM_LIMIT = 160
WIDE_LIMIT = 70

_PLAIN = {
    **dict.fromkeys("‘’‚′ʼ`´", "'"),
    **dict.fromkeys("“”„″«»", '"'),
    **dict.fromkeys("‐‑‒–—−", "-"),
    **dict.fromkeys("\u00a0\u2007\u2009\u202f\t", " "),
    "…": "...",
    "œ": "oe",
    "Œ": "OE",
    "×": "x",
    "•": "-",
    "·": ".",
}


def is_gsm(text: str) -> bool:
    """Whether every letter is of the GSM alphabet."""
    return all(letter in BASIC or letter in EXTENDED for letter in text)


def fold(text: str) -> str:
    """The text with curly quotes straight and accents that GSM lacks taken off, if that makes it all GSM."""
    folded = "".join(_folded(letter) for letter in text)
    return folded if is_gsm(folded) else text


def length(text: str) -> int:
    """How many of the message's places the text takes: septets if all GSM, else 16-bit units."""
    if is_gsm(text):
        return sum(2 if letter in EXTENDED else 1 for letter in text)
    return len(text.encode("utf-16-le")) // 2


def fits(text: str) -> bool:
    """Whether one message holds it."""
    return length(text) <= (GSM_LIMIT if is_gsm(text) else WIDE_LIMIT)


def shortened(text: str) -> str:
    """The text itself if one message holds it, else as much as fits with dots after it."""
    if fits(text):
        return text
    while text and not fits(text + "..."):
        text = text[:-1]
    return text.rstrip() + "..."


def _folded(letter: str) -> str:
    if letter in BASIC or letter in EXTENDED:
        return letter
    if letter in _PLAIN:
        return _PLAIN[letter]
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return bare if bare and all(part in BASIC for part in bare) else letter
