"""The floor of the house: money, lifecycles, refusals, work, audit, secrets. No word of this trade is known here."""
