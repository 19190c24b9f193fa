"""Which words many people look for; never who looked for them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class SearchWord(models.Model):
    """How often a word that found goods was looked for on a day. Holds no person, no address and no session."""

    word = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    day = models.DateField()
    times = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(default=timezone.now, help_text="A word is counted once a minute at most")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "language", "day"], name="one_count_per_word_and_day")]
        indexes = [models.Index(fields=["language", "day"], name="search_words_of_a_day")]
