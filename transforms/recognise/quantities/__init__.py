"""Quantities: numbers in figures and words with what they count: goods, money or something else."""

from transforms.recognise.quantities.recogniser import QuantityRecogniser

__all__ = ["QuantityRecogniser"]
