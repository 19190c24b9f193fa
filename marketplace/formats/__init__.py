"""Formats of dates and numbers, one folder per language, where Django has none or ours differ."""
