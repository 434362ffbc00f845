"""Text as it arrives, made readable for the recognisers without losing the offsets of the original."""

from transforms.text.fold import Folded, fold
from transforms.text.segments import Segment, TextView, paragraphs, sentences, view

__all__ = ["Folded", "Segment", "TextView", "fold", "paragraphs", "sentences", "view"]
