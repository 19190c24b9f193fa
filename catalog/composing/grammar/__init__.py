"""One grammar a language: how words agree and join, how numbers are written, how a sentence ends."""

from .base import Grammar, Noun, Word
from .chinese import Chinese
from .english import English
from .french import French
from .kinyarwanda import Kinyarwanda

__all__ = ["GRAMMARS", "Grammar", "Noun", "Word"]

GRAMMARS: dict[str, Grammar] = {
    grammar.language: grammar for grammar in (Chinese(), English(), French(), Kinyarwanda())
}
