"""Dates: a span grammar of our own per language (data in ``languages/``), resolved against the publication date."""

from transforms.recognise.dates.recogniser import DateRecogniser

__all__ = ["DateRecogniser"]
