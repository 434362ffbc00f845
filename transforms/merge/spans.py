"""Date values as spans of days: :mod:`transforms.spans`, which is no part of this stage, under its former name."""

from transforms.spans import Span, parse

__all__ = ["Span", "parse"]
